"""Each line of the bridge, and what becomes of what nobody explains."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs
import pytest

from syncengine.demo.bill_books import Bill, BillBooks, Payment
from syncengine.demo.bridge import Bridge, Line, bridges
from syncengine.demo.d365_books import D365Books, JournalLine, PostedInvoice, VendorTransaction
from syncengine.demo.matching import match
from syncengine.demo.parked import ParkedRecord

CENT = Decimal("0.01")


def bridge_of(
    d365: D365Books, bill: BillBooks | None, parked: Sequence[ParkedRecord] = ()
) -> Bridge:
    """The one bridge of these books."""
    books = [] if bill is None else [bill]
    (bridge,) = bridges(match(d365, books, parked, date(2026, 10, 1)))
    return bridge


def figures(bridge: Bridge) -> dict[str, Decimal]:
    """The figures that are not zero."""
    return {key: amount for key, amount in bridge.figures.items() if amount}


def parked_bill(code: str, disposition: str) -> ParkedRecord:
    """What the engine says of an invoice that it did not send."""
    return ParkedRecord(
        connection="MQUS", flow="bills", key="API-1/1", code=code, disposition=disposition
    )


def parked_payment(code: str) -> ParkedRecord:
    """What the engine says of a payment that it did not journal, or should take back."""
    return ParkedRecord(
        connection="MQUS", flow="payments", key="blpP1", code=code, disposition="parked"
    )


def test_an_unpaid_invoice_is_open_on_both_sides(
    unpaid_d365: D365Books, unpaid_bill: BillBooks
) -> None:
    """A and B are the same hundred."""
    bridge = bridge_of(unpaid_d365, unpaid_bill)

    assert figures(bridge) == {"d365_open": Decimal(100), "bill_open_bills": Decimal(100)}
    assert bridge.difference == 0
    assert bridge.records["d365_open"] == ("API-1",)
    assert bridge.records["bill_open_bills"] == ("00nB1",)


def test_a_paid_and_journaled_invoice_is_open_on_neither(
    paid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """Nothing is left, and nothing has to be explained."""
    bridge = bridge_of(paid_d365, paid_bill)

    assert figures(bridge) == {}
    assert bridge.difference == 0


@pytest.mark.parametrize("disposition", ["held", "parked", "excluded"])
def test_what_was_not_sent_stands_under_its_code(unpaid_d365: D365Books, disposition: str) -> None:
    """D, E and F are what D365 has open, by the engine's reason."""
    bridge = bridge_of(unpaid_d365, None, [parked_bill("SOME_REASON", disposition)])

    assert figures(bridge) == {"d365_open": Decimal(100), disposition: Decimal(100)}
    assert bridge.difference == 0
    assert bridge.lines == (
        Line(key=disposition, code="SOME_REASON", amount=Decimal(100), records=("API-1",)),
    )


def test_a_parked_credit_note_is_negative(
    unpaid_d365: D365Books, invoice: VendorTransaction
) -> None:
    """A credit note lowers what is open, and what is parked, by the same."""
    credit = attrs.evolve(invoice, amount=Decimal("-25.40"), open_amount=Decimal("-25.40"))
    books = attrs.evolve(unpaid_d365, transactions=(credit,))

    bridge = bridge_of(books, None, [parked_bill("LATER_VENDOR_CREDIT", "parked")])

    assert figures(bridge) == {"d365_open": Decimal("-25.40"), "parked": Decimal("-25.40")}
    assert bridge.difference == 0


