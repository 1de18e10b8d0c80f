"""Once each, none after a newer one, and forgotten in time; the app wherever it is mounted."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import attrs
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bill_client import (
    EventInbox,
    MemorySeenEvents,
    Reception,
    WebhookApp,
    WebhookEvent,
    repair_gaps,
)
from bill_client.webhooks.events import parse_event
from bill_client.webhooks.signature import sign

KEY = "the-security-key"
NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)


def body(event_id: str, minute: int | None = 0, *, bill: str = "00n01") -> bytes:
    """A notification of how a bill is at a minute after noon, or without saying when."""
    told: dict[str, object] = {"id": bill}
    if minute is not None:
        told["updatedTime"] = (NOON + timedelta(minutes=minute)).isoformat()
    metadata = {
        "eventId": event_id,
        "subscriptionId": "s",
        "organizationId": "o",
        "eventType": "bill.updated",
        "version": "1",
    }
    return json.dumps({"metadata": metadata, "bill": told}, separators=(",", ":")).encode()


def event(event_id: str, minute: int | None = 0, *, bill: str = "00n01") -> WebhookEvent:
    """The same as an event."""
    return parse_event(body(event_id, minute, bill=bill))


@attrs.define
class Handler:
    """Keeps the ids that it was given; may have to wait at a gate, or fail for an id."""

    ids: list[str] = attrs.field(factory=list)
    started: list[str] = attrs.field(factory=list)
    gate: asyncio.Event | None = None
    fails_for: set[str] = attrs.field(factory=set)

    async def __call__(self, event: WebhookEvent) -> None:
        """Take one event."""
        self.started.append(event.event_id)
        if self.gate is not None:
            await self.gate.wait()
        if event.event_id in self.fails_for:
            raise LookupError(f"cannot do {event}")
        self.ids.append(event.event_id)


async def test_an_older_state_is_stale_and_told_to_who_asked() -> None:
    """It is not given to the handler, but to `on_stale`, once; an equally old one is handled."""
    handler, late = Handler(), Handler()
    inbox = EventInbox(handler, MemorySeenEvents(), on_stale=late)
    told = [event("new", 2), event("old", 1), event("old", 1), event("same", 2)]

    assert [await inbox.receive(one) for one in told] == [
        Reception.HANDLED,
        Reception.STALE,
        Reception.DUPLICATE,
        Reception.HANDLED,
    ]
    assert (handler.ids, late.ids) == (["new", "same"], ["old"])


async def test_order_is_kept_for_each_entity_apart() -> None:
    """Another bill's older state is handled, and one that does not say when it was."""
    handler = Handler()
    inbox = EventInbox(handler, MemorySeenEvents())
    for one in (event("a", 2), event("b", 1, bill="00n02"), event("c", None)):
        assert await inbox.receive(one) is Reception.HANDLED


async def test_an_event_that_failed_does_not_make_others_stale() -> None:
    """What the handler did not finish is not remembered, neither its id nor its time."""
    handler = Handler(fails_for={"new"})
    inbox = EventInbox(handler, MemorySeenEvents())
    with pytest.raises(LookupError):
        await inbox.receive(event("new", 2))
    assert await inbox.receive(event("old", 1)) is Reception.HANDLED

    handler.fails_for.clear()
    assert await inbox.receive(event("new", 2)) is Reception.HANDLED


async def test_events_of_one_bill_wait_for_each_other_and_others_do_not() -> None:
    """While one is handled its duplicate and its successor wait; another bill's goes ahead."""
    handler = Handler(gate=asyncio.Event())
    inbox = EventInbox(handler, MemorySeenEvents())
    told = [event("a", 1), event("a", 1), event("b", 2), event("c", 1, bill="00n02")]
    tasks = [asyncio.create_task(inbox.receive(one)) for one in told]
    await anyio.wait_all_tasks_blocked()

    assert handler.started == ["a", "c"]
    assert handler.gate is not None
    handler.gate.set()
    assert await asyncio.gather(*tasks) == ["handled", "duplicate", "handled", "handled"]
    assert handler.ids == ["a", "c", "b"]


async def test_a_handler_that_was_cancelled_has_handled_nothing() -> None:
    """A process that stops in the middle has the event delivered again, and the turn is free."""
    handler = Handler(gate=asyncio.Event())
    inbox = EventInbox(handler, MemorySeenEvents())
    task = asyncio.create_task(inbox.receive(event("a")))
    await anyio.wait_all_tasks_blocked()
    task.cancel()
    await asyncio.wait([task])

    assert handler.gate is not None
    handler.gate.set()
    assert await inbox.receive(event("a")) is Reception.HANDLED


async def test_memory_keeps_an_event_as_long_as_bill_does_and_no_longer() -> None:
    """After 180 days its id and its entity's state are forgotten, so memory is bounded."""
    now = [NOON]
    seen = MemorySeenEvents(now=lambda: now[0])
    first = event("a", 5)
    assert first.key is not None
    await seen.add(first)
    now[0] += timedelta(days=180)
    assert (await seen.has("a"), await seen.newest(first.key)) == (True, first.state_time)

    now[0] += timedelta(seconds=1)
    assert (await seen.has("a"), await seen.newest(first.key), len(seen)) == (False, None, 0)


