"""Reading many rows by their keys, a few keys a request, some requests side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import TypeVar

import anyio

K = TypeVar("K")
R = TypeVar("R")


async def read_in_chunks(
    keys: Iterable[K], read: Callable[[Sequence[K]], AsyncIterator[R]], *, size: int
) -> Sequence[R]:
    """The rows of all keys; each request names at most `size` of them.

    The client's own throttle bounds how many run at a time.
    """
    wanted = list(dict.fromkeys(keys))
    found: list[list[R]] = []

    async def one(rows: list[R], chunk: Sequence[K]) -> None:
        async for row in read(chunk):
            rows.append(row)  # noqa: PERF401 - an async comprehension would rebind the list

    async with anyio.create_task_group() as tasks:
        for start in range(0, len(wanted), size):
            rows: list[R] = []
            found.append(rows)
            tasks.start_soon(one, rows, wanted[start : start + size])
    return [row for rows in found for row in rows]
