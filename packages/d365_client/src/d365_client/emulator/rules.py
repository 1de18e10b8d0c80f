"""Business rules that entity sets share, and the vendors' own (d365.md §2.9, §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, Row
from d365_client.emulator.catalog import COMPANY, EntitySet
from d365_client.emulator.companies import Companies
from d365_client.emulator.numbering import assigned_value, next_vendor_account
from d365_client.emulator.values import Plain, Stored


class Rules(Protocol):
    """The business rules of one entity set. Each method raises WriteFailedError to refuse."""

    def create(self, given: Mapping[str, Stored]) -> Row:
        """Default, validate and store a row; returns it as stored."""

    def update(self, row: Row, changes: Mapping[str, Stored]) -> None:
        """Validate and store changes of fields that are no key."""

    def delete(self, row: Row) -> None:
        """Remove a row and what belongs to it."""


def not_found(entity_set: EntitySet, field: str, value: str, related: str) -> WriteFailedError:
    """The infolog of a value that a related table does not have."""
    return WriteFailedError(
        f"Warning: The value '{value}' in field '{field}' is not found in the related table "
        f"'{related}'.",
        f"Warning: validateField failed on field '{entity_set.table}.{field}'.",
    )


def require(entity_set: EntitySet, given: Mapping[str, Plain]) -> None:
    """Refuse a row that lacks a mandatory field.

    Raises:
        WriteFailedError: the field is missing or blank.
    """
    for field in entity_set.fields.values():
        if field.required and given.get(field.name) in {None, ""}:
            raise WriteFailedError(
                f"Error: Field '{field.name}' must be filled in.",
                f"Error: validateWrite failed on data source '{entity_set.entity}'.",
            )


@attrs.frozen
class PlainRules:
    """What holds for a set without rules of its own.

    Mandatory fields are filled in, companies exist, and what the service gives out is given out.
    """

    _books: Books
    _entity_set: EntitySet

    def create(self, given: Mapping[str, Stored]) -> Row:
        """Store a row whose mandatory fields are filled in."""
        if COMPANY in given:
            Companies(self._books).ledger(str(given[COMPANY]))
        complete = dict(given)
        for name in self._entity_set.assigned:
            if not complete.get(name):
                complete[name] = assigned_value(self._books, self._entity_set, name, complete)
        require(self._entity_set, complete)
        return self._books.insert(self._entity_set.name, complete)

    def update(self, row: Row, changes: Mapping[str, Stored]) -> None:
        """Store changes that leave the mandatory fields filled in."""
        require(self._entity_set, {**row.values, **changes})
        self._books.update(self._entity_set.name, row, changes)

    def delete(self, row: Row) -> None:
        """Remove the row."""
        self._books.delete(self._entity_set.name, row)


@attrs.frozen
class VendorRules:
    """VendorsV2 and V3: number from the sequence, currency from the ledger, an existing group."""

    _books: Books
    _entity_set: EntitySet

    def create(self, given: Mapping[str, Stored]) -> Row:
        """Store a vendor; `{dataAreaId, VendorOrganizationName, VendorGroupId}` is enough."""
        company = str(given[COMPANY])
        accounting_currency = Companies(self._books).ledger(company).text("AccountingCurrency")
        number = given.get("VendorAccountNumber") or next_vendor_account(self._books, company)
        values = {"CurrencyCode": accounting_currency, **given, "VendorAccountNumber": number}
        self._validate(values)
        return self._books.insert(self._entity_set.name, values)

    def update(self, row: Row, changes: Mapping[str, Stored]) -> None:
        """Store changes that leave the vendor valid."""
        self._validate({**row.values, **changes})
        self._books.update(self._entity_set.name, row, changes)

    def delete(self, row: Row) -> None:
        """Remove a vendor that has no transactions."""
        account = row.text("VendorAccountNumber")
        if self._books.first(
            "VendTransBiEntities", dataAreaId=row.text(COMPANY), AccountNum=account
        ):
            raise WriteFailedError(
                f"Error: Vendor {account} cannot be deleted because transactions exist."
            )
        self._books.delete(self._entity_set.name, row)

    def _validate(self, values: Mapping[str, Stored]) -> None:
        require(self._entity_set, values)
        company, group = str(values[COMPANY]), str(values["VendorGroupId"])
        if self._books.first("VendorGroups", dataAreaId=company, VendorGroupId=group) is None:
            raise not_found(self._entity_set, "VendorGroupId", group, "Vendor groups")
