"""The organisation that is there when nobody says which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bill_client.emulator import wire_json
from bill_client.emulator.seed import BadSeed, check

ORGANIZATION_ID = "00801CONTOSOAAAAAAAA"
USERNAME = "integration@example.com"
PASSWORD = "an invented password"  # noqa: S105 - it opens nothing but an emulator
DEV_KEY = "an-invented-developer-key"

Rows = Mapping[str, Sequence[Mapping[str, object]]]

_ADDRESS = {"line1": "1 Pier", "city": "Boston", "zipOrPostalCode": "02110", "country": "US"}
_VENDOR_ID = "00901FABRIKAMAAAAAAA"
_ACCOUNT_ID = "0ca01SUPPLIESAAAAAAA"
_DEPARTMENT_ID = "0de01OPERATIONSAAAAA"

FIRST_ROWS: Rows = {
    "chart-of-accounts": [
        {
            "id": _ACCOUNT_ID,
            "name": "Supplies",
            "account": {"type": "EXPENSE", "number": "6000"},
        }
    ],
    "departments": [{"id": _DEPARTMENT_ID, "name": "Operations", "shortName": "OPS"}],
    "vendors": [
        {
            "id": _VENDOR_ID,
            "name": "Fabrikam",
            "address": _ADDRESS,
            "billCurrency": "USD",
        }
    ],
    "bills": [
        {
            "id": "00n01FIRSTBILLAAAAAA",
            "vendorId": _VENDOR_ID,
            "invoice": {"invoiceNumber": "INV-1001", "invoiceDate": "2026-10-01"},
            "dueDate": "2026-10-31",
            "amount": 42,
            "billLineItems": [
                {
                    "id": "bli01FIRSTLINEAAAAAA",
                    "amount": 42,
                    "classifications": {
                        "chartOfAccountId": _ACCOUNT_ID,
                        "departmentId": _DEPARTMENT_ID,
                    },
                }
            ],
            "approvalStatus": "UNASSIGNED",
        }
    ],
}
"""What there is to read and to book on before anything was stored."""


def small_seed(rows: object = None, name: str = "rows") -> Mapping[str, Any]:
    """One organisation with one user and one developer key, and `rows` by resource.

    `rows` are in the wire's words; what is named there takes the place of the first rows of its
    resource. `name` stands in messages.

    Raises:
        BadSeed: they are not that.
    """
    if rows is not None and not isinstance(rows, Mapping):
        raise BadSeed(f"{name}: must be an object with rows by resource")
    seed: Mapping[str, Any] = {
        "organizations": [
            {
                "id": ORGANIZATION_ID,
                "name": "Contoso",
                "currency": "USD",
                "currencies": ["USD", "EUR", "GBP", "CAD"],
                "users": [{"username": USERNAME, "password": PASSWORD}],
                "dev_keys": [DEV_KEY],
            }
        ],
        "resources": {ORGANIZATION_ID: {**FIRST_ROWS, **(rows or {})}},
    }
    check(name, seed)
    return seed


def read_rows(path: Path) -> Mapping[str, object]:
    """The rows by resource that are in a JSON file; amounts are exact.

    Raises:
        BadSeed: the file cannot be read, or is no JSON object.
    """
    try:
        rows = wire_json.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise BadSeed(f"{path.name}: {problem}") from problem
    if not isinstance(rows, dict):
        raise BadSeed(f"{path.name}: must be an object with rows by resource")
    return rows
