"""The package's README does what it says."""

from __future__ import annotations

import json
import pathlib
import re
import textwrap
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import respx

from d365_client import VendorPaymentJournalLine
from d365_client._converter import wire_names

README = pathlib.Path(__file__).parents[2] / "packages" / "d365_client" / "README.md"
BASE = "https://contoso.operations.dynamics.test"
TENANT = "https://login.microsoftonline.com/tenant-1"

VENDOR = {
    "dataAreaId": "usmf",
    "VendorAccountNumber": "US-101",
    "OnHoldStatus": "No",
    "IsReportingTax1099": "No",
    "VendorOrganizationName": "Fabrikam",
    "MqaInactive": "No",
}
HEADER = {
    "dataAreaId": "usmf",
    "JournalBatchNumber": "00282",
    "JournalName": "VendPay",
    "Description": "",
    "IsPosted": "No",
}
LINE = {
    "LineNumber": 1,
    "TransactionDate": "2026-03-31T12:00:00Z",
    "DebitAmount": 100.1,
    "CreditAmount": 0,
    "ExchangeRate": 100,
}
REFUSAL = {"error": {"innererror": {"message": "The period is closed."}}}


def blocks() -> list[str]:
    """The Python blocks of the page."""
    return re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def row(values: Mapping[str, object], selected: str) -> dict[str, object]:
    """A row with every selected field: those given, and empty texts."""
    return {name: values.get(name, "") for name in selected.split(",")}


def vendors(request: httpx.Request) -> httpx.Response:
    """One vendor, as a list or alone."""
    one = row(VENDOR, request.url.params["$select"])
    return httpx.Response(200, json=one if "(" in request.url.path else {"value": [one]})


def batch(status: str, body: Mapping[str, object]) -> httpx.Response:
    """An answered batch of one part."""
    part = (
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\r\n"
        f"{json.dumps(body)}\r\n--b--\r\n"
    )
    return httpx.Response(200, text=part, headers={"Content-Type": "multipart/mixed; boundary=b"})


async def test_the_examples_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every block runs after the others, and prints what a reader expects of it."""
    monkeypatch.setenv("D365_URL", BASE)
    for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"D365_{name}", "tenant-1")
    source = textwrap.indent("\n".join(blocks()), "    ")
    namespace: dict[str, Any] = {}
    line = row(LINE, ",".join(wire_names(VendorPaymentJournalLine).values()))
    exec(f"async def readme():\n{source}", namespace)  # noqa: S102 - the page is ours
    with respx.mock:
        respx.get(f"{TENANT}/v2.0/.well-known/openid-configuration").respond(
            json={
                "authorization_endpoint": f"{TENANT}/oauth2/v2.0/authorize",
                "token_endpoint": f"{TENANT}/oauth2/v2.0/token",
                "issuer": f"{TENANT}/v2.0",
            }
        )
        respx.post(f"{TENANT}/oauth2/v2.0/token").respond(
            json={"access_token": "t1", "expires_in": 3599}
        )
        respx.get(url__startswith=f"{BASE}/data/VendorsV2").mock(side_effect=vendors)
        respx.get(f"{BASE}/data/VendTransBiEntities").respond(json={"value": []})
        respx.post(f"{BASE}/data/VendorPaymentJournalHeaders").respond(201, json=HEADER)
        respx.post(f"{BASE}/data/$batch").mock(
            side_effect=[batch("201 Created", line), batch("500 Internal Server Error", REFUSAL)]
        )
        await namespace["readme"]()

    assert capsys.readouterr().out.splitlines() == [
        "US-101 Fabrikam",
        "US-101 Fabrikam",
        "1 ['No']",
        "The period is closed.",
    ]
