"""What an emulator saw: every request, when, and how many were in flight beside it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import attrs


@attrs.frozen(kw_only=True)
class Entry:
    """One request.

    `received_at` is on the emulator's clock (UTC); `received` and `answered` are monotonic seconds
    of its process. `in_flight` counts the calls of the same scope at arrival, this one included.
    `answered` is None while it is worked on. `status` is what the service answered, whether or not
    that got through; None where it has not, or was never asked. `fault` names what was done to the
    request on purpose.
    """

    sequence: int
    received_at: datetime
    received: float
    method: str
    path: str
    query: str
    body: str
    scope: str
    in_flight: int
    answered: float | None = None
    status: int | None = None
    fault: str | None = None

    def to_json(self) -> dict[str, object]:
        """The entry as a JSON object."""
        at = self.received_at.isoformat().replace("+00:00", "Z")
        return {**attrs.asdict(self), "received_at": at}


class RequestLog:
    """The log of one emulator, whose clock is `now`. Safe to use from several threads."""

    def __init__(
        self, now: Callable[[], datetime], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._sequence = 0
        self._in_flight: Counter[str] = Counter()
        self._entries: dict[int, Entry] = {}

    def arrived(self, *, method: str, path: str, query: str, body: str, scope: str) -> Entry:
        """Note a request before it is worked on; each must be `answered` later."""
        with self._lock:
            self._sequence += 1
            self._in_flight[scope] += 1
            entry = Entry(
                sequence=self._sequence,
                received_at=self._now(),
                received=self._monotonic(),
                method=method,
                path=path,
                query=query,
                body=body,
                scope=scope,
                in_flight=self._in_flight[scope],
            )
            self._entries[entry.sequence] = entry
            return entry

    def answered(self, entry: Entry, *, status: int | None, fault: str | None = None) -> None:
        """Note that the last of its answer is about to leave, or that none will."""
        with self._lock:
            self._in_flight[entry.scope] -= 1
            if entry.sequence in self._entries:
                self._entries[entry.sequence] = attrs.evolve(
                    entry, answered=self._monotonic(), status=status, fault=fault
                )

    def in_flight(self, scope: str) -> int:
        """How many calls of this scope are being worked on now."""
        with self._lock:
            return self._in_flight[scope]

    def entries(self, after: int = 0) -> Sequence[Entry]:
        """The requests that came in after the sequence `after`, in order of arrival."""
        with self._lock:
            return [entry for entry in self._entries.values() if entry.sequence > after]

    def clear(self) -> None:
        """Forget the requests; sequences and what is in flight go on."""
        with self._lock:
            self._entries.clear()
