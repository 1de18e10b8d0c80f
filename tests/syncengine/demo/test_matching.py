"""Which bill is which invoice, and which journal line is which payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from syncengine.demo.bill_books import Bill, BillBooks, BillVendor, Payment
from syncengine.demo.d365_books import (
    D365Books,
    D365Vendor,
    JournalLine,
    Settlement,
    VendorTransaction,
)
from syncengine.demo.matching import comparable, match, vendor_account
from syncengine.demo.parked import ParkedRecord

CUT_OVER = date(2026, 10, 1)


def typed_by_hand(bill: Bill, **changes: object) -> Bill:
    """The same bill as a clerk typed it before the engine came."""
    typed = attrs.evolve(bill, description="Office chairs", created=date(2026, 9, 15))
    return attrs.evolve(typed, **changes)  # type: ignore[arg-type]  # fields of Bill


def test_a_bill_with_the_engines_marker_is_the_invoice_of_that_voucher(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """The marker at the end of the description names the voucher."""
    (document,) = match(unpaid_d365, [unpaid_bill], [], CUT_OVER).documents

    assert document.bills == (bill,)
    assert document.adopted is False


def test_a_marker_of_another_company_is_not_ours(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """The same voucher number of another legal entity is another invoice."""
    foreign = attrs.evolve(bill, number="X", description="Invoice [d365 MQGS V-1 API-1 #a41f09]")
    books = attrs.evolve(unpaid_bill, bills=(foreign,))

    matched = match(unpaid_d365, [books], [], CUT_OVER)

    assert matched.documents[0].bills == ()
    assert [loose.bill for loose in matched.loose_bills] == [foreign]


@pytest.mark.parametrize("number", ["INV-1", " inv-1 ", "INV\u200b-1", "ＩＮＶ-1"])  # noqa: RUF001 - full-width letters are the point
def test_a_bill_typed_by_hand_is_adopted_by_vendor_number_and_amount(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill, number: str
) -> None:
    """Blanks, zero-width characters, case and width do not make another number."""
    books = attrs.evolve(unpaid_bill, bills=(typed_by_hand(bill, number=number),))

    (document,) = match(unpaid_d365, [books], [], CUT_OVER).documents

    assert len(document.bills) == 1
    assert document.adopted is True


@pytest.mark.parametrize("changes", [{"amount": Decimal("99.99")}, {"number": "INV-2"}])
def test_another_number_or_amount_is_another_bill(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill, changes: dict[str, object]
) -> None:
    """A bill typed by hand that differs in either stays loose."""
    books = attrs.evolve(unpaid_bill, bills=(typed_by_hand(bill, **changes),))

    matched = match(unpaid_d365, [books], [], CUT_OVER)

    assert matched.documents[0].bills == ()
    assert len(matched.loose_bills) == 1


def test_a_typed_bill_that_was_marked_when_adopted_is_still_adopted(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """A marked bill older than the engine was not made by it."""
    older = attrs.evolve(bill, created=date(2026, 9, 15))
    books = attrs.evolve(unpaid_bill, bills=(older,))

    assert match(unpaid_d365, [books], [], CUT_OVER).documents[0].adopted is True


def test_two_bills_of_one_invoice_are_both_seen(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """A duplicate is not lost: both bear the marker."""
    twin = attrs.evolve(bill, id="00nB2")
    books = attrs.evolve(unpaid_bill, bills=(bill, twin))

    (document,) = match(unpaid_d365, [books], [], CUT_OVER).documents

    assert document.bills == (bill, twin)


def test_a_vendor_is_known_by_the_number_it_knows_us_by(vendor: BillVendor) -> None:
    """Without a marker, BILL's account number is the account or our account at the vendor."""
    d365 = D365Books(vendors=(D365Vendor(legal_entity="MQUS", account="V-2", our_account="8841"),))
    utility = attrs.evolve(vendor, short_name="", account_number="8841")
    unknown = attrs.evolve(vendor, short_name="", account_number="")

    assert vendor_account(utility, "MQUS", d365) == "V-2"
    assert vendor_account(utility, "MQGS", d365) == ""
    assert vendor_account(unknown, "MQUS", d365) == ""


