"""What became of each document, and what is left for people to look at, one row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import Bill
from syncengine.demo.d365_books import D365Books, JournalLine
from syncengine.demo.matching import Document, Matched, Part
from syncengine.demo.sent_bills import SentBills

Numbers = Mapping[tuple[str, str], int]
"""The ledger's number of a document, by legal entity and voucher."""

_CLASSES = {"ZERO": "zero", "SETTLED_OUTSIDE": "settled_outside"}


@attrs.frozen(kw_only=True)
class JournalRow:
    """A line in a D365 payment journal. Rate and accounting amount: foreign currencies only."""

    payment: str
    amount: Decimal
    date: date
    reversal: bool
    method: str
    offset_account: str
    exchange_rate: Decimal | None = None
    accounting_amount: Decimal | None = None


@attrs.frozen(kw_only=True)
class ParkedPayment:
    """A billPayment of the document that ledger and bank do not agree on."""

    payment: str
    code: str
    amount: Decimal
    cash_discount: Decimal | None = None


@attrs.frozen(kw_only=True)
class DocumentRow:
    """One document: what it is in BILL, why not if not, and how much of it is open where."""

    document: int | None
    legal_entity: str
    voucher: str
    currency: str
    kind: str
    code: str | None
    origin: str | None
    bill_number: str | None
    bill_ids: tuple[str, ...]
    bill_amounts: tuple[Decimal, ...]
    journal: tuple[JournalRow, ...]
    payments_parked: tuple[ParkedPayment, ...]
    d365_open: Decimal
    bill_open: Decimal


def document_rows(
    matched: Matched, d365: D365Books, numbers: Numbers, sent: SentBills
) -> tuple[DocumentRow, ...]:
    """A row for each document, by number; `sent` is what bills were created with."""
    worths = {(x.legal_entity, x.voucher): x.accounting_amount for x in d365.transactions}
    rows = (
        _row(x, numbers, sent, worths if _is_foreign(x, d365) else {}) for x in matched.documents
    )
    return tuple(sorted(rows, key=lambda row: (row.document or 0, row.voucher)))


def document_class(document: Document) -> str:
    """What it is in BILL, or which kind of reason keeps it out."""
    if document.bills:
        return "bill"
    if document.standing is None:
        return "unclassified"
    return _CLASSES.get(document.standing.code, document.standing.disposition)


def _is_foreign(document: Document, d365: D365Books) -> bool:
    transaction = document.transaction
    return transaction.currency != d365.currencies[transaction.legal_entity]


def document_number(document: Document, numbers: Numbers) -> int | None:
    """The ledger's number, None for a document that the ledger does not know."""
    return numbers.get((document.transaction.legal_entity, document.transaction.voucher))


def _row(
    document: Document,
    numbers: Numbers,
    sent: SentBills,
    worths: Mapping[tuple[str, str], Decimal],
) -> DocumentRow:
    transaction, bills = document.transaction, document.bills
    return DocumentRow(
        document=document_number(document, numbers),
        legal_entity=transaction.legal_entity,
        voucher=transaction.voucher,
        currency=transaction.currency,
        kind=document_class(document),
        code=document.standing.code if document.standing else None,
        origin=("adopted" if document.adopted else "created") if bills else None,
        bill_number=bills[0].number if bills else None,
        bill_ids=tuple(bill.id for bill in bills),
        bill_amounts=tuple(_amount_sent(bill, sent) for bill in bills),
        journal=tuple(sorted(_journal(document, worths), key=lambda row: (row.date, row.payment))),
        payments_parked=tuple(_parked(document)),
        d365_open=transaction.open_amount,
        bill_open=sum((bill.open_amount for bill in bills), Decimal(0)),
    )


def _amount_sent(bill: Bill, sent: SentBills) -> Decimal:
    as_sent = sent.get(bill.description)
    return as_sent.amount if as_sent else bill.amount


def _journal(document: Document, worths: Mapping[tuple[str, str], Decimal]) -> Iterator[JournalRow]:
    for part in document.parts:
        for line in part.lines:
            yield _journal_row(part, line, worths.get((line.legal_entity, line.voucher)))


def _journal_row(part: Part, line: JournalLine, worth: Decimal | None) -> JournalRow:
    return JournalRow(
        payment=part.payment.number,
        amount=abs(line.amount),
        date=line.day,
        reversal=line.amount < 0,
        method=line.method,
        offset_account=line.offset_account,
        exchange_rate=None if worth is None else line.rate,
        accounting_amount=None if worth is None else abs(worth),
    )


def _parked(document: Document) -> Iterator[ParkedPayment]:
    for part in document.parts:
        if part.reason is not None:
            yield ParkedPayment(
                payment=part.payment.number,
                code=part.reason.code,
                amount=part.part.amount,
                cash_discount=document.discount_in_bill or None,
            )
