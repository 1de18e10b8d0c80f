"""What people do to vendors in the ERP (domain.md §1.1)."""

from __future__ import annotations

from d365_client.emulator.action_fields import ActionFields
from d365_client.emulator.books import Books, Row
from d365_client.emulator.marks import TRANSACTIONS
from d365_client.emulator.settlement import SETTLEMENTS
from d365_client.emulator.values import Plain, json_to_stored

_VENDORS = "VendorsV2"
_INVOICES = "VendInvoiceJourBiEntities"


def change_vendor(books: Books, fields: ActionFields) -> dict[str, object]:
    """Change any fields of a vendor: `{dataAreaId, VendorAccountNumber, changes}`."""
    vendor = _vendor(books, fields, fields.text("VendorAccountNumber"))
    known = books.catalog.sets[_VENDORS].fields
    changes: dict[str, Plain] = {}
    for name, value in fields.table("changes").items():
        if name not in known:
            raise fields.refusal(f"{_VENDORS} has no field {name}")
        try:
            changes[name] = json_to_stored(known[name], value)
        except ValueError as problem:
            raise fields.refusal(str(problem)) from problem
    books.update(_VENDORS, vendor, changes)
    return {"changed": sorted(changes)}


def merge_vendor(books: Books, fields: ActionFields) -> dict[str, object]:
    """Move all transactions and invoices of a vendor: `{dataAreaId, VendorAccountNumber, into}`.

    The old account stays; its invoice account and its notes say where its invoices are now.
    """
    company, old = fields.company(), fields.text("VendorAccountNumber")
    survivor = fields.text("into")
    vendor = _vendor(books, fields, old)
    _vendor(books, fields, survivor)
    moved = 0
    for set_name, field in (
        (TRANSACTIONS, "AccountNum"),
        (SETTLEMENTS, "AccountNum"),
        (_INVOICES, "InvoiceAccount"),
        (_INVOICES, "OrderAccount"),
    ):
        for row in books.find(set_name, dataAreaId=company, **{field: old}):
            books.update(set_name, row, {field: survivor})
            moved += 1
    note = f"Merged into {survivor}"
    books.update(_VENDORS, vendor, {"InvoiceVendorAccountNumber": survivor, "Notes": note})
    return {"moved": moved}


def _vendor(books: Books, fields: ActionFields, account: str) -> Row:
    company = fields.company()
    vendor = books.first(_VENDORS, dataAreaId=company, VendorAccountNumber=account)
    if vendor is None:
        raise fields.refusal(f"company {company} has no vendor {account}")
    return vendor
