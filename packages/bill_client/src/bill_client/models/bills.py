"""Bills and their lines (`bill.md` §5.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.enums import ApprovalStatus, ApproverStatus, BillPaymentStatus
from bill_client.models.resource import Changed, Draft, Resource


@attrs.frozen(kw_only=True)
class Classifications(Resource):
    """What a line or a bill is booked on, by id. A bill itself has the first five only."""

    chart_of_account_id: str | None = None
    accounting_class_id: str | None = None
    department_id: str | None = None
    location_id: str | None = None
    item_id: str | None = None
    employee_id: str | None = None
    job_id: str | None = None
    customer_id: str | None = None


@attrs.frozen(kw_only=True)
class BillLineItem(Resource):
    """A bill's line."""

    id: str
    amount: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    description: str | None = None
    classifications: Classifications | None = None


@attrs.frozen(kw_only=True)
class Invoice(Resource):
    """The vendor's invoice that the bill is for."""

    invoice_number: str | None = None
    invoice_date: date | None = None


@attrs.frozen(kw_only=True)
class Approver(Resource):
    """Who is to approve a bill, and what they have said."""

    user_id: str | None = None
    status: ApproverStatus | None = None
    approver_order: Decimal | None = None
    status_changed_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Bill(Changed):
    """A bill. `paid_amount`, `scheduled_amount`, `due_amount` are BILL's own arithmetic.

    `amount` and what is made of it are in the vendor's currency, `funding_amount` in US dollars.
    """

    vendor_id: str
    amount: Decimal
    due_date: date | None = None
    archived: bool | None = None
    vendor_name: str | None = None
    funding_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    due_amount: Decimal | None = None
    scheduled_amount: Decimal | None = None
    credit_amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    description: str | None = None
    invoice: Invoice | None = None
    bill_line_items: tuple[BillLineItem, ...] = ()
    pay_from_chart_of_account_id: str | None = None
    classifications: Classifications | None = None
    payment_status: BillPaymentStatus | None = None
    approval_status: ApprovalStatus | None = None
    approvers: tuple[Approver, ...] = ()
    purchase_order_number: str | None = None


@attrs.frozen(kw_only=True)
class ClassificationsDraft(Draft):
    """What a line is to be booked on."""

    chart_of_account_id: str | None = None
    accounting_class_id: str | None = None
    department_id: str | None = None
    location_id: str | None = None
    item_id: str | None = None
    employee_id: str | None = None
    job_id: str | None = None
    customer_id: str | None = None


@attrs.frozen(kw_only=True)
class BillClassificationsDraft(Draft):
    """What a whole bill is to be booked on: five keys, not a line's eight (`bill.md` §5.2)."""

    chart_of_account_id: str | None = None
    accounting_class_id: str | None = None
    department_id: str | None = None
    location_id: str | None = None
    item_id: str | None = None


@attrs.frozen(kw_only=True)
class BillLineItemDraft(Draft):
    """A line to be created.

    `amount` alone is best: it wins over `quantity` times `price` (`domain.md` I-21).
    """

    amount: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    description: str | None = None
    classifications: ClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class BillLineItemPatch(Draft):
    """What is to change of the line with this id."""

    id: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    description: str | None = None
    classifications: ClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class InvoiceDraft(Draft):
    """The vendor's invoice. How long a number may be is unverified (`bill.md` §6)."""

    invoice_number: str
    invoice_date: date


@attrs.frozen(kw_only=True)
class InvoicePatch(Draft):
    """What is to change of the vendor's invoice."""

    invoice_number: str | None = None
    invoice_date: date | None = None


@attrs.frozen(kw_only=True)
class AppliedCreditDraft(Draft):
    """How much of a vendor credit is to be applied, in the bill's currency."""

    id: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class BillDraft(Draft):
    """A bill to be created. `bill_approvals` starts BILL's approval policies."""

    vendor_id: str
    due_date: date
    invoice: InvoiceDraft
    bill_line_items: tuple[BillLineItemDraft, ...]
    description: str | None = None
    pay_from_chart_of_account_id: str | None = None
    classifications: BillClassificationsDraft | None = None
    bill_approvals: bool | None = None
    vendor_credits: tuple[AppliedCreditDraft, ...] | None = None


@attrs.frozen(kw_only=True)
class BillReplacement(Draft):
    """All of a bill: what it leaves out, the bill has no more (`bill.md` §5.2).

    Lines that stay are `BillLineItemPatch`, which have their id; new lines are
    `BillLineItemDraft`.
    """

    vendor_id: str
    due_date: date
    invoice: InvoiceDraft
    bill_line_items: tuple[BillLineItemPatch | BillLineItemDraft, ...]
    description: str | None = None
    pay_from_chart_of_account_id: str | None = None
    classifications: BillClassificationsDraft | None = None
    bill_approvals: bool | None = None
    vendor_credits: tuple[AppliedCreditDraft, ...] | None = None


@attrs.frozen(kw_only=True)
class BillPatch(Draft):
    """What is to change of a bill; lines that it does not name, and all ids, stay as they are."""

    vendor_id: str | None = None
    due_date: date | None = None
    description: str | None = None
    invoice: InvoicePatch | InvoiceDraft | None = None
    bill_line_items: tuple[BillLineItemPatch, ...] | None = None
    pay_from_chart_of_account_id: str | None = None
    classifications: BillClassificationsDraft | None = None
    bill_approvals: bool | None = None
    vendor_credits: tuple[AppliedCreditDraft, ...] | None = None
