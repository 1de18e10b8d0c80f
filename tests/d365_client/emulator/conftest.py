"""A small environment: two companies, a handful of vendors and invoices, one payment journal."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import httpx
import pytest

from d365_client.emulator import Emulator, Settings, parse_seed

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = {
    "client_id": "66666666-7777-8888-9999-000000000000",
    "client_secret": "an invented secret",
    "user": "sync",
    "default_company": "mqus",
}
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    """The emulators run on asyncio."""
    return "asyncio"


def noon(day: str) -> str:
    """An AX date as the wire has it."""
    return f"{day}T12:00:00Z"


def invoice(
    number: str,
    amount: float,
    *,
    account: str = "V-10001",
    currency: str = "USD",
    rate: float = 100,
    **fields: object,
) -> dict[str, object]:
    """A posted invoice in VendTrans: what we owe is negative."""
    return {
        "dataAreaId": "mqus",
        "AccountNum": account,
        "Invoice": number,
        "Voucher": f"API-{number}",
        "TransType": "Vend",
        "TransDate": noon("2026-10-01"),
        "DueDate": noon("2026-10-31"),
        "AmountCur": -amount,
        "AmountMST": -round(amount * rate / 100, 2),
        "CurrencyCode": currency,
        "ExchRate": rate,
        "Approved": "Yes",
        **fields,
    }


def vendor(account: str, **fields: object) -> dict[str, object]:
    """A vendor with what is mandatory."""
    return {
        "dataAreaId": "mqus",
        "VendorAccountNumber": account,
        "VendorOrganizationName": f"Vendor {account}",
        "VendorGroupId": "10",
        "CurrencyCode": "USD",
        **fields,
    }


def setup_rows(company: str) -> dict[str, list[dict[str, Any]]]:
    """What a company needs before anything can be posted in it."""
    months = [("2026-09", 30), ("2026-10", 31), ("2026-11", 30)]
    return {
        "LegalEntities": [{"LegalEntityId": company.upper(), "Name": f"Company {company}"}],
        "Ledgers": [
            {
                "LegalEntityId": company.upper(),
                "Name": company.upper(),
                "ChartOfAccounts": "Shared",
                "AccountingCurrency": "USD",
                "ExchangeRateType": "Default",
                "FiscalCalendar": "Fiscal",
                "MainAccountIdRealizedGain": "809100",
                "MainAccountIdRealizedLoss": "809100",
            }
        ],
        "LedgerFiscalPeriods": [
            {
                "LedgerName": company.upper(),
                "LegalEntityId": company.upper(),
                "Calendar": "Fiscal",
                "YearName": "2026",
                "PeriodName": month,
                "PeriodStatus": "Open",
                "VendAccessLevel": "All",
            }
            for month, _ in months
        ],
        "JournalNames": [
            {
                "dataAreaId": company,
                "Name": "BILLPAY",
                "Type": "Payment",
                "Description": "Payments by BILL",
                "VoucherSeriesCode": "PAY",
            },
            {"dataAreaId": company, "Name": "DAILY", "Type": "Daily"},
        ],
        "VendorPaymentMethods": [
            {
                "dataAreaId": company,
                "Name": "BILL-ACH",
                "AccountType": "Ledger",
                "PaymentAccountDisplayValue": "110180",
            }
        ],
        "VendorGroups": [{"dataAreaId": company, "VendorGroupId": "10"}],
        "VendorsV2": [vendor("V-10001", dataAreaId=company)],
    }


def shared_rows() -> dict[str, list[dict[str, Any]]]:
    """What all companies have in common."""
    return {
        "MainAccounts": [
            {"ChartOfAccounts": "Shared", "MainAccountId": account, "Name": name, **fields}
            for account, name, fields in [
                ("110110", "Operating bank", {}),
                ("110180", "BILL Money Out Clearing", {}),
                ("200100", "Trade payables", {"PostingType": "VendBalance"}),
                ("809100", "Exchange differences", {}),
                ("999999", "Old", {"IsSuspended": "Yes"}),
            ]
        ],
        "FiscalPeriods": [
            {
                "Calendar": "Fiscal",
                "FiscalYear": "2026",
                "PeriodName": month,
                "StartDate": noon(f"{month}-01"),
                "EndDate": noon(f"{month}-{last}"),
            }
            for month, last in [("2026-09", 30), ("2026-10", 31), ("2026-11", 30)]
        ],
        "ExchangeRates": [
            {
                "RateTypeName": "Default",
                "FromCurrency": "GBP",
                "ToCurrency": "USD",
                "StartDate": noon("2026-09-01"),
                "Rate": 128.5,
                "ConversionFactor": "Hundred",
            }
        ],
        "BankAccounts": [
            {
                "dataAreaId": "mqus",
                "BankAccountId": "MQUS OPER",
                "CurrencyCode": "USD",
                "BankMainAccountIdDisplayValue": "110110",
            }
        ],
    }


@pytest.fixture
def seed() -> dict[str, Any]:
    """The environment's seed, for a test to change before anything is opened."""
    rows = shared_rows()
    for company in ("mqus", "mqgs"):
        for name, listed in setup_rows(company).items():
            rows.setdefault(name, []).extend(listed)
    rows["VendorsV2"] += [
        vendor("V-10010", CurrencyCode="GBP"),
        vendor("O'Hara & Sons/1", VendorOrganizationName="Käse"),
    ]
    rows["VendTransBiEntities"] = [
        invoice("INV-1", 1284.37),
        invoice("INV-2", 500),
        invoice("LON-1", 12400, account="V-10010", currency="GBP", rate=128.5),
        invoice("CN-1", -100),
        invoice("OLD-1", 75, SettleAmountCur=-75, Closed=noon("2026-09-16")),
        invoice("INV-1", 42, dataAreaId="mqgs"),
    ]
    return {"tenant_id": TENANT, "clients": [dict(CLIENT)], "rows": rows}


