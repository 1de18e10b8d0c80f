"""The tie-out: both books compared, from sums down to single records. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import BillBooks
from syncengine.demo.bridge import Bridge, bridges
from syncengine.demo.clearing import Balance, Clearing, balances, clearing
from syncengine.demo.counts import EntityFigures, counts, entity_figures
from syncengine.demo.cross_checks import CrossCheck, cross_checks
from syncengine.demo.d365_books import D365Books
from syncengine.demo.documents import DocumentRow, Numbers, document_rows
from syncengine.demo.matching import match
from syncengine.demo.parked import ParkedRecord
from syncengine.demo.payments_tie_out import (
    PaymentsTieOut,
    RollForward,
    payments_tie_out,
    roll_forward,
)
from syncengine.demo.sent_bills import SentBills
from syncengine.demo.waiting import ExceptionRow, ParkedTotal, exception_rows, parked_totals


@attrs.frozen(kw_only=True)
class Books:
    """Both books as they were read, what the engine says of them, and what it had sent."""

    d365: D365Books
    bill: tuple[BillBooks, ...]
    parked: tuple[ParkedRecord, ...]
    sent: SentBills


@attrs.frozen(kw_only=True)
class Setup:
    """What the tie-out must know beside the books.

    `payment_accounts` are the main accounts that payments touch, in the order in which they are
    told; `numbers` are the ledger's own names of documents.
    """

    cut_over: date
    payables: str
    clearing: str
    payment_accounts: Sequence[str]
    numbers: Numbers


@attrs.frozen(kw_only=True)
class TieOut:
    """Everything that the two books say of each other at one moment."""

    entities: tuple[EntityFigures, ...]
    bridges: tuple[Bridge, ...]
    roll_forward: tuple[RollForward, ...]
    payments_tie_out: tuple[PaymentsTieOut, ...]
    clearing: tuple[Clearing, ...]
    ledger: tuple[Balance, ...]
    documents: tuple[DocumentRow, ...]
    parked: tuple[ParkedTotal, ...]
    exceptions: tuple[ExceptionRow, ...]
    counts: Mapping[str, object]
    checked: int
    failed_checks: tuple[CrossCheck, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """What does not tie out, one sentence each; empty if all does."""
        named: list[tuple[str, Decimal]] = []
        for table in (self.bridges, self.roll_forward, self.payments_tie_out):
            for row in table:
                name = f"{type(row).__name__} {row.legal_entity} {row.currency}"
                named.append((name, row.difference))
        named += [
            (f"Clearing {account.legal_entity} {account.main_account}", account.difference)
            for account in self.clearing
        ]
        named += [
            (f"{check.legal_entity} {check.record}: {check.rule}", check.difference)
            for check in self.failed_checks
        ]
        unclassified = [row.voucher for row in self.documents if row.kind == "unclassified"]
        return (
            *(f"{name}: difference {amount}" for name, amount in named if amount),
            *(f"{voucher}: in no class" for voucher in unclassified),
        )


def tie_out(books: Books, setup: Setup) -> TieOut:
    """Compare the books. Amounts are theirs alone; the engine only says why something waits."""
    d365, organizations = books.d365, books.bill
    matched = match(d365, organizations, books.parked, setup.cut_over)
    spans = bridges(matched)
    pairs = [(span.legal_entity, span.currency) for span in spans]
    checks = cross_checks(matched, d365, organizations, setup.payables)
    return TieOut(
        entities=entity_figures(matched, organizations, books.sent),
        bridges=spans,
        roll_forward=tuple(roll_forward(d365, pair, setup.cut_over) for pair in pairs),
        payments_tie_out=tuple(payments_tie_out(matched, d365, pair) for pair in pairs),
        clearing=tuple(
            clearing(d365, organization, setup.clearing, setup.cut_over)
            for organization in organizations
        ),
        ledger=balances(
            d365, (books.legal_entity for books in organizations), setup.payment_accounts
        ),
        documents=document_rows(matched, d365, setup.numbers, books.sent),
        parked=parked_totals(matched),
        exceptions=exception_rows(matched, books.parked, setup.numbers),
        counts=counts(matched, d365, organizations, setup.cut_over),
        checked=len(checks),
        failed_checks=tuple(check for check in checks if check.difference),
    )
