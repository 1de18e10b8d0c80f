"""Vendors and the vendor subledger as D365 is loaded with: who is owed what (`d365.md` §4.1, §4.2).

`AmountCur` has D365's own sign: negative is owed to the vendor.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncengine.demo.d365_terms import (
    FIRST_RECORD_ID,
    NOTHING_CLOSED,
    Row,
    Rows,
    day_text,
    modified,
    transaction_id,
    yes_no,
)
from syncengine.demo.facts import Document, Settled, Vendor
from syncengine.demo.ledger import Ledger

INACTIVE_FIELD = "MqaInactive"
"""The firm's own field on vendors: D365 has no standard one for this (`d365.md` §9, 18)."""

_PAYMENTS = FIRST_RECORD_ID + 1_000  # above the documents' numbers
_SETTLEMENT_GROUPS = FIRST_RECORD_ID
_COUNTRIES = {
    "CA": "CAN",
    "DE": "DEU",
    "GB": "GBR",
    "JP": "JPN",
    "KW": "KWT",
    "US": "USA",
}


def payables_rows(ledger: Ledger) -> Rows:
    """Vendors, vendor transactions and the settlements of what was closed before the cut-over."""
    closed = [
        (document, paid) for document in ledger.every_document for paid in document.settlements
    ]
    return {
        "VendorsV2": [
            _vendor(vendor, company)
            for vendor in ledger.vendors
            for company in vendor.legal_entities
        ],
        "VendTransBiEntities": [
            *(_invoice(document, ledger) for document in ledger.every_document),
            *(_payment(document, paid, ledger) for document, paid in closed),
        ],
        "VendSettlementBiEntities": [
            row for document, paid in closed for row in _settlement(document, paid, ledger)
        ],
    }


def _vendor(vendor: Vendor, company: str) -> Row:
    return {
        "dataAreaId": company,
        "VendorAccountNumber": vendor.account,
        "VendorOrganizationName": vendor.name,
        "VendorSearchName": vendor.name[:20],
        "VendorGroupId": vendor.group,
        "CurrencyCode": vendor.currency,
        "OnHoldStatus": vendor.on_hold,
        "OurAccountNumber": vendor.our_account_at_vendor or "",
        "DefaultPaymentTermsName": vendor.terms,
        "DefaultVendorPaymentMethodName": vendor.method_of_payment,
        "CashDiscountCode": vendor.cash_discount or "",
        "PrimaryEmailAddress": vendor.email or "",
        "IsReportingTax1099": yes_no(vendor.tax1099),
        "Tax1099FederalTaxId": vendor.tax_id or "",
        INACTIVE_FIELD: yes_no(not vendor.active),
        **_address(vendor),
    }


def _address(vendor: Vendor) -> Row:
    address = vendor.address
    if address is None:
        return {}
    return {
        "AddressStreet": address.line1,
        "AddressCity": address.city,
        "AddressStateId": address.state,
        "AddressZipCode": address.postal_code,
        "AddressCountryRegionId": _COUNTRIES[address.country],
        "AddressCountryRegionISOCode": address.country,
        "FormattedPrimaryAddress": f"{address.line1}\n{address.city}, {address.state} "
        f"{address.postal_code}",
    }


def _invoice(document: Document, ledger: Ledger) -> Row:
    paid = document.settlements[-1] if document.settlements else None
    return {
        "dataAreaId": document.legal_entity,
        "SysDataAreaId": document.legal_entity,
        "SourceKey": transaction_id(document),
        "AccountNum": document.vendor,
        "Invoice": document.invoice_number,
        "Voucher": document.voucher,
        "TransType": "Purch",
        "TransDate": day_text(document.posting_date),
        "DocumentDate": day_text(document.document_date),
        "DueDate": day_text(document.due_date),
        "CurrencyCode": document.currency,
        "ExchRate": document.exchange_rate,
        "AmountCur": -document.amount,
        "AmountMST": -document.accounting_amount,
        "SettleAmountCur": -(document.amount - document.open_amount),
        "SettleAmountMST": -document.accounting_amount if paid else 0,
        "Closed": day_text(paid.date if paid else NOTHING_CLOSED),
        "LastSettleDate": day_text(paid.date if paid else NOTHING_CLOSED),
        "LastSettleVoucher": paid.voucher if paid else "",
        "LastSettleAccountNum": document.vendor if paid else "",
        "OffsetRecid": _payment_id(document) if paid else 0,
        "Approved": yes_no(document.approved),
        "Prepayment": yes_no(document.prepayment),
        "PaymTermId": document.terms,
        "PaymMode": document.method_of_payment,
        "CashDiscCode": document.cash_discount.code if document.cash_discount else "",
        "PostingProfile": "GEN",
        "CreatedOn": modified(document.posting_date, ledger),
        "SysModifiedDateTime": modified(paid.date if paid else document.posting_date, ledger),
    }


def _payment_id(document: Document) -> int:
    return _PAYMENTS + document.document


def _payment(document: Document, paid: Settled, ledger: Ledger) -> Row:
    return {
        "dataAreaId": document.legal_entity,
        "SysDataAreaId": document.legal_entity,
        "SourceKey": _payment_id(document),
        "AccountNum": document.vendor,
        "Voucher": paid.voucher,
        "TransType": "Payment",
        "TransDate": day_text(paid.date),
        "DocumentDate": day_text(paid.date),
        "DueDate": day_text(paid.date),
        "CurrencyCode": document.currency,
        "ExchRate": document.exchange_rate,
        "AmountCur": paid.amount,
        "AmountMST": document.accounting_amount,
        "SettleAmountCur": paid.amount,
        "SettleAmountMST": document.accounting_amount,
        "Closed": day_text(paid.date),
        "LastSettleDate": day_text(paid.date),
        "LastSettleVoucher": paid.voucher,
        "LastSettleAccountNum": document.vendor,
        "OffsetRecid": transaction_id(document),
        "Approved": "Yes",
        "PaymMode": paid.method,
        "PostingProfile": "GEN",
        "CreatedOn": modified(paid.date, ledger),
        "SysModifiedDateTime": modified(paid.date, ledger),
    }


def _settlement(document: Document, paid: Settled, ledger: Ledger) -> Iterator[Row]:
    """Both sides of one settlement; each names the other."""
    invoice = (transaction_id(document), document.voucher, "Purch", -1)
    payment = (_payment_id(document), paid.voucher, "Payment", 1)
    for (record_id, _, kind, sign), (other_id, other_voucher, *_rest) in (
        (invoice, payment),
        (payment, invoice),
    ):
        yield {
            "dataAreaId": document.legal_entity,
            "SysDataAreaId": document.legal_entity,
            "TransCompany": document.legal_entity,
            "TransRecId": record_id,
            "TransType": kind,
            "AccountNum": document.vendor,
            "OffsetCompany": document.legal_entity,
            "OffsetRecid": other_id,
            "OffsetTransVoucher": other_voucher,
            "OffsetAccountNum": document.vendor,
            "SettlementVoucher": paid.voucher,
            "SettlementGroup": _SETTLEMENT_GROUPS + document.document,
            "SettleAmountCur": sign * paid.amount,
            "SettleAmountMST": sign * document.accounting_amount,
            "TransDate": day_text(paid.date),
            "ClosedDate": day_text(paid.date),
            "DueDate": day_text(document.due_date),
            "CanBeReversed": "Yes",
            "CreatedOn": modified(paid.date, ledger),
        }
