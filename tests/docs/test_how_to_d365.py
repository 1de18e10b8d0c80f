"""Every block of the pages on Dynamics 365 runs against the emulator, and prints what it should."""

from __future__ import annotations

import pathlib
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from d365_client.emulator import D365Server, Emulator, parse_seed, running

PAGES = pathlib.Path(__file__).parents[2] / "docs" / "how-to"


async def run(page: str, **names: object) -> None:
    """The Python blocks of a page, one after the other, as a notebook would run them."""
    text = (PAGES / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    source = textwrap.indent("\n".join(blocks), "    ")
    namespace: dict[str, Any] = {**names}
    exec(f"async def page():\n{source}", namespace)  # noqa: S102 - the page is ours
    await namespace["page"]()


@pytest.fixture
def environment(d365_server: D365Server, monkeypatch: pytest.MonkeyPatch) -> D365Server:
    """An environment that the page finds by its variables."""
    for name, value in d365_server.environ.items():
        monkeypatch.setenv(name, value)
    return d365_server


def vendor(number: str) -> dict[str, object]:
    """A vendor on the wire."""
    return {
        "dataAreaId": "usmf",
        "VendorAccountNumber": number,
        "VendorGroupId": "10",
        "CurrencyCode": "USD",
    }


def transaction(number: int, **fields: object) -> dict[str, object]:
    """An invoice in the vendor subledger."""
    return {
        "dataAreaId": "usmf",
        "SourceKey": number,
        "AccountNum": "US-101",
        "Invoice": f"INV-{number}",
        "AmountCur": -100 * number,
        "CurrencyCode": "USD",
        "DueDate": f"2026-03-{10 + number}T12:00:00Z",
        "SysModifiedDateTime": "2026-02-01T00:00:00Z",
        "Approved": "Yes",
        **fields,
    }


async def test_query(environment: D365Server, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows, pages, counts, one row, an expansion."""
    environment.seed("VendorsV2", vendor("US-101"), vendor("US-102"))
    environment.seed(
        "VendTransBiEntities",
        transaction(1, Closed="1900-01-01T12:00:00Z"),
        transaction(2, Closed="2026-03-20T12:00:00Z"),
        transaction(11, Closed="1900-01-01T12:00:00Z"),
    )
    environment.seed(
        "ExchangeRates",
        {
            "RateTypeName": "Default",
            "FromCurrency": "EUR",
            "ToCurrency": "USD",
            "StartDate": "2026-03-01T12:00:00Z",
            "Rate": 108.35,
        },
    )
    environment.seed(
        "VendorPaymentJournalHeaders",
        {"dataAreaId": "usmf", "JournalBatchNumber": "00282", "JournalName": "VendPay"},
    )
    await run("query-d365.md")

    assert capsys.readouterr().out.splitlines() == [
        "2026-03-11 INV-1 -100",
        "2026-03-21 INV-11 -1100",
        "1",
        (
            "VendorsV2 has no known field VendorGroupID; did you mean VendorGroupId? "
            'A field of your own: select("VendorGroupID") first.'
        ),
        (
            "[{'VendorHoldReleaseDate': '1900-01-01T12:00:00Z'}, "
            "{'VendorHoldReleaseDate': '1900-01-01T12:00:00Z'}]"
        ),
        "EUR 108.35",
        "2 vendors in this answer",
        "3 of 3",
        "no such vendor",
        "00282 []",
        "3",
    ]


async def test_batch(environment: D365Server, capsys: pytest.CaptureFixture[str]) -> None:
    """One row, all or nothing, several at once, what a failure means, an action."""
    environment.seed("JournalNames", {"dataAreaId": "usmf", "Name": "VendPay", "Type": "Payment"})
    environment.seed("VendorsV2", vendor("US-101"))
    await run("batch-writes-to-d365.md")
    vouchers, *others = capsys.readouterr().out.splitlines()

    assert re.fullmatch(r"\['\S+', '\S+'\]", vouchers)
    assert others[:3] == [
        "GET /data/VendorPaymentJournalHeaders(dataAreaId=%27usmf%27,JournalBatchNumber=%27"
        + others[0].split("%27")[3]
        + "%27) done",
        *[line for line in others[1:3] if line.startswith("PATCH") and line.endswith("done")],
    ]
    assert others[3].startswith("refused: ")
    assert others[4].startswith("version ")


async def test_authenticate(
    environment: D365Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
) -> None:
    """A secret, a certificate, somebody else's credential; and what a wrong secret says."""
    monkeypatch.chdir(tmp_path)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "integration")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    locked = BestAvailableEncryption(b"an invented passphrase")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
    (tmp_path / "integration.pem").write_bytes(certificate + private)
    environment.change_application(certificate=certificate.decode())
    environment.seed("VendorsV2", vendor("US-101"))

    async def token_for(scope: str) -> SimpleNamespace:
        """A token of the environment, for a credential of somebody else's."""
        form = {
            "grant_type": "client_credentials",
            "client_id": environment.client_id,
            "client_secret": environment.client_secret,
            "scope": scope,
        }
        async with httpx.AsyncClient(verify=environment.tls) as client:
            answer = await client.post(f"{environment.authority}/oauth2/v2.0/token", data=form)
        return SimpleNamespace(token=answer.json()["access_token"], expires_on=4_102_444_800)

    await run("authenticate-to-d365.md", token_for=token_for)

    assert capsys.readouterr().out.splitlines() == [
        *["1 vendors"] * 4,
        "client_secret is not the secret's value",
    ]


@pytest.fixture
def extended(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment whose vendors have a field of its own; it is found by its variables."""
    names = {"tenant_id": "11111111-2222-3333-4444-555555555555", "client_id": "integration"}
    client = {
        "client_id": names["client_id"],
        "client_secret": "an invented secret",
        "user": "integration",
        "default_company": "usmf",
    }
    no_yes = "Microsoft.Dynamics.DataEntities.NoYes"
    seed = {
        "tenant_id": names["tenant_id"],
        "clients": [client],
        "extensions": [
            {"entity_set": "VendorsV2", "name": "MqaInactive", "type": no_yes, "default": "No"}
        ],
        "rows": {
            "Ledgers": [{"LegalEntityId": "USMF", "Name": "USMF", "AccountingCurrency": "USD"}],
            "VendorGroups": [{"dataAreaId": "usmf", "VendorGroupId": "10"}],
            "VendorsV2": [vendor("US-101"), {**vendor("US-102"), "MqaInactive": "Yes"}],
        },
    }
    emulator = Emulator(parse_seed(seed))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        with running(emulator) as server:
            for name, value in {
                "D365_URL": server.url,
                "D365_TENANT_ID": names["tenant_id"],
                "D365_CLIENT_ID": names["client_id"],
                "D365_CLIENT_SECRET": "an invented secret",
                "D365_AUTHORITY": server.url,
                "D365_CA_FILE": str(server.ca_file),
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
            }.items():
                monkeypatch.setenv(name, value)
            yield
    finally:
        sys.modules.pop("my_models", None)  # a page's module is that page's
        emulator.close()


def run_console(page: str) -> None:
    """The console block of a page, with this interpreter's own command."""
    text = (PAGES / page).read_text(encoding="utf-8")
    (block,) = re.findall(r"```console\n\$ (.*?)```", text, re.DOTALL)
    _, *arguments = shlex.split(block.replace("\\\n", " "))
    subprocess.run([sys.executable, "-m", "d365_client", *arguments], check=True)


@pytest.mark.usefixtures("extended")
async def test_generate_models(capsys: pytest.CaptureFixture[str]) -> None:
    """The command of the page, a row read and one created, and what the metadata say."""
    page = "generate-d365-models.md"
    run_console(page)
    await run(page)

    assert capsys.readouterr().out.splitlines() == [
        "US-102 Yes",
        "Contoso Paper",
        "('dataAreaId', 'VendorAccountNumber') Microsoft.Dynamics.DataEntities.NoYes",
        "VendorsV2 has no known field MqaInactiv; did you mean MqaInactive?",
    ]
