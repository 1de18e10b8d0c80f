"""A store in memory: for tests, notebooks, and engines that begin anew each time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from syncengine import codec
from syncengine.errors import ClaimTaken, FenceLost
from syncengine.events import GENESIS, Event, EventType, RecordedEvent, record
from syncengine.model import Cursor, Fence, Lease, Link, Operation, Park, Ref
from syncengine.ports import Head
from syncengine.projection import (
    Change,
    Claim,
    DropOperation,
    DropPark,
    PutCursor,
    PutLease,
    PutLink,
    PutOperation,
    PutPark,
    PutProgress,
    changes,
)


@attrs.define
class _Tables:
    """The projections."""

    links: dict[Ref, Link] = attrs.field(factory=dict)
    operations: dict[str, Operation] = attrs.field(factory=dict)
    claims: dict[tuple[Ref, int], str] = attrs.field(factory=dict)
    parks: dict[tuple[Ref, str], Park] = attrs.field(factory=dict)
    cursors: dict[str, Cursor] = attrs.field(factory=dict)
    lease: Lease = attrs.field(factory=lambda: Lease(owner="", epoch=0, expires_at=None))

    def apply(self, change: Change) -> None:  # noqa: C901 - one case a change, nothing else
        match change:
            case PutLink(link=link):
                self.links[link.ref] = link
            case PutOperation(operation=operation):
                self.operations[operation.id] = operation
            case PutProgress(progress=progress):
                self.operations[progress.id] = self.operations[progress.id].at(progress)
            case DropOperation(operation=name, keep_claims=keep):
                self.operations.pop(name, None)
                if not keep:
                    self.claims = {key: op for key, op in self.claims.items() if op != name}
            case Claim(ref=ref, generation=generation, operation=name):
                if self.claims.setdefault((ref, generation), name) != name:
                    raise ClaimTaken(f"{ref} belongs to another operation")
            case PutPark(park=park):
                self.parks[park.ref, park.code] = park
            case DropPark(ref=ref, code=code):
                self.parks.pop((ref, code), None)
            case PutCursor(cursor=cursor):
                self.cursors[cursor.flow] = cursor
            case PutLease(lease=lease):
                self.lease = lease


class MemoryStore:
    """`ports.Store` in memory. It is gone with the process; everything else holds."""

    def __init__(self, connection: str) -> None:
        self._connection = connection
        self._events: list[RecordedEvent] = []
        self._tables = _Tables()

    async def append(self, events: Sequence[Event], *, fence: Fence) -> Sequence[RecordedEvent]:
        """See `ports.Journal`."""
        self._check(fence)
        claimed: dict[tuple[Ref, int], str] = {}
        for change in _changes(events):
            if isinstance(change, Claim):
                key = (change.ref, change.generation)
                owner = claimed.setdefault(key, self._tables.claims.get(key, change.operation))
                if owner != change.operation:
                    raise ClaimTaken(f"{change.ref} belongs to another operation")
        return self._record(events)

    async def events(self, after: int = 0) -> AsyncIterator[RecordedEvent]:
        """See `ports.Journal`."""
        for item in self._events[after:]:
            yield item

    async def head(self) -> Head:
        """See `ports.Journal`."""
        if not self._events:
            return Head(sequence=0, hash=GENESIS)
        return Head(sequence=self._events[-1].sequence, hash=self._events[-1].hash)

    async def rebuild(self) -> None:
        """See `ports.Journal`."""
        tables = _Tables()
        for change in _changes(item.event for item in self._events):
            tables.apply(change)
        self._tables = tables

    async def link(self, ref: Ref) -> Link | None:
        """See `ports.StateStore`."""
        return self._tables.links.get(ref)

    async def links(self, flow: str) -> Mapping[str, Link]:
        """See `ports.StateStore`."""
        return {ref.key: link for ref, link in self._tables.links.items() if ref.flow == flow}

    async def open_operations(self, flow: str) -> Sequence[Operation]:
        """See `ports.StateStore`."""
        return [item for item in self._tables.operations.values() if item.flow == flow]

    async def parked(self, flow: str) -> Sequence[Park]:
        """See `ports.StateStore`."""
        found = [park for park in self._tables.parks.values() if park.ref.flow == flow]
        return sorted(found, key=lambda park: (park.ref.key, park.code))

    async def cursor(self, flow: str) -> Cursor | None:
        """See `ports.StateStore`."""
        return self._tables.cursors.get(flow)

    async def acquire(self, owner: str, *, now: datetime, seconds: float) -> Lease | None:
        """See `ports.LeaseStore`."""
        held = self._tables.lease
        if held.expires_at is not None and held.owner != owner and held.expires_at > now:
            return None
        lease = Lease(
            owner=owner, epoch=held.epoch + 1, expires_at=now + timedelta(seconds=seconds)
        )
        self._record([_lease_event(EventType.LEASE_ACQUIRED, lease, now)])
        return lease

    async def renew(self, fence: Fence, *, now: datetime, seconds: float) -> Lease:
        """See `ports.LeaseStore`."""
        self._check(fence)
        self._tables.lease = Lease(
            owner=fence.owner, epoch=fence.epoch, expires_at=now + timedelta(seconds=seconds)
        )
        return self._tables.lease

    async def release(self, fence: Fence, *, now: datetime) -> None:
        """See `ports.LeaseStore`."""
        if self._tables.lease.fence == fence:
            free = Lease(owner="", epoch=fence.epoch, expires_at=None)
            self._record([_lease_event(EventType.LEASE_RELEASED, free, now)])

    def _check(self, fence: Fence) -> None:
        if self._tables.lease.fence != fence:
            raise FenceLost(f"connection {self._connection}: the lease was taken by another engine")

    def _record(self, events: Sequence[Event]) -> Sequence[RecordedEvent]:
        sequence = len(self._events)
        previous = self._events[-1].hash if self._events else GENESIS
        recorded = record(self._connection, events, sequence=sequence, previous_hash=previous)
        self._events += recorded
        for change in _changes(events):
            self._tables.apply(change)
        return recorded


def _changes(events: Iterable[Event]) -> Iterable[Change]:
    return [change for event in events for change in changes(event)]


def _lease_event(event_type: EventType, lease: Lease, now: datetime) -> Event:
    return Event(type=event_type, at=now, data={"lease": codec.to_json(lease)})
