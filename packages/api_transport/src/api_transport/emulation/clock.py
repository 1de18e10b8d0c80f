"""A clock that can be set and runs on from there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SettableClock:
    """The emulator's idea of now: the instant it was set to, plus the time that passed since.

    Instants are aware and UTC. Safe to use from several threads.
    """

    def __init__(
        self, start: datetime | None = None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self.set(start or datetime.now(tz=UTC))

    def now(self) -> datetime:
        """The present instant, UTC."""
        with self._lock:
            return self._instant + timedelta(seconds=self._monotonic() - self._set_at)

    def set(self, instant: datetime) -> None:
        """Make it `instant` now, forwards or backwards.

        Raises:
            ValueError: the instant is naive.
        """
        if instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no UTC offset; write 2026-10-01T08:00:00Z")
        with self._lock:
            self._instant = instant.astimezone(UTC)
            self._set_at = self._monotonic()
