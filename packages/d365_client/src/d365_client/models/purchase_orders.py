"""Purchase orders and their lines (`d365.md` §4.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import PurchStatus, VersioningDocumentState


@attrs.frozen(kw_only=True)
class PurchaseOrder(Entity):
    """A purchase order's header."""

    ENTITY_SET = "PurchaseOrderHeadersV2"
    KEY = ("data_area_id", "purchase_order_number")

    data_area_id: str
    purchase_order_number: str
    purchase_order_name: str
    order_vendor_account_number: str
    invoice_vendor_account_number: str
    purchase_order_status: PurchStatus | None
    document_approval_status: VersioningDocumentState | None
    currency_code: str
    payment_terms_name: str
    vendor_payment_method_name: str
    accounting_date: date | None
    requested_delivery_date: date | None


@attrs.frozen(kw_only=True)
class PurchaseOrderDraft(EntityDraft[PurchaseOrder]):
    """A purchase order to be created.

    Its number comes from a number sequence where none is given.
    """

    CREATES = PurchaseOrder

    data_area_id: str
    order_vendor_account_number: str
    purchase_order_number: str | None = None
    purchase_order_name: str | None = None
    invoice_vendor_account_number: str | None = None
    currency_code: str | None = None
    payment_terms_name: str | None = None
    vendor_payment_method_name: str | None = None
    accounting_date: date | None = None
    requested_delivery_date: date | None = None


@attrs.frozen(kw_only=True)
class PurchaseOrderLine(Entity):
    """A line of a purchase order."""

    ENTITY_SET = "PurchaseOrderLinesV2"
    KEY = ("data_area_id", "purchase_order_number", "line_number")

    data_area_id: str
    purchase_order_number: str
    line_number: int
    item_number: str
    line_description: str
    procurement_product_category_name: str
    ordered_purchase_quantity: Decimal
    purchase_unit_symbol: str
    purchase_price: Decimal
    line_amount: Decimal
    main_account_id_display_value: str
    default_ledger_dimension_display_value: str
    requested_delivery_date: date | None
    purchase_order_line_status: PurchStatus | None


@attrs.frozen(kw_only=True)
class PurchaseOrderLineDraft(EntityDraft[PurchaseOrderLine]):
    """A line of a purchase order to be created; its number is the next one if none is given."""

    CREATES = PurchaseOrderLine

    data_area_id: str
    purchase_order_number: str
    line_number: int | None = None
    item_number: str | None = None
    line_description: str | None = None
    procurement_product_category_name: str | None = None
    ordered_purchase_quantity: Decimal | None = None
    purchase_unit_symbol: str | None = None
    purchase_price: Decimal | None = None
    line_amount: Decimal | None = None
    main_account_id_display_value: str | None = None
    default_ledger_dimension_display_value: str | None = None
    requested_delivery_date: date | None = None
