"""Slots whose number changes while they are held: a semaphore cannot shrink."""

from __future__ import annotations

from collections import deque

import anyio

from api_transport.policy import Pace


class _Place:
    """A place in the queue, and what wakes whoever stands there."""

    def __init__(self) -> None:
        self.called = anyio.Event()


class Slots:
    """At most so many holders at a time as the pace allows now; first come, first served.

    When the pace goes down nobody loses a slot; none is taken until enough came back, also by
    those who were called just before. Whoever is cancelled while waiting leaves the queue.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._taken = 0
        self._queue: deque[_Place] = deque()

    async def acquire(self) -> None:
        """Hold one more slot, as soon as there is one and everybody before had theirs."""
        place = _Place()
        self._queue.append(place)
        try:
            # Nobody is handed a slot in his sleep: a refusal gives its slot back before the judge
            # has read it, so who is called looks at the pace again.
            while self._queue[0] is not place or self._taken >= self._pace.slots:
                place.called = anyio.Event()
                await place.called.wait()
            self._taken += 1
        finally:
            self._queue.remove(place)
            self._call_next()

    def release(self) -> None:
        """Give one slot back."""
        self._taken -= 1
        self._call_next()

    def _call_next(self) -> None:
        if self._queue and self._taken < self._pace.slots:
            self._queue[0].called.set()
