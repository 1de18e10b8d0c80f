"""Currencies and exchange rates (`d365.md` §4.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import ExchangeRateDisplayFactor


@attrs.frozen(kw_only=True)
class Currency(Entity):
    """A currency."""

    ENTITY_SET = "Currencies"
    KEY = ("currency_code",)

    currency_code: str
    name: str
    symbol: str
    general_rounding_rule: Decimal


@attrs.frozen(kw_only=True)
class CurrencyDraft(EntityDraft[Currency]):
    """A currency to be created."""

    CREATES = Currency

    currency_code: str
    name: str | None = None
    symbol: str | None = None
    general_rounding_rule: Decimal | None = None


@attrs.frozen(kw_only=True)
class ExchangeRate(Entity):
    """A rate from its start date on: so much of `to_currency` for `conversion_factor` units.

    Read the factor with the rate: it is one, a hundred or another power of ten (`d365.md` §2.7).
    """

    ENTITY_SET = "ExchangeRates"
    KEY = ("rate_type_name", "from_currency", "to_currency", "start_date")

    rate_type_name: str
    from_currency: str
    to_currency: str
    start_date: date | None
    rate: Decimal
    conversion_factor: ExchangeRateDisplayFactor | None
    end_date: date | None


@attrs.frozen(kw_only=True)
class ExchangeRateDraft(EntityDraft[ExchangeRate]):
    """A rate to be created."""

    CREATES = ExchangeRate

    rate_type_name: str
    from_currency: str
    to_currency: str
    start_date: date
    rate: Decimal
    conversion_factor: ExchangeRateDisplayFactor | None = None
    end_date: date | None = None
