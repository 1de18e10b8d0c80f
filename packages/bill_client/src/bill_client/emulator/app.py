"""One emulator: the API behind the wire, its clock, its books, its admin path."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from api_transport.emulation import (
    FaultRules,
    RequestLog,
    SettableClock,
    WireMiddleware,
    admin_routes,
)
from bill_client.emulator import wire_json
from bill_client.emulator.admin import Admin
from bill_client.emulator.api import ROOT, Api
from bill_client.emulator.books import Books
from bill_client.emulator.envelopes import Problem, error_entry
from bill_client.emulator.limits import LimitsEnforced
from bill_client.emulator.seed import load, organizations
from bill_client.emulator.services import Services
from bill_client.emulator.sessions import Sessions
from bill_client.emulator.settings import EmulatorSettings

_SECRETS = ("password", "devKey")
_LIMIT_STATUSES = (422, 429)


class BillEmulator:
    """An ASGI app. `books` is a SQLite file; a new one is filled from the seed, an old one goes on.

    Raises:
        BadSeed: the seed cannot be loaded.
    """

    def __init__(
        self, seed: Mapping[str, Any], *, books: Path, clock: SettableClock | None = None
    ) -> None:
        self.clock = clock or SettableClock()
        self.settings = EmulatorSettings()
        self.log = RequestLog(self.clock.now)
        self.faults = FaultRules()
        self.books = Books(books, self.clock.now)
        if self.books.is_new:
            load(seed, self.books)
        known = organizations(seed)
        self.sessions = Sessions(known, self.clock.now, self.settings)
        services = Services(
            organizations=known,
            books=self.books,
            sessions=self.sessions,
            settings=self.settings,
            now=self.clock.now,
        )
        admin = Admin(
            books=self.books,
            people=services.people,
            sessions=self.sessions,
            settings=self.settings,
            deliveries=services.deliveries,
        )
        limits = LimitsEnforced(self.settings, self.clock.now)
        api = Api(services.operations, self.clock.now, self.sessions, limits)
        kit_routes = admin_routes(self.clock, self.log, self.faults)
        self._app = WireMiddleware(
            app=Starlette(routes=[*kit_routes, *admin.routes(), Mount("/", api)]),
            log=self.log,
            faults=self.faults,
            scope_of=self._scope_of,
            fault_body=self._fault_body,
            redact=_redacted,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Close the books."""
        self.books.close()

    def _scope_of(self, headers: Headers, path: str) -> str:
        """Developer key and organisation, the key as a digest: what the slots are counted by."""
        if path == f"{ROOT}/login":
            return "login"
        organization = self.sessions.organization_of(headers.get("sessionId", ""))
        digest = hashlib.sha256(headers.get("devKey", "").encode()).hexdigest()[:8]
        return f"{organization or 'nobody'}/{digest}"

    def _fault_body(self, status: int) -> object:
        """BILL's own words for a status that a fault rule asks for."""
        if status in _LIMIT_STATUSES:
            message = "Max number of concurrent requests per organization reached."
            problem = Problem("BDC_1322", "DOWNSTREAM", message)
        else:
            problem = Problem("BDC_1001", "SERVER", "System error.")
        return [error_entry(problem, self.clock.now())]


def _redacted(_: str, body: str) -> str:
    """The body as the log keeps it, credentials blanked."""
    if not any(name in body for name in _SECRETS):
        return body
    try:
        told = wire_json.loads(body)
    except ValueError:
        return "***"
    if not isinstance(told, dict):
        return "***"
    return wire_json.dumps(
        {key: "***" if key in _SECRETS else value for key, value in told.items()}
    ).decode()
