"""The clearing account, payment by payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import BillBooks, Payment
from syncengine.demo.clearing import Balance, Clearing, OpenItem, balances, clearing
from syncengine.demo.d365_books import D365Books, LedgerEntry

CUT_OVER = date(2026, 10, 1)


def account(d365: D365Books, bill: BillBooks) -> Clearing:
    """The clearing account of these books."""
    return clearing(d365, bill, "110180", CUT_OVER)


def entry(amount: str, category: str, text: str, day: date = date(2026, 10, 7)) -> LedgerEntry:
    """An entry on the clearing account."""
    return LedgerEntry(
        record_id=0,
        legal_entity="MQUS",
        main_account="110180",
        day=day,
        category=category,
        amount=Decimal(amount),
        text=text,
    )


def test_a_debited_and_journaled_payment_leaves_nothing(
    paid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """BILL's debit and the journal line cancel each other."""
    found = account(paid_d365, paid_bill)

    assert (found.bank_debits, found.journal_lines) == (Decimal(100), Decimal(-100))
    assert found.closing == 0
    assert found.open_items == ()
    assert found.difference == 0


def test_a_payment_without_a_line_is_an_open_item(
    unpaid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """The bank was debited, the ledger waits."""
    debit = entry("100.00", "GeneralJournal", "BILL funds transfer")
    books = attrs.evolve(unpaid_d365, entries=(debit,))

    found = account(books, paid_bill)

    assert found.closing == Decimal(100)
    assert found.open_items == (OpenItem(payment="P01", amount=Decimal(100)),)
    assert found.difference == 0


def test_a_lump_is_shared_among_the_payments_of_its_day(
    unpaid_d365: D365Books, paid_bill: BillBooks, payment: Payment
) -> None:
    """One debit a day stands for all payments that BILL processed on it, canceled ones not."""
    other = attrs.evolve(payment, id="stpP2", number="P02", funding_amount=Decimal(20))
    canceled = attrs.evolve(payment, id="stpP3", number="P03", status="CANCELED")
    by_card = attrs.evolve(payment, id="stpP4", number="P04", funding="CARD_ACCOUNT")
    bill = attrs.evolve(paid_bill, payments=(payment, other, canceled, by_card))
    debit = entry("120.00", "GeneralJournal", "BILL funds transfer")

    found = account(attrs.evolve(unpaid_d365, entries=(debit,)), bill)

    assert found.open_items == (
        OpenItem(payment="P01", amount=Decimal(100)),
        OpenItem(payment="P02", amount=Decimal(20)),
    )


def test_a_lump_that_is_not_the_days_payments_stands_alone(
    paid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """A debit of another amount is not cut to fit: the line and the debit are both left open."""
    entries = (
        entry("100.01", "GeneralJournal", "BILL funds transfer"),
        entry("-100.00", "Payment", "BILL blpP1 stpP1"),
    )

    found = account(attrs.evolve(paid_d365, entries=entries), paid_bill)

    assert found.open_items == (
        OpenItem(payment="P01", amount=Decimal(-100)),
        OpenItem(payment="bank debit of 2026-10-07", amount=Decimal("100.01")),
    )
    assert found.closing == Decimal("0.01")


def test_money_that_came_back_is_named_in_the_text(
    paid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """A bank credit takes its payment's debit back: the line is left."""
    back = entry("-100.00", "GeneralJournal", "BILL's debit refused P01")
    books = attrs.evolve(paid_d365, entries=(*paid_d365.entries, back))

    found = account(books, paid_bill)

    assert found.bank_credits == Decimal(-100)
    assert found.open_items == (OpenItem(payment="P01", amount=Decimal(-100)),)


def test_a_voided_payment_was_debited_all_the_same(
    paid_d365: D365Books, paid_bill: BillBooks, payment: Payment
) -> None:
    """Until the money is back, its debit and its line cancel each other."""
    voided = attrs.evolve(paid_bill, payments=(attrs.evolve(payment, status="VOIDED"),))

    assert account(paid_d365, voided).open_items == ()


def test_a_reversal_is_a_debit_of_the_journal(paid_d365: D365Books, paid_bill: BillBooks) -> None:
    """A reversal credits the vendor and debits clearing."""
    reversal = entry("100.00", "Payment", "BILL blpP1 stpP1")
    books = attrs.evolve(paid_d365, entries=(*paid_d365.entries, reversal))

    found = account(books, paid_bill)

    assert (found.journal_lines, found.reversals) == (Decimal(-100), Decimal(100))


def test_an_opening_balance_is_nobodys_payment(
    unpaid_d365: D365Books, unpaid_bill: BillBooks
) -> None:
    """What was there before the engine is told, and is a difference."""
    old = entry("5.00", "GeneralJournal", "?", day=date(2026, 9, 30))

    found = account(attrs.evolve(unpaid_d365, entries=(old,)), unpaid_bill)

    assert found.opening == found.closing == found.difference == Decimal(5)


def test_balances_are_told_for_each_company_and_account(paid_d365: D365Books) -> None:
    """An account without entries has a balance of zero."""
    found = balances(paid_d365, ["MQUS", "MQGS"], ["110110", "200100"])

    assert found == (
        Balance(legal_entity="MQUS", main_account="110110", balance=Decimal(-100)),
        Balance(legal_entity="MQUS", main_account="200100", balance=Decimal(0)),
        Balance(legal_entity="MQGS", main_account="110110", balance=Decimal(0)),
        Balance(legal_entity="MQGS", main_account="200100", balance=Decimal(0)),
    )
