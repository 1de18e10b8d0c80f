"""The general ledger: balanced vouchers in GeneralJournalEntry and GeneralJournalAccountEntry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, Row
from d365_client.emulator.companies import Companies


@attrs.frozen(kw_only=True)
class Entry:
    """One side of a voucher; amounts are positive for debit.

    Attributes:
        display_value: the ledger account with its dimensions, as it is shown.
        amount: in `currency`.
        accounting_amount: in the company's accounting currency.
    """

    main_account: Row
    amount: Decimal
    accounting_amount: Decimal
    currency: str
    posting_type: str
    display_value: str = ""


@attrs.frozen(kw_only=True)
class Voucher:
    """What all entries of one posting share."""

    company: str
    number: str
    day: date
    category: str
    text: str = ""
    journal_number: str = ""
    payment_reference: str = ""


def round_accounting(books: Books, company: str, amount: Decimal) -> Decimal:
    """`amount` rounded half up to the accounting currency's own rounding rule, 0.01 if none."""
    currency = Companies(books).ledger(company).text("AccountingCurrency")
    row = books.first("Currencies", CurrencyCode=currency)
    rule = row.amount("GeneralRoundingRule") if row else Decimal(0)
    return amount.quantize(rule or Decimal("0.01"), rounding=ROUND_HALF_UP)


def post(books: Books, voucher: Voucher, entries: Sequence[Entry]) -> None:
    """Store a voucher and its entries.

    Raises:
        WriteFailedError: the entries do not balance in the accounting currency.
    """
    difference = sum((entry.accounting_amount for entry in entries), Decimal(0))
    if difference:
        raise WriteFailedError(
            f"Error: Voucher {voucher.number} does not balance as per {voucher.day} "
            f"(accounting currency: {difference})."
        )
    journal_entry = _journal_entry(books, voucher)
    for entry in entries:
        books.insert(
            "GeneralJournalAccountEntryBiEntities",
            {
                "GeneralJournalEntry": journal_entry.record_id,
                "MainAccount": entry.main_account.record_id,
                "LedgerAccount": entry.display_value or entry.main_account.text("MainAccountId"),
                "PostingType": entry.posting_type,
                "IsCredit": "Yes" if entry.accounting_amount < 0 else "No",
                "AccountingCurrencyAmount": entry.accounting_amount,
                "ReportingCurrencyAmount": entry.accounting_amount,
                "TransactionCurrencyAmount": entry.amount,
                "TransactionCurrencyCode": entry.currency,
                "Text": voucher.text,
                "PaymentReference": voucher.payment_reference,
            },
        )


def _journal_entry(books: Books, voucher: Voucher) -> Row:
    company = voucher.company
    number = books.next_number(f"general journal {company}")
    return books.insert(
        "GeneralJournalEntryBiEntities",
        {
            "JournalNumber": f"{company.upper()}-{number:09}",
            "FiscalCalendarYear": voucher.day.year,
            "Ledger": Companies(books).ledger(company).record_id,
            "PostingLayer": "Current",
            "JournalCategory": voucher.category,
            "AccountingDate": voucher.day,
            "DocumentDate": voucher.day,
            "SubledgerVoucher": voucher.number,
            "SubledgerVoucherDataAreaId": company,
            "LedgerPostingJournal": voucher.journal_number,
            "LedgerPostingJournalDataAreaId": company if voucher.journal_number else "",
        },
    )
