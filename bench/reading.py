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
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

R = TypeVar("R")

TOKEN = "a-token-of-the-benchmark"  # noqa: S105 - it opens nothing
PAGE_SIZE = 10_000
"""Rows a page: as many as D365 gives at most (`d365.md` §2.3)."""

_KIBIBYTE = 1024


@dataclass(frozen=True)
class Reading:
    """What was read, and in how many seconds from the first request to the last row.

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
    """Be a program: open what the command line names, read it page by page, print a `Reading`.

    What `open_pages` does before it returns is not timed: imports, a client, a token, metadata.
    """
    pages = open_pages(sys.argv[1])
    started = time.perf_counter()
    rows = keys = 0
    for page in pages:
        rows += len(page)
        keys += sum(map(key, page))
    _tell(rows, keys, time.perf_counter() - started)


def read_async(
    open_pages: Callable[[str], AsyncIterator[Sequence[R]]], key: Callable[[R], int]
) -> None:
    """`read`, for a client of asyncio."""

    async def reading() -> None:
        pages = open_pages(sys.argv[1])
        started = time.perf_counter()
        rows = keys = 0
        async for page in pages:
            rows += len(page)
            keys += sum(map(key, page))
        _tell(rows, keys, time.perf_counter() - started)

    asyncio.run(reading())


def read_items(open_items: Callable[[str], AsyncIterator[R]], key: Callable[[R], int]) -> None:
    """`read_async`, row by row."""

    async def reading() -> None:
        items = open_items(sys.argv[1])
        started = time.perf_counter()
        rows = keys = 0
        async for item in items:
            rows += 1
            keys += key(item)
        _tell(rows, keys, time.perf_counter() - started)

    asyncio.run(reading())


def _tell(rows: int, keys: int, seconds: float) -> None:
    reading = Reading(
        rows=rows, keys=keys, seconds=seconds, peak=_peak(), python=platform.python_version()
    )
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
