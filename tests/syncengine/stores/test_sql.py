"""What only a database can promise: durability, several processes, nobody edits an event."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from syncengine.errors import Misconfigured
from syncengine.events import Event, EventType, first_broken
from syncengine.stores.sql import SqlStores

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
APPEND_FOREVER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
import anyio
from syncengine.events import Event, EventType
from syncengine.stores.sql import SqlStores

async def main(path, connection, count):
    now = datetime(2026, 10, 1, 8, tzinfo=UTC)
    async with await SqlStores.open(Path(path)) as stores:
        store = stores.connection(connection)
        lease = await store.acquire(f"process {count}", now=now, seconds=3600)
        print("ready", flush=True)
        pair = [Event(type=EventType.DISCOVERED, at=now), Event(type=EventType.DISCOVERED, at=now)]
        for _ in range(int(count)):
            await store.append(pair, fence=lease.fence)

anyio.run(main, *sys.argv[1:])
"""


def process(path: Path, connection: str, count: int) -> subprocess.Popen[str]:
    """A process that appends pairs of events."""
    return subprocess.Popen(
        [sys.executable, "-c", APPEND_FOREVER, str(path), connection, str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL, which POSIX has")
async def test_a_process_killed_while_it_appends_leaves_whole_appends(tmp_path: Path) -> None:
    """However often the writer is killed, the chain holds and no append is half there."""
    path = tmp_path / "state.sqlite"
    for round_number in range(3):
        with process(path, f"c{round_number}", 100_000) as writer:
            assert writer.stdout is not None
            assert "ready\n" == writer.stdout.readline()
            while not _size(path, f"c{round_number}") > 20:  # noqa: ASYNC110 - another process writes
                await anyio.sleep(0.01)
            os.kill(writer.pid, signal.SIGKILL)
    async with await SqlStores.open(path) as stores:
        for round_number in range(3):
            name = f"c{round_number}"
            events = [item async for item in stores.connection(name).events()]

            assert first_broken(name, events) is None
            assert 0 == (len(events) - 1) % 2  # the lease, then pairs


def _size(path: Path, connection: str) -> int:
    database = sqlite3.connect(path)
    try:
        (count,) = database.execute(
            "SELECT count(*) FROM events WHERE connection = ?", (connection,)
        ).fetchone()
    finally:
        database.close()
    return int(count)


async def test_two_processes_share_one_file(tmp_path: Path) -> None:
    """Each connection's chain holds, though both writers took turns in one database."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path):
        with process(path, "one", 60) as first, process(path, "two", 60) as second:
            assert [0, 0] == [first.wait(60), second.wait(60)]
    async with await SqlStores.open(path) as stores:
        for name in ("one", "two"):
            events = [item async for item in stores.connection(name).events()]

            assert first_broken(name, events) is None
            assert 121 == len(events)


async def test_tasks_that_append_at_once_share_commits(tmp_path: Path) -> None:
    """Fifty concurrent appends cost far fewer transactions than fifty."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        store = stores.connection("demo")
        lease = await store.acquire("engine", now=NOW, seconds=60)
        assert lease is not None
        before = stores.commits
        async with anyio.create_task_group() as tasks:
            for _ in range(50):

                async def append() -> None:
                    await store.append(
                        [Event(type=EventType.DISCOVERED, at=NOW)], fence=lease.fence
                    )

                tasks.start_soon(append)

        assert stores.commits - before < 10


async def test_an_append_that_is_cancelled_comes_to_a_definite_end(tmp_path: Path) -> None:
    """A cancelled caller neither loses nor doubles anybody's events."""
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
        store = stores.connection("demo")
        lease = await store.acquire("engine", now=NOW, seconds=60)
        assert lease is not None

        async def append() -> None:
            await store.append([Event(type=EventType.DISCOVERED, at=NOW)], fence=lease.fence)

        async with anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(append)
            await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        await append()
        events = [item async for item in store.events()]

        assert first_broken("demo", events) is None
        assert 22 == len(events)


@pytest.mark.parametrize("statement", ["UPDATE events SET at = ''", "DELETE FROM events"])
async def test_the_database_lets_nobody_change_an_event(tmp_path: Path, statement: str) -> None:
    """Events are refused to be updated or deleted, whoever asks."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        await stores.connection("demo").acquire("engine", now=NOW, seconds=60)
    database = sqlite3.connect(path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            database.execute(statement)
    finally:
        database.close()


async def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    """A lease, its epoch and its events outlive the process."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        await stores.connection("demo").acquire("engine", now=NOW, seconds=60)
    async with await SqlStores.open(path) as stores:
        lease = await stores.connection("demo").acquire("engine", now=NOW, seconds=60)

    assert lease is not None
    assert 2 == lease.epoch


async def test_a_newer_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """A state of a later version is not touched by an earlier one."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path):
        pass
    database = sqlite3.connect(path)
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()

    with pytest.raises(Misconfigured, match=r"state\.sqlite.*newer"):
        await SqlStores.open(path)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """The sentence names the file."""
    path = tmp_path / "state.sqlite"
    path.write_text("this is a letter, and it is long enough to be taken for a header" * 20)

    with pytest.raises(Misconfigured, match=r"state\.sqlite: is not a database"):
        await SqlStores.open(path)
