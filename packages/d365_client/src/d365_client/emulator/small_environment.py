"""The environment that is there when nobody says which: one legal entity, `usmf`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from d365_client.emulator.seed import Seed, parse_seed
from d365_client.emulator.seed_values import SeedError
from d365_client.emulator.values import read_json

TENANT_ID = "00000000-0000-4000-8000-000000000365"
CLIENT_ID = "00000000-0000-4000-8000-000000000001"
CLIENT_SECRET = "an invented secret"  # noqa: S105 - it opens nothing but an emulator
COMPANY = "usmf"

Rows = Mapping[str, Sequence[Mapping[str, object]]]

_CLIENT: Mapping[str, object] = {
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "user": "integration",
    "default_company": COMPANY,
}
_LEGAL_ENTITY: Rows = {
    "LegalEntities": [{"LegalEntityId": COMPANY.upper(), "Name": "Company USMF"}],
    "Ledgers": [
        {
            "LegalEntityId": COMPANY.upper(),
            "Name": COMPANY.upper(),
            "ChartOfAccounts": "Shared",
            "AccountingCurrency": "USD",
            "ExchangeRateType": "Default",
            "FiscalCalendar": "Fiscal",
        }
    ],
}


def _vendor(number: str, name: str) -> Mapping[str, object]:
    return {
        "dataAreaId": COMPANY,
        "VendorAccountNumber": number,
        "VendorOrganizationName": name,
        "VendorGroupId": "10",
        "CurrencyCode": "USD",
    }


FIRST_ROWS: Rows = {
    "VendorGroups": [{"dataAreaId": COMPANY, "VendorGroupId": "10", "Description": "Parts"}],
    "VendorsV2": [_vendor("US-101", "Fabrikam"), _vendor("US-102", "Tailspin Parts")],
    "JournalNames": [{"dataAreaId": COMPANY, "Name": "VendPay", "Type": "Payment"}],
}
"""What there is to read and to pay before anything was stored."""


def small_seed(rows: object = None, name: str = "rows") -> Seed:
    """The legal entity with its ledger and one registered application, and `rows` beside.

    `rows` are by entity set, in the wire's words; a set that is named there is as it is there.
    `name` stands in messages.

    Raises:
        SeedError: they are not that, or cannot be stored.
    """
    if rows is not None and not isinstance(rows, Mapping):
        raise SeedError(f"{name} must be an object with rows by entity set")
    planted = {**_LEGAL_ENTITY, **(rows or {})}
    return parse_seed({"tenant_id": TENANT_ID, "clients": [_CLIENT], "rows": planted}, name)


def read_rows(path: Path) -> Mapping[str, object]:
    """The rows by entity set that are in a JSON file; amounts are exact.

    Raises:
        SeedError: the file cannot be read, or is no JSON object.
    """
    try:
        rows = read_json(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise SeedError(f"{path.name}: {problem}") from problem
    if not isinstance(rows, dict):
        raise SeedError(f"{path.name} must be an object with rows by entity set")
    return rows
