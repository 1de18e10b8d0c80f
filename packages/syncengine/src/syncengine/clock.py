"""Clocks: the machine's, and one that began at another instant."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import anyio


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(tz=UTC)

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""
        await anyio.sleep(seconds)


class ShiftedClock:
    """Time that began at `start` when this object was made, and runs on at the usual pace.

    For demonstrations and tests that play another month; waiting takes as long as ever.
    """

    def __init__(self, start: datetime, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        if start.tzinfo is None:
            raise ValueError(f"{start!r} is naive: a clock starts at an aware instant")
        self._start = start.astimezone(UTC)
        self._monotonic = monotonic
        self._began = monotonic()

    def now(self) -> datetime:
        """The instant that has come since `start`, UTC."""
        return self._start + timedelta(seconds=self._monotonic() - self._began)

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""
        await anyio.sleep(seconds)
