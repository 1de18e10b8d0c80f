"""The API: what BILL answers to a call, once it has come through the wire."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api_transport.emulation import logged
from bill_client.emulator import wire_json
from bill_client.emulator.admin import json_response
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.limits import LimitsEnforced
from bill_client.emulator.operations import Operations, Received
from bill_client.emulator.sessions import Sessions

ROOT = "/connect/v3"
EVENTS_ROOT = "/connect-events/v3"
"""Webhooks have a path of their own (`bill.md` §1.1)."""

_JSON = "application/json"
_LOGGER = logging.getLogger(__name__)


@attrs.frozen
class Api:
    """An ASGI app below the wire middleware. `operations` are by root."""

    operations: Mapping[str, Operations]
    now: Callable[[], datetime]
    sessions: Sessions
    limits: LimitsEnforced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            response = json_response(refusal.body(self.now()), refusal.status)
        except Exception:  # a mistake of ours is told as BILL tells its own, and shown
            _LOGGER.exception("%s %s", request.method, request.url.path)
            broken = Refusal.rule("BDC_1001", "System error.", status=500)
            response = json_response(broken.body(self.now()), broken.status)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        content = await request.body()
        root, path = self._below(request.url.path)
        if (request.method, root, path) == ("POST", ROOT, "login"):
            body = _object(_json(content))
            self.limits.count_login(str(body.get("devKey", "")))
            return json_response(self.sessions.login(body))
        if (request.method, root, path) == ("GET", ROOT, "health"):
            return json_response({"status": "UP"})
        dev_key = request.headers.get("devKey", "")
        session = self.sessions.of(request.headers.get("sessionId", ""), dev_key)
        self.limits.count_call(dev_key)
        self.limits.check_concurrency(logged(request.scope).in_flight)
        operation, ids = self.operations[root].find(request.method, path)
        told = operation.answer(
            Received(
                session=session,
                ids=ids,
                query=request.query_params,
                headers=request.headers,
                body=_json(content) if _is_json(request) else {},
                content=content,
            )
        )
        return told if isinstance(told, Response) else json_response(told, operation.status)

    def _below(self, path: str) -> tuple[str, str]:
        """The root that a path is below, and what follows.

        Raises:
            Refusal: the prefix is missing or doubled: the commonest mistake there is (§1.1).
        """
        for root in self.operations:
            below = path.removeprefix(f"{root}/")
            if below != path and not below.startswith(("connect/", "v3/")):
                return root, below
        raise Refusal.rule("BDC_1121", "Requested API is not supported.", status=404)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", _JSON).startswith(_JSON)


def _json(content: bytes) -> Any:
    """The JSON value of a body; an empty object where there is none.

    Raises:
        Refusal: 400, it is not JSON.
    """
    try:
        return wire_json.loads(content) if content else {}
    except ValueError as error:
        raise Refusal.invalid(["body: is not JSON"]) from error


def _object(body: object) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise Refusal.invalid(["body: must be an object"])
    return body
