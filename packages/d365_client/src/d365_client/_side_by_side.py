"""Several of one kind at a time, their results in order."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")


async def in_order(
    run: Callable[[int], Coroutine[None, None, T]],
    *,
    count: int | None,
    concurrency: int,
    stopped: Callable[[], bool],
) -> AsyncGenerator[T, None]:
    """The results of `run(0)`, `run(1)`, … in this order, at most `concurrency` ahead.

    There are `count` of them (None: no end); once `stopped` says so none is begun, and those that
    have begun still come. What is still running when the generator is closed, or when one fails,
    is cancelled.

    These are tasks of asyncio and not of an anyio task group: a group cannot outlive a `yield`.
    """
    numbers = iter(itertools.count() if count is None else range(count))
    running: deque[asyncio.Task[T]] = deque()
    try:
        while True:
            wanted = 0 if stopped() else concurrency - len(running)
            for number in itertools.islice(numbers, wanted):
                running.append(asyncio.create_task(run(number)))
            if not running:
                return
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
