"""The resources that are records, with the fields that BILL's collection shows (`bill.md` §5)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bill_client.emulator.books import Body
from bill_client.emulator.money import exact, line_total
from bill_client.emulator.records import Kind
from bill_client.emulator.shapes import (
    Shape,
    array,
    day,
    flag,
    inner,
    number,
    reference,
    text,
    texts,
    together,
    whole,
    word,
)

LINE_CLASSIFICATIONS: Shape = {
    "chartOfAccountId": reference("chart-of-accounts"),
    "accountingClassId": reference("accounting-classes"),
    "departmentId": reference("departments"),
    "locationId": reference("locations"),
    "jobId": reference("jobs"),
    "itemId": reference("items"),
    "employeeId": reference("employees"),
}
"""What a line can be booked on; customers are not kept here, so their ids are not looked up."""

_EVERYTHING = frozenset({"list", "create", "get", "patch", "archive", "restore"})
_BULK = frozenset({"bulk-create", "bulk-patch", "bulk-archive", "bulk-restore"})
_ACCOUNT_TYPES = (
    *("UNSPECIFIED", "ACCOUNTS_PAYABLE", "ACCOUNTS_RECEIVABLE", "BANK", "COST_OF_GOODS_SOLD"),
    *("CREDIT_CARD", "EQUITY", "EXPENSE", "FIXED_ASSET", "INCOME", "LONG_TERM_LIABILITY"),
    *("OTHER_ASSET", "OTHER_CURRENT_ASSET", "OTHER_CURRENT_LIABILITY", "OTHER_EXPENSE"),
    *("OTHER_INCOME", "NON_POSTING"),
)


def _classification(resource: str, shape: Shape, wrapper: str) -> Kind:
    return Kind(
        resource=resource,
        path=f"classifications/{resource}",
        shape={**shape, "parentId": reference(resource)},
        verbs=_EVERYTHING | _BULK,
        wrapper=wrapper,
    )


_NAMED: Shape = {
    "name": text(required=True),
    "shortName": text(),
    "description": text(),
}
_ITEM: Shape = together(
    _NAMED,
    {
        "type": word(
            *("FIXED_ASSET", "INVENTORY", "OTHER_CHARGE", "PAYMENT", "SALES_TAX"),
            *("SALES_TAX_GROUP",),
            required=True,
        ),
        "price": number(),
        "percentage": number(),
        "chartOfAccountId": reference("chart-of-accounts"),
        "expenseChartOfAccountId": reference("chart-of-accounts"),
        "purchaseDescription": text(),
        "purchaseCost": number(),
        "taxable": flag(),
    },
)

CLASSIFICATIONS: Sequence[Kind] = (
    _classification(
        "chart-of-accounts",
        {
            "name": text(required=True),
            "description": text(),
            "account": inner({"type": word(*_ACCOUNT_TYPES), "number": text()}),
        },
        "chartOfAccounts",
    ),
    _classification("departments", _NAMED, "departments"),
    _classification("locations", _NAMED, "locations"),
    _classification("accounting-classes", _NAMED, "accountingClasses"),
    _classification("jobs", _NAMED, "jobs"),
    _classification("items", _ITEM, "items"),
    _classification(
        "employees",
        {
            "firstName": text(required=True),
            "lastName": text(required=True),
            "shortName": text(),
        },
        "employees",
    ),
)

_CREDIT_LINE: Shape = {
    "id": text(),
    "amount": number(required=True),
    "description": text(longest=4000),
    "classifications": inner(together(LINE_CLASSIFICATIONS, {"customerId": text()})),
}


def _credited(credit: Body) -> None:
    """A credit's own arithmetic; what was applied is in `usage`."""
    credit["amount"] = line_total(credit["vendorCreditLineItems"])
    used = sum((exact(part["amount"]) for part in credit.get("usage", ())), Decimal(0))
    credit["appliedAmount"] = used
    if used <= 0:
        credit["status"] = "NOT_APPLIED"
    else:
        credit["status"] = "FULLY_APPLIED" if used >= credit["amount"] else "PARTIALLY_APPLIED"


VENDOR_CREDITS = Kind(
    resource="vendor-credits",
    path="vendor-credits",
    shape={
        "vendorId": reference("vendors", required=True),
        "referenceNumber": text(required=True, shortest=1, longest=100),
        "creditDate": day(required=True),
        "vendorCreditLineItems": array(_CREDIT_LINE, required=True),
        "description": text(longest=4000),
        "applyToChartOfAccountId": reference("chart-of-accounts"),
        "applyToBankAccountId": reference("funding-accounts"),
    },
    verbs=frozenset({"list", "create", "get", "patch", "put", "archive"})
    | {"bulk-create", "bulk-patch", "bulk-put", "bulk-archive"},
    wrapper="vendorCredits",
    lines="vendorCreditLineItems",
    line_ids="vendor-credit-lines",
    derive=_credited,
)
"""Archived credits cannot be restored (§5.5)."""

RECURRING_BILLS = Kind(
    resource="recurringbills",
    path="recurringbills",
    shape={
        "vendorId": reference("vendors", required=True),
        "description": text(longest=4000),
        "recurringBillLineItems": array(
            {
                "id": text(),
                "amount": number(required=True),
                "quantity": number(),
                "description": text(longest=4000),
                "classifications": inner(LINE_CLASSIFICATIONS),
            },
            required=True,
        ),
        "schedule": inner(
            {
                "period": word("MONTHLY", "NONE", "WEEKLY", required=True),
                "frequency": whole(required=True),
                "nextDueDate": day(required=True),
                "endDate": day(),
                "daysInAdvance": whole(),
            },
            required=True,
        ),
        "processingOptions": inner({"autoPayment": flag(required=True)}),
        "paymentInformation": inner(
            {"bankAccountId": reference("funding-accounts", required=True)}
        ),
    },
    verbs=_EVERYTHING | {"put"},
    needs_trust=lambda body: body.get("processingOptions") == {"autoPayment": True},
    lines="recurringBillLineItems",
    line_ids="recurring-bill-lines",
)

KINDS: Sequence[Kind] = (*CLASSIFICATIONS, VENDOR_CREDITS, RECURRING_BILLS)

ADDRESS: Shape = {
    "line1": text(),
    "line2": text(),
    "city": text(),
    "stateOrProvince": text(),
    "zipOrPostalCode": text(),
    "country": text(shortest=2, longest=2),
}

POLICY: Shape = {
    "policyName": text(required=True),
    "rules": array(
        {
            "key": word(
                *("BILL_AMOUNT", "CHART_OF_ACCOUNT_ID", "JOB_ID", "LOCATION_ID", "VENDOR_ID"),
                required=True,
            ),
            "op": text(required=True),
            "values": texts(required=True),
        },
        required=True,
    ),
    "approvers": texts(required=True, refers="users"),
}
