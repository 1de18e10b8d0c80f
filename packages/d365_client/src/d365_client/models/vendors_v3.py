"""Vendors by the newer set, which has twelve fields less (`d365.md` §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import CustVendorBlocked, NoYes


@attrs.frozen(kw_only=True)
class VendorV3(Entity):
    """A vendor by the newer, narrower set: `VendorsV2` without twelve fields (`d365.md` §4.1)."""

    ENTITY_SET = "VendorsV3"
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
class VendorV3Draft(EntityDraft[VendorV3]):
    """A vendor to be created by the newer set.

    Its account number comes from a number sequence where none is given, its currency from the
    company.
    """

    CREATES = VendorV3
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
