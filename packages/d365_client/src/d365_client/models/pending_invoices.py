"""Vendor invoices before they are posted (`d365.md` §4.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import (
    NoYes,
    PurchInvoiceLineType,
    PurchInvoiceType,
    SettlementType,
    VendInvoiceRequestStatus,
)


@attrs.frozen(kw_only=True)
class PendingInvoice(Entity):
    """A vendor invoice that is not posted yet.

    `date_` is when it is to be posted. Whether its row stays after that is not documented
    (`d365.md` §4.2).
    """

    ENTITY_SET = "VendorInvoiceHeaders"
    KEY = ("data_area_id", "header_reference")

    data_area_id: str
    header_reference: str
    invoice_number: str
    invoice_account: str
    vendor_account: str
    currency: str
    invoice_date: date | None
    due_date: date | None
    date_: date | None
    document_number: str
    purchase_order_number: str
    terms_of_payment: str
    method_of_payment: str
    is_approved: NoYes | None
    is_on_hold: NoYes | None
    vendor_invoice_review_status: VendInvoiceRequestStatus | None
    vendor_invoice_type: PurchInvoiceType | None
    settle_voucher: SettlementType | None
    header_only_import: NoYes | None
    error_invalid_distribution: NoYes | None
    bank_account: str


@attrs.frozen(kw_only=True)
class PendingInvoiceDraft(EntityDraft[PendingInvoice]):
    """A vendor invoice to be entered.

    Its reference comes from a number sequence where none is given.
    """

    CREATES = PendingInvoice

    data_area_id: str
    invoice_account: str
    currency: str
    header_reference: str | None = None
    invoice_number: str | None = None
    vendor_account: str | None = None
    invoice_date: date | None = None
    due_date: date | None = None
    date_: date | None = None
    document_number: str | None = None
    purchase_order_number: str | None = None
    terms_of_payment: str | None = None
    method_of_payment: str | None = None
    is_approved: NoYes | None = None
    is_on_hold: NoYes | None = None
    vendor_invoice_review_status: VendInvoiceRequestStatus | None = None
    vendor_invoice_type: PurchInvoiceType | None = None
    settle_voucher: SettlementType | None = None
    header_only_import: NoYes | None = None
    bank_account: str | None = None


@attrs.frozen(kw_only=True)
class PendingInvoiceLine(Entity):
    """A line of a vendor invoice that is not posted yet."""

    ENTITY_SET = "VendorInvoiceLines"
    KEY = ("data_area_id", "header_reference", "invoice_line_number")

    data_area_id: str
    header_reference: str
    invoice_line_number: Decimal
    line_type: PurchInvoiceLineType | None
    item_number: str
    procurement_category_name: str
    line_description: str
    main_account_display_value: str
    dimension_display_value: str
    receive_now: Decimal
    unit_price: Decimal
    net_amount: Decimal
    amount: Decimal
    currency: str
    purchase_order: str
    purch_line_number: int
    sales_tax_group: str
    item_sales_tax: str


@attrs.frozen(kw_only=True)
class PendingInvoiceLineDraft(EntityDraft[PendingInvoiceLine]):
    """A line of a vendor invoice to be entered."""

    CREATES = PendingInvoiceLine

    data_area_id: str
    header_reference: str
    invoice_line_number: Decimal
    line_type: PurchInvoiceLineType | None = None
    item_number: str | None = None
    procurement_category_name: str | None = None
    line_description: str | None = None
    main_account_display_value: str | None = None
    dimension_display_value: str | None = None
    receive_now: Decimal | None = None
    unit_price: Decimal | None = None
    net_amount: Decimal | None = None
    amount: Decimal | None = None
    currency: str | None = None
    purchase_order: str | None = None
    purch_line_number: int | None = None
    sales_tax_group: str | None = None
    item_sales_tax: str | None = None
