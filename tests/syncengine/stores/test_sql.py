"""What only a database can promise: durability, group commit, and that nobody edits an event."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
import sqlalchemy as sa

from syncengine.errors import ClaimTaken, FenceLost
from syncengine.events import Event, EventType, RecordedEvent, first_broken
from syncengine.model import Fence, Ref
from syncengine.ports import Journal, LeaseStore
from syncengine.stores.sql import SqlStores
from syncengine.testing.samples import intent

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)


def discovered(key: str = "a") -> Event:
    """An event that changes no table."""
    return Event(type=EventType.DISCOVERED, at=NOW, ref=Ref("bills", key))


async def taken(store: LeaseStore, owner: str = "engine") -> Fence:
    """The lease of a store whose lease is free."""
    lease = await store.acquire(owner, now=NOW, seconds=60)
    assert lease is not None
    return lease.fence


async def events_of(journal: Journal) -> list[RecordedEvent]:
    """Every event of a journal."""
    return [item async for item in journal.events()]


def files(folder: Path) -> list[str]:
    """The names of the files in a folder."""
    return sorted(item.name for item in folder.iterdir())


def listening(stores: SqlStores, moment: str, listener: Callable[..., None]) -> Callable[[], None]:
    """Call `listener` at a moment of every transaction that writes, until what is returned is."""
    writer = stores._database._writer
    sa.event.listen(writer, moment, listener)
    return lambda: sa.event.remove(writer, moment, listener)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process is in the middle of writing to the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


async def test_what_was_appended_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    """Lease, epoch, events and what they add up to outlive the one who wrote them."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        store = stores.connection("demo")
        await store.append([intent("a")], fence=await taken(store))
        events = await events_of(store)
        operations = await store.open_operations("bills")
    async with await SqlStores.open(str(path)) as stores:
        store = stores.connection("demo")
        lease = await store.acquire("engine", now=NOW, seconds=60)

        assert events == (await events_of(store))[:-1]
        assert operations == await store.open_operations("bills")
        assert lease is not None
        assert 2 == lease.epoch


async def test_who_has_returned_is_durable_for_everybody(tmp_path: Path) -> None:
    """Another program that opens the file sees an append that has returned, and needs no close."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        store = stores.connection("demo")
        (recorded,) = await store.append([discovered()], fence=await taken(store))
        with closing(sqlite3.connect(path)) as other:
            (told,) = other.execute("SELECT hash FROM events ORDER BY sequence DESC").fetchone()

    assert recorded.hash == told


async def test_a_commit_is_synced_to_the_disk_in_full(tmp_path: Path) -> None:
    """What `append` returned survives a loss of power: WAL alone would not sync each commit."""
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:

        def settings(database: sa.Connection) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys")
            return [database.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

        found = await stores._database.write("demo", settings)

    assert ["wal", 2, 1] == found


async def test_tasks_that_append_at_once_share_commits(tmp_path: Path) -> None:
    """Fifty appends at once cost a few transactions; one after the other, one each."""
    commits: list[object] = []
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        store = stores.connection("demo")
        fence = await taken(store)
        listening(stores, "commit", commits.append)
        async with anyio.create_task_group() as tasks:
            for number in range(50):

                async def append(number: int = number) -> None:
                    await store.append([discovered(f"k{number}")], fence=fence)

                tasks.start_soon(append)
        together = len(commits)
        for _ in range(5):
            await store.append([discovered()], fence=fence)

        assert together <= 3
        assert 5 == len(commits) - together


async def test_connections_that_share_a_commit_keep_to_themselves(tmp_path: Path) -> None:
    """Each has its own chain, lease and claims; one's refusal is not the other's."""
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        one, two = stores.connection("one"), stores.connection("two")
        fences = {"one": await taken(one), "two": await taken(two, "another engine")}
        refused: list[str] = []

        async def append(connection: str, name: str, fence: Fence) -> None:
            try:
                await stores.connection(connection).append([intent("a", name=name)], fence=fence)
            except (ClaimTaken, FenceLost) as error:
                refused.append(f"{connection} {name} {type(error).__name__}")

        async with anyio.create_task_group() as tasks:
            for connection, fence in fences.items():
                tasks.start_soon(append, connection, "op1", fence)
                tasks.start_soon(append, connection, "op2", fence)
            tasks.start_soon(append, "one", "op3", fences["two"])

        assert ["one op2 ClaimTaken", "one op3 FenceLost", "two op2 ClaimTaken"] == sorted(refused)
        for name in fences:
            store = stores.connection(name)

            assert first_broken(name, await events_of(store)) is None
            assert ["op1"] == [item.id for item in await store.open_operations("bills")]


async def test_a_commit_that_fails_fails_for_all_who_shared_it(tmp_path: Path) -> None:
    """Everybody is told, nothing is written, and the next append goes through."""
    told: list[str] = []

    def disk_is_full(_: sa.Connection) -> None:
        raise sa.exc.OperationalError("COMMIT", {}, sqlite3.OperationalError("disk is full"))

    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        store = stores.connection("demo")
        fence = await taken(store)
        before = await store.head()

        async def append(number: int) -> None:
            try:
                await store.append([intent(f"k{number}", name=f"op{number}")], fence=fence)
            except sa.exc.OperationalError as error:
                told.append(str(error.orig))

        stop = listening(stores, "commit", disk_is_full)
        async with anyio.create_task_group() as tasks:
            for number in range(10):
                tasks.start_soon(append, number)
        stop()

        assert ["disk is full"] * 10 == told
        assert before == await store.head()
        assert [] == list(await store.open_operations("bills"))
        await append(1)
        assert first_broken("demo", await events_of(store)) is None
        assert before.sequence + 1 == (await store.head()).sequence


async def test_a_full_disk_leaves_no_half_append(tmp_path: Path) -> None:
    """SQLite gives up a transaction of its own accord; what comes after is not written outside."""
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        store = stores.connection("demo")
        fence = await taken(store)

        def no_more_room(database: sa.Connection) -> None:
            database.exec_driver_sql("PRAGMA max_page_count = 1")  # which is: not one page more

        def room(database: sa.Connection) -> None:
            database.exec_driver_sql("PRAGMA max_page_count = 1000000")

        long = Event(type=EventType.DISCOVERED, at=NOW, data={"told": "x" * 200_000})
        refused: list[str] = []

        async def append(event: Event) -> None:
            try:
                await store.append([event], fence=fence)
            except sa.exc.OperationalError as error:
                refused.append(str(error.orig))

        stop = listening(stores, "begin", no_more_room)
        async with anyio.create_task_group() as tasks:
            for event in (discovered("a"), long, discovered("b")):
                tasks.start_soon(append, event)
        stop()
        stop = listening(stores, "begin", room)
        await append(long)
        stop()

        events = await events_of(store)

        assert {"database or disk is full"} == set(refused)
        assert first_broken("demo", events) is None
        assert 5 == len(events) + len(refused)  # the lease, and each append once


async def test_an_append_that_is_cancelled_comes_to_a_definite_end(tmp_path: Path) -> None:
    """Cancelled while their commit is under way, all are written; nobody's is lost or doubled."""
    returned: list[str] = []
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        store = stores.connection("demo")
        fence = await taken(store)

        async def append(key: str) -> None:
            await store.append([discovered(key), discovered(key)], fence=fence)
            returned.append(key)

        async with anyio.create_task_group() as tasks:
            stop = listening(
                stores, "commit", lambda _: anyio.from_thread.run_sync(tasks.cancel_scope.cancel)
            )
            for number in range(20):
                tasks.start_soon(append, f"k{number}")
        stop()
        with anyio.CancelScope(shield=True):
            await append("last")
        keys = [item.event.ref.key for item in await events_of(store) if item.event.ref]

        assert 21 == len(returned)
        assert sorted(returned * 2) == sorted(keys)
        assert keys[::2] == keys[1::2]
        assert first_broken("demo", await events_of(store)) is None


