"""The database under the SQL stores: transactions in worker threads, appends that share commits.

The engine is synchronous and runs in worker threads (measured: not slower, and its tail is
shorter). One writer at a time commits everything that concurrent tasks wait to append.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

import anyio
import anyio.to_thread
import attrs
import sqlalchemy as sa

from syncengine.errors import EngineError, FenceLost, Misconfigured
from syncengine.events import GENESIS, Event, EventType, RecordedEvent, record
from syncengine.model import Fence
from syncengine.ports import Head
from syncengine.projection import changes
from syncengine.stores import rows
from syncengine.stores.schema import upgrade
from syncengine.stores.tables import EVENTS

T = TypeVar("T")


@attrs.define(eq=False)
class PendingAppend:
    """One append that waits for the writer."""

    connection: str
    events: Sequence[Event]
    fence: Fence
    recorded: Sequence[RecordedEvent] = ()
    error: Exception | None = None
    done: bool = False


class Database:
    """One database file, and the only writer of this process to it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = anyio.Lock()
        self._pending: list[PendingAppend] = []
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

    async def aclose(self) -> None:
        """Close every connection to the database."""
        await anyio.to_thread.run_sync(self._engine.dispose)

    async def append(self, pending: PendingAppend) -> Sequence[RecordedEvent]:
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
        """Do database work in a worker thread."""
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

    def _commit(self, batch: Sequence[PendingAppend]) -> None:
        try:
            with self.writing() as database:
                fences: dict[str, Fence] = {}
                for pending in batch:
                    self._append_one(database, pending, fences)
        except Exception as error:  # the commit itself failed, so nothing of it was written
            for pending in batch:
                pending.error, pending.recorded = error, ()
            raise
        finally:
            for pending in batch:
                pending.done = True

    def _append_one(
        self, database: sa.Connection, pending: PendingAppend, fences: dict[str, Fence]
    ) -> None:
        """One append of the batch; refused, it leaves its siblings alone."""
        name = pending.connection
        if name not in fences:
            # Inside the transaction, which holds the write lock: nobody takes the lease meanwhile.
            fences[name] = rows.read_lease(database, name).fence
        if fences[name] != pending.fence:
            pending.error = FenceLost(f"connection {name}: the lease was taken by another engine")
            return
        try:
            # Only a claim can be refused half-way, and only intents claim.
            if any(event.type is EventType.INTENT for event in pending.events):
                with database.begin_nested():
                    pending.recorded = append_to(database, name, pending.events)
            else:
                pending.recorded = append_to(database, name, pending.events)
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
