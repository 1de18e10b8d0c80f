"""Cash against cash, and how the subledger moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import BillBooks, Payment
from syncengine.demo.d365_books import D365Books, JournalLine, VendorTransaction
from syncengine.demo.matching import match
from syncengine.demo.parked import ParkedRecord
from syncengine.demo.payments_tie_out import PaymentsTieOut, payments_tie_out, roll_forward

CUT_OVER = date(2026, 10, 1)
PAIR = ("MQUS", "USD")
CENT = Decimal("0.01")


def tie(d365: D365Books, bill: BillBooks, parked: Sequence[ParkedRecord] = ()) -> PaymentsTieOut:
    """The tie-out of the one pair."""
    return payments_tie_out(match(d365, [bill], parked, CUT_OVER), d365, PAIR)


def parked_payment(code: str) -> ParkedRecord:
    """What the engine says of the payment."""
    return ParkedRecord(
        connection="MQUS", flow="payments", key="blpP1", code=code, disposition="parked"
    )


def test_a_journaled_payment_ties(paid_d365: D365Books, paid_bill: BillBooks) -> None:
    """What BILL debited is what the journal says."""
    row = tie(paid_d365, paid_bill)

    assert (row.bill_paid, row.journaled) == (Decimal(100), Decimal(100))
    assert not row.paid_not_journaled
    assert not row.journaled_not_paid
    assert row.difference == 0


def test_a_parked_payment_explains_itself(unpaid_d365: D365Books, paid_bill: BillBooks) -> None:
    """Cash without a line stands under paid, not journaled."""
    row = tie(unpaid_d365, paid_bill, [parked_payment("PERIOD_CLOSED")])

    assert row.bill_paid == row.paid_not_journaled == Decimal(100)
    assert row.journaled == 0
    assert row.difference == 0
    assert row.records["paid_not_journaled"] == ("blpP1",)


def test_an_unposted_line_is_no_cash_yet(
    unpaid_d365: D365Books, paid_bill: BillBooks, line: JournalLine
) -> None:
    """It stands under paid, not journaled, by itself."""
    books = attrs.evolve(unpaid_d365, lines=(attrs.evolve(line, posted=False),))

    row = tie(books, paid_bill)

    assert row.journaled == 0
    assert row.paid_not_journaled == Decimal(100)
    assert row.difference == 0


def test_a_line_of_a_voided_payment_explains_itself(
    paid_d365: D365Books, unpaid_bill: BillBooks, payment: Payment
) -> None:
    """A line without cash stands under journaled, not paid."""
    books = attrs.evolve(unpaid_bill, payments=(attrs.evolve(payment, status="VOIDED"),))

    row = tie(paid_d365, books, [parked_payment("LATER_VOID")])

    assert row.journaled == row.journaled_not_paid == Decimal(100)
    assert row.bill_paid == 0
    assert row.difference == 0


def test_a_reversal_takes_its_line_off(
    paid_d365: D365Books, unpaid_bill: BillBooks, payment: Payment, line: JournalLine
) -> None:
    """A line and its reversal are no cash."""
    reversal = attrs.evolve(line, line=Decimal(2), voucher="BPV-2", amount=Decimal(-100))
    d365 = attrs.evolve(paid_d365, lines=(line, reversal))
    books = attrs.evolve(unpaid_bill, payments=(attrs.evolve(payment, status="VOIDED"),))

    row = tie(d365, books)

    assert row.journaled == 0
    assert row.difference == 0


def test_one_cent_in_a_journal_line_is_one_cent_of_difference(
    paid_d365: D365Books, paid_bill: BillBooks, line: JournalLine
) -> None:
    """The line's amount counts, to the cent."""
    books = attrs.evolve(paid_d365, lines=(attrs.evolve(line, amount=line.amount + CENT),))

    assert tie(books, paid_bill).difference == -CENT


def test_one_cent_in_a_payment_is_one_cent_of_difference(
    paid_d365: D365Books, paid_bill: BillBooks, payment: Payment
) -> None:
    """The billPayment's amount counts, to the cent."""
    part = attrs.evolve(payment.parts[0], amount=Decimal("100.01"))
    books = attrs.evolve(paid_bill, payments=(attrs.evolve(payment, parts=(part,)),))

    assert tie(paid_d365, books).difference == CENT


def test_a_payment_that_is_suddenly_unpaid_is_the_difference(
    paid_d365: D365Books, paid_bill: BillBooks, payment: Payment
) -> None:
    """A status that nobody explains is not explained."""
    books = attrs.evolve(paid_bill, payments=(attrs.evolve(payment, status="SCHEDULED"),))

    assert tie(paid_d365, books).difference == Decimal(-100)


def test_the_roll_forward_names_every_movement(
    invoice: VendorTransaction, paid_out: VendorTransaction, line: JournalLine
) -> None:
    """Opening, invoices, credit notes, what was paid past BILL, lines and reversals."""
    transactions = (
        attrs.evolve(invoice, day=date(2026, 9, 30), amount=Decimal(50), open_amount=Decimal(50)),
        attrs.evolve(invoice, open_amount=Decimal(0)),
        attrs.evolve(invoice, amount=Decimal(-7), open_amount=Decimal(-7)),
        attrs.evolve(invoice, amount=Decimal(30), open_amount=Decimal(0)),
        attrs.evolve(paid_out, amount=Decimal(-30), journal=""),
        paid_out,
        attrs.evolve(paid_out, amount=Decimal(100), open_amount=Decimal(100)),
        attrs.evolve(invoice, legal_entity="MQGS"),
        attrs.evolve(invoice, currency="GBP"),
    )

    row = roll_forward(D365Books(transactions=transactions, lines=(line,)), PAIR, CUT_OVER)

    assert row.opening == Decimal(50)
    assert row.invoices == Decimal(130)
    assert row.credit_notes == Decimal(-7)
    assert row.settled_outside == Decimal(-30)
    assert row.payments_journaled == Decimal(-100)
    assert row.reversals == Decimal(100)
    assert row.cash_discounts == Decimal(0)
    assert row.closing == Decimal(143)
    assert row.difference == 0


def test_an_open_amount_that_no_movement_explains_is_the_difference(
    unpaid_d365: D365Books, invoice: VendorTransaction
) -> None:
    """What is open must be what was posted."""
    opened = attrs.evolve(invoice, open_amount=Decimal("99.99"))
    books = attrs.evolve(unpaid_d365, transactions=(opened,))

    assert roll_forward(books, PAIR, CUT_OVER).difference == CENT
