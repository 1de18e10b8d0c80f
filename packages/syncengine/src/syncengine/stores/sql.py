"""A store in a SQL database: one implementation, SQLite without any set-up.

    async with await SqlStores.open(Path("state.sqlite")) as stores:
        store = stores.connection("MQUS")

Several connections share a database, and several processes may.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import attrs
import sqlalchemy as sa

from syncengine import codec
from syncengine.events import Event, RecordedEvent
from syncengine.model import Cursor, Fence, Lease, Link, Operation, Park, Payload, Ref
from syncengine.ports import Head
from syncengine.stores import leases, rows
from syncengine.stores.database import Database
from syncengine.stores.statements import find
from syncengine.stores.tables import CURSORS, LINKS, PARKS

T = TypeVar("T")


class SqlStores:
    """The stores of all connections in one database; an async context manager."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, place: Path | str) -> Self:
        """Open a SQLite file, made where there is none, or the database at a SQLAlchemy URL.

        Its schema is brought up to date.

        Raises:
            Misconfigured: it cannot be opened, is not ours, or is of a newer version.
        """
        return cls(await Database.open(place))

    def connection(self, name: str) -> SqlStore:
        """The store of one connection."""
        return SqlStore(self._database, name)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection to the database."""
        await self._database.aclose()


@attrs.frozen
class SqlStore:
    """`ports.Store` of one connection, in the database of its `SqlStores`."""

    _database: Database
    _connection: str

    async def append(self, events: Sequence[Event], *, fence: Fence) -> Sequence[RecordedEvent]:
        """See `ports.Journal`."""
        told = tuple(events)

        def work(database: sa.Connection) -> Sequence[RecordedEvent]:
            held = rows.lease_of(database, self._connection)
            leases.check(held, fence, connection=self._connection)
            return rows.append(database, self._connection, told)

        return await self._database.write(self._connection, work)

    async def events(self, after: int = 0) -> AsyncIterator[RecordedEvent]:
        """See `ports.Journal`; read in pages, so that nobody waits for a long reader."""
        while True:
            page = await self._page(after)
            for item in page:
                yield item
            if not page:
                return
            after = page[-1].sequence

    async def head(self) -> Head:
        """See `ports.Journal`."""
        return await self._database.read(lambda database: rows.head_of(database, self._connection))

    async def rebuild(self) -> None:
        """See `ports.Journal`."""
        await self._database.write(
            self._connection, lambda database: rows.rebuild(database, self._connection)
        )

    async def link(self, ref: Ref) -> Link | None:
        """See `ports.StateStore`."""
        found = await self._find(LINKS.c.link, codec.link_from, flow=ref.flow, key=ref.key)
        return next(iter(found), None)

    async def links(self, flow: str) -> Mapping[str, Link]:
        """See `ports.StateStore`."""
        found = await self._find(LINKS.c.link, codec.link_from, flow=flow)
        return {link.ref.key: link for link in found}

    async def open_operations(self, flow: str) -> Sequence[Operation]:
        """See `ports.StateStore`."""
        found = await self._database.read(
            lambda database: rows.open_operations(database, self._connection, flow)
        )
        return sorted(found, key=lambda operation: (operation.opened_at, operation.id))

    async def parked(self, flow: str) -> Sequence[Park]:
        """See `ports.StateStore`."""
        found = await self._find(PARKS.c.park, codec.park_from, flow=flow)
        return sorted(found, key=lambda park: (park.ref.key, park.code))

    async def cursor(self, flow: str) -> Cursor | None:
        """See `ports.StateStore`."""
        found = await self._find(CURSORS.c.cursor, codec.cursor_from, flow=flow)
        return next(iter(found), None)

    async def acquire(self, owner: str, *, now: datetime, seconds: float) -> Lease | None:
        """See `ports.LeaseStore`."""

        def work(database: sa.Connection) -> Lease | None:
            held = rows.lease_of(database, self._connection)
            lease = leases.acquired(held, owner, now=now, seconds=seconds)
            if lease is not None:
                rows.append(database, self._connection, [leases.acquisition(lease, now=now)])
            return lease

        return await self._database.write(self._connection, work)

    async def renew(self, fence: Fence, *, now: datetime, seconds: float) -> Lease:
        """See `ports.LeaseStore`."""

        def work(database: sa.Connection) -> Lease:
            held = rows.lease_of(database, self._connection)
            leases.check(held, fence, connection=self._connection)
            lease = leases.renewed(fence, now=now, seconds=seconds)
            rows.put_lease(database, self._connection, lease)
            return lease

        return await self._database.write(self._connection, work)

    async def release(self, fence: Fence, *, now: datetime) -> None:
        """See `ports.LeaseStore`."""

        def work(database: sa.Connection) -> None:
            held = rows.lease_of(database, self._connection)
            if leases.holds(held, fence):
                free = leases.released(held)
                rows.append(database, self._connection, [leases.return_of(free, now=now)])

        await self._database.write(self._connection, work)

    async def _page(self, after: int) -> Sequence[RecordedEvent]:
        return await self._database.read(
            lambda database: rows.events_after(database, self._connection, after)
        )

    async def _find(
        self, column: sa.Column[str], read: Callable[[Payload], T], **where: str
    ) -> Sequence[T]:
        row = {"connection": self._connection, **where}

        def work(database: sa.Connection) -> Sequence[T]:
            return [read(codec.loads(text)) for text in find(database, column, row)]

        return await self._database.read(work)