def line_of(journal: str, amount: float, **fields: object) -> dict[str, object]:
    """A line that pays V-10001 in USD out of the clearing account."""
    return {
        "dataAreaId": "mqus",
        "JournalBatchNumber": journal,
        "AccountDisplayValue": "V\\-10001",
        "DebitAmount": amount,
        "CurrencyCode": "USD",
        "PaymentMethodName": "BILL-ACH",
        **fields,
    }


def infolog(answer: httpx.Response) -> str:
    """The infolog of an answer that has the recorded envelope of a refused write."""
    assert answer.status_code in {400, 500}, answer.text
    error = answer.json()["error"]
    assert (error["code"], error["message"]) == ("", "An error has occurred.")
    assert error["innererror"]["type"].endswith(".AxODataWriteException")
    return str(error["innererror"]["message"])


@pytest.fixture
def new_invoice() -> Callable[..., dict[str, object]]:
    """Makes VendTrans rows for a seed."""
    return invoice


@attrs.define(kw_only=True)
class Api:
    """An authorised client of an emulator, and its admin path."""

    http: httpx.AsyncClient

    async def get(self, path: str, **parameters: str) -> Any:
        """The JSON of a read that must succeed."""
        answer = await self.http.get(f"/data/{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, path: str, **parameters: str) -> list[dict[str, Any]]:
        """The rows of one page, of all companies."""
        page = await self.get(path, **{"cross-company": "true", **parameters})
        return list(page["value"])

    async def create(self, entity_set: str, **fields: object) -> Any:
        """The created row; the create must succeed."""
        answer = await self.http.post(f"/data/{entity_set}", json=fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def refused(self, entity_set: str, **fields: object) -> str:
        """The infolog of a create that a business rule must refuse."""
        return infolog(await self.http.post(f"/data/{entity_set}", json=fields))

    async def header(self, company: str = "mqus") -> str:
        """The number of a new payment journal."""
        row = await self.create(
            "VendorPaymentJournalHeaders", dataAreaId=company, JournalName="BILLPAY"
        )
        return str(row["JournalBatchNumber"])

    async def line(self, journal: str, amount: float, **fields: object) -> Any:
        """A new line that pays V-10001 in USD out of the clearing account."""
        return await self.create("VendorPaymentJournalLines", **line_of(journal, amount, **fields))

    async def line_refused(self, journal: str, amount: float, **fields: object) -> str:
        """The infolog of a line that a business rule must refuse."""
        return await self.refused("VendorPaymentJournalLines", **line_of(journal, amount, **fields))

    async def add(self, entity_set: str, *rows: dict[str, object]) -> None:
        """Add rows as a seed would."""
        answer = await self.http.post(f"/_emulator/rows/{entity_set}", json={"rows": rows})
        assert answer.status_code == 200, answer.text

    async def act(self, action: str, **fields: object) -> Any:
        """What came of an action that must succeed."""
        answer = await self.http.post(f"/_emulator/actions/{action}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def set(self, **switches: object) -> None:
        """Put settings in force."""
        answer = await self.http.put("/_emulator/settings", json=switches)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def opened(seed: dict[str, Any]) -> Iterator[Callable[[], Emulator]]:
    """Opens the environment once the test has changed its seed."""
    emulators: list[Emulator] = []

    def open_now() -> Emulator:
        value = parse_seed(json.loads(json.dumps(seed), parse_float=Decimal))
        settings = Settings(line_insert_seconds=0)
        rng = random.Random(7)  # noqa: S311 - RecVersions are no secrets
        emulators.append(Emulator(value, clock=NOW, settings=settings, rng=rng))
        return emulators[-1]

    yield open_now
    for emulator in emulators:
        emulator.close()


@pytest.fixture
async def api(opened: Callable[[], Emulator]) -> AsyncIterator[Api]:
    """An authorised client, without sockets: for what only the books decide."""
    transport = httpx.ASGITransport(app=opened().app)
    async with httpx.AsyncClient(transport=transport, base_url="https://d365.test") as http:
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT["client_id"],
            "client_secret": CLIENT["client_secret"],
            "scope": "https://d365.test/.default",
        }
        answer = await http.post(f"/{TENANT}/oauth2/v2.0/token", data=form)
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Api(http=http)
