"""A BILL with two organisations, and a plain HTTP client of it that knows nothing of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

from api_transport.emulation import SettableClock, running
from bill_client.emulator.app import BillEmulator

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
ROOT = "/connect/v3"
LOGIN = {
    "username": "sync@example.com",
    "password": "the-password",
    "organizationId": "00801MQUS",
    "devKey": "the-key",
}
ADDRESS = {"line1": "1 Pier", "city": "Boston", "zipOrPostalCode": "02110", "country": "US"}


def organization(organization_id: str, currency: str) -> dict[str, object]:
    """An organisation of a seed; all have the same user and key."""
    return {
        "id": organization_id,
        "name": organization_id,
        "currency": currency,
        "currencies": [currency, "JPY", "BHD"],
        "users": [{"username": LOGIN["username"], "password": LOGIN["password"]}],
        "dev_keys": [LOGIN["devKey"]],
    }


@pytest.fixture
def seed() -> dict[str, Any]:
    """Two organisations; the first has a chart of accounts, a department and three vendors."""
    accounts = [
        {"id": "0ca01SUPPLIES", "name": "Supplies", "account": {"number": "6000"}},
        {"id": "0ca01CLOSED", "name": "Closed", "account": {"number": "6999"}, "archived": True},
    ]
    vendors: list[dict[str, object]] = [
        {"id": "00901USD", "name": "Orrin", "address": ADDRESS, "billCurrency": "USD"},
        {"id": "00901JPY", "name": "Kumo", "address": ADDRESS, "billCurrency": "JPY"},
        {"id": "00901BHD", "name": "Dilmun", "address": ADDRESS, "billCurrency": "BHD"},
    ]
    return {
        "organizations": [organization("00801MQUS", "USD"), organization("00801MQGS", "GBP")],
        "resources": {
            "00801MQUS": {
                "chart-of-accounts": accounts,
                "departments": [{"id": "0de01OPS", "name": "Operations"}],
                "vendors": vendors,
            }
        },
    }


@attrs.frozen(kw_only=True)
class Api:
    """A logged-in caller, and the admin path."""

    http: httpx.AsyncClient

    async def get(self, path: str, **query: str) -> Any:
        """The JSON of a read that must succeed."""
        return self.told(await self.http.get(f"{ROOT}/{path}", params=query))

    async def post(self, path: str, body: Mapping[str, object]) -> Any:
        """What a create that must succeed answers."""
        return self.told(await self.http.post(f"{ROOT}/{path}", json=body), 201)

    async def act(self, action: str, **fields: object) -> Any:
        """What came of something that people in BILL do."""
        body = {"organizationId": LOGIN["organizationId"], **fields}
        return self.told(await self.http.post(f"/_emulator/actions/{action}", json=body))

    async def set(self, **switches: object) -> None:
        """Put settings in force."""
        self.told(await self.http.put("/_emulator/settings", json=switches))

    async def clock(self, now: datetime) -> None:
        """Let it be that time."""
        self.told(await self.http.put("/_emulator/clock", json={"now": now.isoformat()}))

    async def bill(self, number: str = "INV-1", amount: float = 100, **fields: object) -> Any:
        """A new bill of one line."""
        return await self.post("bills", self.bill_of(number, amount, **fields))

    async def login(self, **changed: str) -> httpx.Response:
        """Ask for a session."""
        return await self.http.post(f"{ROOT}/login", json={**LOGIN, **changed})

    @staticmethod
    def bill_of(number: str = "INV-1", amount: float = 100, **fields: object) -> dict[str, Any]:
        """The body of a bill of one line."""
        classifications = {"chartOfAccountId": "0ca01SUPPLIES", "departmentId": "0de01OPS"}
        return {
            "vendorId": "00901USD",
            "dueDate": "2026-10-31",
            "invoice": {"invoiceNumber": number, "invoiceDate": "2026-10-01"},
            "billLineItems": [{"amount": amount, "classifications": classifications}],
            **fields,
        }

    @staticmethod
    def payment_of(bill_id: str, amount: float = 100) -> dict[str, object]:
        """A scheduled payment of one bill."""
        return {
            "vendorId": "00901USD",
            "amount": amount,
            "billPayments": [{"billId": bill_id, "amount": amount}],
            "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac01"},
            "disbursementType": "ACH",
            "processDate": "2026-10-05",
            "fundingAmount": amount,
            "exchangeRate": 1,
            "currency": "USD",
        }

    @staticmethod
    def told(answer: httpx.Response, status: int = 200) -> Any:
        """The JSON of an answer that must have this status."""
        assert answer.status_code == status, answer.text
        return answer.json()

    @staticmethod
    def refusal(answer: httpx.Response, status: int) -> list[tuple[str | None, str]]:
        """Code and message of every element of BILL's error array."""
        assert answer.status_code == status, answer.text
        elements = answer.json()
        names = {"timestamp", "code", "severity", "category", "message", "params"}
        assert all(names == set(element) for element in elements)
        return [(element["code"], element["message"]) for element in elements]


@pytest.fixture
def emulator(seed: dict[str, Any], tmp_path: Path) -> Iterator[BillEmulator]:
    """The service itself; its clock stands still unless a test moves it."""
    started = BillEmulator(seed, books=tmp_path / "bill.sqlite", clock=SettableClock(NOW))
    yield started
    started.close()


@pytest.fixture
async def api(emulator: BillEmulator) -> AsyncIterator[Api]:
    """A logged-in caller over a real socket."""
    with running(emulator) as port:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            caller = Api(http=http)
            session = caller.told(await caller.login())
            http.headers.update({"devKey": LOGIN["devKey"], "sessionId": session["sessionId"]})
            yield caller