async def test_the_newest_state_never_goes_back() -> None:
    """A stale event that is remembered does not make its state the newest."""
    seen = MemorySeenEvents(now=lambda: NOON)
    newer = event("a", 5)
    assert newer.key is not None
    await seen.add(newer)
    await seen.add(event("b", 1))

    assert await seen.newest(newer.key) == newer.state_time


@attrs.frozen(kw_only=True)
class Past:
    """An entry of the event history."""

    id: str
    payload: str
    created_time: datetime | None


async def test_a_repair_goes_by_time_and_past_what_fails(caplog: pytest.LogCaptureFixture) -> None:
    """Oldest first, whatever the order of the pages; failures are told, and left to the next."""
    handler = Handler(fails_for={"2"})
    inbox = EventInbox(handler, MemorySeenEvents())

    async def history() -> Any:
        for number in (3, 1, 2, 0):
            at = NOON + timedelta(minutes=number)
            payload = body(str(number), number, bill=f"00n{number}").decode()
            yield Past(id=str(number), payload=payload, created_time=at)

    since = NOON + timedelta(minutes=1)
    repair = await repair_gaps(history(), inbox, since=since)
    assert (repair.handled, repair.failed) == (("1", "3"), ("2",))
    assert "event 2 failed: LookupError" in caplog.text
    assert "00n2" not in caplog.text

    handler.fails_for.clear()
    assert (await repair_gaps(history(), inbox, since=since)).handled == ("2",)


async def test_the_app_is_mounted_under_any_path() -> None:
    """Inside another app it is reached below its mount, with the slash and without."""
    handler = Handler()
    app = Starlette(routes=[Mount("/hooks/bill", WebhookApp(keys=[KEY], handler=handler))])
    transport = httpx.ASGITransport(app=app, root_path="/behind/a/proxy")
    async with httpx.AsyncClient(transport=transport, base_url="http://mine") as http:
        for path in ("/hooks/bill/", "/hooks/bill/more"):
            told = body(path)
            headers = {"X-Bill-SHA-Signature": sign(told, KEY).decode(), "content-type": "x/y"}
            assert (await http.post(path, content=told, headers=headers)).status_code == 200

    assert handler.ids == ["/hooks/bill/", "/hooks/bill/more"]


async def answers(app: WebhookApp, scope: dict[str, Any], *messages: dict[str, Any]) -> list[Any]:
    """What the app sends on one connection that receives these messages."""
    waiting, sent = list(messages), []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


async def test_the_app_starts_and_stops_with_its_server() -> None:
    """A server that asks it to start and to stop is answered."""
    app = WebhookApp(keys=[KEY], handler=Handler())
    startup, shutdown = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}

    assert await answers(app, {"type": "lifespan"}, startup, shutdown) == [
        {"type": "lifespan.startup.complete"},
        {"type": "lifespan.shutdown.complete"},
    ]


def request(told: bytes, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """A POST, signed for a body, without a content-length."""
    signed = (b"x-bill-sha-signature", sign(told, KEY))
    return {"type": "http", "method": "POST", "headers": [signed, *headers]}


async def test_a_body_comes_in_pieces_or_not_at_all() -> None:
    """Pieces are put together; a caller who hangs up in between is answered nothing."""
    handler, told = Handler(), body("a")
    app = WebhookApp(keys=[KEY], handler=handler)
    first = {"type": "http.request", "body": told[:9], "more_body": True}
    last = {"type": "http.request", "body": told[9:], "more_body": False}

    assert await answers(app, request(told), first, {"type": "http.disconnect"}) == []
    start, _ = await answers(app, request(told), first, last)
    assert (start["status"], handler.ids) == (200, ["a"])


async def test_a_body_that_grows_too_large_is_read_no_further() -> None:
    """Without a content-length the limit holds for what has come; the rest is not asked for."""
    told = body("a")
    app = WebhookApp(keys=[KEY], handler=Handler(), max_body=len(told) - 1)
    piece = {"type": "http.request", "body": told, "more_body": True}

    start, _ = await answers(app, request(told), piece)
    assert start["status"] == 413
    exactly = WebhookApp(keys=[KEY], handler=Handler(), max_body=len(told))
    start, _ = await answers(exactly, request(told), {**piece, "more_body": False})
    assert start["status"] == 200


async def test_two_signatures_are_none() -> None:
    """Which of two headers is meant cannot be known, so neither is."""
    told = body("a")
    scope = request(told, (b"x-bill-sha-signature", b"x" * 44))

    start, _ = await answers(WebhookApp(keys=[KEY], handler=Handler()), scope)
    assert start["status"] == 403


async def test_a_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the app's repr, nor in what is logged of good, bad and failing events."""
    caplog.set_level("DEBUG")
    app = WebhookApp(keys=[KEY], handler=Handler(fails_for={"b"}))
    for told in (body("a"), body("b"), b"{}"):
        await answers(app, request(told), {"type": "http.request", "body": told})

    assert len(caplog.records) == 3
    assert KEY not in caplog.text + repr(app) + repr(app.inbox)
    assert "00n01" not in caplog.text
