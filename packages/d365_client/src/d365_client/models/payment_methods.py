"""When, how and from where vendors are paid (`d365.md` §4.1, §4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import (
    BankAccountHoldStatus,
    CustVendPaymStatus,
    NetCurrent,
    NoYes,
    PaymentType,
    PaymSumBy,
)
from d365_client.models.ledger_enums import LedgerJournalACType


@attrs.frozen(kw_only=True)
class PaymentTerm(Entity):
    """When an invoice is due: so many months and days after what `payment_method_type` says."""

    ENTITY_SET = "PaymentTerms"
    KEY = ("data_area_id", "name")

    data_area_id: str
    name: str
    description: str
    number_of_days: int
    number_of_months: int
    payment_method_type: NetCurrent | None
    cutoff_day_of_month: int
    is_cash_payment: NoYes | None


@attrs.frozen(kw_only=True)
class PaymentTermDraft(EntityDraft[PaymentTerm]):
    """A term of payment to be created."""

    CREATES = PaymentTerm

    data_area_id: str
    name: str
    description: str | None = None
    number_of_days: int | None = None
    number_of_months: int | None = None
    payment_method_type: NetCurrent | None = None
    cutoff_day_of_month: int | None = None
    is_cash_payment: NoYes | None = None


@attrs.frozen(kw_only=True)
class VendorPaymentMethod(Entity):
    """A way to pay vendors: from which account, and the status that a payment needs to post."""

    ENTITY_SET = "VendorPaymentMethods"
    KEY = ("data_area_id", "name")

    data_area_id: str
    name: str
    description: str
    account_type: LedgerJournalACType | None
    payment_account_display_value: str
    payment_status: CustVendPaymStatus | None
    payment_type: PaymentType | None
    payment_journal_name: str
    sum_by_period: PaymSumBy | None
    bridging_posting_enabled: NoYes | None


@attrs.frozen(kw_only=True)
class VendorPaymentMethodDraft(EntityDraft[VendorPaymentMethod]):
    """A way to pay vendors to be created."""

    CREATES = VendorPaymentMethod

    data_area_id: str
    name: str
    description: str | None = None
    account_type: LedgerJournalACType | None = None
    payment_account_display_value: str | None = None
    payment_status: CustVendPaymStatus | None = None
    payment_type: PaymentType | None = None
    payment_journal_name: str | None = None
    sum_by_period: PaymSumBy | None = None
    bridging_posting_enabled: NoYes | None = None


@attrs.frozen(kw_only=True)
class BankAccount(Entity):
    """A bank account of our own, and the main account that it is kept on."""

    ENTITY_SET = "BankAccounts"
    KEY = ("data_area_id", "bank_account_id")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"iban": "IBAN", "swift_code": "SWIFTCode"}

    data_area_id: str
    bank_account_id: str
    name: str
    account_number: str
    bank_group_id: str
    bank_account_status: BankAccountHoldStatus | None
    currency_code: str
    iban: str
    swift_code: str
    routing_number: str
    bank_main_account_id_display_value: str
