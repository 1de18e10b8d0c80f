"""Postal addresses, of vendors and organisations."""

from __future__ import annotations

import attrs

from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class Address(Resource):
    """A postal address; `country` is ISO 3166 alpha-2."""

    line_1: str | None = None
    line_2: str | None = None
    city: str | None = None
    state_or_province: str | None = None
    zip_or_postal_code: str | None = None
    country: str | None = None
    country_name: str | None = None


@attrs.frozen(kw_only=True)
class AddressDraft(Draft):
    """A whole address; BILL requires all but the second line and the state (`bill.md` §5.1)."""

    line_1: str
    city: str
    zip_or_postal_code: str
    country: str
    line_2: str | None = None
    state_or_province: str | None = None


@attrs.frozen(kw_only=True)
class AddressPatch(Draft):
    """What is to change of an address."""

    line_1: str | None = None
    line_2: str | None = None
    city: str | None = None
    state_or_province: str | None = None
    zip_or_postal_code: str | None = None
    country: str | None = None
