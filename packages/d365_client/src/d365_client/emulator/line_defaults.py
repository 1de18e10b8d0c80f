"""What a payment journal line gets that was not given, and what it may hold (d365.md §4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, Row
from d365_client.emulator.catalog import COMPANY, EntitySet
from d365_client.emulator.companies import PER_HUNDRED, Companies
from d365_client.emulator.dimensions import DEFAULT_DIMENSIONS, LEDGER_ACCOUNT, Dimensions
from d365_client.emulator.marks import LINES
from d365_client.emulator.rules import not_found, require
from d365_client.emulator.values import Stored, day_text, number_text

_COMPANIES = ("Company", "OffsetCompany", "MarkedInvoiceCompany")


def default_line(books: Books, header: Row, given: Mapping[str, Stored]) -> dict[str, Stored]:
    """`given` with the defaults of a new line: number, date, companies, offset account, rate."""
    company, number = header.text(COMPANY), header.text("JournalBatchNumber")
    values: dict[str, Stored] = {
        "JournalBatchNumber": number,
        "LineNumber": given.get("LineNumber") or _next_line_number(books, company, number),
        "TransactionDate": day_text(books.now().date()),
        "AccountType": "Vend",
        "Company": company,
        "OffsetCompany": company,
        "PostingProfile": "GEN",
        **_offset_account(books, header, str(given.get("PaymentMethodName") or "")),
        **given,
    }
    for name in _COMPANIES:
        values[name] = str(values.get(name) or "").lower()
    values["ExchangeRate"] = _exchange_rate(books, values)
    vendor = _vendor(books, values)
    values["VendorName"] = vendor.text("VendorOrganizationName") if vendor else ""
    return values


def validate_line(books: Books, entity_set: EntitySet, values: Mapping[str, Stored]) -> None:
    """Refuse a line that names what is not there.

    Raises:
        WriteFailedError: vendor, payment method, currency, offset account or amounts.
    """
    require(entity_set, values)
    company = str(values[COMPANY])
    if values["AccountType"] != "Vend" or _vendor(books, values) is None:
        written = str(values.get("AccountDisplayValue") or "")
        raise not_found(entity_set, "AccountDisplayValue", written, "Vendors")
    method = str(values.get("PaymentMethodName") or "")
    if method and not books.first("VendorPaymentMethods", dataAreaId=company, Name=method):
        raise not_found(entity_set, "PaymentMethodName", method, "Methods of payment - vendors")
    currency = str(values["CurrencyCode"])
    if books.first("Currencies") and not books.first("Currencies", CurrencyCode=currency):
        raise not_found(entity_set, "CurrencyCode", currency, "Currencies")
    if _amount(values, "DebitAmount") and _amount(values, "CreditAmount"):
        raise WriteFailedError("Error: A line has either a debit or a credit amount.")
    _validate_offset(books, entity_set, values)


def validate_dimensions(dimensions: Dimensions, values: Mapping[str, Stored]) -> None:
    """Refuse a line with a segment of an account, or a default dimension, that is not there.

    Raises:
        WriteFailedError: see `Dimensions.validate`.
    """
    if values["OffsetAccountType"] == "Ledger":
        dimensions.validate("OffsetAccountDisplayValue", values, LEDGER_ACCOUNT)
    for side in ("Account", "OffsetAccount"):
        field = f"DefaultDimensionsFor{side}DisplayValue"
        dimensions.validate(field, values, DEFAULT_DIMENSIONS)


def vendor_of(books: Books, values: Mapping[str, Stored]) -> str:
    """The vendor account of a line whose account exists, without escapes."""
    vendor = _vendor(books, values)
    return vendor.text("VendorAccountNumber") if vendor else ""


def _vendor(books: Books, values: Mapping[str, Stored]) -> Row | None:
    # An unescaped delimiter makes two values of an account: `V-1` names vendor `V` and something
    # behind it, `V\-1` names vendor `V-1` (d365.md §4.3).
    parts = Companies(books).segments(str(values.get("AccountDisplayValue") or ""))
    if len(parts) != 1:
        return None
    company = str(values.get("Company") or values[COMPANY]).lower()
    return books.first("VendorsV2", dataAreaId=company, VendorAccountNumber=parts[0])


def _next_line_number(books: Books, company: str, number: str) -> str:
    lines = books.find(LINES, dataAreaId=company, JournalBatchNumber=number)
    highest = max((line.amount("LineNumber") for line in lines), default=Decimal(0))
    return number_text(highest + 1)


def _offset_account(books: Books, header: Row, method: str) -> dict[str, Stored]:
    company = header.text(COMPANY)
    payment_method = books.first("VendorPaymentMethods", dataAreaId=company, Name=method)
    if payment_method and payment_method.text("PaymentAccountDisplayValue"):
        return {
            "OffsetAccountType": payment_method.text("AccountType"),
            "OffsetAccountDisplayValue": payment_method.text("PaymentAccountDisplayValue"),
        }
    name = books.first("JournalNames", dataAreaId=company, Name=header.text("JournalName"))
    return {
        "OffsetAccountType": name.text("OffsetAccountType") if name else "Ledger",
        "OffsetAccountDisplayValue": name.text("OffsetAccountDisplayValue") if name else "",
    }


def _exchange_rate(books: Books, values: Mapping[str, Stored]) -> str:
    company, currency = str(values[COMPANY]), str(values.get("CurrencyCode") or "")
    day = date.fromisoformat(str(values["TransactionDate"])[:10])
    known = Companies(books).rate(company, currency, day)
    given = _amount(values, "ExchangeRate")
    if given and known != PER_HUNDRED:
        return number_text(given)
    return number_text(known or Decimal(0))


def _validate_offset(books: Books, entity_set: EntitySet, values: Mapping[str, Stored]) -> None:
    company, written = str(values[COMPANY]), str(values.get("OffsetAccountDisplayValue") or "")
    if not written:
        return
    account = Companies(books).segments(written)[0]
    field = "OffsetAccountDisplayValue"
    if values["OffsetAccountType"] == "Bank":
        if books.first("BankAccounts", dataAreaId=company, BankAccountId=account) is None:
            raise not_found(entity_set, field, written, "Bank accounts")
        return
    main_account = Companies(books).main_account(company, account)
    if values["OffsetAccountType"] != "Ledger" or main_account is None:
        raise not_found(entity_set, field, written, "Main accounts")
    if main_account.text("IsSuspended") == "Yes":
        raise WriteFailedError(f"Error: Main account {account} is suspended.")


def _amount(values: Mapping[str, Stored], name: str) -> Decimal:
    return Decimal(str(values.get(name) or 0))
