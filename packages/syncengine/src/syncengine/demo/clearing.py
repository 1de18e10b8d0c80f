"""The clearing account, payment by payment, and the accounts that payments touch.

BILL takes one lump a day from our bank: a debit of the bank statement stands for the payments that
BILL processed on that day. Money that came back is named by its payment in the statement's text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import BillBooks, Payment
from syncengine.demo.d365_books import D365Books, LedgerEntry

_LINE_MARKER = re.compile(r"\bBILL \S+ (?P<payment>\S+)")
_WORD = re.compile(r"\w+")


@attrs.frozen(kw_only=True)
class OpenItem:
    """What is left of one payment in the clearing account, or of an entry that is no payment's."""

    payment: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class Clearing:
    """The clearing account of one company in accounting currency, debit positive.

    `difference` is what the open items do not explain of the closing balance.
    """

    legal_entity: str
    main_account: str
    opening: Decimal
    bank_debits: Decimal
    bank_credits: Decimal
    journal_lines: Decimal
    reversals: Decimal
    closing: Decimal
    open_items: tuple[OpenItem, ...]
    difference: Decimal


@attrs.frozen(kw_only=True)
class Balance:
    """The closing balance of a main account, debit positive."""

    legal_entity: str
    main_account: str
    balance: Decimal


def balances(
    d365: D365Books, legal_entities: Iterable[str], main_accounts: Iterable[str]
) -> tuple[Balance, ...]:
    """The balances of these accounts in each company, in this order."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in d365.entries:
        totals[entry.legal_entity, entry.main_account] += entry.amount
    accounts = tuple(main_accounts)
    return tuple(
        Balance(legal_entity=entity, main_account=account, balance=totals[entity, account])
        for entity in legal_entities
        for account in accounts
    )


def clearing(d365: D365Books, books: BillBooks, main_account: str, cut_over: date) -> Clearing:
    """How the account moved since the cut-over, and which payments are still in it."""
    own = [
        entry
        for entry in d365.entries
        if (entry.legal_entity, entry.main_account) == (books.legal_entity, main_account)
    ]
    moved = [entry for entry in own if entry.day >= cut_over]
    journal = [entry for entry in moved if entry.category == "Payment"]
    bank = [entry for entry in moved if entry.category != "Payment"]
    closing = _sum(own)
    items = _open_items(journal, bank, books.payments)
    return Clearing(
        legal_entity=books.legal_entity,
        main_account=main_account,
        opening=_sum(entry for entry in own if entry.day < cut_over),
        bank_debits=_sum(entry for entry in bank if entry.amount > 0),
        bank_credits=_sum(entry for entry in bank if entry.amount < 0),
        journal_lines=_sum(entry for entry in journal if entry.amount < 0),
        reversals=_sum(entry for entry in journal if entry.amount > 0),
        closing=closing,
        open_items=items,
        difference=closing - sum((item.amount for item in items), Decimal(0)),
    )


def _open_items(
    journal: Sequence[LedgerEntry], bank: Sequence[LedgerEntry], payments: Sequence[Payment]
) -> tuple[OpenItem, ...]:
    numbers = {payment.id: payment.number or payment.id for payment in payments}
    left: dict[str, Decimal] = defaultdict(Decimal)
    for entry in journal:
        named = _LINE_MARKER.search(entry.text)
        left[numbers.get(named["payment"], entry.text) if named else entry.text] += entry.amount
    for day, debit in _debits_by_day(bank).items():
        processed = [x for x in payments if _was_debited(x) and x.process_date == day]
        expected = {numbers[payment.id]: payment.funding_amount for payment in processed}
        for name, amount in _shares(expected, debit, f"bank debit of {day}"):
            left[name] += amount
    for entry in bank:
        if entry.amount < 0:
            words = set(_WORD.findall(entry.text))
            named_in = [payment for payment in payments if numbers[payment.id] in words]
            expected = {numbers[payment.id]: -payment.funding_amount for payment in named_in}
            for name, amount in _shares(expected, entry.amount, entry.text):
                left[name] += amount
    return tuple(
        OpenItem(payment=name, amount=amount) for name, amount in sorted(left.items()) if amount
    )


def _shares(
    expected: Mapping[str, Decimal], amount: Decimal, otherwise: str
) -> Iterator[tuple[str, Decimal]]:
    """What a bank entry says of each payment; if the payments do not add up to it, of none."""
    if expected and sum(expected.values(), Decimal(0)) == amount:
        yield from expected.items()
    else:
        yield otherwise, amount


def _debits_by_day(bank: Sequence[LedgerEntry]) -> Mapping[date, Decimal]:
    debits: dict[date, Decimal] = defaultdict(Decimal)
    for entry in bank:
        if entry.amount > 0:
            debits[entry.day] += entry.amount
    return debits


def _was_debited(payment: Payment) -> bool:
    """Whether BILL ever drew on our bank for it; a voided payment was, a canceled one was not."""
    return payment.funding == "BANK_ACCOUNT" and (payment.debited or payment.status == "VOIDED")


def _sum(entries: Iterable[LedgerEntry]) -> Decimal:
    return sum((entry.amount for entry in entries), Decimal(0))
