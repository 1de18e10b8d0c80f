"""What a payment may be made from, what it costs, and at which rate (`bill.md` §5.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class CardFee(Resource):
    """What paying by card costs."""

    amount: Decimal | None = None
    rate: Decimal | None = None


@attrs.frozen(kw_only=True)
class FundingOption(Resource):
    """A bank account or card, whether it can be used, and when the money would arrive."""

    id: str | None = None
    name: str | None = None
    brand: str | None = None
    available: bool | None = None
    delivery_date: date | None = None
    process_date: date | None = None
    reason: str | None = None
    conditions: tuple[str, ...] = ()
    fee: Decimal | None = None
    fee_info: CardFee | None = None


@attrs.frozen(kw_only=True)
class FundingOptions(Resource):
    """What there is to pay from."""

    banks: tuple[FundingOption, ...] = ()
    cards: tuple[FundingOption, ...] = ()


@attrs.frozen(kw_only=True)
class PaymentOptions(Resource):
    """How a vendor may be paid an amount."""

    vendor_id: str | None = None
    amount: Decimal | None = None
    funding_options: FundingOptions | None = None


@attrs.frozen(kw_only=True)
class AmountRange(Resource):
    """Amounts from and to."""

    WIRE_NAMES: ClassVar = {"start": "from", "end": "to"}

    start: Decimal | None = None
    end: Decimal | None = None


@attrs.frozen(kw_only=True)
class ExchangeRate(Resource):
    """A rate, for amounts in a range, until a time."""

    payment_currency: str | None = None
    base_currency: str | None = None
    exchange_rate: Decimal | None = None
    amount_range: AmountRange | None = None
    expiration_time: datetime | None = None


@attrs.frozen(kw_only=True)
class CheckImage(Resource):
    """Where the picture of a check is; the link needs the session."""

    download_link: str | None = None
