"""Each record against its neighbours: what must be equal within and between the books.

The bridge compares sums; these find the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import BillBooks
from syncengine.demo.d365_books import D365Books
from syncengine.demo.matching import Matched


@attrs.frozen(kw_only=True)
class CrossCheck:
    """Two amounts that must be equal."""

    rule: str
    legal_entity: str
    record: str
    expected: Decimal
    actual: Decimal

    @property
    def difference(self) -> Decimal:
        """Zero if they are."""
        return self.actual - self.expected


def cross_checks(
    matched: Matched, d365: D365Books, organizations: Sequence[BillBooks], payables: str
) -> tuple[CrossCheck, ...]:
    """Every comparison, those that hold included; `payables` is the control account."""
    return (
        *_bills(organizations),
        *_payments(organizations),
        *_lines(matched, d365),
        *_settlements(d365),
        *_control_account(d365, payables),
    )


def _bills(organizations: Iterable[BillBooks]) -> Iterator[CrossCheck]:
    for books in organizations:
        for bill in books.bills:
            yield CrossCheck(
                rule="bill: paid, credited, scheduled and due make its amount",
                legal_entity=books.legal_entity,
                record=bill.id,
                expected=bill.amount,
                actual=bill.paid + bill.credited + bill.scheduled + bill.due,
            )


def _payments(organizations: Iterable[BillBooks]) -> Iterator[CrossCheck]:
    for books in organizations:
        for payment in books.payments:
            yield CrossCheck(
                rule="payment: its parts make its amount",
                legal_entity=books.legal_entity,
                record=payment.id,
                expected=payment.amount,
                actual=sum((part.amount for part in payment.parts), Decimal(0)),
            )


def _lines(matched: Matched, d365: D365Books) -> Iterator[CrossCheck]:
    posted = {(x.legal_entity, x.voucher): -x.amount for x in d365.transactions if x.is_payment}
    for part in matched.parts:
        for line in part.lines:
            yield CrossCheck(
                rule="journal line: as much as the billPayment that it names",
                legal_entity=line.legal_entity,
                record=line.name,
                expected=part.part.amount,
                actual=abs(line.amount),
            )
    for line in d365.lines:
        if line.posted:
            yield CrossCheck(
                rule="journal line: as much as was posted with its voucher",
                legal_entity=line.legal_entity,
                record=line.name,
                expected=line.amount,
                actual=posted.get((line.legal_entity, line.voucher), Decimal(0)),
            )


def _settlements(d365: D365Books) -> Iterator[CrossCheck]:
    settled: dict[int, Decimal] = defaultdict(Decimal)
    for settlement in d365.settlements:
        settled[settlement.transaction] += settlement.amount
    for transaction in d365.transactions:
        yield CrossCheck(
            rule="vendor transaction: open is what was not settled",
            legal_entity=transaction.legal_entity,
            record=transaction.voucher,
            expected=transaction.amount - settled[transaction.record_id],
            actual=transaction.open_amount,
        )


def _control_account(d365: D365Books, payables: str) -> Iterator[CrossCheck]:
    for entity in d365.currencies:
        subledger = (x for x in d365.transactions if x.legal_entity == entity)
        ledger = (x for x in d365.entries if (x.legal_entity, x.main_account) == (entity, payables))
        yield CrossCheck(
            rule="control account: open documents at the rates they were booked with",
            legal_entity=entity,
            record=payables,
            expected=-sum((x.open_accounting_amount for x in subledger), Decimal(0)),
            actual=sum((x.amount for x in ledger), Decimal(0)),
        )
