"""Bills and their lines (`bill.md` §5.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class Classifications(Resource):
    """What a line is booked on, by id."""

    chart_of_account_id: str | None = None
    department_id: str | None = None


@attrs.frozen(kw_only=True)
class BillLineItem(Resource):
    """A bill's line."""

    id: str
    amount: Decimal
    description: str | None = None
    classifications: Classifications | None = None


@attrs.frozen(kw_only=True)
class Invoice(Resource):
    """The vendor's invoice that the bill is for."""

    invoice_number: str | None = None
    invoice_date: date | None = None


@attrs.frozen(kw_only=True)
class Bill(Resource):
    """A bill. `paid_amount`, `scheduled_amount`, `due_amount` are BILL's own arithmetic."""

    id: str
    vendor_id: str
    amount: Decimal
    due_date: date | None = None
    archived: bool = False
    paid_amount: Decimal | None = None
    due_amount: Decimal | None = None
    scheduled_amount: Decimal | None = None
    credit_amount: Decimal | None = None
    description: str | None = None
    invoice: Invoice | None = None
    bill_line_items: tuple[BillLineItem, ...] = ()
    payment_status: str | None = None
    approval_status: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class ClassificationsDraft(Draft):
    """What a line is to be booked on."""

    chart_of_account_id: str | None = None
    department_id: str | None = None


@attrs.frozen(kw_only=True)
class BillLineItemDraft(Draft):
    """A line to be created: `amount` alone, never quantity and price (`domain.md` I-21)."""

    amount: Decimal
    description: str | None = None
    classifications: ClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class InvoiceDraft(Draft):
    """The vendor's invoice."""

    invoice_number: str
    invoice_date: date


@attrs.frozen(kw_only=True)
class BillDraft(Draft):
    """A bill to be created."""

    vendor_id: str
    due_date: date
    invoice: InvoiceDraft
    bill_line_items: tuple[BillLineItemDraft, ...]
    description: str | None = None


@attrs.frozen(kw_only=True)
class BillPatch(Draft):
    """What is to change of a bill; lines and their ids stay as they are."""

    due_date: date | None = None
    description: str | None = None
