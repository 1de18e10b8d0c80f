"""The vendor payment journal: headers, lines, settled invoices, fees (§4.4, §5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import NoYes, SettlementType
from d365_client.models.ledger_enums import LedgerJournalACType


@attrs.frozen(kw_only=True)
class VendorPaymentJournalHeader(Entity):
    """A payment journal."""

    ENTITY_SET = "VendorPaymentJournalHeaders"
    KEY = ("data_area_id", "journal_batch_number")

    data_area_id: str
    journal_batch_number: str
    journal_name: str
    description: str
    is_posted: NoYes | None


@attrs.frozen(kw_only=True)
class VendorPaymentJournalHeaderDraft(EntityDraft[VendorPaymentJournalHeader]):
    """A payment journal to be created.

    Leave `journal_batch_number` to D365, unless its number sequence is manual (`d365.md` §2.10).
    """

    CREATES = VendorPaymentJournalHeader

    data_area_id: str
    journal_name: str
    journal_batch_number: str | None = None
    description: str | None = None


@attrs.frozen(kw_only=True)
class VendorPaymentJournalLine(Entity):
    """A payment journal's line. `voucher` is given at creation: it says nothing of posting.

    `exchange_rate` is per 100 units.
    """

    ENTITY_SET = "VendorPaymentJournalLines"
    KEY = ("data_area_id", "journal_batch_number", "line_number")

    data_area_id: str
    journal_batch_number: str
    line_number: Decimal
    transaction_date: date | None
    account_type: LedgerJournalACType | None
    account_display_value: str
    company: str
    debit_amount: Decimal
    credit_amount: Decimal
    currency_code: str
    exchange_rate: Decimal
    offset_account_type: LedgerJournalACType | None
    offset_account_display_value: str
    offset_company: str
    payment_method_name: str
    payment_specification: str
    payment_reference: str
    payment_id: str
    bank_transaction_type: str
    check_number: str
    transaction_text: str
    posting_profile: str
    is_prepayment: NoYes | None
    third_party_bank_account_id: str
    default_dimensions_for_account_display_value: str
    default_dimensions_for_offset_account_display_value: str
    marked_invoice: str
    marked_invoice_company: str
    settle_voucher: SettlementType | None
    voucher: str
    vendor_name: str
    error_code_payment: str
    new_journal_batch_number: str


@attrs.frozen(kw_only=True)
class VendorPaymentJournalLineDraft(EntityDraft[VendorPaymentJournalLine]):
    """A line to be created: a payment debits the vendor.

    `account_display_value` is escaped (`escape_display_value`), `exchange_rate` is per 100 units.
    `marked_invoice` marks one invoice by its number; for several, for a part of one or for a
    discount create `SettledInvoice` rows (`d365.md` §5.3).
    """

    CREATES = VendorPaymentJournalLine

    data_area_id: str
    journal_batch_number: str
    line_number: Decimal
    transaction_date: date
    account_display_value: str
    currency_code: str
    account_type: LedgerJournalACType | None = None
    company: str | None = None
    debit_amount: Decimal | None = None
    credit_amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    offset_account_type: LedgerJournalACType | None = None
    offset_account_display_value: str | None = None
    offset_company: str | None = None
    payment_method_name: str | None = None
    payment_specification: str | None = None
    payment_reference: str | None = None
    payment_id: str | None = None
    bank_transaction_type: str | None = None
    check_number: str | None = None
    transaction_text: str | None = None
    posting_profile: str | None = None
    is_prepayment: NoYes | None = None
    third_party_bank_account_id: str | None = None
    default_dimensions_for_account_display_value: str | None = None
    default_dimensions_for_offset_account_display_value: str | None = None
    marked_invoice: str | None = None
    marked_invoice_company: str | None = None


@attrs.frozen(kw_only=True)
class SettledInvoice(Entity):
    """An invoice that a line is marked to settle, and how much of it, in its currency."""

    ENTITY_SET = "VendorPaymentJournalLineSettledInvoices"
    KEY = (
        "journal_line_company",
        "journal_batch_number",
        "journal_line_number",
        "invoice_number",
        "invoice_company",
        "invoice_due_date",
    )

    journal_line_company: str
    journal_batch_number: str
    journal_line_number: Decimal
    invoice_number: str
    invoice_company: str
    invoice_due_date: date | None
    settlement_amount_in_invoice_currency: Decimal
    cash_discount_to_take_in_invoice_currency: Decimal


@attrs.frozen(kw_only=True)
class SettledInvoiceDraft(EntityDraft[SettledInvoice]):
    """A mark to be made; amounts are in the invoice's currency."""

    CREATES = SettledInvoice

    journal_line_company: str
    journal_batch_number: str
    journal_line_number: Decimal
    invoice_number: str
    invoice_company: str
    invoice_due_date: date
    settlement_amount_in_invoice_currency: Decimal
    cash_discount_to_take_in_invoice_currency: Decimal | None = None


@attrs.frozen(kw_only=True)
class VendorPaymentJournalFee(Entity):
    """A fee of a payment journal's line, and the account that bears it."""

    ENTITY_SET = "VendorPaymentJournalFees"
    KEY = (
        "data_area_id",
        "source_journal_batch_number",
        "source_journal_line_number",
        "payment_fee_id",
    )

    data_area_id: str
    source_journal_batch_number: str
    source_journal_line_number: Decimal
    payment_fee_id: str
    amount: Decimal
    currency_code: str
    account_type: LedgerJournalACType | None
    account_display_value: str


@attrs.frozen(kw_only=True)
class VendorPaymentJournalFeeDraft(EntityDraft[VendorPaymentJournalFee]):
    """A fee of a payment journal's line to be created."""

    CREATES = VendorPaymentJournalFee

    data_area_id: str
    source_journal_batch_number: str
    source_journal_line_number: Decimal
    payment_fee_id: str
    amount: Decimal | None = None
    currency_code: str | None = None
    account_type: LedgerJournalACType | None = None
    account_display_value: str | None = None
