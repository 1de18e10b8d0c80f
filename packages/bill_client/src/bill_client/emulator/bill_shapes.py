"""What a bill's body may hold, and what is wrong with one (`bill.md` §5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bill_client.emulator.kinds import LINE_CLASSIFICATIONS
from bill_client.emulator.wire_json import amount

WRITABLE = frozenset(
    [
        "vendorId",
        "dueDate",
        "invoice",
        "billLineItems",
        "description",
        "payFromChartOfAccountId",
        "classifications",
        "billApprovals",
        "purchaseOrderNumber",
        "vendorCredits",
    ]
)
"""What can be sent of a bill."""

_LONGEST_DESCRIPTION = 4000
_OF_A_BILL = {"chartOfAccountId", "accountingClassId", "departmentId", "locationId", "itemId"}
_OF_A_LINE = {*LINE_CLASSIFICATIONS, "customerId"}


def shape_problems(body: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
    """A sentence for each field that is missing, unknown or does not fit.

    Of a PATCH (`whole` False) nothing is missing.
    """
    invoice, lines = body.get("invoice") or {}, body.get("billLineItems") or []
    if not isinstance(invoice, Mapping):
        yield "invoice: must be an object"
        return
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        yield "billLineItems: must be an array of objects"
        return
    if whole:
        needed = ("vendorId", "dueDate", "billLineItems", "invoice")
        yield from (f"{name}: must not be null" for name in needed if not body.get(name))
        if invoice and not invoice.get("invoiceNumber"):
            yield "invoice.invoiceNumber: must not be blank"
    if body.get("dueDate") and not _is_date(body["dueDate"]):
        yield "dueDate: invalid value"
    if invoice.get("invoiceDate") and not _is_date(invoice["invoiceDate"]):
        yield "invoice.invoiceDate: invalid value"
    if len(str(body.get("description") or "")) > _LONGEST_DESCRIPTION:
        yield f"description: size must be between 0 and {_LONGEST_DESCRIPTION}"
    for line in lines:
        # BILL computes an amount from quantity and price; without either there is none. A
        # PATCH may leave a known line's amount as it is.
        known = not whole and "amount" not in line
        if not known and amount(line.get("amount")) is None and not _priced(line):
            yield "billLineItems.amount: must not be null"
        told = line.get("classifications") or {}
        yield from (
            f"billLineItems.classifications.{name}: unknown property"
            for name in told
            if name not in _OF_A_LINE
        )
    # A bill itself has five of a line's keys only (§5.2).
    yield from (
        f"classifications.{name}: unknown property"
        for name in body.get("classifications") or {}
        if name not in _OF_A_BILL
    )
    yield from (f"{name}: unknown property" for name in body if name not in WRITABLE)


def _priced(line: Mapping[str, Any]) -> bool:
    return amount(line.get("quantity")) is not None and amount(line.get("price")) is not None


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
