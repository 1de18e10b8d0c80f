"""Vendor credits (`bill.md` §5.5)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.bills import Classifications, ClassificationsDraft
from bill_client.models.enums import VendorCreditStatus
from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class VendorCreditLineItem(Resource):
    """A credit's line."""

    id: str
    amount: Decimal | None = None
    description: str | None = None
    classifications: Classifications | None = None


@attrs.frozen(kw_only=True)
class CreditUsage(Resource):
    """What a part of a credit was used for."""

    bill_id: str | None = None
    payment_id: str | None = None
    amount: Decimal | None = None


@attrs.frozen(kw_only=True)
class VendorCredit(Resource):
    """A vendor credit. `amount` and `applied_amount` are in the vendor's currency."""

    id: str
    vendor_id: str | None = None
    reference_number: str | None = None
    credit_date: date | None = None
    archived: bool | None = None
    description: str | None = None
    apply_to_chart_of_account_id: str | None = None
    apply_to_bank_account_id: str | None = None
    amount: Decimal | None = None
    applied_amount: Decimal | None = None
    status: VendorCreditStatus | None = None
    vendor_credit_line_items: tuple[VendorCreditLineItem, ...] = ()
    usage: tuple[CreditUsage, ...] = ()
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class VendorCreditLineItemDraft(Draft):
    """A line to be created."""

    amount: Decimal
    description: str | None = None
    classifications: ClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class VendorCreditLineItemPatch(Draft):
    """What is to change of the line with this id."""

    id: str
    amount: Decimal | None = None
    description: str | None = None
    classifications: ClassificationsDraft | None = None


@attrs.frozen(kw_only=True)
class VendorCreditDraft(Draft):
    """A credit to be created. It applies to an account or to a bank account, never to both."""

    vendor_id: str
    reference_number: str
    credit_date: date
    vendor_credit_line_items: tuple[VendorCreditLineItemDraft, ...]
    description: str | None = None
    apply_to_chart_of_account_id: str | None = None
    apply_to_bank_account_id: str | None = None


@attrs.frozen(kw_only=True)
class VendorCreditReplacement(Draft):
    """All of a credit: what it leaves out is gone. Lines that stay have their id."""

    vendor_id: str
    reference_number: str
    credit_date: date
    vendor_credit_line_items: tuple[VendorCreditLineItemPatch | VendorCreditLineItemDraft, ...]
    description: str | None = None
    apply_to_chart_of_account_id: str | None = None
    apply_to_bank_account_id: str | None = None


@attrs.frozen(kw_only=True)
class VendorCreditPatch(Draft):
    """What is to change of a credit."""

    vendor_id: str | None = None
    reference_number: str | None = None
    credit_date: date | None = None
    description: str | None = None
    vendor_credit_line_items: tuple[VendorCreditLineItemPatch, ...] | None = None
    apply_to_chart_of_account_id: str | None = None
    apply_to_bank_account_id: str | None = None
