"""Settlement marks: which invoice a payment line will settle, and how much (d365.md §5.3)."""

from __future__ import annotations

from decimal import Decimal

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, Row
from d365_client.emulator.catalog import COMPANY

LINES = "VendorPaymentJournalLines"
MARKS = "VendorPaymentJournalLineSettledInvoices"
TRANSACTIONS = "VendTransBiEntities"

MARKED_AMOUNT = "SettlementAmountInInvoiceCurrency"
SEVERAL = "*"  # what MarkedInvoice shows when more than one invoice is marked
ZERO = Decimal(0)


def remaining(transaction: Row) -> Decimal:
    """What is still open: positive if we owe it, negative for a credit note or a payment."""
    return transaction.amount("SettleAmountCur") - transaction.amount("AmountCur")


def line_amount(line: Row) -> Decimal:
    """What the line pays to the vendor; negative for a line that credits the vendor."""
    return line.amount("DebitAmount") - line.amount("CreditAmount")


@attrs.frozen(kw_only=True)
class InvoiceName:
    """How a mark names its invoice: company, vendor and number, and the due date if known."""

    company: str
    account: str
    number: str
    due_date: str | None = None


@attrs.frozen
class Marks:
    """The marks of unposted payment lines, and the transactions that they name."""

    _books: Books

    def of(self, line: Row) -> list[Row]:
        """The marks of a line."""
        return self._books.find(
            MARKS,
            JournalLineCompany=line.text(COMPANY),
            JournalBatchNumber=line.text("JournalBatchNumber"),
            JournalLineNumber=line.amount("LineNumber"),
        )

    def transaction(self, name: InvoiceName) -> Row:
        """The open transaction that a mark names; of several the one that is due first.

        Raises:
            WriteFailedError: there is none, or none that is open.
        """
        named = [
            row
            for row in self._books.find(
                TRANSACTIONS, dataAreaId=name.company, AccountNum=name.account, Invoice=name.number
            )
            if name.due_date in {None, row.text("DueDate")}
        ]
        if not named or not name.number:
            raise WriteFailedError(
                f"Warning: The value '{name.number}' in field 'MarkedInvoice' is not found in the "
                "related table 'Vendor transactions'.",
                "Warning: validateField failed on field "
                "'VendorPaymentJournalLineEntity.MarkedInvoice'.",
            )
        still_open = [row for row in named if remaining(row)]
        if not still_open:
            raise WriteFailedError(f"Error: Invoice {name.number} is closed and cannot be marked.")
        return min(still_open, key=lambda row: row.text("DueDate"))

    def holder(self, transaction: Row, line: Row) -> Row | None:
        """The unposted line other than `line` that marks the transaction, if there is one."""
        for mark in self._books.find(
            MARKS,
            InvoiceCompany=transaction.text(COMPANY),
            InvoiceNumber=transaction.text("Invoice"),
            InvoiceDueDate=transaction.text("DueDate"),
            invoiceAccount=transaction.text("AccountNum"),
        ):
            other = self._books.first(
                LINES,
                dataAreaId=mark.text("JournalLineCompany"),
                JournalBatchNumber=mark.text("JournalBatchNumber"),
                LineNumber=mark.amount("JournalLineNumber"),
            )
            if other and other.record_id != line.record_id and not self._is_posted(other):
                return other
        return None

    def refuse_if_held(self, transaction: Row, line: Row) -> None:
        """Refuse a transaction that another unposted line marks.

        Raises:
            WriteFailedError: with the recorded text, naming journal and company.
        """
        other = self.holder(transaction, line)
        if other is None:
            return
        header = self._header(other)
        description = header.text("Description") if header else ""
        named = f"{description} {other.text('JournalBatchNumber')}".strip()
        raise WriteFailedError(
            f"Error: This transaction has been marked for settlement by {named} in company "
            f"{other.text(COMPANY)}."
        )

    def check_amount(self, line: Row, transaction: Row, amount: Decimal) -> None:
        """Refuse an amount that the transaction does not have open.

        Raises:
            WriteFailedError: nothing, another sign than what remains, or more than remains.
        """
        if line.text("CurrencyCode") != transaction.text("CurrencyCode"):
            raise WriteFailedError(
                "Error: The emulator does not settle transactions in different currencies "
                f"({line.text('CurrencyCode')}, {transaction.text('CurrencyCode')})."
            )
        rest = remaining(transaction)
        if amount * rest <= ZERO or abs(amount) > abs(rest):
            raise WriteFailedError(
                f"Error: Invoice amount greater than remaining: invoice "
                f"{transaction.text('Invoice')} has {rest} open, {amount} was marked."
            )

    def check_total(self, line: Row) -> None:
        """Refuse to post a line whose marks come to more than it pays.

        While marks are put their order is free: a credit note may come after the invoice that it
        helps to pay.

        Raises:
            WriteFailedError: they come to more.
        """
        marked = sum((mark.amount(MARKED_AMOUNT) for mark in self.of(line)), ZERO)
        if abs(marked) > abs(line_amount(line)):
            raise WriteFailedError(
                f"Error: The marked amount {marked} on voucher {line.text('Voucher')} is greater "
                f"than the payment {line_amount(line)}."
            )

    def put(self, line: Row, transaction: Row, amount: Decimal) -> Row:
        """Store a mark that was checked."""
        return self._books.insert(
            MARKS,
            {
                "JournalLineCompany": line.text(COMPANY),
                "JournalBatchNumber": line.text("JournalBatchNumber"),
                "JournalLineNumber": line.amount("LineNumber"),
                "InvoiceNumber": transaction.text("Invoice"),
                "InvoiceCompany": transaction.text(COMPANY),
                "InvoiceDueDate": transaction.text("DueDate"),
                "InvoiceToPaymentCrossRate": Decimal(100),
                MARKED_AMOUNT: amount,
                "invoiceAccount": transaction.text("AccountNum"),
                "AccountDisplayValue": line.text("AccountDisplayValue"),
            },
        )

    def shown(self, transaction: Row | None) -> dict[str, str]:
        """What a line shows of its only mark, or of none."""
        return {
            "MarkedInvoice": transaction.text("Invoice") if transaction else "",
            "MarkedInvoiceCompany": transaction.text(COMPANY) if transaction else "",
            "SettleVoucher": "SelectedTransact" if transaction else "None",
        }

    def show(self, line: Row) -> None:
        """Bring what a line shows in line with its marks."""
        marks = self.of(line)
        changes = self.shown(None)
        if marks:
            number = marks[0].text("InvoiceNumber")
            changes = {
                "MarkedInvoice": number if len(marks) == 1 else SEVERAL,
                "MarkedInvoiceCompany": marks[0].text("InvoiceCompany"),
                "SettleVoucher": "SelectedTransact",
            }
        self._books.update(LINES, line, changes)

    def clear(self, line: Row) -> None:
        """Remove all marks of a line; the line itself is not touched."""
        for mark in self.of(line):
            self._books.delete(MARKS, mark)

    def _header(self, line: Row) -> Row | None:
        return self._books.first(
            "VendorPaymentJournalHeaders",
            dataAreaId=line.text(COMPANY),
            JournalBatchNumber=line.text("JournalBatchNumber"),
        )

    def _is_posted(self, line: Row) -> bool:
        header = self._header(line)
        return header is not None and header.text("IsPosted") == "Yes"
