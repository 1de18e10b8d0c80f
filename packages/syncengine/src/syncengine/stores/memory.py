"""A store in memory: for tests, notebooks, and engines that begin anew each time.

Every append copies the tables, which is right for thousands of records and not for millions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from syncengine.errors import ClaimTaken
from syncengine.events import GENESIS, Event, RecordedEvent, record
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
from syncengine.stores import leases


@attrs.define
class _Tables:
    """The projections."""

    links: dict[Ref, Link] = attrs.field(factory=dict, converter=dict)
    operations: dict[str, Operation] = attrs.field(factory=dict, converter=dict)
    claims: dict[tuple[Ref, int], str] = attrs.field(factory=dict, converter=dict)
    parks: dict[tuple[Ref, str], Park] = attrs.field(factory=dict, converter=dict)
    cursors: dict[str, Cursor] = attrs.field(factory=dict, converter=dict)
    lease: Lease = leases.NOBODY

    def copy(self) -> _Tables:
        """The same, to be changed apart from these."""
        return attrs.evolve(self)

    def apply(self, events: Iterable[Event]) -> None:
        """What the events change is changed.

        Raises:
            ClaimTaken: a record belongs to another operation; what came before it is changed.
        """
        for event in events:
            for change in changes(event):
                self._apply(change)

    def _apply(self, change: Change) -> None:  # noqa: C901 - one case a change, nothing else
        match change:
            case PutLink(link=link):
                self.links[link.ref] = link
            case PutOperation(operation=operation):
                self.operations[operation.id] = operation
            case PutProgress(progress=progress):
                if progress.id in self.operations:
                    self.operations[progress.id] = self.operations[progress.id].at(progress)
            case DropOperation(operation=name, keep_claims=keep):
                self.operations.pop(name, None)
                if not keep:
                    self.claims = {key: op for key, op in self.claims.items() if op != name}
            case Claim(ref=ref, generation=generation, operation=name):
                owner = self.claims.setdefault((ref, generation), name)
                if owner != name:
                    raise ClaimTaken(f"{ref} belongs to operation {owner}")
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
        leases.check(self._tables.lease, fence, connection=self._connection)
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
        held = self._tables.lease
        self._tables = _Tables()
        self._tables.apply(item.event for item in self._events)
        # Renewals leave no event: a lease that still runs keeps the expiry it was given last.
        if self._tables.lease.fence == held.fence:
            self._tables.lease = held

    async def link(self, ref: Ref) -> Link | None:
        """See `ports.StateStore`."""
        return self._tables.links.get(ref)

    async def links(self, flow: str) -> Mapping[str, Link]:
        """See `ports.StateStore`."""
        return {ref.key: link for ref, link in self._tables.links.items() if ref.flow == flow}

    async def open_operations(self, flow: str) -> Sequence[Operation]:
        """See `ports.StateStore`."""
        found = [item for item in self._tables.operations.values() if item.flow == flow]
        return sorted(found, key=lambda operation: (operation.opened_at, operation.id))

    async def parked(self, flow: str) -> Sequence[Park]:
        """See `ports.StateStore`."""
        found = [park for park in self._tables.parks.values() if park.ref.flow == flow]
        return sorted(found, key=lambda park: (park.ref.key, park.code))

    async def cursor(self, flow: str) -> Cursor | None:
        """See `ports.StateStore`."""
        return self._tables.cursors.get(flow)

    async def acquire(self, owner: str, *, now: datetime, seconds: float) -> Lease | None:
        """See `ports.LeaseStore`."""
        lease = leases.acquired(self._tables.lease, owner, now=now, seconds=seconds)
        if lease is not None:
            self._record([leases.acquisition(lease, now=now)])
        return lease

    async def renew(self, fence: Fence, *, now: datetime, seconds: float) -> Lease:
        """See `ports.LeaseStore`."""
        leases.check(self._tables.lease, fence, connection=self._connection)
        self._tables.lease = leases.renewed(fence, now=now, seconds=seconds)
        return self._tables.lease

    async def release(self, fence: Fence, *, now: datetime) -> None:
        """See `ports.LeaseStore`."""
        if leases.holds(self._tables.lease, fence):
            self._record([leases.return_of(leases.released(self._tables.lease), now=now)])

    def _record(self, events: Sequence[Event]) -> Sequence[RecordedEvent]:
        previous = self._events[-1].hash if self._events else GENESIS
        recorded = record(
            self._connection, events, sequence=len(self._events), previous_hash=previous
        )
        # On a copy, as in a transaction: a refusal on the way leaves nothing behind.
        tables = self._tables.copy()
        tables.apply(events)
        self._tables = tables
        self._events += recorded
        return recorded
