"""The kinds of row in `ledger.json`, amounts exact.

A positive amount is owed to the vendor; rates are per 100 units, as D365 keeps them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class LegalEntity:
    """A company of D365 and the BILL organization that pays for it."""

    id: str
    name: str
    currency: str
    bill_organization: str
    bill_currencies: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Account:
    """A main account of the chart that both companies share; `bill_type` is BILL's."""

    main_account: str
    name: str
    bill_type: str


@attrs.frozen(kw_only=True)
class Terms:
    """Terms of payment: so many days after the document's date."""

    terms: str
    days: int


@attrs.frozen(kw_only=True)
class Method:
    """A D365 method of payment, and which BILL payments get it (None: any, or not BILL's)."""

    method: str
    description: str
    payment_type: str
    bill_funding: str | None
    bill_method: str | None
    offset_account: str


@attrs.frozen(kw_only=True)
class FundingAccount:
    """What a BILL organization pays from."""

    legal_entity: str
    type: str
    main_account: str


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """A rate of D365 for booking."""

    rate_type: str
    from_: str
    to: str
    start_date: dt.date
    rate_per_100: Decimal


@attrs.frozen(kw_only=True)
class Period:
    """A month of the calendar and how it stands when D365 is loaded."""

    period: str
    start: dt.date
    end: dt.date
    statuses: tuple[Mapping[str, str], ...]

    @property
    def first_status(self) -> str:
        """The status before anybody changed it."""
        return self.statuses[0]["status"]


@attrs.frozen(kw_only=True)
class Address:
    """Where a vendor is."""

    line1: str
    city: str
    state: str
    postal_code: str
    country: str


@attrs.frozen(kw_only=True)
class Vendor:
    """A vendor as it stood at the cut-over."""

    account: str
    name: str
    legal_entities: tuple[str, ...]
    currency: str
    group: str
    address: Address | None
    email: str | None
    terms: str
    cash_discount: str | None
    method_of_payment: str
    on_hold: str
    active: bool
    our_account_at_vendor: str | None
    tax1099: bool
    tax_id: str | None = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class CashDiscount:
    """What may be kept back when paid on `date` or before."""

    code: str
    percent: Decimal
    date: dt.date
    amount: Decimal


@attrs.frozen(kw_only=True)
class Settled:
    """A payment that closed a document before D365 was loaded."""

    date: dt.date
    voucher: str
    amount: Decimal
    method: str


@attrs.frozen(kw_only=True)
class Line:
    """What a document is for: ITEM, or a CHARGE, DISCOUNT or TAX posted beside the items."""

    line: int
    kind: str
    description: str
    main_account: str
    department: str | None
    business_unit: str
    cost_center: str | None
    amount: Decimal


@attrs.frozen(kw_only=True)
class Document:
    """A posted invoice or credit note (negative), as it stood when it was posted."""

    document: int
    legal_entity: str
    vendor: str
    invoice_number: str
    currency: str
    amount: Decimal
    voucher: str
    document_date: dt.date
    invoice_date: dt.date
    posting_date: dt.date
    due_date: dt.date
    terms: str
    method_of_payment: str
    exchange_rate: Decimal
    accounting_amount: Decimal
    approved: bool
    prepayment: bool
    cash_discount: CashDiscount | None
    open_amount: Decimal
    settlements: tuple[Settled, ...]
    lines: tuple[Line, ...]

    def total(self, kind: str) -> Decimal:
        """The sum of the lines of one kind."""
        return sum((line.amount for line in self.lines if line.kind == kind), Decimal(0))


@attrs.frozen(kw_only=True)
class Happening:
    """What somebody did in D365 or in BILL; `payload` is told by `action`."""

    seq: int
    date: dt.date
    legal_entity: str
    action: str
    payload: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class EngineRun:
    """A moment at which the engine may run; the short way needs those that are `needed`."""

    seq: int
    date: dt.date
    needed: bool
