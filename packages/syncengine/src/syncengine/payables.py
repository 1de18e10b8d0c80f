"""Accounts payable in our own words: what adapters read and mappers decide on. Pure.

Amounts are in the document's currency; positive means that we owe the vendor, so a credit note is
negative (D365's own `AmountCur` has the other sign, `d365.md` §4.2). Dates are business dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

VENDORS, BILLS, PAYMENTS, APPROVALS = "vendors", "bills", "payments", "approvals"
"""The flows' names: links, parks and cursors go by them, so they never change."""


@attrs.frozen(kw_only=True)
class Address:
    """Where a vendor is paid; `country` is ISO 3166 alpha-2."""

    line1: str
    city: str
    state: str
    postal_code: str
    country: str

    @property
    def complete(self) -> bool:
        """Whether BILL would take it for a vendor (`bill.md` §5.1: what a create requires)."""
        return all((self.line1, self.city, self.postal_code, self.country))


@attrs.frozen(kw_only=True)
class Vendor:
    """A vendor of one legal entity as D365 shows it now.

    `our_account_number` is the number that the vendor knows us by; a large biller needs it on
    what it is paid (`domain.md` D8).
    """

    account: str
    name: str
    group: str
    currency: str
    on_hold: str
    inactive: bool
    address: Address
    email: str
    our_account_number: str


@attrs.frozen(kw_only=True)
class CashDiscount:
    """What may be kept back when paid on `last_day` or before."""

    amount: Decimal
    last_day: date | None


@attrs.frozen(kw_only=True)
class CostLine:
    """One accounting distribution of a posted invoice: goods, charge, discount or tax.

    `department` is empty on balance sheet accounts.
    """

    amount: Decimal
    main_account: str
    department: str
    description: str


@attrs.frozen(kw_only=True)
class OpenItem:
    """One vendor transaction: a posted invoice or credit note and what of it is open.

    `lines` is None where they were not read, because the item needs no first write.
    """

    voucher: str
    vendor: Vendor
    invoice_number: str
    currency: str
    amount: Decimal
    open_amount: Decimal
    document_date: date
    transaction_date: date
    due_date: date
    approved: bool
    prepayment: bool
    cash_discount: CashDiscount | None = None
    lines: tuple[CostLine, ...] | None = None


@attrs.frozen(kw_only=True)
class VendorItems:
    """A vendor and its open items, for the question whether it is needed in BILL."""

    vendor: Vendor
    items: tuple[OpenItem, ...]


@attrs.frozen(kw_only=True)
class InvoiceNow:
    """A linked invoice as D365 shows it at the moment a payment is to be written.

    `vendor_account` is the account the transaction belongs to now; it moves when vendors merge.
    """

    vendor_account: str
    invoice_number: str
    due_date: date
    open_amount: Decimal
    cash_discount: CashDiscount | None


@attrs.frozen(kw_only=True)
class BillNow:
    """A bill as BILL shows it now; `amount` may differ from what we sent if people edited it."""

    bill_id: str
    invoice_number: str
    amount: Decimal
    approval_status: str
    archived: bool


@attrs.frozen(kw_only=True)
class BillPayment:
    """The part of a BILL payment that pays one bill (`blp…`), with what is needed to journal it.

    `amount` is cash in the bill's currency, `payment_amount` the whole payment's, `parts_amount`
    the sum over its parts. `exchange_rate` is BILL's, in accounting currency for 1 unit;
    `funding_amount` is the whole payment's, in accounting currency. `invoice_key` is the key of
    the linked item in the bills flow, None for a bill that is not ours. `invoice`, `bill` and
    `period_open` are read only where a line may have to be written.
    """

    payment_id: str
    bill_id: str
    amount: Decimal
    payment_amount: Decimal
    parts_amount: Decimal
    currency: str
    status: str
    process_date: date | None
    funding_type: str
    disbursement_type: str
    exchange_rate: Decimal | None
    funding_amount: Decimal | None
    reference: str
    invoice_key: str | None
    bill: BillNow | None = None
    invoice: InvoiceNow | None = None
    period_open: bool | None = None


@attrs.frozen(kw_only=True)
class AccountMapping:
    """Which BILL account and department (ids) stand for which D365 codes.

    Total or parked: a code that is not in it never falls back to another (`domain.md` I-13, I-45).
    """

    accounts: Mapping[str, str]
    departments: Mapping[str, str]


@attrs.frozen(kw_only=True)
class PaymentMethod:
    """How a payment of this funding (and disbursement, if given) is booked in D365.

    `offset_account` is the main account that the line is credited to: the clearing account, or
    the card's or the BILL balance's own (`domain.md` D2, §1.3 rows 28 and 29).
    """

    funding: str
    method: str
    offset_account: str
    disbursement: str = ""

    def fits(self, funding: str, disbursement: str) -> bool:
        """Whether a payment so funded and so disbursed is booked like this."""
        return self.funding == funding and self.disbursement in ("", disbursement)


@attrs.frozen(kw_only=True)
class Policy:
    """What one connection has decided (`domain.md` §0).

    `currencies` are those that the BILL organisation can pay. `bill_number_limit` is how long an
    invoice number may be in BILL (unverified, I-35).
    """

    legal_entity: str
    accounting_currency: str
    cut_over: date
    currencies: frozenset[str]
    payment_journal: str
    payment_methods: tuple[PaymentMethod, ...]
    excluded_vendor_groups: frozenset[str] = frozenset()
    bill_number_limit: int = 21
