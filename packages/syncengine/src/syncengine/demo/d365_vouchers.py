"""The general ledger as D365 is loaded with: one balanced voucher for each posted document.

What was closed before the cut-over is left out: the month's accounts begin at zero, but for trade
payables, which begin with the opening items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from syncengine.demo.d365_terms import (
    FIRST_RECORD_ID,
    Row,
    Rows,
    account_of,
    day_text,
    ledger_account,
    ledger_ids,
    main_account_ids,
    modified,
)
from syncengine.demo.facts import Document
from syncengine.demo.ledger import Ledger

_POSTING_TYPES = {
    "ITEM": "PurchExpense",
    "CHARGE": "PurchCharge",
    "DISCOUNT": "PurchDisc",
    "TAX": "Tax",
}
_CENT = Decimal("0.01")
_PER_HUNDRED = Decimal(100)


def in_accounting_currency(document: Document) -> Sequence[Decimal]:
    """What each line is worth in the accounting currency; the sum is the document's, exactly.

    Running totals are rounded, not lines, so that no cent is lost or made up.
    """
    running, told = Decimal(0), Decimal(0)
    worths = []
    for line in document.lines:
        running += line.amount
        rounded = (running * document.exchange_rate / _PER_HUNDRED).quantize(_CENT, ROUND_HALF_UP)
        worths.append(rounded - told)
        told = rounded
    return worths


def voucher_rows(ledger: Ledger) -> Rows:
    """Journal entries and their account entries, for opening items and documents."""
    posted = [x for x in (*ledger.opening_items, *ledger.documents) if x.amount]
    return {
        "GeneralJournalEntryBiEntities": [_entry(document, ledger) for document in posted],
        "GeneralJournalAccountEntryBiEntities": [
            row for document in posted for row in _account_entries(document, ledger)
        ],
    }


def _entry_id(document: Document) -> int:
    return FIRST_RECORD_ID + document.document


def _entry(document: Document, ledger: Ledger) -> Row:
    return {
        "SourceKey": _entry_id(document),
        "JournalNumber": f"{document.legal_entity}-AP-{document.document:06}",
        "FiscalCalendarYear": document.posting_date.year,
        "Ledger": ledger_ids(ledger)[document.legal_entity],
        "JournalCategory": "Purch",
        "PostingLayer": "Current",
        "AccountingDate": day_text(document.posting_date),
        "DocumentDate": day_text(document.document_date),
        "DocumentNumber": document.invoice_number,
        "SubledgerVoucher": document.voucher,
        "SubledgerVoucherDataAreaId": document.legal_entity.lower(),
        "CreatedOn": modified(document.posting_date, ledger),
    }


def _account_entries(document: Document, ledger: Ledger) -> Iterator[Row]:
    payables = ledger.account_roles["payables"]
    yield _account_entry(
        document,
        ledger,
        account=ledger_account(payables),
        amounts=(-document.amount, -document.accounting_amount),
        posting_type="VendBalance",
    )
    for line, worth in zip(document.lines, in_accounting_currency(document), strict=True):
        yield _account_entry(
            document,
            ledger,
            account=account_of(line),
            amounts=(line.amount, worth),
            posting_type=_POSTING_TYPES[line.kind],
        )


def _account_entry(
    document: Document,
    ledger: Ledger,
    *,
    account: str,
    amounts: tuple[Decimal, Decimal],
    posting_type: str,
) -> Row:
    amount, worth = amounts
    return {
        "GeneralJournalEntry": _entry_id(document),
        "MainAccount": main_account_ids(ledger)[account.partition("-")[0]],
        "LedgerAccount": account,
        "PostingType": posting_type,
        "IsCredit": "Yes" if worth < 0 else "No",
        "AccountingCurrencyAmount": worth,
        "ReportingCurrencyAmount": worth,
        "TransactionCurrencyAmount": amount,
        "TransactionCurrencyCode": document.currency,
        "Text": f"Invoice {document.invoice_number}",
    }