def test_what_was_closed_before_the_cut_over_is_no_document(
    unpaid_d365: D365Books, invoice: VendorTransaction
) -> None:
    """An older invoice counts if something of it was open when the engine began."""
    settled = Settlement(transaction=2, day=date(2026, 9, 20), amount=Decimal("100.00"))
    partly = attrs.evolve(settled, transaction=3, amount=Decimal("40.00"))
    since = attrs.evolve(settled, transaction=4, day=date(2026, 10, 7))
    older = attrs.evolve(invoice, day=date(2026, 9, 10))
    books = attrs.evolve(
        unpaid_d365,
        transactions=(
            invoice,
            attrs.evolve(older, record_id=2, voucher="API-2", open_amount=Decimal(0)),
            attrs.evolve(older, record_id=3, voucher="API-3", open_amount=Decimal("60.00")),
            attrs.evolve(older, record_id=4, voucher="API-4", open_amount=Decimal(0)),
        ),
        settlements=(settled, partly, since),
    )

    documents = match(books, [], [], CUT_OVER).documents

    assert [document.transaction.voucher for document in documents] == [
        "API-1",
        "API-3",
        "API-4",
    ]


def test_an_open_payment_on_account_is_loose(
    unpaid_d365: D365Books, paid_out: VendorTransaction
) -> None:
    """A payment that settles nothing stays open, and is seen."""
    on_account = attrs.evolve(paid_out, open_amount=Decimal("-100.00"))
    books = attrs.evolve(unpaid_d365, transactions=(*unpaid_d365.transactions, on_account))

    assert match(books, [], [], CUT_OVER).loose_transactions == (on_account,)


def test_a_journal_line_is_the_payments_that_its_text_names(
    paid_d365: D365Books, paid_bill: BillBooks, line: JournalLine
) -> None:
    """The line's text names billPayment and payment."""
    (document,) = match(paid_d365, [paid_bill], [], CUT_OVER).documents
    (part,) = document.parts

    assert part.lines == (line,)
    assert part.journaled == Decimal("100.00")
    assert part.code is None


def test_an_unposted_line_is_told_apart(
    paid_d365: D365Books, paid_bill: BillBooks, line: JournalLine
) -> None:
    """A line that nobody posted is not in the ledger, and says so by itself."""
    books = attrs.evolve(paid_d365, lines=(attrs.evolve(line, posted=False),))

    (part,) = match(books, [paid_bill], [], CUT_OVER).parts

    assert part.journaled == Decimal(0)
    assert part.code == "NOT_POSTED"


def test_payments_before_the_cut_over_are_left_out(
    paid_d365: D365Books, paid_bill: BillBooks, payment: Payment
) -> None:
    """What was processed before the engine began is none of its business."""
    early = attrs.evolve(payment, process_date=date(2026, 9, 16))
    books = attrs.evolve(paid_bill, payments=(early,))

    assert match(paid_d365, [books], [], CUT_OVER).parts == ()


def test_a_parked_record_is_the_documents_by_connection_and_key(
    unpaid_d365: D365Books,
) -> None:
    """Another connection's record, or an exception, does not explain this document."""
    parked = ParkedRecord(
        connection="MQUS", flow="bills", key="API-1/1", code="MAP_ACCOUNT", disposition="parked"
    )
    elsewhere = attrs.evolve(parked, connection="MQGS")
    exception = attrs.evolve(parked, disposition="exception")

    (explained,) = match(unpaid_d365, [], [parked], CUT_OVER).documents
    (unexplained,) = match(unpaid_d365, [], [elsewhere, exception], CUT_OVER).documents

    assert explained.standing == parked
    assert unexplained.standing is None


def test_numbers_compare_without_what_nobody_sees() -> None:
    """Blanks inside are one blank; different digits stay different."""
    assert comparable("A  1\u200b ") == comparable("a 1")
    assert comparable("1001") != comparable("1002")
