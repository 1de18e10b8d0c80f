"""Vendors, how they are paid, and their transactions (`d365.md` §4.1, §4.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from d365_client.models.entity import Entity
from d365_client.models.enums import (
    CustVendorBlocked,
    CustVendPaymStatus,
    LedgerJournalACType,
    LedgerTransType,
    NetCurrent,
    NoYes,
)


@attrs.frozen(kw_only=True)
class Vendor(Entity):
    """A vendor of one legal entity. It has no modified timestamp (`d365.md` §4.6)."""

    ENTITY_SET = "VendorsV2"
    KEY = ("data_area_id", "vendor_account_number")

    data_area_id: str
    vendor_account_number: str
    vendor_organization_name: str
    vendor_group_id: str
    currency_code: str
    on_hold_status: CustVendorBlocked | None
    our_account_number: str
    default_payment_terms_name: str
    default_vendor_payment_method_name: str
    invoice_vendor_account_number: str
    address_street: str
    address_city: str
    address_state_id: str
    address_zip_code: str
    address_country_region_id: str
    address_country_region_iso_code: str
    primary_email_address: str
    is_reporting_tax_1099: NoYes | None


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
    payment_journal_name: str
    bridging_posting_enabled: NoYes | None


@attrs.frozen(kw_only=True)
class VendorTransaction(Entity):
    """One row of the vendor subledger: the truth about what is open and what is paid.

    `amount_cur` is negative for an invoice, in `currency_code`; `closed` is None while anything
    is open; `exch_rate` is per 100 units.
    """

    ENTITY_SET = "VendTransBiEntities"
    KEY = ("data_area_id", "source_key")

    data_area_id: str
    source_key: int
    account_num: str
    invoice: str
    voucher: str
    trans_date: date | None
    document_date: date | None
    due_date: date | None
    amount_cur: Decimal
    amount_mst: Decimal
    settle_amount_cur: Decimal
    settle_amount_mst: Decimal
    currency_code: str
    exch_rate: Decimal
    closed: date | None
    approved: NoYes | None
    prepayment: NoYes | None
    trans_type: LedgerTransType | None
    paym_mode: str
    paym_reference: str
    journal_num: str
    last_settle_voucher: str
    last_settle_date: date | None
    cash_disc_code: str
    offset_recid: int
    sys_modified_date_time: datetime | None
    created_on: datetime | None

    @property
    def remaining_cur(self) -> Decimal:
        """What is open, in the transaction's currency and sign (`d365.md` §4.2)."""
        return self.amount_cur - self.settle_amount_cur


@attrs.frozen(kw_only=True)
class VendorSettlement(Entity):
    """One half of a settlement: a transaction and what it was settled against.

    `trans_rec_id` is the `source_key` of the `VendorTransaction`.
    """

    ENTITY_SET = "VendSettlementBiEntities"
    KEY = ("data_area_id", "source_key")

    data_area_id: str
    source_key: int
    trans_rec_id: int
    offset_recid: int
    offset_trans_voucher: str
    settle_amount_cur: Decimal
    settle_amount_mst: Decimal
    utilized_cash_disc: Decimal
    settlement_voucher: str
    settlement_group: int
    trans_date: date | None
    account_num: str
    can_be_reversed: NoYes | None
    created_on: datetime | None
