"""How many of everything there are in both books, in the words of the ledger's expectations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from syncengine.demo.bill_books import BillBooks
from syncengine.demo.d365_books import D365Books
from syncengine.demo.documents import document_class
from syncengine.demo.matching import Matched
from syncengine.demo.sent_bills import SentBills


@attrs.frozen(kw_only=True)
class EntityFigures:
    """What was done for one legal entity. `bill_lines` are those of bills as they were created."""

    legal_entity: str
    vendors_linked: int
    bills_created: int
    bills_adopted: int
    bill_lines: int
    payment_lines_created: int


def entity_figures(
    matched: Matched, organizations: Sequence[BillBooks], sent: SentBills
) -> tuple[EntityFigures, ...]:
    """The figures of each legal entity, counted in both books."""
    return tuple(_figures(matched, books, sent) for books in organizations)


def counts(
    matched: Matched, d365: D365Books, organizations: Sequence[BillBooks], cut_over: date
) -> Mapping[str, object]:
    """How many of everything, in the words of the ledger's expectations."""
    recent = [x for x in matched.documents if x.transaction.day >= cut_over]
    created = [x for x in matched.documents if x.bills and not x.adopted]
    classes = Counter(document_class(document) for document in matched.documents)
    vendors = [vendor for books in organizations for vendor in books.vendors]
    with_bills = {bill.vendor_id for books in organizations for bill in books.bills}
    payments = [payment for books in organizations for payment in books.payments]
    return {
        "documents": len(recent),
        "opening_items": len(matched.documents) - len(recent),
        "vendors": len({vendor.account for vendor in d365.vendors}),
        "vendors_typed_by_hand": sum(vendor.created < cut_over for vendor in vendors),
        "vendors_with_bills": len(with_bills),
        "bills_created": sum(len(document.bills) for document in created),
        "bills_created_for_documents": sum(
            len(document.bills) for document in created if document in recent
        ),
        "bills_backfilled": sum(len(x.bills) for x in created if x not in recent),
        "bills_adopted": sum(len(x.bills) for x in matched.documents if x.adopted),
        "vendor_credits": classes["vendor_credit"],
        "held": classes["held"],
        "parked": classes["parked"],
        "zero": classes["zero"],
        "settled_outside": classes["settled_outside"],
        "excluded": classes["excluded"],
        "payments": sum(payment.process_date >= cut_over for payment in payments),
        "bill_payments": len(matched.parts),
        "payments_before_cut_over": sum(payment.process_date < cut_over for payment in payments),
        "bill_payments_by_state": dict(
            sorted(Counter(part.payment.status for part in matched.parts).items())
        ),
        "journal_lines": sum(line.amount > 0 for line in d365.lines),
        "journal_reversals": sum(line.amount < 0 for line in d365.lines),
        "bill_payments_parked": sum(part.reason is not None for part in matched.parts),
    }


def _figures(matched: Matched, books: BillBooks, sent: SentBills) -> EntityFigures:
    entity = books.legal_entity
    own = [x for x in matched.documents if x.transaction.legal_entity == entity]
    created = [bill for document in own if not document.adopted for bill in document.bills]
    return EntityFigures(
        legal_entity=entity,
        vendors_linked=sum(x.short_name.startswith(f"{entity}:") for x in books.vendors),
        bills_created=len(created),
        bills_adopted=sum(len(document.bills) for document in own if document.adopted),
        bill_lines=sum(
            as_sent.lines for bill in created if (as_sent := sent.get(bill.description))
        ),
        payment_lines_created=sum(
            len(part.lines) for part in matched.parts if part.legal_entity == entity
        ),
    )
