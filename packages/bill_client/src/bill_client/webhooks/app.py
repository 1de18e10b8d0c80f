"""The ASGI app that BILL's notifications are sent to."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from bill_client.errors import Undecodable
from bill_client.webhooks.events import parse_event
from bill_client.webhooks.inbox import EventInbox, Handler
from bill_client.webhooks.seen import MemorySeenEvents, SeenEvents
from bill_client.webhooks.signature import (
    MAX_BODY,
    SIGNATURE_HEADER,
    BadSignature,
    check_signature,
    is_well_formed,
    keys_of,
)
from bill_client.webhooks.troubles import log_failure

# The ASGI specification's own types; their values are of any type.
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_LOGGER = logging.getLogger("bill_client.webhooks")


class _Refusal(Exception):
    """The request is answered with this status, and nothing else."""

    def __init__(self, status: int, headers: Mapping[bytes, bytes] | None = None) -> None:
        self.status = status
        self.headers = headers or {}
        super().__init__(status)


class _Gone(Exception):
    """The caller hung up before the body was complete."""


class WebhookApp:
    """Checks, reads and hands on BILL's notifications; mount it wherever `notificationUrl` points.

    | status | when |
    |---|---|
    | 200 | the handler finished, or the event was handled before, or is stale |
    | 400 | it is signed, and is no event |
    | 403 | it is not signed by one of the keys; nothing more is told |
    | 405 | it is not a POST |
    | 413 | it is larger than `max_body` |
    | 500 | the handler raised: BILL sends the event again |

    BILL disables a subscription whose notifications keep failing (`bill.md` §5.10).

    Args:
        keys: security keys of the subscriptions; the old one beside the new while they change.
        handler: is awaited for each event, once if it returns.
        seen: what was handled; by default remembered as long as the process lives.
        on_stale: is given events older than one that was handled; without it they are dropped.
        max_body: the largest body that is read, in bytes.

    Raises:
        ValueError: there is no key, or one is empty.
    """

    def __init__(
        self,
        *,
        keys: Iterable[str],
        handler: Handler,
        seen: SeenEvents | None = None,
        on_stale: Handler | None = None,
        max_body: int = MAX_BODY,
    ) -> None:
        self._keys = keys_of(keys)
        self._max_body = max_body
        self.inbox = EventInbox(
            handler, MemorySeenEvents() if seen is None else seen, on_stale=on_stale
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        match scope["type"]:
            case "lifespan":
                await _lifespan(receive, send)
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await send({"type": "websocket.close", "code": 1000})
            case other:
                raise ValueError(f"an ASGI connection of type {other!r} is not known")

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._signed_body(scope, receive)
            status, headers = await self._handle(body), {}
        except _Refusal as refusal:
            status, headers = refusal.status, dict(refusal.headers)
        except _Gone:
            return
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-length", b"0"), *headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": b""})

    async def _signed_body(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] != "POST":
            raise _Refusal(405, {b"allow": b"POST"})
        signatures = _values(scope, SIGNATURE_HEADER)
        signature = signatures[0] if len(signatures) == 1 else None
        lengths = [int(value) for value in _values(scope, "content-length") if value.isdigit()]
        if any(length > self._max_body for length in lengths):
            raise _Refusal(413)
        if not is_well_formed(signature):
            raise _Refusal(403)
        body = await self._read(receive)
        try:
            check_signature(body, signature, self._keys)
        except BadSignature:
            raise _Refusal(403) from None
        return body

    async def _read(self, receive: Receive) -> bytes:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message.get("body", b"")
            if len(body) > self._max_body:
                raise _Refusal(413)
            if not message.get("more_body", False):
                return bytes(body)

    async def _handle(self, body: bytes) -> int:
        try:
            event = parse_event(body)
        except Undecodable as error:
            log_failure(_LOGGER, "of unknown id", error)
            return 400
        try:
            reception = await self.inbox.receive(event)
        except Exception as error:  # noqa: BLE001 - whatever the handler raises is told to BILL
            log_failure(_LOGGER, event.event_id, error)
            return 500
        _LOGGER.debug("event %s %s: %s", event.event_id, event.event_type, reception)
        return 200


def _values(scope: Scope, name: str) -> list[bytes]:
    wanted = name.encode()
    return [bytes(value) for key, value in scope["headers"] if key.lower() == wanted]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
