"""One row a document, and what is left for people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from syncengine.demo.bill_books import Bill, BillBooks, Payment
from syncengine.demo.counts import EntityFigures, counts, entity_figures
from syncengine.demo.d365_books import D365Books, JournalLine, VendorTransaction
from syncengine.demo.documents import (
    DocumentRow,
    JournalRow,
    ParkedPayment,
    document_class,
    document_rows,
)
from syncengine.demo.matching import match
from syncengine.demo.parked import ParkedRecord
from syncengine.demo.sent_bills import SentBill
from syncengine.demo.waiting import ExceptionRow, ParkedTotal, exception_rows, parked_totals

CUT_OVER = date(2026, 10, 1)
NUMBERS = {("MQUS", "API-1"): 41}


def row_of(
    d365: D365Books, bill: BillBooks | None, *parked: ParkedRecord, sent: Bill | None = None
) -> DocumentRow:
    """The one row of these books."""
    log = {sent.description: SentBill(amount=Decimal(100), lines=3)} if sent else {}
    matched = match(d365, [bill] if bill else [], parked, CUT_OVER)
    (row,) = document_rows(matched, d365, NUMBERS, log)
    return row


def of_bills(code: str, disposition: str) -> ParkedRecord:
    """What the engine says of the invoice."""
    return ParkedRecord(
        connection="MQUS", flow="bills", key="API-1/1", code=code, disposition=disposition
    )


def of_payments(code: str, disposition: str = "parked") -> ParkedRecord:
    """What the engine says of the payment."""
    return ParkedRecord(
        connection="MQUS", flow="payments", key="blpP1", code=code, disposition=disposition
    )


def test_a_created_and_paid_bill(paid_d365: D365Books, paid_bill: BillBooks) -> None:
    """Number, origin, line and what is open are read off both books."""
    row = row_of(paid_d365, paid_bill)

    assert (row.document, row.kind, row.code, row.origin) == (41, "bill", None, "created")
    assert (row.bill_number, row.bill_ids) == ("INV-1", ("00nB1",))
    assert row.d365_open == row.bill_open == 0
    assert row.journal == (
        JournalRow(
            payment="P01",
            amount=Decimal(100),
            date=date(2026, 10, 7),
            reversal=False,
            method="BILL-ACH",
            offset_account="110180",
        ),
    )


def test_a_line_in_a_foreign_currency_tells_rate_and_worth(
    paid_d365: D365Books,
    paid_bill: BillBooks,
    invoice: VendorTransaction,
    paid_out: VendorTransaction,
    line: JournalLine,
) -> None:
    """Where the currency is not the company's, the line's rate and accounting amount are told."""
    pounds = attrs.evolve(
        paid_d365,
        transactions=(
            attrs.evolve(invoice, currency="GBP"),
            attrs.evolve(paid_out, currency="GBP", accounting_amount=Decimal("-131.00")),
        ),
        lines=(attrs.evolve(line, currency="GBP", rate=Decimal("131.0000")),),
    )

    (found,) = row_of(pounds, paid_bill).journal

    assert (found.exchange_rate, found.accounting_amount) == (Decimal(131), Decimal(131))


def test_the_amount_is_the_one_that_was_sent(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """People edited the bill later: what the engine sent is in BILL's log."""
    edited = attrs.evolve(bill, amount=Decimal(98))
    books = attrs.evolve(unpaid_bill, bills=(edited,))

    row = row_of(unpaid_d365, books, sent=bill)

    assert row.bill_amounts == (Decimal(100),)
    assert row.bill_open == Decimal(98)


@pytest.mark.parametrize(
    ("code", "disposition", "expected"),
    [
        ("ZERO", "excluded", "zero"),
        ("SETTLED_OUTSIDE", "excluded", "settled_outside"),
        ("INTERCOMPANY", "excluded", "excluded"),
        ("VENDOR_HOLD", "held", "held"),
        ("MAP_ACCOUNT", "parked", "parked"),
    ],
)
def test_what_is_no_bill_is_classed_by_its_reason(
    unpaid_d365: D365Books, code: str, disposition: str, expected: str
) -> None:
    """Zero and settled outside are classes of their own, the others are their disposition."""
    row = row_of(unpaid_d365, None, of_bills(code, disposition))

    assert (row.kind, row.code, row.origin) == (expected, code, None)


