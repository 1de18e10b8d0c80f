"""Number sequences: journals, vouchers, vendors (d365.md §2.9, §4.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from d365_client.emulator.books import Books
from d365_client.emulator.catalog import COMPANY, EntitySet, Kind
from d365_client.emulator.values import Stored

_WITH_VOUCHERS = ("VendTransBiEntities", "VendorPaymentJournalLines")


def next_journal_number(books: Books, company: str) -> str:
    """The next free JournalBatchNumber of a company, as `00282`."""
    for number in _numbers(books, f"journals {company}"):
        written = f"{number:05}"
        if not books.first(
            "VendorPaymentJournalHeaders", dataAreaId=company, JournalBatchNumber=written
        ):
            return written
    raise AssertionError  # the sequence has no end


def next_voucher(books: Books, company: str, journal_name: str) -> str:
    """The next free voucher of a journal name's series, as `APPM001210`."""
    name = books.first("JournalNames", dataAreaId=company, Name=journal_name)
    series = name.text("VoucherSeriesCode") if name else ""
    prefix = f"{series or company.upper()}-"
    for number in _numbers(books, f"vouchers {company} {prefix}"):
        voucher = f"{prefix}{number:06}"
        if not any(
            books.first(set_name, dataAreaId=company, Voucher=voucher)
            for set_name in _WITH_VOUCHERS
        ):
            return voucher
    raise AssertionError  # the sequence has no end


def next_vendor_account(books: Books, company: str) -> str:
    """The next free vendor account of a company, as `000000001`."""
    for number in _numbers(books, f"vendors {company}"):
        written = f"{number:09}"
        if not books.first("VendorsV2", dataAreaId=company, VendorAccountNumber=written):
            return written
    raise AssertionError  # the sequence has no end


def assigned_value(
    books: Books, entity_set: EntitySet, field: str, given: Mapping[str, Stored]
) -> str:
    """The next free number, as `00000001`, or a new GUID, for a field that callers may omit."""
    if entity_set.fields[field].kind is Kind.GUID:
        return books.new_guid()
    company = str(given.get(COMPANY, ""))
    key = {name: given.get(name) for name in entity_set.keys}
    for number in _numbers(books, f"{entity_set.name} {company}"):
        written = f"{number:08}"
        if not books.first(entity_set.name, **{**key, field: written}):
            return written
    raise AssertionError  # the sequence has no end


def _numbers(books: Books, sequence: str) -> Iterator[int]:
    while True:
        yield books.next_number(sequence)
