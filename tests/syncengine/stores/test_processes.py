"""Real processes on one file: killed while they append, and appending side by side."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncengine.events import RecordedEvent, first_broken
from syncengine.model import Fence
from syncengine.stores.sql import SqlStores

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

TASKS = 6

APPENDER = f"""
import sys
from datetime import datetime, UTC
from pathlib import Path
import anyio
from syncengine.events import Event, EventType
from syncengine.model import Fence, Ref
from syncengine.stores.sql import SqlStores

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

async def main(path, connection, owner, epoch, name, count):
    fence = Fence(owner=owner, epoch=int(epoch))
    async with await SqlStores.open(Path(path)) as stores:
        store = stores.connection(connection)

        async def append(task):
            for number in range(int(count)):
                event = Event(
                    type=EventType.DISCOVERED, at=NOW, ref=Ref("bills", f"{{name}} {{task}} {{number}}")
                )
                recorded = await store.append([event, event], fence=fence)
                print(recorded[-1].sequence, recorded[-1].hash, flush=True)

        async with anyio.create_task_group() as tasks:
            for task in range({TASKS}):
                tasks.start_soon(append, task)

anyio.run(main, *sys.argv[1:])
"""
"""Tasks that append pairs of events, and tell of each append that has returned."""


def appender(
    path: Path, connection: str, fence: Fence, name: str, count: int
) -> subprocess.Popen[str]:
    """A process whose tasks append `count` pairs each, all under the same lease."""
    arguments = [path, connection, fence.owner, fence.epoch, name, count]
    return subprocess.Popen(
        [sys.executable, "-c", APPENDER, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def assert_whole(connection: str, events: list[RecordedEvent]) -> None:
    """The chain holds, and every append is there with both its events, side by side, once."""
    keys = [item.event.ref.key for item in events if item.event.ref is not None]

    assert first_broken(connection, events) is None
    assert keys[::2] == keys[1::2]
    assert len(keys) == 2 * len(set(keys))


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
async def test_a_process_killed_while_it_appends_loses_nothing_that_returned(
    tmp_path: Path,
) -> None:
    """Killed at an instant drawn from a seed, again and again, on one file: no half append."""
    path = tmp_path / "state.sqlite"
    draw = random.Random(20261001)  # noqa: S311 - a test that can be repeated
    for life in range(6):
        now = NOW + timedelta(hours=life)
        async with await SqlStores.open(path) as stores:
            lease = await stores.connection("demo").acquire(f"life {life}", now=now, seconds=60)
        assert lease is not None
        with appender(path, "demo", lease.fence, f"life {life}", 100_000) as writer:
            assert writer.stdout is not None
            told = [writer.stdout.readline() for _ in range(draw.randrange(1, 60))]
            os.kill(writer.pid, signal.SIGKILL)
            told += [line for line in writer.stdout if line.endswith("\n")]
        async with await SqlStores.open(path) as stores:
            events = [item async for item in stores.connection("demo").events()]
        durable = {f"{item.sequence} {item.hash}\n" for item in events}

        assert -signal.SIGKILL == writer.returncode
        assert set(told) <= durable
        assert_whole("demo", events)


async def test_two_processes_append_to_one_chain(tmp_path: Path) -> None:
    """The head is read inside the transaction that extends it, whoever else writes."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path) as stores:
        store = stores.connection("demo")
        lease = await store.acquire("engine", now=NOW, seconds=60)
        assert lease is not None
        with (
            appender(path, "demo", lease.fence, "one", 40) as one,
            appender(path, "demo", lease.fence, "two", 40) as two,
        ):
            outputs = [process.communicate(timeout=60)[0] for process in (one, two)]
        events = [item async for item in store.events()]
    writers = [item.event.ref.key.split()[0] for item in events if item.event.ref is not None]
    turns = sum(before != after for before, after in zip(writers, writers[1:], strict=False))

    assert [40 * TASKS] * 2 == [len(output.splitlines()) for output in outputs]
    assert 1 + 2 * 2 * 40 * TASKS == len(events)
    assert turns > 1, "the processes did not write at the same time: nothing was tested"
    assert_whole("demo", events)


async def test_two_processes_make_one_database(tmp_path: Path) -> None:
    """Both open a file that is not there; each appends to a connection of its own."""
    path = tmp_path / "state.sqlite"
    program = APPENDER.replace(
        "        async def append(task):",
        "        await store.acquire(owner, now=NOW, seconds=60)\n\n        async def append(task):",
        1,
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(path), name, name, "1", name, "5"])
        for name in ("one", "two")
    ]

    assert [0, 0] == [writer.wait(60) for writer in writers]
    async with await SqlStores.open(path) as stores:
        for name in ("one", "two"):
            events = [item async for item in stores.connection(name).events()]

            assert 1 + 2 * 5 * TASKS == len(events)
            assert_whole(name, events)