def test_a_document_that_nobody_explains_is_in_no_class(unpaid_d365: D365Books) -> None:
    """It is not put anywhere for want of a reason."""
    (document,) = match(unpaid_d365, [], [], CUT_OVER).documents

    assert document_class(document) == "unclassified"


def test_a_parked_payment_is_told_with_its_document(
    unpaid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """Label, code and cash."""
    row = row_of(unpaid_d365, paid_bill, of_payments("VENDOR_MERGED"))

    assert row.payments_parked == (
        ParkedPayment(payment="P01", code="VENDOR_MERGED", amount=Decimal(100)),
    )


def test_exceptions_name_document_and_payment(paid_d365: D365Books, paid_bill: BillBooks) -> None:
    """What is only to come later is none; a parked payment is one."""
    parked = [
        of_payments("PAID_UNAPPROVED", "exception"),
        of_payments("LATER_VOID"),
        ParkedRecord(
            connection="MQUS",
            flow="approvals",
            key="API-1/1",
            code="BILL_DENIED",
            disposition="exception",
        ),
    ]

    rows = exception_rows(match(paid_d365, [paid_bill], parked, CUT_OVER), parked, NUMBERS)

    assert rows == (
        ExceptionRow(code="BILL_DENIED", document=41, payment=None, owner="", sentence=""),
        ExceptionRow(code="PAID_UNAPPROVED", document=41, payment="P01", owner="", sentence=""),
    )


def test_parked_totals_come_from_the_books(unpaid_d365: D365Books, paid_bill: BillBooks) -> None:
    """Documents by what is open in D365, payments by their cash; held ones are not parked."""
    parked = [of_bills("MAP_ACCOUNT", "parked")]
    documents = parked_totals(match(unpaid_d365, [], parked, CUT_OVER))
    held = parked_totals(match(unpaid_d365, [], [of_bills("VENDOR_HOLD", "held")], CUT_OVER))
    payments = parked_totals(
        match(unpaid_d365, [paid_bill], [of_payments("PERIOD_CLOSED")], CUT_OVER)
    )

    def total(code: str) -> ParkedTotal:
        return ParkedTotal(
            legal_entity="MQUS", currency="USD", code=code, count=1, amount=Decimal(100)
        )

    assert documents == (total("MAP_ACCOUNT"),)
    assert held == ()
    assert payments == (total("PERIOD_CLOSED"),)


def test_counts_tell_created_from_adopted(
    paid_d365: D365Books, paid_bill: BillBooks, bill: Bill
) -> None:
    """An adopted bill is not one that was created."""
    typed = attrs.evolve(bill, description="Chairs", created=date(2026, 9, 1))
    by_hand = attrs.evolve(paid_bill, bills=(typed,))

    created = counts(match(paid_d365, [paid_bill], [], CUT_OVER), paid_d365, [paid_bill], CUT_OVER)
    adopted = counts(match(paid_d365, [by_hand], [], CUT_OVER), paid_d365, [by_hand], CUT_OVER)

    assert (created["bills_created"], created["bills_adopted"]) == (1, 0)
    assert (adopted["bills_created"], adopted["bills_adopted"]) == (0, 1)
    assert created["bill_payments_by_state"] == {"CLEARED": 1}
    assert created["journal_lines"] == 1


def test_a_bill_of_an_older_invoice_is_a_backfill(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, invoice: VendorTransaction
) -> None:
    """An opening item that the engine sent is no document of the month."""
    older = attrs.evolve(invoice, day=date(2026, 9, 10))
    d365 = attrs.evolve(unpaid_d365, transactions=(older,))

    found = counts(match(d365, [unpaid_bill], [], CUT_OVER), d365, [unpaid_bill], CUT_OVER)

    assert (found["documents"], found["opening_items"]) == (0, 1)
    assert found["bills_created"] == found["bills_backfilled"] == 1
    assert found["bills_created_for_documents"] == 0


def test_figures_of_a_legal_entity(
    paid_d365: D365Books, paid_bill: BillBooks, bill: Bill, payment: Payment
) -> None:
    """Vendors with our marker, bills, the lines they were sent with, journal lines."""
    matched = match(paid_d365, [paid_bill], [], CUT_OVER)

    (figures,) = entity_figures(
        matched, [paid_bill], {bill.description: SentBill(amount=Decimal(100), lines=3)}
    )

    assert payment in paid_bill.payments
    assert figures == EntityFigures(
        legal_entity="MQUS",
        vendors_linked=1,
        bills_created=1,
        bills_adopted=0,
        bill_lines=3,
        payment_lines_created=1,
    )
