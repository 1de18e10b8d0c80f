"""The page on signing in to BILL runs from top to bottom, and prints what it should."""

from __future__ import annotations

import copy
import functools
import json
import pathlib
import re
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api_transport.emulation import RemoteControl, running
from bill_client import BillClient
from bill_client.emulator.app import BillEmulator
from bill_client.emulator.server import BillServer
from bill_client.emulator.small_organization import ORGANIZATION_ID, small_seed

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "how-to" / "sign-in-to-bill.md"
SYNC_TOKEN = {"name": "erp", "token": "an invented sync token"}
ACCESS_TOKEN = b"Bearer an-invented-access-token"


class Gateway:
    """Grants an application a token, and knows the user's session that it stands in for."""

    def __init__(self, bill: ASGIApp) -> None:
        self._bill = bill
        self.session: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the token request; let everything else through to BILL."""
        if scope["type"] == "http" and scope["path"] == "/authx/token":
            form = parse_qs((await Request(scope, receive).body()).decode())
            known = form["client_secret"] == ["an invented secret"]
            token = ACCESS_TOKEN.decode().removeprefix("Bearer ")
            told = (
                {"access_token": token, "expires_in": 3600}
                if known
                else {"error": "invalid_client"}
            )
            await JSONResponse(told, 200 if known else 401)(scope, receive, send)
            return
        if (b"authorization", ACCESS_TOKEN) in scope.get("headers", ()):
            session = httpx.Headers(self.session).raw
            lowered = [(name.lower(), text) for name, text in session]
            scope = {**scope, "headers": [*scope["headers"], *lowered]}
        await self._bill(scope, receive, send)


@pytest.fixture
def server(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BillServer]:
    """An organisation with a user, a sync token and an application, found by its variables."""
    seed: dict[str, Any] = copy.deepcopy(dict(small_seed()))
    seed["organizations"][0]["sync_tokens"] = [SYNC_TOKEN]
    emulator = BillEmulator(seed, books=tmp_path / "bill.sqlite")
    gateway = Gateway(emulator)
    try:
        with running(gateway) as port:
            host = f"http://localhost:{port}"
            server = BillServer(
                url=f"{host}/connect/v3", control=RemoteControl(admin=f"{host}/_emulator")
            )
            for name, value in {
                **server.environ,
                "BILL_SYNC_TOKEN": SYNC_TOKEN["token"],
                "BILL_TOKEN_URL": f"{host}/authx/token",
                "BILL_CLIENT_SECRET": "an invented secret",
            }.items():
                monkeypatch.setenv(name, value)
            told = {
                "username": server.username,
                "password": server.password,
                "organizationId": ORGANIZATION_ID,
                "devKey": server.dev_key,
            }
            login = httpx.post(f"{server.url}/login", content=json.dumps(told))
            gateway.session = {"devKey": server.dev_key, "sessionId": login.json()["sessionId"]}
            yield server
    finally:
        emulator.close()


async def test_the_page_prints_what_it_says(
    server: BillServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
) -> None:
    """Each way in opens a session; two clients share one; trust is shown once and remembered."""
    monkeypatch.chdir(tmp_path)
    made = BillClient.from_environment
    # The page is about what is left of an hour, which must not end while it runs.
    within = functools.partial(made, now=lambda: datetime(2026, 10, 1, 12, tzinfo=UTC))
    monkeypatch.setattr(BillClient, "from_environment", within)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    source = textwrap.indent("\n".join(blocks), "    ")
    namespace: dict[str, Any] = {"input": lambda _: server.act("read_text_message")["token"]}
    exec(f"async def page():\n{source}", namespace)  # noqa: S102 - the page is ours
    await namespace["page"]()

    assert capsys.readouterr().out.splitlines() == [
        ORGANIZATION_ID,
        "1 vendor",
        ORGANIZATION_ID,
        ORGANIZATION_ID,
        "BDC_1361 rejected",
        "COMPLETE",
        "trusted at login: True",
        "PENDING",
        "trusted by step-up: True",
        "1 vendor",
        "BDC_1101 not_executed",
        "0 left",
        "wait True",
    ]
