"""A store in a SQL database: one implementation, SQLite by default.

The engine is synchronous and runs in worker threads (measured: not slower, and its tail is
shorter). One writer at a time commits everything that concurrent tasks wait to append.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import anyio
import anyio.to_thread
import attrs
import sqlalchemy as sa

from syncengine import codec
from syncengine.errors import EngineError, FenceLost, Misconfigured
from syncengine.events import GENESIS, Event, EventType, RecordedEvent, record
from syncengine.model import Cursor, Fence, Lease, Link, Operation, Park, Ref
from syncengine.ports import Head
from syncengine.projection import changes
from syncengine.stores import rows
from syncengine.stores.schema import upgrade
from syncengine.stores.tables import CURSORS, EVENTS, LINKS, OPERATIONS, PARKS, PROJECTIONS

T = TypeVar("T")

_PAGE = 500


@attrs.define(eq=False)
class _Pending:
    """One append that waits for the writer."""

    connection: str
    events: Sequence[Event]
    fence: Fence
    recorded: Sequence[RecordedEvent] = ()
    error: Exception | None = None
    done: bool = False


class SqlStores:
    """The stores of all connections in one database; an async context manager."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = anyio.Lock()
        self._pending: list[_Pending] = []
        self._writing = threading.Lock()
        self.commits = 0
        """How many transactions were committed: appends of concurrent tasks share them."""

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the SQLite file, made if it is not there, its schema brought up to date.

        Raises:
            Misconfigured: the file is not a database of ours, or of a newer version.
        """
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            connect_args={"check_same_thread": False, "timeout": 30.0},
            poolclass=sa.QueuePool,
        )
        sa.event.listen(engine, "connect", _configure)
        sa.event.listen(engine, "begin", _begin_immediate)
        try:
            await anyio.to_thread.run_sync(upgrade, engine, str(path))
        except Misconfigured:
            engine.dispose()
            raise
        return cls(engine)

    def connection(self, name: str) -> SqlStore:
        """The store of one connection."""
        return SqlStore(self, name)

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
        await anyio.to_thread.run_sync(self._engine.dispose)

    async def append(self, pending: _Pending) -> Sequence[RecordedEvent]:
        """Append, together with all that wait; returns when its transaction is durable.

        Whoever gets the lock commits for everybody who waits by then. A caller that is cancelled
        while it commits is cancelled after the commit.
        """
        self._pending.append(pending)
        with anyio.CancelScope(shield=True):
            async with self._lock:
                if not pending.done:
                    batch, self._pending = self._pending, []
                    await self.run(lambda: self._commit(batch))
        if pending.error is not None:
            raise pending.error
        return pending.recorded

    async def run(self, work: Callable[[], T]) -> T:
        """Do database work in a worker thread, to its end."""
        # Not cancellable on the way: a transaction comes to its end, known to its caller.
        return await anyio.to_thread.run_sync(work)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with, outside any transaction of ours."""
        with self._engine.connect() as database:
            yield database.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock from its beginning."""
        with self._writing, self._engine.begin() as database:
            yield database
        self.commits += 1

    def _commit(self, batch: Sequence[_Pending]) -> None:
        try:
            with self.writing() as database:
                for pending in batch:
                    self._append_one(database, pending)
        except Exception as error:  # the commit itself failed, so nothing of it was written
            for pending in batch:
                pending.error, pending.recorded = error, ()
            raise
        finally:
            for pending in batch:
                pending.done = True

    def _append_one(self, database: sa.Connection, pending: _Pending) -> None:
        """One append of the batch; refused, it leaves its siblings alone."""
        try:
            with database.begin_nested():
                if rows.read_lease(database, pending.connection).fence != pending.fence:
                    raise FenceLost(
                        f"connection {pending.connection}: the lease was taken by another engine"
                    )
                pending.recorded = append_to(database, pending.connection, pending.events)
        except EngineError as refusal:
            pending.error = refusal


def append_to(
    database: sa.Connection, connection: str, events: Sequence[Event]
) -> Sequence[RecordedEvent]:
    """Events and the changes they make, in the transaction that is open."""
    head = head_of(database, connection)
    recorded = record(connection, events, sequence=head.sequence, previous_hash=head.hash)
    rows.write_events(database, connection, recorded)
    for event in events:
        for change in changes(event):
            rows.apply(database, connection, change)
    return recorded


def head_of(database: sa.Connection, connection: str) -> Head:
    """The end of a connection's chain."""
    row = database.execute(
        sa.select(EVENTS.c.sequence, EVENTS.c.hash)
        .where(EVENTS.c.connection == connection)
        .order_by(EVENTS.c.sequence.desc())
        .limit(1)
    ).one_or_none()
    return Head(sequence=row.sequence, hash=row.hash) if row else Head(sequence=0, hash=GENESIS)


