"""Each event to the handler once, and no state after a newer one."""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import attrs

from bill_client.webhooks.events import WebhookEvent
from bill_client.webhooks.seen import SeenEvents

Handler = Callable[[WebhookEvent], Awaitable[None]]
"""What is done with an event. One that raises is given the event again when BILL repeats it."""


class Reception(enum.StrEnum):
    """What became of an event."""

    HANDLED = "handled"
    """The handler returned, and the event is remembered."""

    DUPLICATE = "duplicate"
    """It was handled before; nothing was done."""

    STALE = "stale"
    """A newer state of the same entity was handled before; `on_stale` alone was told."""


@attrs.define
class _Turn:
    """The lock of one entity, and how many hold it or wait for it."""

    lock: anyio.Lock = attrs.field(factory=anyio.Lock)
    users: int = 0


class EventInbox:
    """Gives events to a handler, one at a time for each entity.

    BILL delivers at least once and in any order (`bill.md` §5.10). An event is remembered after
    its handler returned, so a crash in between has it delivered again: a handler may see an event
    twice, and never loses one. Events that come twice at once are handled once within a process;
    several processes that share a store may each handle one.

    Args:
        handler: is given each event that is new.
        seen: what was handled.
        on_stale: is given events that are older than one handled; without it they are dropped.
    """

    def __init__(
        self, handler: Handler, seen: SeenEvents, *, on_stale: Handler | None = None
    ) -> None:
        self._handler = handler
        self._seen = seen
        self._on_stale = on_stale
        self._turns: dict[object, _Turn] = {}

    async def receive(self, event: WebhookEvent) -> Reception:
        """What became of the event; whatever the handler raises is raised, and nothing is kept."""
        # A repeated event has the same entity, so the entity's turn covers duplicates too.
        async with self._turn(event.key or event.event_id):
            if await self._seen.has(event.event_id):
                return Reception.DUPLICATE
            stale = await self._is_stale(event)
            handler = self._on_stale if stale else self._handler
            if handler is not None:
                await handler(event)
            await self._seen.add(event)
        return Reception.STALE if stale else Reception.HANDLED

    async def was_handled(self, event_id: str) -> bool:
        """Whether the event of this id was handled, or was stale."""
        return await self._seen.has(event_id)

    async def _is_stale(self, event: WebhookEvent) -> bool:
        if event.key is None or event.state_time is None:
            return False
        newest = await self._seen.newest(event.key)
        return newest is not None and event.state_time < newest

    @asynccontextmanager
    async def _turn(self, name: object) -> AsyncIterator[None]:
        turn = self._turns.setdefault(name, _Turn())
        turn.users += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.users -= 1
            if not turn.users:
                del self._turns[name]
