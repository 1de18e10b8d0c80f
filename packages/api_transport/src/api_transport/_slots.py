"""Slots whose number changes while they are held: a semaphore cannot shrink."""

from __future__ import annotations

from collections import deque

import anyio

from api_transport.policy import Pace


class Slots:
    """At most so many holders at a time as the pace allows now; first come, first served.

    When the pace goes down nobody loses a slot; none is given out until enough came back. Whoever
    is cancelled while waiting leaves the queue, and gives back what was handed over meanwhile.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._taken = 0
        self._queue: deque[anyio.Event] = deque()

    async def acquire(self) -> None:
        """Hold one more slot, as soon as there is one and everybody before had theirs."""
        turn = anyio.Event()
        self._queue.append(turn)
        self._admit()
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():
                self.release()
            else:
                self._queue.remove(turn)
            raise

    def release(self) -> None:
        """Give one slot back."""
        self._taken -= 1
        self._admit()

    def _admit(self) -> None:
        while self._queue and self._taken < self._pace.slots:
            self._taken += 1
            self._queue.popleft().set()
