"""What was handled already: event ids, and the newest state of each entity."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bill_client.webhooks.events import EntityKey, WebhookEvent

HISTORY = timedelta(days=180)
"""How far back BILL's event history goes, and so how late a replay may come (`bill.md` §5.10)."""


class SeenEvents(Protocol):
    """Remembers events that were handled; one that outlives the process is a table of two."""

    async def has(self, event_id: str) -> bool:
        """Whether this event was handled."""
        ...

    async def newest(self, key: EntityKey) -> datetime | None:
        """The newest `state_time` of this entity among the handled events, None if there is none.

        It never goes back.
        """
        ...

    async def add(self, event: WebhookEvent) -> None:
        """The event was handled: `has` is true for its id, durably, when this returns."""
        ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MemorySeenEvents:
    """`SeenEvents` of one process, forgotten with it, and each entry after `keep`."""

    def __init__(
        self, *, keep: timedelta = HISTORY, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._keep = keep
        self._now = now
        self._ids: OrderedDict[str, datetime] = OrderedDict()
        self._newest: OrderedDict[EntityKey, tuple[datetime, datetime]] = OrderedDict()

    async def has(self, event_id: str) -> bool:
        """Whether this event was handled within `keep`."""
        self._forget()
        return event_id in self._ids

    async def newest(self, key: EntityKey) -> datetime | None:
        """The newest state of this entity that was handled within `keep`."""
        self._forget()
        entry = self._newest.get(key)
        return entry and entry[1]

    async def add(self, event: WebhookEvent) -> None:
        """The event is remembered from now on, for as long as `keep`."""
        self._forget()
        now = self._now()
        self._ids[event.event_id] = now
        self._ids.move_to_end(event.event_id)
        if event.key is not None and event.state_time is not None:
            newest = await self.newest(event.key)
            self._newest[event.key] = (now, max(newest or event.state_time, event.state_time))
            self._newest.move_to_end(event.key)

    def __len__(self) -> int:
        return len(self._ids)

    def _forget(self) -> None:
        oldest = self._now() - self._keep
        while self._ids and next(iter(self._ids.values())) < oldest:
            self._ids.popitem(last=False)
        while self._newest and next(iter(self._newest.values()))[0] < oldest:
            self._newest.popitem(last=False)
