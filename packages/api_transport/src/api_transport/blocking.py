"""An event loop in a thread of its own, for callers that cannot await (ADR 11)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import ParamSpec, Self, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Blocking:
    """Runs coroutines elsewhere and waits for them here.

    It works in a script, in any thread, and where a loop is running already, as in a notebook:
    that one is not touched. `close` it, or use it as a context manager.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._portal: BlockingPortal = self._stack.enter_context(start_blocking_portal("asyncio"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave everything that was entered, the newest first, and end the thread."""
        self._stack.close()

    def enter(self, make: Callable[[], AbstractAsyncContextManager[T]]) -> T:
        """Make something in the loop and enter it; it is left when this is closed.

        Raises whatever making or entering it raises.
        """

        async def made() -> AbstractAsyncContextManager[T]:
            return make()

        return self._stack.enter_context(self._portal.wrap_async_context_manager(self.call(made)))

    def call(self, run: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """What a coroutine function returns, or raises.

        Who stops waiting, as by Ctrl-C, cancels it.
        """

        async def running() -> R:
            return await run(*args, **kwargs)

        future = self._portal.start_task_soon(running)
        try:
            return future.result()
        except BaseException:  # whatever it was; it is raised again
            future.cancel()
            raise

    def iterate(self, items: AsyncGenerator[T, None]) -> Iterator[T]:
        """The items of an asynchronous generator, each when it is asked for; then it is closed."""

        async def following() -> list[T]:
            async for item in items:
                return [item]
            return []

        try:
            while item := self.call(following):
                yield item[0]
        finally:
            self.call(items.aclose)
