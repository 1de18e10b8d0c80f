"""The whole tie-out over the small books, and what one cent does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import attrs
import pytest

from syncengine.demo.bill_books import BillBooks
from syncengine.demo.d365_books import D365Books
from syncengine.demo.tie_out import Books, Setup, tie_out

CENT = Decimal("0.01")

SETUP = Setup(
    cut_over=date(2026, 10, 1),
    payables="200100",
    clearing="110180",
    payment_accounts=("110180", "200100"),
    numbers={("MQUS", "API-1"): 1},
)


@pytest.fixture
def books(paid_d365: D365Books, paid_bill: BillBooks) -> Books:
    """The small books, as they tie out."""
    return Books(d365=paid_d365, bill=(paid_bill,), parked=(), sent={})


def one_cent_in_the_bill(books: Books) -> Books:
    """A bill is a cent higher."""
    (bill,) = books.bill[0].bills
    changed = attrs.evolve(bill, amount=bill.amount + CENT)
    return attrs.evolve(books, bill=(attrs.evolve(books.bill[0], bills=(changed,)),))


def one_cent_due_in_the_bill(books: Books) -> Books:
    """A bill says that another cent is due."""
    (bill,) = books.bill[0].bills
    changed = attrs.evolve(bill, due=bill.due + CENT)
    return attrs.evolve(books, bill=(attrs.evolve(books.bill[0], bills=(changed,)),))


def one_cent_in_the_payment(books: Books) -> Books:
    """A payment is a cent higher than its part."""
    (payment,) = books.bill[0].payments
    changed = attrs.evolve(payment, amount=payment.amount + CENT)
    return attrs.evolve(books, bill=(attrs.evolve(books.bill[0], payments=(changed,)),))


def one_cent_in_the_line(books: Books) -> Books:
    """A journal line is a cent higher."""
    (line,) = books.d365.lines
    changed = attrs.evolve(line, amount=line.amount + CENT)
    return attrs.evolve(books, d365=attrs.evolve(books.d365, lines=(changed,)))


def one_cent_open(books: Books) -> Books:
    """A cent of the invoice is open."""
    invoice, payment = books.d365.transactions
    changed = attrs.evolve(invoice, open_amount=CENT)
    return attrs.evolve(books, d365=attrs.evolve(books.d365, transactions=(changed, payment)))


def one_cent_in_the_ledger(books: Books) -> Books:
    """A cent was posted to the control account by hand."""
    first, *others = books.d365.entries
    changed = attrs.evolve(first, amount=first.amount + CENT)
    return attrs.evolve(books, d365=attrs.evolve(books.d365, entries=(changed, *others)))


def test_the_small_books_tie_out(books: Books) -> None:
    """Every comparison holds, and there are some."""
    result = tie_out(books, SETUP)

    assert result.differences == ()
    assert result.checked > 0


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (one_cent_in_the_bill, "Bridge MQUS USD: difference -0.01"),
        (one_cent_due_in_the_bill, "MQUS 00nB1: bill: paid, credited"),
        (one_cent_in_the_payment, "MQUS stpP1: payment: its parts"),
        (one_cent_in_the_line, "PaymentsTieOut MQUS USD: difference -0.01"),
        (one_cent_open, "Bridge MQUS USD: difference 0.01"),
        (one_cent_in_the_ledger, "MQUS 200100: control account"),
    ],
)
def test_one_cent_anywhere_is_told(
    books: Books, change: Callable[[Books], Books], where: str
) -> None:
    """A single changed amount is found, and named."""
    differences = tie_out(change(books), SETUP).differences

    assert any(sentence.startswith(where) for sentence in differences), differences


def test_a_document_in_no_class_is_told(unpaid_d365: D365Books) -> None:
    """An invoice that was neither sent nor explained is named by its voucher."""
    books = Books(d365=unpaid_d365, bill=(), parked=(), sent={})

    assert "API-1: in no class" in tie_out(books, SETUP).differences
