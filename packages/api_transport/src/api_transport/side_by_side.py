"""Several of one kind at a time, their results in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")


async def in_order(
    run: Callable[[int], Coroutine[None, None, T]],
    *,
    concurrency: int,
    wanted: Callable[[int], bool],
) -> AsyncGenerator[T, None]:
    """The results of `run(0)`, `run(1)`, … in this order, at most `concurrency` ahead.

    The next is begun while `wanted` says so of its number; those that have begun still come. What
    is still running when the generator is closed, or when one fails, is cancelled.

    These are tasks of asyncio and not of an anyio task group: a group cannot outlive a `yield`.
    """
    number = 0
    running: deque[asyncio.Task[T]] = deque()
    try:
        while True:
            while len(running) < concurrency and wanted(number):
                running.append(asyncio.create_task(run(number)))
                number += 1
            if not running:
                return
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
