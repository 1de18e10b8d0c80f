"""Vendors (`bill.md` §5.1)."""

from __future__ import annotations

from datetime import datetime

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


@attrs.frozen(kw_only=True)
class Vendor(Resource):
    """A vendor. `account_number` is ours at the vendor, printed on what it is paid."""

    id: str
    name: str
    archived: bool = False
    short_name: str | None = None
    account_number: str | None = None
    email: str | None = None
    bill_currency: str | None = None
    address: Address | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class AddressDraft(Draft):
    """An address to be sent; BILL requires all but the state (`bill.md` §5.1)."""

    line_1: str
    city: str
    zip_or_postal_code: str
    country: str
    state_or_province: str | None = None


@attrs.frozen(kw_only=True)
class PaymentInformationDraft(Draft):
    """How a vendor is paid; the payee's name is needed to pay by check."""

    payee_name: str


@attrs.frozen(kw_only=True)
class AdditionalInfoDraft(Draft):
    """Further facts; `track_1099` stays off unless BILL is the one who files (`domain.md` D12)."""

    track_1099: bool = False


@attrs.frozen(kw_only=True)
class VendorDraft(Draft):
    """A vendor to be created."""

    name: str
    address: AddressDraft
    short_name: str | None = None
    account_number: str | None = None
    email: str | None = None
    bill_currency: str | None = None
    payment_information: PaymentInformationDraft | None = None
    additional_info: AdditionalInfoDraft | None = None


@attrs.frozen(kw_only=True)
class VendorPatch(Draft):
    """What is to change of a vendor; None leaves a field alone."""

    name: str | None = None
    short_name: str | None = None
    account_number: str | None = None
    email: str | None = None
    address: AddressDraft | None = None
