"""Vendors, their groups and bank accounts (`d365.md` §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import (
    BankAccountType,
    BankCodeType,
    CustVendorBlocked,
    NoYes,
    VendTableChangeProposalWorkflowState,
)


@attrs.frozen(kw_only=True)
class Vendor(Entity):
    """A vendor of one legal entity. It has no modified timestamp (`d365.md` §4.6)."""

    ENTITY_SET = "VendorsV2"
    KEY = ("data_area_id", "vendor_account_number")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {
        "address_country_region_iso_code": "AddressCountryRegionISOCode",
    }

    data_area_id: str
    vendor_account_number: str
    vendor_organization_name: str
    vendor_search_name: str
    vendor_party_type: str
    vendor_party_number: str
    vendor_group_id: str
    currency_code: str
    on_hold_status: CustVendorBlocked | None
    our_account_number: str
    default_payment_terms_name: str
    default_vendor_payment_method_name: str
    bank_account_id: str
    invoice_vendor_account_number: str
    tax_exempt_number: str
    formatted_primary_address: str
    address_street: str
    address_city: str
    address_state_id: str
    address_zip_code: str
    address_country_region_id: str
    address_country_region_iso_code: str
    primary_email_address: str
    default_ledger_dimension_display_value: str
    default_offset_ledger_account_display_value: str
    is_reporting_tax_1099: NoYes | None
    tax_1099_federal_tax_id: str
    is_one_time_vendor: NoYes | None


@attrs.frozen(kw_only=True)
class VendorDraft(EntityDraft[Vendor]):
    """A vendor to be created.

    Its account number comes from a number sequence where none is given, its currency from the
    company.
    """

    CREATES = Vendor
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {
        "address_country_region_iso_code": "AddressCountryRegionISOCode",
    }

    data_area_id: str
    vendor_group_id: str
    vendor_account_number: str | None = None
    vendor_organization_name: str | None = None
    vendor_search_name: str | None = None
    vendor_party_type: str | None = None
    currency_code: str | None = None
    on_hold_status: CustVendorBlocked | None = None
    our_account_number: str | None = None
    default_payment_terms_name: str | None = None
    default_vendor_payment_method_name: str | None = None
    bank_account_id: str | None = None
    invoice_vendor_account_number: str | None = None
    tax_exempt_number: str | None = None
    address_street: str | None = None
    address_city: str | None = None
    address_state_id: str | None = None
    address_zip_code: str | None = None
    address_country_region_id: str | None = None
    address_country_region_iso_code: str | None = None
    primary_email_address: str | None = None
    default_ledger_dimension_display_value: str | None = None
    default_offset_ledger_account_display_value: str | None = None
    is_reporting_tax_1099: NoYes | None = None
    tax_1099_federal_tax_id: str | None = None
    is_one_time_vendor: NoYes | None = None


@attrs.frozen(kw_only=True)
class VendTable(Entity):
    """A vendor's own table, without name and address.

    It tells when the vendor was changed, which `Vendor` does not; edits of the party or of
    addresses do not touch it (`d365.md` §4.1). `party` is a record id.
    """

    ENTITY_SET = "VendTableBiEntities"
    KEY = ("data_area_id", "account_num")

    data_area_id: str
    account_num: str
    source_key: int
    vend_group: str
    currency: str
    paym_term_id: str
    paym_mode: str
    bank_account: str
    blocked: CustVendorBlocked | None
    party: int
    invoice_account: str
    workflow_state: VendTableChangeProposalWorkflowState | None
    sys_modified_date_time: datetime | None
    created_on: datetime | None
    sys_rec_version: int


@attrs.frozen(kw_only=True)
class VendorGroup(Entity):
    """A group of vendors, with what new ones get from it."""

    ENTITY_SET = "VendorGroups"
    KEY = ("data_area_id", "vendor_group_id")

    data_area_id: str
    vendor_group_id: str
    description: str
    default_payment_term_name: str
    default_tax_group_code: str
    default_dimension_display_value: str


@attrs.frozen(kw_only=True)
class VendorGroupDraft(EntityDraft[VendorGroup]):
    """A group of vendors to be created."""

    CREATES = VendorGroup

    data_area_id: str
    vendor_group_id: str
    description: str | None = None
    default_payment_term_name: str | None = None
    default_tax_group_code: str | None = None
    default_dimension_display_value: str | None = None


@attrs.frozen(kw_only=True)
class VendorBankAccount(Entity):
    """A bank account of a vendor.

    It decides where money goes: a change of it is what fraud begins with (`d365.md` §4.1).
    """

    ENTITY_SET = "VendorBankAccounts"
    KEY = ("data_area_id", "vendor_account_number", "vendor_bank_account_id")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"iban": "IBAN", "swift_code": "SWIFTCode"}

    data_area_id: str
    vendor_account_number: str
    vendor_bank_account_id: str
    bank_name: str
    bank_account_number: str
    iban: str
    swift_code: str
    routing_number: str
    routing_number_type: BankCodeType | None
    current_currency_code: str
    is_default_bank_account: NoYes | None
    bank_account_type: BankAccountType | None
    active_date: date | None
    expiration_date: date | None


@attrs.frozen(kw_only=True)
class VendorBankAccountDraft(EntityDraft[VendorBankAccount]):
    """A bank account of a vendor to be created."""

    CREATES = VendorBankAccount
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"iban": "IBAN", "swift_code": "SWIFTCode"}

    data_area_id: str
    vendor_account_number: str
    vendor_bank_account_id: str
    bank_name: str | None = None
    bank_account_number: str | None = None
    iban: str | None = None
    swift_code: str | None = None
    routing_number: str | None = None
    routing_number_type: BankCodeType | None = None
    current_currency_code: str | None = None
    is_default_bank_account: NoYes | None = None
    bank_account_type: BankAccountType | None = None
    active_date: date | None = None
    expiration_date: date | None = None
