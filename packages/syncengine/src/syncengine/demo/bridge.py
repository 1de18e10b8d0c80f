"""The bridge between both books, per legal entity and currency (`domain.md` §4.1).

What D365 has open is what BILL has open, less credits, plus what was not sent, plus what is paid
and not in the ledger, less the reverse. Each figure is the sum of records, each record stands in
one line, and no line is what is left over: what nobody explains is the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from syncengine.demo.matching import Document, Matched

KEYS: Mapping[str, str] = {
    "d365_open": "A  Open in D365",
    "bill_open_bills": "B  Open bills in BILL",
    "bill_open_vendor_credits": "C  Open vendor credits in BILL",
    "held": "D  Held, not sent",
    "parked": "E  Parked, not sent",
    "excluded": "F  Excluded by rule",
    "paid_not_journaled": "G  Paid in BILL, not in the ledger",
    "journaled_not_paid": "H  In the ledger, not paid in BILL",
}
"""The figures of a bridge, with the letters that they are known by."""

_SIGNS = {
    "d365_open": 1,
    "bill_open_bills": -1,
    "bill_open_vendor_credits": 1,
    "held": -1,
    "parked": -1,
    "excluded": -1,
    "paid_not_journaled": -1,
    "journaled_not_paid": 1,
}


@attrs.frozen(kw_only=True)
class Entry:
    """One record in one line. `document` is what it belongs to: a voucher, else itself."""

    legal_entity: str
    currency: str
    key: str
    record: str
    document: str
    amount: Decimal
    code: str = ""


@attrs.frozen(kw_only=True)
class Line:
    """The records of one figure that have one reason."""

    key: str
    code: str
    amount: Decimal
    records: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Bridge:
    """One legal entity and currency. `unexplained` are the documents that make the difference."""

    legal_entity: str
    currency: str
    figures: Mapping[str, Decimal]
    difference: Decimal
    scheduled_in_bill: Decimal
    lines: tuple[Line, ...]
    records: Mapping[str, tuple[str, ...]]
    unexplained: Mapping[str, Decimal]


def bridges(matched: Matched) -> tuple[Bridge, ...]:
    """A bridge for each legal entity and currency that has documents."""
    entries = tuple(_entries(matched))
    pairs = {(x.transaction.legal_entity, x.transaction.currency) for x in matched.documents}
    pairs |= {(entry.legal_entity, entry.currency) for entry in entries}
    return tuple(
        _bridge(pair, entries, _scheduled(matched, pair)) for pair in sorted(pairs, reverse=True)
    )


def _entries(matched: Matched) -> Iterator[Entry]:
    for document in matched.documents:
        yield from _of_document(document)
    for transaction in matched.loose_transactions:
        yield Entry(
            legal_entity=transaction.legal_entity,
            currency=transaction.currency,
            key="d365_open",
            record=transaction.voucher,
            document=transaction.voucher,
            amount=transaction.open_amount,
        )
    for loose in matched.loose_bills:
        if loose.bill.open_amount:
            yield Entry(
                legal_entity=loose.legal_entity,
                currency=loose.currency,
                key="bill_open_bills",
                record=loose.bill.id,
                document=loose.bill.id,
                amount=loose.bill.open_amount,
            )


def _of_document(document: Document) -> Iterator[Entry]:
    transaction = document.transaction

    def entry(key: str, record: str, amount: Decimal, code: str = "") -> Entry:
        return Entry(
            legal_entity=transaction.legal_entity,
            currency=transaction.currency,
            key=key,
            record=record,
            document=transaction.voucher,
            amount=amount,
            code=code,
        )

    if transaction.open_amount:
        yield entry("d365_open", transaction.voucher, transaction.open_amount)
        if document.standing is not None:
            standing = document.standing
            yield entry(
                standing.disposition, transaction.voucher, transaction.open_amount, standing.code
            )
    for bill in document.bills:
        if bill.open_amount:
            yield entry("bill_open_bills", bill.id, bill.open_amount)
    discount = document.discount_in_bill
    for part in document.parts:
        if part.code is None:
            continue
        if part.payment.debited and not part.journaled:
            amount, discount = part.part.amount + discount, Decimal(0)
            yield entry("paid_not_journaled", part.part.id, amount, part.code)
        elif part.journaled and not part.payment.debited:
            yield entry("journaled_not_paid", part.part.id, part.journaled, part.code)


def _scheduled(matched: Matched, pair: tuple[str, str]) -> Decimal:
    documents = (x for x in matched.documents if _pair(x) == pair)
    return sum((bill.scheduled for x in documents for bill in x.bills), Decimal(0))


def _pair(document: Document) -> tuple[str, str]:
    return document.transaction.legal_entity, document.transaction.currency


def _bridge(pair: tuple[str, str], entries: Sequence[Entry], scheduled: Decimal) -> Bridge:
    own = [entry for entry in entries if (entry.legal_entity, entry.currency) == pair]
    figures = dict.fromkeys(KEYS, Decimal(0))
    reasons: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    by_document: dict[str, Decimal] = defaultdict(Decimal)
    for entry in own:
        figures[entry.key] += entry.amount
        by_document[entry.document] += _SIGNS[entry.key] * entry.amount
        if entry.code:
            reasons[entry.key, entry.code].append(entry)
    return Bridge(
        legal_entity=pair[0],
        currency=pair[1],
        figures=figures,
        difference=sum((_SIGNS[key] * figures[key] for key in figures), Decimal(0)),
        scheduled_in_bill=scheduled,
        lines=tuple(
            Line(
                key=key,
                code=code,
                amount=sum((entry.amount for entry in found), Decimal(0)),
                records=tuple(entry.record for entry in found),
            )
            for (key, code), found in sorted(reasons.items())
        ),
        records={key: tuple(x.record for x in own if x.key == key) for key in KEYS},
        unexplained={name: amount for name, amount in by_document.items() if amount},
    )
