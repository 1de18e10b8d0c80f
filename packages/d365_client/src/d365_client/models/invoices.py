"""Posted vendor invoices, their lines and how they are distributed (`d365.md` §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from d365_client.models.entity import Entity
from d365_client.models.enums import AccountRole, MonetaryAmount, PurchInvoiceType


@attrs.frozen(kw_only=True)
class PostedInvoice(Entity):
    """A posted invoice's header. Amounts are in `currency_code`, those in MST in the company's.

    `payment` is the term of payment; `exch_rate` is per 100 units.
    """

    ENTITY_SET = "VendInvoiceJourBiEntities"
    KEY = ("data_area_id", "source_key")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"invoice_amount_mst": "InvoiceAmountMST"}

    data_area_id: str
    source_key: int
    invoice_id: str
    internal_invoice_id: str
    invoice_account: str
    order_account: str
    invoice_date: date | None
    document_date: date | None
    due_date: date | None
    invoice_amount: Decimal
    invoice_amount_mst: Decimal
    sales_balance: Decimal
    sum_tax: Decimal
    sum_markup: Decimal
    end_disc: Decimal
    cash_disc: Decimal
    cash_disc_date: date | None
    cash_disc_percent: Decimal
    cash_disc_code: str
    currency_code: str
    exch_rate: Decimal
    ledger_voucher: str
    purch_id: str
    payment: str
    vend_group: str
    posting_profile: str
    invoice_type: PurchInvoiceType | None
    parm_id: str
    source_document_header: int
    sys_modified_date_time: datetime | None
    created_on: datetime | None
    sys_rec_version: int


@attrs.frozen(kw_only=True)
class PostedInvoiceLine(Entity):
    """A posted invoice's line; taxes, charges and header discounts are not among the lines."""

    ENTITY_SET = "VendInvoiceTransBiEntities"
    KEY = ("data_area_id", "source_key")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"purch_id": "PurchID"}

    data_area_id: str
    source_key: int
    invoice_id: str
    internal_invoice_id: str
    invoice_date: date | None
    line_num: Decimal
    item_id: str
    name: str
    qty: Decimal
    purch_price: Decimal
    line_amount: Decimal
    line_amount_tax: Decimal
    purch_id: str
    ledger_dimension_values_json: str
    source_document_line: int
    sys_modified_date_time: datetime | None


@attrs.frozen(kw_only=True)
class AccountingDistribution(Entity):
    """One amount of a posted document on one ledger dimension.

    `source_document_line` is that of the `PostedInvoiceLine`; the shape of
    `ledger_dimension_values_json` is not documented (`d365.md` §4.2).
    """

    ENTITY_SET = "AccountingDistributionBiEntities"
    KEY = ("source_document_line", "number")

    source_document_line: int
    number: int
    source_document_header: int
    monetary_amount: MonetaryAmount | None
    type: AccountRole | None
    transaction_currency: str
    transaction_currency_amount: Decimal
    accounting_currency_amount: Decimal
    ledger_dimension: int
    ledger_dimension_values_json: str
    accounting_date: date | None
