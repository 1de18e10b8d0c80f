"""The vendor payment journal: rules of its headers, lines and settled invoices.

Sources: d365.md §4.4 (fields, defaults), §5.1 (order of work), §5.3 (marks).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, DuplicateRowError, Row
from d365_client.emulator.catalog import COMPANY, EntitySet
from d365_client.emulator.companies import Companies
from d365_client.emulator.dimensions import Dimensions
from d365_client.emulator.line_defaults import (
    default_line,
    validate_dimensions,
    validate_line,
    vendor_of,
)
from d365_client.emulator.marks import (
    LINES,
    MARKED_AMOUNT,
    MARKS,
    InvoiceName,
    Marks,
    line_amount,
    remaining,
)
from d365_client.emulator.numbering import next_journal_number, next_voucher
from d365_client.emulator.rules import not_found, require
from d365_client.emulator.settings import Switches
from d365_client.emulator.values import Stored

HEADERS = "VendorPaymentJournalHeaders"

# A change of one of these names another invoice.
_MARK_FIELDS = {"MarkedInvoice", "MarkedInvoiceCompany", "AccountDisplayValue", "Company"}


def unposted_header(books: Books, company: str, number: str) -> Row:
    """The header of a journal that still takes changes.

    Raises:
        WriteFailedError: there is no such journal, or it is posted.
    """
    header = books.first(HEADERS, dataAreaId=company, JournalBatchNumber=number)
    if header is None:
        raise not_found(
            books.catalog.sets[LINES], "JournalBatchNumber", number, "Ledger journal table"
        )
    if header.text("IsPosted") == "Yes":
        raise WriteFailedError(f"Error: Journal {number} has been posted and cannot be changed.")
    return header


@attrs.frozen
class HeaderRules:
    """Headers: number from the sequence, description from the journal name."""

    _books: Books
    _entity_set: EntitySet
    _switches: Switches

    def create(self, given: Mapping[str, Stored]) -> Row:
        """Store a header; `{dataAreaId, JournalName}` is enough (d365.md §4.4)."""
        require(self._entity_set, given)
        company, name = str(given[COMPANY]), str(given["JournalName"])
        Companies(self._books).ledger(company)
        journal_name = self._books.first("JournalNames", dataAreaId=company, Name=name)
        if journal_name is None or journal_name.text("Type") != "Payment":
            raise not_found(self._entity_set, "JournalName", name, "Journal names")
        number = given.get("JournalBatchNumber")
        if number and not self._switches.current.manual_journal_numbers:
            raise WriteFailedError(
                f"Error: Number {number} cannot be chosen: the number sequence is not manual."
            )
        values: dict[str, Stored] = {
            "Description": journal_name.text("Description"),
            **given,
            "JournalBatchNumber": number or next_journal_number(self._books, company),
        }
        return self._books.insert(HEADERS, values)

    def update(self, row: Row, changes: Mapping[str, Stored]) -> None:
        """Store changes of an unposted header."""
        unposted_header(self._books, row.text(COMPANY), row.text("JournalBatchNumber"))
        require(self._entity_set, {**row.values, **changes})
        self._books.update(HEADERS, row, changes)

    def delete(self, row: Row) -> None:
        """Remove an unposted header without lines (d365.md §5.1)."""
        company, number = row.text(COMPANY), row.text("JournalBatchNumber")
        unposted_header(self._books, company, number)
        if self._books.first(LINES, dataAreaId=company, JournalBatchNumber=number):
            raise WriteFailedError(
                "Error: Ledger journal table cannot be deleted while dependent journal lines exist."
            )
        self._books.delete(HEADERS, row)


@attrs.frozen
class LineRules:
    """Lines: a voucher at creation, an account that exists, a mark that holds."""

    _books: Books
    _entity_set: EntitySet
    _switches: Switches

    def create(self, given: Mapping[str, Stored]) -> Row:
        """Store a line of an unposted journal, with its voucher and its mark."""
        company, number = str(given[COMPANY]), str(given.get("JournalBatchNumber") or "")
        header = unposted_header(self._books, company, number)
        values = default_line(self._books, header, given)
        self._validate(values)
        values["Voucher"] = next_voucher(self._books, company, header.text("JournalName"))
        draft = Row(record_id=0, version=1, values={**self._entity_set.blank, **values})
        transaction = self._to_mark(draft)
        marks = Marks(self._books)
        # Shown from the start: the row is new, and stays at RecVersion 1.
        line = self._books.insert(LINES, {**values, **marks.shown(transaction)})
        if transaction is not None:
            marks.put(line, transaction, line_amount(line))
        return line

    def update(self, row: Row, changes: Mapping[str, Stored]) -> None:
        """Store changes of a line of an unposted journal; its marks follow or refuse."""
        unposted_header(self._books, row.text(COMPANY), row.text("JournalBatchNumber"))
        self._validate({**row.values, **changes})
        line = self._books.update(LINES, row, changes)
        marks = Marks(self._books)
        if _MARK_FIELDS & changes.keys():
            marks.clear(line)
            transaction = self._to_mark(line)
            if transaction is not None:
                marks.put(line, transaction, line_amount(line))
            self._books.update(LINES, line, marks.shown(transaction))
            return
        for mark in marks.of(line):
            amount = mark.amount(MARKED_AMOUNT)
            if amount == line_amount(row):
                amount = line_amount(line)  # the mark of the whole line stays that
            marks.check_amount(line, marks.transaction(name_in(mark.values)), amount)
            self._books.update(MARKS, mark, {MARKED_AMOUNT: amount})

    def delete(self, row: Row) -> None:
        """Remove a line of an unposted journal and its marks."""
        unposted_header(self._books, row.text(COMPANY), row.text("JournalBatchNumber"))
        Marks(self._books).clear(row)
        self._books.delete(LINES, row)

    def _validate(self, values: Mapping[str, Stored]) -> None:
        validate_line(self._books, self._entity_set, values)
        settings = self._switches.current
        validate_dimensions(Dimensions(self._books, self._entity_set, settings), values)

    def _to_mark(self, line: Row) -> Row | None:
        """The transaction that MarkedInvoice names, checked; None if there is nothing to mark."""
        marks = Marks(self._books)
        number = line.text("MarkedInvoice")
        if not number:
            return None
        name = InvoiceName(
            company=line.text("MarkedInvoiceCompany").lower() or line.text(COMPANY),
            account=vendor_of(self._books, line.values),
            number=number,
        )
        transaction = marks.transaction(name)
        is_held = marks.holder(transaction, line) is not None
        if is_held and not self._switches.current.second_mark_is_refused:
            return None  # the line stays, unmarked
        marks.refuse_if_held(transaction, line)
        marks.check_amount(line, transaction, line_amount(line))
        return transaction


@attrs.frozen
class SettledInvoiceRules:
    """Settled invoices: one row a mark; several invoices or a part of one on a line."""

    _books: Books
    _entity_set: EntitySet

    def create(self, given: Mapping[str, Stored]) -> Row:
        """Store a mark of a line; without an amount, of all that remains."""
        require(self._entity_set, given)
        line = self._line(given)
        account = given.get("invoiceAccount") or vendor_of(self._books, line.values)
        marks = Marks(self._books)
        transaction = marks.transaction(name_in({**given, "invoiceAccount": account}))
        marks.refuse_if_held(transaction, line)
        if any(
            mark.text("InvoiceNumber") == transaction.text("Invoice")
            and mark.text("InvoiceDueDate") == transaction.text("DueDate")
            for mark in marks.of(line)
        ):
            raise DuplicateRowError(MARKS)
        amount = self._amount(given, remaining(transaction))
        marks.check_amount(line, transaction, amount)
        mark = marks.put(line, transaction, amount)
        marks.show(line)
        return mark

    def update(self, row: Row, changes: Mapping[str, Stored]) -> None:
        """Store another amount of a mark."""
        line = self._line(row.values)
        transaction = Marks(self._books).transaction(name_in(row.values))
        amount = self._amount({**row.values, **changes}, remaining(transaction))
        Marks(self._books).check_amount(line, transaction, amount)
        self._books.update(MARKS, row, changes)

    def delete(self, row: Row) -> None:
        """Remove a mark."""
        line = self._line(row.values)
        self._books.delete(MARKS, row)
        Marks(self._books).show(line)

    def _line(self, values: Mapping[str, Stored]) -> Row:
        company, number = str(values["JournalLineCompany"]), str(values["JournalBatchNumber"])
        unposted_header(self._books, company.lower(), number)
        line = self._books.first(
            LINES,
            dataAreaId=company,
            JournalBatchNumber=number,
            LineNumber=values["JournalLineNumber"],
        )
        if line is None:
            written = str(values["JournalLineNumber"])
            raise not_found(self._entity_set, "JournalLineNumber", written, LINES)
        return line

    def _amount(self, given: Mapping[str, Stored], rest: Decimal) -> Decimal:
        if Decimal(str(given.get("CashDiscountToTakeInInvoiceCurrency", 0))):
            raise WriteFailedError("Error: The emulator does not post cash discounts.")
        return Decimal(str(given.get(MARKED_AMOUNT, rest)))


def name_in(mark: Mapping[str, Stored]) -> InvoiceName:
    """The invoice that a settled-invoice row names."""
    return InvoiceName(
        company=str(mark["InvoiceCompany"]).lower(),
        account=str(mark["invoiceAccount"]),
        number=str(mark["InvoiceNumber"]),
        due_date=str(mark["InvoiceDueDate"]),
    )
