"""What is left for people: parked records by reason, and exceptions one by one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs

from syncengine.demo.documents import Numbers, document_number
from syncengine.demo.matching import Matched
from syncengine.demo.parked import LATER, ParkedRecord


@attrs.frozen(kw_only=True)
class ExceptionRow:
    """Something that a person has to look at beyond the parked documents."""

    code: str
    document: int | None
    payment: str | None
    owner: str
    sentence: str


@attrs.frozen(kw_only=True)
class ParkedTotal:
    """How many records of a legal entity and currency are parked for one reason, and how much."""

    legal_entity: str
    currency: str
    code: str
    count: int
    amount: Decimal


def exception_rows(
    matched: Matched, parked: Sequence[ParkedRecord], numbers: Numbers
) -> tuple[ExceptionRow, ...]:
    """What is open beyond the parked documents, without what is only not supported yet."""
    parts = {part.part.id: part for part in matched.parts}
    documents = {bill.id: x for x in matched.documents for bill in x.bills}
    documents |= {
        f"{x.transaction.voucher}/{x.transaction.record_id}": x for x in matched.documents
    }
    rows = []
    for record in parked:
        of_payment = record.flow == "payments"
        if not (record.is_exception or of_payment) or record.code.startswith(LATER):
            continue
        part = parts.get(record.key)
        document = documents.get(part.part.bill_id if part else record.key)
        rows.append(
            ExceptionRow(
                code=record.code,
                document=document_number(document, numbers) if document else None,
                payment=part.payment.number if part else None,
                owner=record.owner,
                sentence=record.sentence,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.document or 0, row.code)))


def parked_totals(matched: Matched) -> tuple[ParkedTotal, ...]:
    """Parked documents by what is open of them, parked billPayments by their cash."""
    found: dict[tuple[str, str, str], list[Decimal]] = {}
    for document in matched.documents:
        standing, transaction = document.standing, document.transaction
        if standing is not None and standing.disposition == "parked":
            key = (transaction.legal_entity, transaction.currency, standing.code)
            found.setdefault(key, []).append(transaction.open_amount)
    for part in matched.parts:
        if part.reason is not None:
            key = (part.legal_entity, part.currency, part.reason.code)
            found.setdefault(key, []).append(part.part.amount)
    return tuple(
        ParkedTotal(
            legal_entity=entity,
            currency=currency,
            code=code,
            count=len(amounts),
            amount=sum(amounts, Decimal(0)),
        )
        for (entity, currency, code), amounts in sorted(found.items())
    )