def test_paid_and_not_journaled_stands_under_its_code(
    unpaid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """G is the cash of a billPayment that the engine parked."""
    bridge = bridge_of(unpaid_d365, paid_bill, [parked_payment("PERIOD_CLOSED")])

    assert figures(bridge) == {"d365_open": Decimal(100), "paid_not_journaled": Decimal(100)}
    assert bridge.difference == 0
    assert bridge.lines == (
        Line(
            key="paid_not_journaled",
            code="PERIOD_CLOSED",
            amount=Decimal(100),
            records=("blpP1",),
        ),
    )


def test_a_cash_discount_taken_off_the_bill_goes_with_its_payment(
    unpaid_d365: D365Books, paid_bill: BillBooks, bill: Bill, payment: Payment
) -> None:
    """G is then cash and discount: both are still open in D365, neither is in BILL."""
    offered = PostedInvoice(legal_entity="MQUS", voucher="API-1", cash_discount=Decimal(2))
    short = attrs.evolve(bill, amount=Decimal(98), paid=Decimal(98), due=Decimal(0))
    part = attrs.evolve(payment.parts[0], amount=Decimal(98))
    cash = attrs.evolve(payment, amount=Decimal(98), parts=(part,))

    bridge = bridge_of(
        attrs.evolve(unpaid_d365, invoices=(offered,)),
        attrs.evolve(paid_bill, bills=(short,), payments=(cash,)),
        [parked_payment("LATER_CASH_DISCOUNT")],
    )

    assert figures(bridge) == {"d365_open": Decimal(100), "paid_not_journaled": Decimal(100)}
    assert bridge.difference == 0


def test_a_bill_cut_by_another_amount_is_not_explained(
    unpaid_d365: D365Books, paid_bill: BillBooks, bill: Bill, payment: Payment
) -> None:
    """Only the discount that was offered, to the cent, explains a bill that was lowered."""
    offered = PostedInvoice(legal_entity="MQUS", voucher="API-1", cash_discount=Decimal(2))
    short = attrs.evolve(bill, amount=Decimal(97), paid=Decimal(97), due=Decimal(0))
    part = attrs.evolve(payment.parts[0], amount=Decimal(97))
    cash = attrs.evolve(payment, amount=Decimal(97), parts=(part,))

    bridge = bridge_of(
        attrs.evolve(unpaid_d365, invoices=(offered,)),
        attrs.evolve(paid_bill, bills=(short,), payments=(cash,)),
        [parked_payment("LATER_CASH_DISCOUNT")],
    )

    assert bridge.difference == Decimal(3)
    assert bridge.unexplained == {"API-1": Decimal(3)}


def test_an_unposted_line_is_paid_and_not_journaled(
    unpaid_d365: D365Books, paid_bill: BillBooks, line: JournalLine
) -> None:
    """A line that waits for posting explains itself; the engine need not say so."""
    books = attrs.evolve(unpaid_d365, lines=(attrs.evolve(line, posted=False),))

    bridge = bridge_of(books, paid_bill)

    assert [(found.key, found.code) for found in bridge.lines] == [
        ("paid_not_journaled", "NOT_POSTED")
    ]
    assert bridge.difference == 0


def test_journaled_and_not_paid_stands_under_its_code(
    paid_d365: D365Books, unpaid_bill: BillBooks, payment: Payment
) -> None:
    """H is a line whose payment was voided: the bill is open again, the invoice is not."""
    voided = attrs.evolve(payment, status="VOIDED")
    books = attrs.evolve(unpaid_bill, payments=(voided,))

    bridge = bridge_of(paid_d365, books, [parked_payment("LATER_VOID")])

    assert figures(bridge) == {
        "bill_open_bills": Decimal(100),
        "journaled_not_paid": Decimal(100),
    }
    assert bridge.difference == 0


def test_a_part_payment_leaves_the_rest_on_both_sides(
    unpaid_d365: D365Books,
    unpaid_bill: BillBooks,
    invoice: VendorTransaction,
    bill: Bill,
    payment: Payment,
    line: JournalLine,
) -> None:
    """Sixty are journaled, forty are open here and there."""
    part = attrs.evolve(payment.parts[0], amount=Decimal(60))
    sixty = attrs.evolve(payment, amount=Decimal(60), parts=(part,))
    d365 = attrs.evolve(
        unpaid_d365,
        transactions=(attrs.evolve(invoice, open_amount=Decimal(40)),),
        lines=(attrs.evolve(line, amount=Decimal(60)),),
    )
    rest = attrs.evolve(bill, paid=Decimal(60), due=Decimal(40))

    bridge = bridge_of(d365, attrs.evolve(unpaid_bill, bills=(rest,), payments=(sixty,)))

    assert figures(bridge) == {"d365_open": Decimal(40), "bill_open_bills": Decimal(40)}
    assert bridge.difference == 0


def test_a_scheduled_payment_is_still_open(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill, payment: Payment
) -> None:
    """What is only scheduled stays in B, and is told beside it."""
    waiting = attrs.evolve(bill, scheduled=Decimal(100), due=Decimal(0))
    scheduled = attrs.evolve(payment, status="SCHEDULED")

    bridge = bridge_of(
        unpaid_d365, attrs.evolve(unpaid_bill, bills=(waiting,), payments=(scheduled,))
    )

    assert figures(bridge) == {"d365_open": Decimal(100), "bill_open_bills": Decimal(100)}
    assert bridge.scheduled_in_bill == Decimal(100)
    assert bridge.difference == 0


def test_an_invoice_that_nobody_sent_or_explained_is_the_difference(
    unpaid_d365: D365Books,
) -> None:
    """No code, no line."""
    bridge = bridge_of(unpaid_d365, None)

    assert bridge.difference == Decimal(100)
    assert bridge.unexplained == {"API-1": Decimal(100)}


def test_a_bill_that_is_no_invoices_is_the_difference(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """An orphan stands in B and nowhere else."""
    orphan = attrs.evolve(bill, id="00nX", number="X-9", description="who knows")
    books = attrs.evolve(unpaid_bill, bills=(bill, orphan))

    bridge = bridge_of(unpaid_d365, books)

    assert bridge.difference == Decimal(-100)
    assert bridge.unexplained == {"00nX": Decimal(-100)}


def test_a_duplicate_bill_is_the_difference(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """Two bills of one invoice are owed twice."""
    books = attrs.evolve(unpaid_bill, bills=(bill, attrs.evolve(bill, id="00nB2")))

    assert bridge_of(unpaid_d365, books).difference == Decimal(-100)


def test_a_payment_without_line_or_reason_is_the_difference(
    unpaid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """What BILL paid and nobody journaled or parked is not made up."""
    assert bridge_of(unpaid_d365, paid_bill).difference == Decimal(100)


def test_a_void_without_reversal_or_reason_is_the_difference(
    paid_d365: D365Books, unpaid_bill: BillBooks, payment: Payment
) -> None:
    """A line that stands for a payment that is gone is not made up either."""
    books = attrs.evolve(unpaid_bill, payments=(attrs.evolve(payment, status="VOIDED"),))

    assert bridge_of(paid_d365, books).difference == Decimal(-100)


def test_one_cent_more_in_a_bill_is_one_cent_of_difference(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, bill: Bill
) -> None:
    """The bill's amount counts, to the cent."""
    books = attrs.evolve(unpaid_bill, bills=(attrs.evolve(bill, amount=bill.amount + CENT),))

    assert bridge_of(unpaid_d365, books).difference == -CENT


def test_one_cent_more_open_is_one_cent_of_difference(
    unpaid_d365: D365Books, unpaid_bill: BillBooks, invoice: VendorTransaction
) -> None:
    """The open amount counts, to the cent."""
    opened = attrs.evolve(invoice, open_amount=invoice.open_amount + CENT)
    books = attrs.evolve(unpaid_d365, transactions=(opened,))

    assert bridge_of(books, unpaid_bill).difference == CENT


def test_currencies_and_companies_are_never_added_up(
    unpaid_d365: D365Books, invoice: VendorTransaction
) -> None:
    """Each legal entity and currency has a bridge of its own."""
    others = (
        attrs.evolve(invoice, record_id=2, voucher="API-2", currency="GBP"),
        attrs.evolve(invoice, record_id=3, voucher="API-3", legal_entity="MQGS"),
    )
    books = attrs.evolve(unpaid_d365, transactions=(invoice, *others))

    found = bridges(match(books, [], [], date(2026, 10, 1)))

    assert [(bridge.legal_entity, bridge.currency) for bridge in found] == [
        ("MQUS", "USD"),
        ("MQUS", "GBP"),
        ("MQGS", "USD"),
    ]
    assert [bridge.figures["d365_open"] for bridge in found] == [Decimal(100)] * 3
