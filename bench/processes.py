"""The processes of a measurement: one server, and one reader at a time."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence

from bench.contenders import Contender
from bench.environments import ROOT, environment
from bench.reading import PAGE_SIZE, Reading
from bench.rows import FIRST_KEY

_LONGEST = 900.0
"""Seconds: a reader that takes longer has failed."""


class Failed(Exception):
    """A reader has not read what it was to read; the message says what it did."""


@contextlib.contextmanager
def served(rows: int, services: Sequence[tuple[int, float]]) -> Iterator[Sequence[str]]:
    """The base URLs of services with so many rows and so many seconds a page, until the end.

    `rows` are made; a service that has more gives them again.

    Raises:
        Failed: the server did not last; whatever was read meanwhile says nothing.
    """
    described = (f"--service={count}:{delay}" for count, delay in services)
    command = (
        sys.executable, "-m", "bench.odata_server",
        f"--rows={rows}", f"--page={PAGE_SIZE}", *described,
    )  # fmt: skip
    with subprocess.Popen(  # noqa: S603 - a module of ours
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None  # noqa: S101 - a pipe was asked for
        assert server.stdout is not None  # noqa: S101 - same
        told = server.stdout.readline()
        if told:
            yield json.loads(told)
        if not told or server.poll() is not None:
            raise Failed(f"the server stopped by itself, with {server.wait()}")
        server.stdin.close()


def python_of(contender: Contender) -> pathlib.Path:
    """The interpreter that runs it.

    Raises:
        LeftOut: its environment cannot be made here.
    """
    if contender.environment is None:
        return pathlib.Path(sys.executable)
    return environment(contender.environment, at_least=contender.at_least)


def read(contender: Contender, *, small: str, url: str, rows: int, made: int) -> Reading:
    """What the contender read, in a process of its own: all rows, each once.

    `small` is a service to warm up with. `made` is how many rows differ, of the `rows` that the
    service at `url` has.

    Raises:
        LeftOut: its environment cannot be made here.
        Failed: it stopped, or read other rows than there are.
    """
    command = (str(python_of(contender)), "-m", contender.module, small, url, *contender.arguments)
    with tempfile.TemporaryDirectory(prefix="bench-home-") as home:
        done = _ran(command, home)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Failed(f"it stopped with {done.returncode}: {last}")
    reading = Reading(**json.loads(done.stdout.splitlines()[-1]))
    if (reading.rows, reading.keys) != (rows, _keys(rows, made)):
        raise Failed(f"of {rows} rows it gave {reading.rows}, or not each of them once")
    return reading


def _ran(command: Sequence[str], home: str) -> subprocess.CompletedProcess[str]:
    """A peer that keeps things in its user's home finds an empty one."""
    try:
        return subprocess.run(  # noqa: S603 - a module of ours, in an environment of ours
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": home, "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"it took longer than {_LONGEST:g} seconds") from error


def _keys(rows: int, made: int) -> int:
    """The sum of all keys, where the rows that were made come again and again."""
    rounds, rest = divmod(rows, made)
    numbers = rounds * (made * (made - 1) // 2) + rest * (rest - 1) // 2
    return rows * FIRST_KEY + numbers
