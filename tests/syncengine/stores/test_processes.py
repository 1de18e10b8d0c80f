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

async def main(path, connection, owner, epoch, name):
    fence = Fence(owner=owner, epoch=int(epoch))
    async with await SqlStores.open(Path(path)) as stores:
        store = stores.connection(connection)
        if not fence.epoch:
            fence = (await store.acquire(owner, now=NOW, seconds=60)).fence

        async def append(task, count):
            for number in range(count):
                ref = Ref("bills", f"{{name}} {{task}}")
                event = Event(type=EventType.DISCOVERED, at=NOW, ref=ref)
                recorded = await store.append([event, event], fence=fence)
                print(recorded[-1].sequence, recorded[-1].hash, flush=True)

        print("ready", flush=True)
        for line in sys.stdin:
            async with anyio.create_task_group() as tasks:
                for task in range({TASKS}):
                    tasks.start_soon(append, task, int(line))

anyio.run(main, *sys.argv[1:])
"""
"""For each number that it is told: tasks that append so many pairs of events each.

It says so when it has opened the file, and tells of each append that has returned.
"""


def appender(path: Path, connection: str, fence: Fence, name: str) -> subprocess.Popen[str]:
    """A process that appends under a lease; under one of its own where the epoch is 0."""
    arguments = [path, connection, fence.owner, fence.epoch, name]
    return subprocess.Popen(
        [sys.executable, "-c", APPENDER, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def tell(process: subprocess.Popen[str], pairs: int) -> None:
    """Let each task of a process append so many pairs."""
    assert process.stdin is not None
    process.stdin.write(f"{pairs}\n")
    process.stdin.flush()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    """The next lines that a process says."""
    assert process.stdout is not None
    return [process.stdout.readline() for _ in range(count)]


def assert_whole(connection: str, events: list[RecordedEvent]) -> None:
    """The chain holds, and the events of every append stand side by side."""
    keys = [item.event.ref.key for item in events if item.event.ref is not None]

    assert first_broken(connection, events) is None
    assert keys[::2] == keys[1::2]


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
        with appender(path, "demo", lease.fence, "writer") as writer:
            assert ["ready\n"] == lines(writer, 1)
            tell(writer, 100_000)
            told = lines(writer, draw.randrange(1, 60))
            os.kill(writer.pid, signal.SIGKILL)
            assert writer.stdout is not None
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
    rounds = 25
    async with await SqlStores.open(path) as stores:
        store = stores.connection("demo")
        lease = await store.acquire("engine", now=NOW, seconds=60)
        assert lease is not None
        with (
            appender(path, "demo", lease.fence, "one") as one,
            appender(path, "demo", lease.fence, "two") as two,
        ):
            both = (one, two)
            assert [["ready\n"]] * 2 == [lines(process, 1) for process in both]
            for _ in range(rounds):  # so that they write at the same time, again and again
                for process in both:
                    tell(process, 2)
                for process in both:
                    lines(process, 2 * TASKS)
            for process in both:
                process.communicate(timeout=60)
        events = [item async for item in store.events()]

    assert [0, 0] == [process.returncode for process in both]
    assert 1 + 2 * 2 * (2 * TASKS * rounds) == len(events)
    assert_whole("demo", events)


async def test_two_processes_make_one_database(tmp_path: Path) -> None:
    """Both open a file that is not there; each appends to a connection of its own."""
    path = tmp_path / "state.sqlite"
    nothing = Fence(owner="engine", epoch=0)
    with appender(path, "one", nothing, "") as one, appender(path, "two", nothing, "") as two:
        for process in (one, two):
            process.communicate("5\n", timeout=60)

    assert [0, 0] == [one.returncode, two.returncode]
    async with await SqlStores.open(path) as stores:
        for name in ("one", "two"):
            events = [item async for item in stores.connection(name).events()]

            assert 1 + 2 * 5 * TASKS == len(events)
            assert_whole(name, events)
