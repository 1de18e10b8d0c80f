"""A store in a SQL database: one implementation, SQLite by default."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import attrs
import sqlalchemy as sa

from syncengine import codec
from syncengine.errors import FenceLost
from syncengine.events import Event, EventType, RecordedEvent
from syncengine.model import Cursor, Fence, Lease, Link, Operation, Park, Ref
from syncengine.ports import Head
from syncengine.projection import changes
from syncengine.stores import rows
from syncengine.stores.database import Database, PendingAppend, append_to, head_of
from syncengine.stores.tables import CURSORS, EVENTS, LINKS, OPERATIONS, PARKS, PROJECTIONS

_PAGE = 500


class SqlStores:
    """The stores of all connections in one database; an async context manager."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the SQLite file, made if it is not there, its schema brought up to date.

        Raises:
            Misconfigured: the file is not a database of ours, or of a newer version.
        """
        return cls(await Database.open(path))

    @property
    def commits(self) -> int:
        """How many transactions were committed: appends of concurrent tasks share them."""
        return self._database.commits

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
        return await self._database.append(PendingAppend(self._connection, events, fence))

    async def events(self, after: int = 0) -> AsyncIterator[RecordedEvent]:
        """See `ports.Journal`; read in pages, so that nobody waits for a long reader."""
        while page := await self._database.run(partial(self._page, after)):
            for item in page:
                yield item
            after = page[-1].sequence

    async def head(self) -> Head:
        """See `ports.Journal`."""

        def work() -> Head:
            with self._database.reading() as database:
                return head_of(database, self._connection)

        return await self._database.run(work)

    async def rebuild(self) -> None:
        """See `ports.Journal`."""
        await self._database.run(self._rebuild)

    async def link(self, ref: Ref) -> Link | None:
        """See `ports.StateStore`."""
        found = await self._texts(
            sa.select(LINKS.c.link).where(
                LINKS.c.connection == self._connection,
                LINKS.c.flow == ref.flow,
                LINKS.c.key == ref.key,
            )
        )
        return codec.link_from(codec.loads(found[0])) if found else None

    async def links(self, flow: str) -> Mapping[str, Link]:
        """See `ports.StateStore`."""
        found = await self._texts(
            sa.select(LINKS.c.link).where(
                LINKS.c.connection == self._connection, LINKS.c.flow == flow
            )
        )
        made = [codec.link_from(codec.loads(text)) for text in found]
        return {link.ref.key: link for link in made}

    async def open_operations(self, flow: str) -> Sequence[Operation]:
        """See `ports.StateStore`."""

        def work() -> Sequence[Operation]:
            with self._database.reading() as database:
                found = database.execute(
                    sa.select(OPERATIONS.c.operation, OPERATIONS.c.progress)
                    .where(OPERATIONS.c.connection == self._connection, OPERATIONS.c.flow == flow)
                    .order_by(OPERATIONS.c.opened_at, OPERATIONS.c.id)
                ).all()
            return [rows.operation_of(row.operation, row.progress) for row in found]

        return await self._database.run(work)

    async def parked(self, flow: str) -> Sequence[Park]:
        """See `ports.StateStore`."""
        found = await self._texts(
            sa.select(PARKS.c.park)
            .where(PARKS.c.connection == self._connection, PARKS.c.flow == flow)
            .order_by(PARKS.c.key, PARKS.c.code)
        )
        return [codec.park_from(codec.loads(text)) for text in found]

    async def cursor(self, flow: str) -> Cursor | None:
        """See `ports.StateStore`."""
        found = await self._texts(
            sa.select(CURSORS.c.cursor).where(
                CURSORS.c.connection == self._connection, CURSORS.c.flow == flow
            )
        )
        return codec.cursor_from(codec.loads(found[0])) if found else None

    async def acquire(self, owner: str, *, now: datetime, seconds: float) -> Lease | None:
        """See `ports.LeaseStore`."""

        def work() -> Lease | None:
            with self._database.writing() as database:
                held = rows.read_lease(database, self._connection)
                if held.expires_at is not None and held.owner != owner and held.expires_at > now:
                    return None
                lease = Lease(
                    owner=owner, epoch=held.epoch + 1, expires_at=now + timedelta(seconds=seconds)
                )
                self._tell(database, EventType.LEASE_ACQUIRED, lease, now)
                return lease

        return await self._database.run(work)

    async def renew(self, fence: Fence, *, now: datetime, seconds: float) -> Lease:
        """See `ports.LeaseStore`."""

        def work() -> Lease:
            with self._database.writing() as database:
                if rows.read_lease(database, self._connection).fence != fence:
                    raise FenceLost(f"connection {self._connection}: the lease was taken")
                lease = Lease(
                    owner=fence.owner,
                    epoch=fence.epoch,
                    expires_at=now + timedelta(seconds=seconds),
                )
                rows.put_lease(database, self._connection, lease)
                return lease

        return await self._database.run(work)

    async def release(self, fence: Fence, *, now: datetime) -> None:
        """See `ports.LeaseStore`."""

        def work() -> None:
            with self._database.writing() as database:
                if rows.read_lease(database, self._connection).fence == fence:
                    free = Lease(owner="", epoch=fence.epoch, expires_at=None)
                    self._tell(database, EventType.LEASE_RELEASED, free, now)

        await self._database.run(work)

    def _tell(
        self, database: sa.Connection, event_type: EventType, lease: Lease, now: datetime
    ) -> None:
        event = Event(type=event_type, at=now, data={"lease": codec.to_json(lease)})
        append_to(database, self._connection, [event])

    def _page(self, after: int) -> Sequence[RecordedEvent]:
        with self._database.reading() as database:
            found = database.execute(
                sa.select(EVENTS)
                .where(EVENTS.c.connection == self._connection, EVENTS.c.sequence > after)
                .order_by(EVENTS.c.sequence)
                .limit(_PAGE)
            ).mappings()
            return [rows.recorded_event(dict(row)) for row in found]

    def _rebuild(self) -> None:
        with self._database.writing() as database:
            for table in PROJECTIONS:
                database.execute(sa.delete(table).where(table.c.connection == self._connection))
            found = database.execute(
                sa.select(EVENTS)
                .where(EVENTS.c.connection == self._connection)
                .order_by(EVENTS.c.sequence)
            ).mappings()
            for row in found.all():
                for change in changes(rows.recorded_event(dict(row)).event):
                    rows.apply(database, self._connection, change)

    async def _texts(self, select: sa.Select[str]) -> Sequence[str]:
        def work() -> Sequence[str]:
            with self._database.reading() as database:
                return database.execute(select).scalars().all()

        return await self._database.run(work)
