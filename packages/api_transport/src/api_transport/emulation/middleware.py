"""Between the wire and the emulated service: logs every request and makes it suffer its fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

import anyio
import attrs
import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_transport.emulation.faults import Fault, FaultKind, FaultRules
from api_transport.emulation.proxy import FAULT_HEADER
from api_transport.emulation.request_log import Entry, RequestLog

ADMIN_PATH = "/_emulator"
"""Where tests and demonstrations talk to the emulator; the real services have no such path."""

ScopeOf: TypeAlias = Callable[[Headers, str], str]
FaultBody: TypeAlias = Callable[[int], object]
Redact: TypeAlias = Callable[[str, str], str]

_ENTRY = "api_transport.emulation.entry"
_PAGE = "<html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def logged(scope: Scope) -> Entry:
    """The log's entry of the request that an app behind `WireMiddleware` is answering."""
    entry: Entry = scope[_ENTRY]
    return entry


@attrs.frozen(kw_only=True)
class WireMiddleware:
    """An ASGI app around the service's: logs what comes in, and does what `faults` say.

    `scope_of(headers, path)` names the throttle scope of a request (never a secret);
    `fault_body(status)` is the service's documented body for a faulted status, as text or JSON;
    `redact(path, body)` blanks credentials in what the log keeps of a body.
    Requests to the admin path are passed on, neither logged nor faulted.
    """

    app: ASGIApp
    log: RequestLog
    faults: FaultRules
    scope_of: ScopeOf
    fault_body: FaultBody
    redact: Redact

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(f"{ADMIN_PATH}/"):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return  # the caller hung up in the middle of its request
        text = body.decode("utf-8", errors="replace")
        method, path = scope["method"], scope["path"]
        entry = self.log.arrived(
            method=method,
            path=path,
            query=scope["query_string"].decode("ascii", errors="replace"),
            body="" if method in _READS else self.redact(path, text),
            scope=self.scope_of(Headers(scope=scope), path),
        )
        fault = self.faults.take(method, path, text)
        exchange = _Exchange(
            wire=self,
            entry=entry,
            fault=fault,
            scope={**scope, _ENTRY: entry},
            receive=_replay(body, receive),
            send=send,
        )
        await exchange.run()


@attrs.define(kw_only=True)
class _Exchange:
    """One request and what becomes of it."""

    wire: WireMiddleware
    entry: Entry
    fault: Fault | None
    scope: Scope
    receive: Receive
    send: Send
    status: int | None = None
    answered: bool = False

    async def run(self) -> None:
        try:
            if self.fault is None:
                await self._serve(self._relay)
            else:
                await self._suffer(self.fault)
        finally:
            self._note_answer()

    async def _suffer(self, fault: Fault) -> None:
        match fault.kind:
            case FaultKind.STATUS:
                await self._answer(self._refusal(fault))
            case FaultKind.HTML:
                await self._answer(HTMLResponse(_PAGE, status_code=fault.status))
            case FaultKind.DELAY:
                await anyio.sleep(fault.seconds)
                await self._serve(self._relay)
            case FaultKind.TRUNCATE:
                await self._truncate(fault.bytes)
            case FaultKind.LOSE_ROWS:
                await self._lose_rows(fault.rows)
            case FaultKind.DROP_BEFORE_COMMIT:
                await self._hang_up("drop")
            case FaultKind.REPLY_LOST:
                await self._serve(self._swallow)
                await self._hang_up("drop")
            case FaultKind.RESET:
                await self._serve(self._swallow)
                await self._hang_up("reset")

    def _refusal(self, fault: Fault) -> Response:
        body = fault.body if fault.body is not None else self.wire.fault_body(fault.status)
        headers = dict(fault.headers)
        if isinstance(body, str):
            return PlainTextResponse(body, status_code=fault.status, headers=headers)
        return Response(
            json.dumps(body), fault.status, headers=headers, media_type="application/json"
        )

    async def _lose_rows(self, rows: int) -> None:
        start, *rest = await self._kept()
        body = _without_last(b"".join(message.get("body", b"") for message in rest), rows)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["Content-Length"] = str(len(body))
        await self._relay({**start, "headers": headers.raw})
        await self._relay({"type": "http.response.body", "body": body})

    async def _kept(self) -> list[Message]:
        """What the service answers, kept back."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._serve(keep)
        return messages

    async def _truncate(self, wanted: int) -> None:
        messages = await self._kept()
        length = sum(len(message.get("body", b"")) for message in messages)
        for message in messages:
            if length and message["type"] == "http.response.start":
                # A body shorter than what was asked for still has to arrive short.
                mark = f"truncate {min(wanted, length - 1)}"
                headers = [*message.get("headers", ()), (FAULT_HEADER.encode(), mark.encode())]
                await self._relay({**message, "headers": headers})
            else:
                await self._relay(message)

    async def _hang_up(self, how: str) -> None:
        self._note_answer()
        await Response(headers={FAULT_HEADER: how})(self.scope, self.receive, self.send)

    async def _answer(self, response: Response) -> None:
        await response(self.scope, self.receive, self._relay)

    async def _serve(self, send: Send) -> None:
        await self.wire.app(self.scope, self.receive, send)

    async def _swallow(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]

    async def _relay(self, message: Message) -> None:
        await self._swallow(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            # Before it leaves: the caller's next request may not find this one in flight.
            self._note_answer()
        await self.send(message)

    def _note_answer(self) -> None:
        if not self.answered:
            self.answered = True
            fault = self.fault.kind.value if self.fault else None
            self.wire.log.answered(self.entry, status=self.status, fault=fault)


def _without_last(body: bytes, rows: int) -> bytes:
    """A JSON object whose first list misses its last rows; all else is as it was."""
    told = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    for name, value in told.items():
        if bytes(value).startswith(b"["):
            items = msgspec.json.decode(value, type=list[msgspec.Raw])
            told[name] = msgspec.Raw(msgspec.json.encode(items[:-rows]))
            break
    return msgspec.json.encode(told)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if the caller hung up before its end."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, then what still comes."""
    unread = [body]

    async def again() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return again
