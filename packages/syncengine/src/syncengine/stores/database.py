"""One SQL database, used from worker threads: many readers, one writer.

The driver is synchronous (measured: not slower than an asynchronous one, and its tail is shorter).
A commit costs far more than what it commits, so tasks that write at the same time share one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import anyio
import anyio.to_thread
import attrs
import sqlalchemy as sa

from syncengine.errors import Misconfigured
from syncengine.stores.schema import upgrade

T = TypeVar("T")

READERS = 4
"""How many threads read at once."""

PATIENCE = 30.0
"""Seconds that a writer waits while another process writes to the same SQLite file."""

_ARGUMENTS = {
    # The driver begins no transaction by itself: `_begin_immediate` does, and a reader needs none.
    "sqlite": {"isolation_level": None, "check_same_thread": False, "timeout": PATIENCE},
    # Prepared statements do not survive a pooler between us and the server.
    "postgresql": {"prepare_threshold": None},
}


@attrs.frozen(kw_only=True, eq=False)
class _Write(Generic[T]):
    """Something that a caller wants written, and the end it comes to."""

    connection: str
    work: Callable[[sa.Connection], T]
    end: Future[T] = attrs.field(factory=Future)

    def attempt(self, database: sa.Connection) -> Callable[[], None]:
        """Do it, or nothing of it; what is returned tells the caller, once it is committed."""
        try:
            with database.begin_nested():
                return partial(self.end.set_result, self.work(database))
        except sa.exc.OperationalError:
            raise  # no space, no file, no server: that is not about this write alone
        except Exception as refusal:  # noqa: BLE001 - it is the caller's, who gets it
            return partial(self.end.set_exception, refusal)


class Database:
    """A database that is open; an append, a lease or a rebuild is one `write`."""

    def __init__(self, reader: sa.Engine, writer: sa.Engine) -> None:
        self._reader = reader
        self._writer = writer
        self._reading = anyio.CapacityLimiter(READERS)
        self._writing = anyio.CapacityLimiter(1)
        self._turn = anyio.Lock()
        self._waiting: list[_Write[Any]] = []

    @classmethod
    async def open(cls, place: Path | str) -> Self:
        """Open the database at a path (SQLite, made where there is none) or at a SQLAlchemy URL.

        Its schema is brought up to date.

        Raises:
            Misconfigured: it cannot be opened, is not ours, or is of a newer version.
        """
        return cls(*await anyio.to_thread.run_sync(_open, _url(place)))

    async def aclose(self) -> None:
        """Every connection is closed, also when the caller is being cancelled."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self._reader.dispose)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """What `work` finds. It sees every write that has returned, and holds nobody up."""
        return await anyio.to_thread.run_sync(partial(self._read, work), limiter=self._reading)

    async def write(self, connection: str, work: Callable[[sa.Connection], T]) -> T:
        """What `work` gives, once it is durable; when this raises, nothing of it was written.

        Whoever gets the turn commits for everybody who waits by then, each in a savepoint: one
        that is refused is refused alone. A caller who is cancelled is so after the commit, which
        takes what it waits for to a definite end. `connection` is whose rows `work` writes.
        """
        wanted = _Write(connection=connection, work=work)
        self._waiting.append(wanted)
        with anyio.CancelScope(shield=True):
            async with self._turn:
                if not wanted.end.done():
                    batch, self._waiting = self._waiting, []
                    await anyio.to_thread.run_sync(self._commit, batch, limiter=self._writing)
        return wanted.end.result(timeout=0)

    def _read(self, work: Callable[[sa.Connection], T]) -> T:
        with self._reader.connect() as database:
            return work(database)

    def _commit(self, batch: Sequence[_Write[Any]]) -> None:
        # In one order everywhere: two processes that lock rows crosswise would stop each other.
        batch = sorted(batch, key=lambda write: write.connection)
        try:
            with self._writer.begin() as database:
                ends = [write.attempt(database) for write in batch]
        except Exception as error:  # noqa: BLE001 - nothing of the batch was written; all are told
            ends = [partial(write.end.set_exception, error) for write in batch]
        for tell in ends:
            tell()


def _url(place: Path | str) -> sa.URL:
    if isinstance(place, Path) or "://" not in place:
        return sa.URL.create("sqlite", database=str(place))
    try:
        url = sa.make_url(place)
    except (sa.exc.ArgumentError, ValueError):
        # Neither the address nor what is wrong with it is told: either may show its password.
        raise Misconfigured("the store's database: its address is not a SQLAlchemy URL") from None
    if url.get_backend_name() not in _ARGUMENTS or url.database in {None, "", ":memory:"}:
        raise Misconfigured(
            f"{url.render_as_string()}: a store is kept in a SQLite file "
            "or in a PostgreSQL database; its URL names one"
        )
    return url


def _open(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    """Engines to read and to write with, on the same pool of connections."""
    sqlite = url.get_backend_name() == "sqlite"
    name = str(url.database) if sqlite else url.render_as_string()
    try:
        reader = sa.create_engine(
            url,
            connect_args=_ARGUMENTS[url.get_backend_name()],
            poolclass=sa.QueuePool,
            pool_size=READERS + 1,
            max_overflow=0,
        )
    except ImportError as error:
        raise Misconfigured(f"{name}: its driver is not installed: {error.name}") from error
    writer = reader.execution_options()
    if sqlite:
        sa.event.listen(reader, "connect", _configure_sqlite)
        sa.event.listen(writer, "begin", _begin_immediate)
    try:
        upgrade(reader, writer, name)
    except BaseException:  # also where it is cancelled; it is raised again
        reader.dispose()
        raise
    return reader, writer


def _configure_sqlite(raw: Any, _: object) -> None:
    """WAL, so that readers and the writer do not wait for each other; durable without a doubt."""
    # fullfsync is for macOS, where a sync alone stops at the disk's own cache.
    for setting in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {setting}").close()


def _begin_immediate(database: sa.Connection) -> None:
    """Take the write lock at once: two processes never read a head that both then extend."""
    database.exec_driver_sql("BEGIN IMMEDIATE")
