"""What a country wants to know before a vendor there can be paid (`bill.md` §5.1)."""

from __future__ import annotations

import attrs

from bill_client.models.resource import Resource
from bill_client.models.vendors import PurposeCode


@attrs.frozen(kw_only=True)
class PurposeRequirement(Resource):
    """Whether a payment needs a purpose: a text of your own, or one of these codes."""

    required: bool | None = None
    type: str | None = None
    codes: tuple[PurposeCode, ...] = ()


@attrs.frozen(kw_only=True)
class FieldValidation(Resource):
    """A field of a bank account, and the expression that it must match."""

    name: str | None = None
    description: str | None = None
    regular_expression: str | None = None
    required: bool | None = None


@attrs.frozen(kw_only=True)
class FieldValidations(Resource):
    """The fields of a bank account in a country."""

    fields: tuple[FieldValidation, ...] = ()


@attrs.frozen(kw_only=True)
class InternationalPayments(Resource):
    """What paying into a country takes."""

    payment_purpose: PurposeRequirement | None = None
    validations: FieldValidations | None = None


@attrs.frozen(kw_only=True)
class VendorConfiguration(Resource):
    """What paying one vendor takes."""

    international_payments: InternationalPayments | None = None
