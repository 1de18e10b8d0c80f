"""The API: what BILL answers to a call, once it has come through the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api_transport.emulation import logged
from bill_client.emulator import lists, wire_json
from bill_client.emulator.admin import json_response
from bill_client.emulator.bills import Bills
from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.limits import LimitsEnforced
from bill_client.emulator.sessions import Organization, Session, Sessions
from bill_client.emulator.settings import EmulatorSettings
from bill_client.emulator.vendors import Vendors

ROOT = "/connect/v3"

_RESOURCES: Mapping[str, str] = {
    "vendors": "vendors",
    "bills": "bills",
    "payments": "payments",
    "classifications/chart-of-accounts": "chart-of-accounts",
    "classifications/departments": "departments",
    "funding-accounts/banks": "funding-accounts",
}
"""Which path lists which resource."""

_CREATED = 201


@attrs.frozen(kw_only=True)
class Api:
    """An ASGI app below the wire middleware."""

    organizations: Mapping[str, Organization]
    settings: EmulatorSettings
    now: Callable[[], datetime]
    books: Books
    sessions: Sessions
    limits: LimitsEnforced
    vendors: Vendors
    bills: Bills

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            response = json_response(refusal.body(self.now()), refusal.status)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path.removeprefix(f"{ROOT}/")
        if path == request.url.path or path.startswith(("connect/", "v3/")):
            # The prefix is missing or doubled: the commonest mistake there is (§1.1).
            raise Refusal.rule("BDC_1121", "Requested API is not supported.", status=404)
        body = await self._body(request)
        if path == "login" and request.method == "POST":
            self.limits.count_login(str(body.get("devKey", "")))
            return json_response(self.sessions.login(body))
        dev_key = request.headers.get("devKey", "")
        session_id = request.headers.get("sessionId", "")
        session = self.sessions.of(session_id, dev_key)
        self.limits.count_call(dev_key)
        self.limits.check_concurrency(logged(request.scope).in_flight)
        if path == "logout" and request.method == "POST":
            self.sessions.close(session_id)
            return Response()
        if path == "login/session" and request.method == "GET":
            told = {"organizationId": session.organization, "userId": session.user}
            return json_response({**told, "mfaStatus": "DISABLED", "mfaBypass": False})
        return self._resource(request, path, session, body)

    def _resource(
        self, request: Request, path: str, session: Session, body: Mapping[str, Any]
    ) -> Response:
        for prefix, resource in _RESOURCES.items():
            rest = path.removeprefix(prefix)
            if path == prefix:
                return self._collection(request, resource, session, body)
            if rest != path and rest.startswith("/"):
                object_id, _, verb = rest[1:].partition("/")
                found = self.books.get(session.organization, resource, object_id)
                if found is None:
                    raise Refusal.not_found(object_id)
                return json_response(
                    self._single(request.method, resource, verb, session, found, body)
                )
        raise Refusal.rule("BDC_1121", "Requested API is not supported.", status=404)

    def _collection(
        self, request: Request, resource: str, session: Session, body: Mapping[str, Any]
    ) -> Response:
        organization = session.organization
        match request.method, resource:
            case "GET", _:
                return json_response(self._page(request, resource, organization))
            case "POST", "vendors":
                currency = self.organizations[organization].currency
                vendor = self.vendors.create(organization, body, base_currency=currency)
                return json_response(vendor, _CREATED)
            case "POST", "bills":
                return json_response(self.bills.create(organization, body), _CREATED)
            case "POST", "payments":
                # No session here is trusted: that takes a second factor (§1.6).
                raise Refusal.rule("BDC_1361", "Untrusted session.", status=403)
            case "POST", "chart-of-accounts" | "departments":
                if not body.get("name"):
                    raise Refusal.invalid(["name: must not be blank"])
                return json_response(self.books.add(organization, resource, dict(body)), _CREATED)
            case _:
                raise Refusal.rule("BDC_1121", "Requested API is not supported.", status=405)

    def _single(
        self,
        method: str,
        resource: str,
        verb: str,
        session: Session,
        found: Body,
        body: Mapping[str, Any],
    ) -> Body:
        organization = session.organization
        match method, resource, verb:
            case "GET", _, "":
                return found
            case "PATCH", "vendors", "":
                return self.vendors.patch(organization, found, body)
            case "PATCH", "bills", "":
                return self.bills.patch(organization, found, body)
            case "PUT", "bills", "":
                return self.bills.replace(organization, found, body)
            case "POST", "vendors" | "bills", "archive" | "restore":
                found["archived"] = verb == "archive"
                self.books.touch(organization, resource, found)
                return found
            case "POST", "payments", "cancel" | "void":
                raise Refusal.rule("BDC_1361", "Untrusted session.", status=403)
            case _:
                raise Refusal.rule("BDC_1121", "Requested API is not supported.", status=405)

    def _page(self, request: Request, resource: str, organization: str) -> dict[str, object]:
        visible = self.now() - timedelta(seconds=float(self.settings.list_lag_seconds))
        objects = [
            body
            for body in self.books.all(organization, resource)
            if self.settings.list_lag_seconds <= 0
            or datetime.fromisoformat(body["createdTime"]) <= visible
        ]
        asked = lists.asked(dict(request.query_params))
        shown = self.settings.archived_in_unfiltered_lists
        return lists.page(resource, objects, asked, archived=shown)

    async def _body(self, request: Request) -> Mapping[str, Any]:
        raw = await request.body()
        if not raw:
            return {}
        try:
            told = wire_json.loads(raw)
        except ValueError as error:
            raise Refusal.invalid(["body: is not JSON"]) from error
        if not isinstance(told, Mapping):
            raise Refusal.invalid(["body: must be an object"])
        return told