async def test_an_append_waits_for_another_process_and_a_read_does_not(tmp_path: Path) -> None:
    """Reading takes no lock: it is answered while somebody else is writing."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        store = stores.connection("demo")
        fence = await taken(store)
        async with anyio.create_task_group() as tasks:
            with locked(path):
                tasks.start_soon(lambda: store.append([discovered()], fence=fence))
                with anyio.fail_after(5):
                    seen = await store.head()
                    async with await SqlStores.open(path) as others:
                        theirs = await others.connection("demo").head()

        assert seen == theirs
        assert 1 == seen.sequence
        assert 2 == (await store.head()).sequence


async def test_an_engine_elsewhere_takes_over_and_the_zombie_is_refused(tmp_path: Path) -> None:
    """The fence is read in the file, in the transaction of the append (I-10)."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as here, await SqlStores.open(path) as elsewhere:
        zombie, successor = here.connection("demo"), elsewhere.connection("demo")
        fence = await taken(zombie)
        await zombie.append([discovered()], fence=fence)
        lease = await successor.acquire("two", now=NOW + timedelta(seconds=61), seconds=60)
        assert lease is not None
        with pytest.raises(FenceLost):
            await zombie.append([discovered()], fence=fence)
        await successor.append([discovered()], fence=lease.fence)

        assert first_broken("demo", await events_of(zombie)) is None
        assert 4 == len(await events_of(zombie))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET at = ''",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
    ],
)
async def test_the_database_lets_nobody_change_an_event(tmp_path: Path, statement: str) -> None:
    """Events are refused to be updated, deleted or replaced, whoever asks."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        await taken(stores.connection("demo"))
    with (
        closing(sqlite3.connect(path)) as database,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        database.execute(statement)


async def test_events_are_read_in_pages_while_they_grow(tmp_path: Path) -> None:
    """A reader holds no transaction between pages, and meets what came meanwhile."""
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        store = stores.connection("demo")
        fence = await taken(store)
        await store.append([discovered(f"k{number}") for number in range(1200)], fence=fence)
        sequences = []
        async for item in store.events():
            if item.sequence == 1:
                await store.append([discovered("meanwhile")], fence=fence)
                await store.rebuild()
            sequences.append(item.sequence)

        assert list(range(1, 1203)) == sequences


async def test_it_is_closed_also_when_the_task_is_cancelled(tmp_path: Path) -> None:
    """The last to close takes the write-ahead log away; nothing stays open."""
    path = tmp_path / "state.sqlite"
    with anyio.CancelScope() as scope:
        async with await SqlStores.open(path) as stores:
            await taken(stores.connection("demo"))
            assert path.with_name("state.sqlite-wal").exists()
            scope.cancel()
            await anyio.lowlevel.checkpoint()

    assert scope.cancelled_caught
    assert [path.name] == files(tmp_path)
