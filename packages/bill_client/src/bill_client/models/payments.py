"""Payments (`bill.md` §5.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class BillPayment(Resource):
    """The part of a payment that pays one bill: cash, in the bill's currency."""

    id: str
    bill_id: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class FundingAccount(Resource):
    """What a payment is made from."""

    type: str
    id: str | None = None


@attrs.frozen(kw_only=True)
class VoidInfo(Resource):
    """One request to void a payment, and what became of it."""

    id: str | None = None
    type: str | None = None
    status: str | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Payment(Resource):
    """A payment. `single_status` is the state to go by; words that we do not know may come.

    `exchange_rate` is in US dollars for 1 unit of the payment's currency.
    """

    id: str
    amount: Decimal
    single_status: str | None = None
    vendor_id: str | None = None
    bill_payments: tuple[BillPayment, ...] = ()
    process_date: date | None = None
    funding_account: FundingAccount | None = None
    funding_amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    disbursement_type: str | None = None
    online_payment: bool | None = None
    transaction_number: str | None = None
    confirmation_number: str | None = None
    description: str | None = None
    void_info: tuple[VoidInfo, ...] = ()
    created_time: datetime | None = None
    updated_time: datetime | None = None
