"""Posting vendor payments, as a person or a batch job does in the ERP (d365.md §5.2 to §5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, Row
from d365_client.emulator.catalog import COMPANY
from d365_client.emulator.companies import PER_HUNDRED, Companies
from d365_client.emulator.general_ledger import Entry, Voucher, post, round_accounting
from d365_client.emulator.line_defaults import vendor_of
from d365_client.emulator.marks import (
    LINES,
    MARKED_AMOUNT,
    MARKS,
    TRANSACTIONS,
    ZERO,
    Marks,
    line_amount,
)
from d365_client.emulator.numbering import next_journal_number
from d365_client.emulator.payment_journal import HEADERS, name_in
from d365_client.emulator.settings import Switches
from d365_client.emulator.settlement import Settlement


@attrs.frozen(kw_only=True)
class Payment:
    """A vendor payment to post: from a journal line, or from elsewhere in the ERP.

    Attributes:
        amount: in `currency`; positive if it pays the vendor.
        rate: per 100 units of `currency`.
        offset: the ledger account, with dimensions, that the money leaves.
    """

    company: str
    account: str
    voucher: str
    day: date
    currency: str
    amount: Decimal
    rate: Decimal
    offset: str
    method: str = ""
    reference: str = ""
    text: str = ""
    journal_number: str = ""
    bank_account: str = ""


@attrs.frozen(kw_only=True)
class Posted:
    """What became of one journal: the vouchers posted, or why it was refused."""

    journal_number: str
    vouchers: tuple[str, ...] = ()
    infolog: tuple[str, ...] = ()


def post_payment(books: Books, payment: Payment) -> Row:
    """Store the vendor transaction and the voucher of a payment; returns the transaction, open.

    Raises:
        WriteFailedError: the period is not open, there is no rate or no offset account.
    """
    companies = Companies(books)
    problem = companies.closed_period(payment.company, payment.day)
    if problem:
        raise WriteFailedError(f"Error: {problem}")
    if not payment.rate:
        raise WriteFailedError(
            f"Error: Exchange rate for currency {payment.currency} on {payment.day} does not exist."
        )
    worth = round_accounting(books, payment.company, payment.amount * payment.rate / PER_HUNDRED)
    offset = companies.required_account(payment.company, companies.segments(payment.offset)[0])
    voucher = Voucher(
        company=payment.company,
        number=payment.voucher,
        day=payment.day,
        category="Payment",
        text=payment.text,
        journal_number=payment.journal_number,
        payment_reference=payment.reference,
    )
    entries = [
        Entry(
            main_account=companies.summary_account(payment.company),
            amount=payment.amount,
            accounting_amount=worth,
            currency=payment.currency,
            posting_type="VendBalance",
        ),
        Entry(
            main_account=offset,
            amount=-payment.amount,
            accounting_amount=-worth,
            currency=payment.currency,
            posting_type="Bank" if payment.bank_account else "LedgerJournal",
            display_value=payment.offset,
        ),
    ]
    post(books, voucher, entries)
    return _transaction(books, payment, worth)


@attrs.frozen
class Poster:
    """Posts journals."""

    _books: Books
    _switches: Switches

    def post_journals(self, company: str, journal_name: str) -> list[Posted]:
        """Post every unposted journal of that name that has lines; one entry for each.

        A journal is posted whole or not at all, unless the setting
        `bad_lines_move_to_new_journal` says otherwise.
        """
        outcomes = []
        for header in self._books.find(
            HEADERS, dataAreaId=company, JournalName=journal_name, IsPosted="No"
        ):
            number = header.text("JournalBatchNumber")
            lines = self._books.find(LINES, dataAreaId=company, JournalBatchNumber=number)
            if not lines:
                continue
            try:
                with self._books.transaction():
                    vouchers = self._post(header, lines)
            except WriteFailedError as failure:
                outcomes.append(Posted(journal_number=number, infolog=failure.infolog))
            else:
                outcomes.append(Posted(journal_number=number, vouchers=vouchers))
        return outcomes

    def _post(self, header: Row, lines: Sequence[Row]) -> tuple[str, ...]:
        company = header.text(COMPANY)
        name = self._books.first(
            "JournalNames", dataAreaId=company, Name=header.text("JournalName")
        )
        if name and name.text("GeneratePaymentsBeforePosting") == "Yes":
            raise WriteFailedError("Error: Payments must be generated before posting.")
        moves = self._switches.current.bad_lines_move_to_new_journal
        good, bad = [], []
        for line in lines:
            try:
                with self._books.transaction():
                    self._post_line(line)
                good.append(line)
            except WriteFailedError:
                bad.append(line)
                if not moves or len(bad) == len(lines):
                    raise
        if bad:
            self._move(header, bad)
        self._books.update(HEADERS, header, {"IsPosted": "Yes"})
        if name and name.text("DeleteLinesAfterPosting") == "Yes":
            for line in good:
                Marks(self._books).clear(line)
                self._books.delete(LINES, line)
        return tuple(line.text("Voucher") for line in good)

    def _post_line(self, line: Row) -> None:
        marks = Marks(self._books)
        marked = [
            (marks.transaction(name_in(mark.values)), mark.amount(MARKED_AMOUNT))
            for mark in marks.of(line)
        ]
        if line.text("SettleVoucher") == "SelectedTransact" and not marked:
            raise WriteFailedError(
                f"Error: No transactions are marked for settlement on voucher "
                f"{line.text('Voucher')}."
            )
        for transaction, amount in marked:
            marks.check_amount(line, transaction, amount)
        marks.check_total(line)
        payment = post_payment(self._books, self._payment(line))
        self._settle(payment, marked)

    def _payment(self, line: Row) -> Payment:
        company = line.text(COMPANY)
        offset, bank_account = line.text("OffsetAccountDisplayValue"), ""
        if line.text("OffsetAccountType") == "Bank":
            bank_account = Companies(self._books).segments(offset)[0]
            bank = self._books.first("BankAccounts", dataAreaId=company, BankAccountId=bank_account)
            offset = bank.text("BankMainAccountIdDisplayValue") if bank else ""
        return Payment(
            company=company,
            account=vendor_of(self._books, line.values),
            voucher=line.text("Voucher"),
            day=line.day("TransactionDate"),
            currency=line.text("CurrencyCode"),
            amount=line_amount(line),
            rate=line.amount("ExchangeRate"),
            offset=offset,
            method=line.text("PaymentMethodName"),
            reference=line.text("PaymentReference"),
            text=line.text("TransactionText"),
            journal_number=line.text("JournalBatchNumber"),
            bank_account=bank_account,
        )

    def _settle(self, payment: Row, marked: Sequence[tuple[Row, Decimal]]) -> None:
        """Settle credits against debits in the order of the marks, the payment last."""
        paid = payment.amount("AmountCur")
        credits_ = [(row, amount) for row, amount in marked if amount > ZERO]
        debits = [(row, -amount) for row, amount in marked if amount < ZERO]
        (debits if paid > ZERO else credits_).append((payment, abs(paid)))
        while credits_ and debits:
            (credit, owed), (debit, had) = credits_.pop(0), debits.pop(0)
            amount = min(owed, had)
            Settlement(self._books).settle(credit, debit, amount, payment.text("Voucher"))
            if owed > amount:
                credits_.insert(0, (credit, owed - amount))
            if had > amount:
                debits.insert(0, (debit, had - amount))

    def _move(self, header: Row, lines: Sequence[Row]) -> None:
        company = header.text(COMPANY)
        number = next_journal_number(self._books, company)
        self._books.insert(HEADERS, {**header.values, "JournalBatchNumber": number})
        for line in lines:
            for mark in Marks(self._books).of(line):
                self._books.update(MARKS, mark, {"JournalBatchNumber": number})
            moved = {"JournalBatchNumber": number, "NewJournalBatchNumber": number}
            self._books.update(LINES, line, moved)


def _transaction(books: Books, payment: Payment, worth: Decimal) -> Row:
    return books.insert(
        TRANSACTIONS,
        {
            COMPANY: payment.company,
            "SysDataAreaId": payment.company,
            "AccountNum": payment.account,
            "Voucher": payment.voucher,
            "TransType": "Payment",
            "TransDate": payment.day,
            "DocumentDate": payment.day,
            "DueDate": payment.day,
            "AmountCur": payment.amount,
            "AmountMST": worth,
            "CurrencyCode": payment.currency,
            "ExchRate": payment.rate,
            "Approved": "Yes",
            "ApprovedDate": payment.day,
            "PaymMode": payment.method,
            "PaymReference": payment.reference,
            "JournalNum": payment.journal_number,
            "CompanyBankAccountId": payment.bank_account,
            "Txt": payment.text,
            "PostingProfile": "GEN",
        },
    )
