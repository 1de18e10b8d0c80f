"""What a bill's body may hold, and what is wrong with one (`bill.md` §5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bill_client.emulator.kinds import LINE_CLASSIFICATIONS
from bill_client.emulator.shapes import (
    Shape,
    array,
    day,
    flag,
    inner,
    number,
    problems,
    reference,
    text,
    together,
)
from bill_client.emulator.wire_json import amount

_DESCRIPTION = text(longest=4000)
_HEADER = ("chartOfAccountId", "accountingClassId", "departmentId", "locationId", "itemId")
_LINE: Shape = {
    "id": text(),
    "amount": number(),
    "quantity": number(),
    "price": number(),
    "description": _DESCRIPTION,
    "classifications": inner(together(LINE_CLASSIFICATIONS, {"customerId": text()})),
}
BILL: Shape = {
    "vendorId": text(required=True),
    "dueDate": day(required=True),
    "invoice": inner({"invoiceNumber": text(required=True), "invoiceDate": day()}, required=True),
    "billLineItems": array(_LINE, required=True),
    "description": _DESCRIPTION,
    "payFromChartOfAccountId": reference("chart-of-accounts"),
    "classifications": inner({name: LINE_CLASSIFICATIONS[name] for name in _HEADER}),
    "billApprovals": flag(),
    "purchaseOrderNumber": text(),
    "vendorCredits": array({"id": text(required=True), "amount": number(required=True)}),
}
"""A bill itself has five of a line's classifications only."""


def shape_problems(body: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
    """A sentence for each field that is missing, unknown or does not fit.

    Of a PATCH (`whole` False) nothing is missing.
    """
    wrong = list(problems(BILL, body, whole=whole))
    yield from wrong
    if any(one.startswith("billLineItems:") for one in wrong):
        return
    for line in body.get("billLineItems") or ():
        # BILL computes an amount from quantity and price; without either there is none. A
        # PATCH may leave a known line's amount as it is.
        known = not whole and "id" in line and "amount" not in line
        if not known and line.get("amount") is None and not priced(line):
            yield "billLineItems.amount: must not be null"


def priced(line: Mapping[str, Any]) -> bool:
    """Whether a line's amount can be computed."""
    return amount(line.get("quantity")) is not None and amount(line.get("price")) is not None