@attrs.frozen
class SqlStore:
    """`ports.Store` of one connection, in the database of its `SqlStores`."""

    _stores: SqlStores
    _connection: str

    async def append(self, events: Sequence[Event], *, fence: Fence) -> Sequence[RecordedEvent]:
        """See `ports.Journal`."""
        return await self._stores.append(_Pending(self._connection, events, fence))

    async def events(self, after: int = 0) -> AsyncIterator[RecordedEvent]:
        """See `ports.Journal`; read in pages, so that nobody waits for a long reader."""
        while page := await self._stores.run(partial(self._page, after)):
            for item in page:
                yield item
            after = page[-1].sequence

    async def head(self) -> Head:
        """See `ports.Journal`."""

        def work() -> Head:
            with self._stores.reading() as database:
                return head_of(database, self._connection)

        return await self._stores.run(work)

    async def rebuild(self) -> None:
        """See `ports.Journal`."""
        await self._stores.run(self._rebuild)

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
            with self._stores.reading() as database:
                found = database.execute(
                    sa.select(OPERATIONS.c.operation, OPERATIONS.c.progress)
                    .where(OPERATIONS.c.connection == self._connection, OPERATIONS.c.flow == flow)
                    .order_by(OPERATIONS.c.opened_at, OPERATIONS.c.id)
                ).all()
            return [rows.operation_of(row.operation, row.progress) for row in found]

        return await self._stores.run(work)

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
            with self._stores.writing() as database:
                held = rows.read_lease(database, self._connection)
                if held.expires_at is not None and held.owner != owner and held.expires_at > now:
                    return None
                lease = Lease(
                    owner=owner, epoch=held.epoch + 1, expires_at=now + timedelta(seconds=seconds)
                )
                self._tell(database, EventType.LEASE_ACQUIRED, lease, now)
                return lease

        return await self._stores.run(work)

    async def renew(self, fence: Fence, *, now: datetime, seconds: float) -> Lease:
        """See `ports.LeaseStore`."""

        def work() -> Lease:
            with self._stores.writing() as database:
                if rows.read_lease(database, self._connection).fence != fence:
                    raise FenceLost(f"connection {self._connection}: the lease was taken")
                lease = Lease(
                    owner=fence.owner,
                    epoch=fence.epoch,
                    expires_at=now + timedelta(seconds=seconds),
                )
                rows.put_lease(database, self._connection, lease)
                return lease

        return await self._stores.run(work)

    async def release(self, fence: Fence, *, now: datetime) -> None:
        """See `ports.LeaseStore`."""

        def work() -> None:
            with self._stores.writing() as database:
                if rows.read_lease(database, self._connection).fence == fence:
                    free = Lease(owner="", epoch=fence.epoch, expires_at=None)
                    self._tell(database, EventType.LEASE_RELEASED, free, now)

        await self._stores.run(work)

    def _tell(
        self, database: sa.Connection, event_type: EventType, lease: Lease, now: datetime
    ) -> None:
        event = Event(type=event_type, at=now, data={"lease": codec.to_json(lease)})
        append_to(database, self._connection, [event])

    def _page(self, after: int) -> Sequence[RecordedEvent]:
        with self._stores.reading() as database:
            found = database.execute(
                sa.select(EVENTS)
                .where(EVENTS.c.connection == self._connection, EVENTS.c.sequence > after)
                .order_by(EVENTS.c.sequence)
                .limit(_PAGE)
            ).mappings()
            return [rows.recorded_event(dict(row)) for row in found]

    def _rebuild(self) -> None:
        with self._stores.writing() as database:
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
            with self._stores.reading() as database:
                return database.execute(select).scalars().all()

        return await self._stores.run(work)


def _configure(raw: object, _: object) -> None:
    """WAL and a full sync: what append returned survives a loss of power."""
    cursor = raw.cursor()  # type: ignore[attr-defined]  # the driver's own connection
    raw.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(database: sa.Connection) -> None:
    """Take the write lock at once: two processes never read a head that both then extend."""
    database.exec_driver_sql("BEGIN IMMEDIATE")
