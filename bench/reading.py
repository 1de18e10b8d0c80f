"""What a reader is: it opens a service, is timed while it reads, and tells what it read.

Readers run in environments of their own, beside other versions of everything, so this module
imports the standard library alone.
"""

from __future__ import annotations

import asyncio
import json
import platform
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

R = TypeVar("R")

TOKEN = "a-token-of-the-benchmark"  # noqa: S105 - it opens nothing
PAGE_SIZE = 10_000
"""Rows a page: as many as D365 gives at most (`d365.md` §2.3)."""

_KIBIBYTE = 1024


@dataclass(frozen=True)
class Reading:
    """What was read, and in how many seconds, from the first request to the last row.

    `keys` is the sum of all `SourceKey`: with the number of rows it tells lost rows and doubled
    ones. `peak` is the most memory that the process ever held, in bytes; None where the system
    does not tell (Windows).
    """

    rows: int
    keys: int
    seconds: float
    peak: int | None
    python: str


def read(open_pages: Callable[[str], Iterable[Sequence[R]]], key: Callable[[R], int]) -> None:
    """Be a program: read the services of the command line page by page, print a `Reading`.

    The first service is small and read to warm up: what is imported or made at the first request
    is done then. Of the second the time is taken, without what `open_pages` does before it
    returns: a client, a token, metadata.
    """

    def reading(url: str) -> Reading:
        pages = open_pages(url)
        started = time.perf_counter()
        rows = keys = 0
        for page in pages:
            rows += len(page)
            keys += sum(map(key, page))
        return _told(rows, keys, time.perf_counter() - started)

    reading(sys.argv[1])
    _tell(reading(sys.argv[2]))


def read_async(
    open_pages: Callable[[str], AsyncIterator[Sequence[R]]], key: Callable[[R], int]
) -> None:
    """`read`, for a client of asyncio."""

    async def reading(url: str) -> Reading:
        pages = open_pages(url)
        started = time.perf_counter()
        rows = keys = 0
        async for page in pages:
            rows += len(page)
            keys += sum(map(key, page))
        return _told(rows, keys, time.perf_counter() - started)

    _tell(asyncio.run(_after_warming_up(reading)))


def read_items(open_items: Callable[[str], AsyncIterator[R]], key: Callable[[R], int]) -> None:
    """`read_async`, row by row."""

    async def reading(url: str) -> Reading:
        items = open_items(url)
        started = time.perf_counter()
        rows = keys = 0
        async for item in items:
            rows += 1
            keys += key(item)
        return _told(rows, keys, time.perf_counter() - started)

    _tell(asyncio.run(_after_warming_up(reading)))


async def _after_warming_up(reading: Callable[[str], Awaitable[Reading]]) -> Reading:
    await reading(sys.argv[1])
    return await reading(sys.argv[2])


def _told(rows: int, keys: int, seconds: float) -> Reading:
    return Reading(
        rows=rows, keys=keys, seconds=seconds, peak=_peak(), python=platform.python_version()
    )


def _tell(reading: Reading) -> None:
    sys.stdout.write(json.dumps(asdict(reading)) + "\n")


def _peak() -> int | None:
    """The most memory held so far, in bytes.

    Linux counts in what the process was forked from: whoever starts a reader is to be small.
    """
    try:
        import resource  # noqa: PLC0415 - POSIX alone has it
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * _KIBIBYTE
