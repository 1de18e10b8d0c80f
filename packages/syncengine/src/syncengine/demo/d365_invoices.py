"""Posted invoices, their lines, and what each amount was posted to (`d365.md` §4.2).

Items have an invoice line; charges, discounts and taxes are only distributed.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncengine.demo.d365_setup import combination_ids
from syncengine.demo.d365_terms import (
    NOTHING_CLOSED,
    Row,
    Rows,
    account_of,
    day_text,
    ledger_ids,
    modified,
    source_header_id,
    source_line_id,
    yes_no,
)
from syncengine.demo.d365_vouchers import in_accounting_currency
from syncengine.demo.facts import Document
from syncengine.demo.ledger import Ledger

_MONETARY_AMOUNTS = {
    "ITEM": "ExtendedPrice",
    "CHARGE": "Charge",
    "DISCOUNT": "TotalDiscount",
    "TAX": "Tax",
}


def invoice_rows(ledger: Ledger) -> Rows:
    """Invoice headers, item lines and accounting distributions of every document."""
    documents = ledger.every_document
    return {
        "VendInvoiceJourBiEntities": [_header(document, ledger) for document in documents],
        "VendInvoiceTransBiEntities": [row for x in documents for row in _item_lines(x, ledger)],
        "AccountingDistributionBiEntities": list(_distributions(ledger)),
    }


def _header(document: Document, ledger: Ledger) -> Row:
    discount = document.cash_discount
    return {
        "dataAreaId": document.legal_entity,
        "SysDataAreaId": document.legal_entity,
        "SourceDocumentHeader": source_header_id(document),
        "InvoiceId": document.invoice_number,
        "InternalInvoiceId": document.voucher,
        "InvoiceAccount": document.vendor,
        "OrderAccount": document.vendor,
        "LedgerVoucher": document.voucher,
        "InvoiceDate": day_text(document.invoice_date),
        "DocumentDate": day_text(document.document_date),
        "DueDate": day_text(document.due_date),
        "CurrencyCode": document.currency,
        "ExchRate": document.exchange_rate,
        "InvoiceAmount": document.amount,
        "InvoiceAmountMST": document.accounting_amount,
        "SalesBalance": document.total("ITEM"),
        "SumMarkup": document.total("CHARGE"),
        "EndDisc": -document.total("DISCOUNT"),
        "SumTax": document.total("TAX"),
        "Payment": document.terms,
        "CashDiscCode": discount.code if discount else "",
        "CashDiscPercent": discount.percent if discount else 0,
        "CashDisc": discount.amount if discount else 0,
        "CashDiscDate": day_text(discount.date if discount else NOTHING_CLOSED),
        "Prepayment": yes_no(document.prepayment),
        "InvoiceType": "VendorAdvance" if document.prepayment else "Standard",
        "PostingProfile": "GEN",
        "CreatedOn": modified(document.posting_date, ledger),
        "SysModifiedDateTime": modified(document.posting_date, ledger),
    }


def _item_lines(document: Document, ledger: Ledger) -> Iterator[Row]:
    for line in document.lines:
        if line.kind != "ITEM":
            continue
        yield {
            "dataAreaId": document.legal_entity,
            "SysDataAreaId": document.legal_entity,
            "SourceDocumentLine": source_line_id(document, line),
            "InvoiceId": document.invoice_number,
            "InternalInvoiceId": document.voucher,
            "InvoiceDate": day_text(document.invoice_date),
            "LineNum": line.line,
            "Name": line.description,
            "Description": line.description,
            "Qty": 1,
            "PurchPrice": line.amount,
            "LineAmount": line.amount,
            "CurrencyCode": document.currency,
            "CreatedOn": modified(document.posting_date, ledger),
            "SysModifiedDateTime": modified(document.posting_date, ledger),
        }


def _distributions(ledger: Ledger) -> Iterator[Row]:
    combinations, ledgers = combination_ids(ledger), ledger_ids(ledger)
    for document in ledger.every_document:
        worths = in_accounting_currency(document)
        for line, worth in zip(document.lines, worths, strict=True):
            yield {
                "SourceDocumentLine": source_line_id(document, line),
                "Number": 1,
                "SourceDocumentHeader": source_header_id(document),
                "AccountingDate": day_text(document.posting_date),
                "AccountingLegalEntity": ledgers[document.legal_entity],
                "AccountingCurrency": ledger.entity(document.legal_entity).currency,
                "AccountingCurrencyAmount": worth,
                "TransactionCurrency": document.currency,
                "TransactionCurrencyAmount": line.amount,
                "AllocationFactor": 1,
                "MonetaryAmount": _MONETARY_AMOUNTS[line.kind],
                "Type": "Original",
                "LedgerDimension": combinations[account_of(line)],
            }
