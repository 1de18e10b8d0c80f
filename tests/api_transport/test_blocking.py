"""A thread with a loop: for scripts, for notebooks, and until it is closed."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from api_transport import Blocking


async def double(number: int, *, plus: int = 0) -> int:
    """Twice a number, after a turn of the loop."""
    await anyio.lowlevel.checkpoint()
    return 2 * number + plus


async def numbers(left: list[str]) -> AsyncGenerator[int, None]:
    """1, 2, 3; it tells when it is left."""
    try:
        for number in (1, 2, 3):
            await anyio.lowlevel.checkpoint()
            yield number
    finally:
        left.append("numbers")


def test_a_coroutine_is_waited_for() -> None:
    """Its result comes back, its arguments went in."""
    with Blocking() as blocking:
        assert blocking.call(double, 20, plus=2) == 42


async def test_it_works_where_a_loop_is_running() -> None:
    """As in a notebook: the loop that is running is not touched."""
    with Blocking() as blocking:
        assert blocking.call(double, 21) == 42


def test_an_error_comes_back_as_it_was_raised() -> None:
    """The same exception, in the thread that asked."""

    async def broken() -> None:
        raise LookupError("no such thing")

    with Blocking() as blocking, pytest.raises(LookupError, match="no such thing"):
        blocking.call(broken)


def test_items_come_one_by_one_and_the_generator_is_closed() -> None:
    """Also when somebody stops in the middle."""
    left: list[str] = []
    with Blocking() as blocking:
        assert list(blocking.iterate(numbers(left))) == [1, 2, 3]

        items = blocking.iterate(numbers(left))

        assert next(items) == 1
        items.close()  # type: ignore[attr-defined]  # it is a generator

    assert left == ["numbers", "numbers"]


def test_what_was_entered_is_left_when_it_is_closed() -> None:
    """In the loop where it was made, and the thread ends."""
    where: list[str] = []

    @asynccontextmanager
    async def resource() -> AsyncIterator[str]:
        where.append(threading.current_thread().name)
        yield "open"
        where.append(threading.current_thread().name)

    before = threading.active_count()
    with Blocking() as blocking:
        assert blocking.enter(resource) == "open"

    assert len(set(where)) == 1
    assert where[0] != threading.current_thread().name
    assert threading.active_count() == before


def test_who_stops_waiting_cancels_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the caller's thread ends the coroutine, and does not leave it to finish."""
    ended = threading.Event()

    async def forever() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()

    class Interrupted:
        """A future whose waiter presses Ctrl-C."""

        def __init__(self, future: object) -> None:
            self._future = future

        def result(self) -> None:
            """Nobody waits any longer."""
            raise KeyboardInterrupt

        def cancel(self) -> None:
            """As the future itself."""
            self._future.cancel()  # type: ignore[attr-defined]  # a concurrent future

    with Blocking() as blocking:
        start = blocking._portal.start_task_soon
        monkeypatch.setattr(
            blocking._portal, "start_task_soon", lambda run: Interrupted(start(run))
        )
        with pytest.raises(KeyboardInterrupt):
            blocking.call(forever)
        monkeypatch.undo()

        assert ended.wait(5)
