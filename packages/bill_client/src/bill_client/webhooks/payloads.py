"""What notifications carry: the states of vendors, bills and payments (`bill.md` §5.10).

All fields but the id may be missing: BILL has widened these payloads more than once, and its test
notifications have a few fields only. What is not named here is kept in `extra`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class Payload(Resource):
    """The body of an event of which nothing more is known; its fields are in `extra`."""

    id: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None

    @property
    def state_time(self) -> datetime | None:
        """Since when the entity is as told here; None where BILL does not say."""
        return self.updated_time or self.created_time


@attrs.frozen(kw_only=True)
class VendorPayload(Payload):
    """A vendor, as vendor events tell it."""

    id: str
    name: str | None = None
    archived: bool = False
    short_name: str | None = None
    account_number: str | None = None
    email: str | None = None
    bill_currency: str | None = None


@attrs.frozen(kw_only=True)
class InvoicePayload(Resource):
    """The vendor's invoice of a bill. Events date it at midnight; the date is what is kept."""

    invoice_number: str | None = None
    invoice_date: date | None = None


@attrs.frozen(kw_only=True)
class BillPayload(Payload):
    """A bill, as bill events tell it; amounts are in the vendor's currency."""

    id: str
    vendor_id: str | None = None
    vendor_name: str | None = None
    amount: Decimal | None = None
    due_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    scheduled_amount: Decimal | None = None
    credit_amount: Decimal | None = None
    due_date: date | None = None
    archived: bool = False
    description: str | None = None
    invoice: InvoicePayload | None = None
    payment_status: str | None = None
    approval_status: str | None = None
    created_by: str | None = None


@attrs.frozen(kw_only=True)
class PaymentParty(Resource):
    """The vendor that is paid."""

    id: str | None = None
    name: str | None = None


@attrs.frozen(kw_only=True)
class PaymentFunding(Resource):
    """What the payment is made from; which further fields there are depends on the type."""

    type: str | None = None
    id: str | None = None
    name: str | None = None


@attrs.frozen(kw_only=True)
class PaymentDisbursement(Resource):
    """How the vendor gets the money; more is told once BILL processes the payment."""

    type: str | None = None
    status: str | None = None


@attrs.frozen(kw_only=True)
class PaymentPayload(Payload):
    """A payment, as `payment.updated` tells it; `status` has the words of `single_status`."""

    id: str
    bill_ids: tuple[str, ...] = ()
    status: str | None = None
    transaction_number: str | None = None
    process_date: date | None = None
    funding: PaymentFunding | None = None
    disbursement: PaymentDisbursement | None = None
    vendor: PaymentParty | None = None
    billing_type: str | None = None
    created_by: str | None = None
