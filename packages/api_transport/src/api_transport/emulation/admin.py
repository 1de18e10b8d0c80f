"""The admin path that both emulators have: clock, request log, faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api_transport.emulation.clock import SettableClock
from api_transport.emulation.faults import BadRule, FaultRule, FaultRules
from api_transport.emulation.middleware import ADMIN_PATH
from api_transport.emulation.request_log import RequestLog


def admin_routes(clock: SettableClock, log: RequestLog, faults: FaultRules) -> Sequence[Route]:
    """The routes under `/_emulator` that know no API; each emulator adds its own."""
    admin = _Admin(clock=clock, log=log, faults=faults)
    return [
        Route(f"{ADMIN_PATH}/clock", admin.serve_clock, methods=["GET", "PUT"]),
        Route(f"{ADMIN_PATH}/requests", admin.serve_requests, methods=["GET", "DELETE"]),
        Route(f"{ADMIN_PATH}/faults", admin.serve_faults, methods=["GET", "POST", "DELETE"]),
    ]


@attrs.frozen(kw_only=True)
class _Admin:
    clock: SettableClock
    log: RequestLog
    faults: FaultRules

    async def serve_clock(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self.clock.set(_instant(await request.json()))
            except ValueError as error:  # also what is no JSON
                return _refused(f"clock: {error}")
        return JSONResponse({"now": self.clock.now().isoformat().replace("+00:00", "Z")})

    async def serve_requests(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.log.clear()
            return Response(status_code=204)
        after = request.query_params.get("after", "0")
        if not after.isdecimal():
            return _refused(f"after {after!r} is not a sequence number")
        return JSONResponse({"requests": [x.to_json() for x in self.log.entries(int(after))]})

    async def serve_faults(self, request: Request) -> Response:
        if request.method == "GET":
            rules = [attrs.asdict(standing) for standing in self.faults.standing()]
            return JSONResponse({"rules": rules})
        if request.method == "DELETE":
            self.faults.clear()
            return Response(status_code=204)
        try:
            rule = FaultRule.from_json(await request.json())
        except (BadRule, json.JSONDecodeError) as error:
            return _refused(f"fault rule: {error}")
        return JSONResponse({"rule": self.faults.add(rule)})


def _instant(body: Any) -> datetime:
    try:
        return datetime.fromisoformat(body["now"])
    except (KeyError, TypeError) as error:
        raise ValueError('the body must be {"now": "2026-10-01T08:00:00Z"}') from error


def _refused(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=400)
