"""Bills that come again (`bill.md` §5.9)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.bills import Classifications
from bill_client.models.enums import SchedulePeriod
from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class RecurringBillLineItem(Resource):
    """A line of each bill that is made."""

    id: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    description: str | None = None
    classifications: Classifications | None = None


@attrs.frozen(kw_only=True)
class Schedule(Resource):
    """When bills are made: each `frequency` times `period`, `days_in_advance` of the due date."""

    period: SchedulePeriod | None = None
    frequency: int | None = None
    next_due_date: date | None = None
    end_date: date | None = None
    days_in_advance: int | None = None


@attrs.frozen(kw_only=True)
class AutoPayment(Resource):
    """Whether the bills that are made are paid without being asked."""

    auto_payment: bool | None = None


@attrs.frozen(kw_only=True)
class PaidFrom(Resource):
    """The bank account that they are paid from."""

    bank_account_id: str | None = None


@attrs.frozen(kw_only=True)
class RecurringBill(Resource):
    """What bills are made from, time and again."""

    id: str
    vendor_id: str | None = None
    archived: bool | None = None
    description: str | None = None
    recurring_bill_line_items: tuple[RecurringBillLineItem, ...] = ()
    schedule: Schedule | None = None
    processing_options: AutoPayment | None = None
    payment_information: PaidFrom | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class RecurringClassificationsDraft(Draft):
    """What a line is to be booked on: a customer is not among it."""

    chart_of_account_id: str | None = None
    accounting_class_id: str | None = None
    department_id: str | None = None
    location_id: str | None = None
    item_id: str | None = None
    employee_id: str | None = None
    job_id: str | None = None


@attrs.frozen(kw_only=True)
class RecurringBillLineItemDraft(Draft):
    """A line of each bill that is to be made."""

    amount: Decimal
    quantity: Decimal | None = None
    description: str | None = None
    classifications: RecurringClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class RecurringBillLineItemPatch(Draft):
    """What is to change of the line with this id."""

    id: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    description: str | None = None
    classifications: RecurringClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class ScheduleDraft(Draft):
    """When bills are to be made."""

    period: SchedulePeriod
    frequency: int
    next_due_date: date
    end_date: date | None = None
    days_in_advance: int | None = None


@attrs.frozen(kw_only=True)
class SchedulePatch(Draft):
    """What is to change of when bills are made."""

    period: SchedulePeriod | None = None
    frequency: int | None = None
    next_due_date: date | None = None
    end_date: date | None = None
    days_in_advance: int | None = None


@attrs.frozen(kw_only=True)
class AutoPaymentDraft(Draft):
    """Pay without being asked; enabling it needs a trusted session (`bill.md` §1.6)."""

    auto_payment: bool


@attrs.frozen(kw_only=True)
class PaidFromDraft(Draft):
    """The bank account to pay from."""

    bank_account_id: str


@attrs.frozen(kw_only=True)
class RecurringBillDraft(Draft):
    """A recurring bill to be created."""

    vendor_id: str
    schedule: ScheduleDraft
    recurring_bill_line_items: tuple[RecurringBillLineItemDraft, ...]
    description: str | None = None
    processing_options: AutoPaymentDraft | None = None
    payment_information: PaidFromDraft | None = None


@attrs.frozen(kw_only=True)
class RecurringBillReplacement(Draft):
    """All of a recurring bill: what it leaves out is gone. Lines that stay have their id."""

    vendor_id: str
    schedule: ScheduleDraft
    recurring_bill_line_items: tuple[RecurringBillLineItemPatch | RecurringBillLineItemDraft, ...]
    description: str | None = None
    processing_options: AutoPaymentDraft | None = None
    payment_information: PaidFromDraft | None = None


@attrs.frozen(kw_only=True)
class RecurringBillPatch(Draft):
    """What is to change of a recurring bill."""

    vendor_id: str | None = None
    description: str | None = None
    schedule: SchedulePatch | None = None
    recurring_bill_line_items: tuple[RecurringBillLineItemPatch, ...] | None = None
    processing_options: AutoPaymentDraft | None = None
    payment_information: PaidFromDraft | None = None
