"""When to ask again, and how long to wait first. Pure: no clock, no sleep, no network."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

import attrs

_LONGEST = 2.0**31
"""Seconds: a larger number is one that nobody can count, and past 10³⁰⁸ not even a float."""


class Verdict(enum.Enum):
    """What an answer that is not a success means for asking again."""

    FINAL = "asked again, it says the same or does the thing twice"
    REFUSED_UNREAD = "refused before execution: whatever it was, it may be asked again"
    TRANSIENT = "something broke: what only reads may be asked again"


class Patience(Protocol):
    """How a client finds in an answer how long it is asked to wait."""

    def __call__(
        self, status: int, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> float | None:
        """Seconds, None where the answer does not say. Pure; header names are in any case."""


class Judge(Protocol):
    """A client's knowledge of its API's answers."""

    def __call__(self, status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
        """What this answer means. Pure; the names of headers are found in any case."""


@attrs.frozen(kw_only=True)
class Limits:
    """Calls at a time; calls in a clock hour, by UTC (None: any number).

    `adaptive` lets the calls at a time go down from `concurrent` to one while the server is
    pressed, and come back: see `Pace`.

    Raises:
        ValueError: one of them is less than 1, so that nothing would ever be sent.
    """

    concurrent: int = attrs.field(validator=attrs.validators.ge(1))
    per_hour: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(1))
    )
    adaptive: bool = False


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often and how soon to ask again. Times in seconds.

    `attempts` counts the first one. Waits double from `base` up to `cap`; a wait that the server
    asks for is kept to the second. Where it is longer than `longest_wait`, calls fail at once
    instead of waiting for it, and nothing is sent until it is over.
    """

    attempts: int = 5
    base: float = 0.5
    cap: float = 30.0
    longest_wait: float = 120.0

    def wait(
        self, verdict: Verdict, *, repeatable: bool, attempt: int, asked: float | None, draw: float
    ) -> float | None:
        """Seconds until the next attempt, or None to give up.

        `attempt` just failed, the first is 1; `asked` is what the server asks for, if it does;
        `draw` in [0, 1) spreads a wait of our own over its upper half.
        """
        may = verdict is Verdict.REFUSED_UNREAD or (verdict is Verdict.TRANSIENT and repeatable)
        if not may or attempt >= self.attempts:
            return None
        if asked is not None:
            return asked if asked <= self.longest_wait else None
        doublings = min(attempt - 1, 64)  # beyond, a float overflows; any cap is long reached
        return min(self.cap, math.ldexp(self.base, doublings)) * (0.5 + 0.5 * draw)


def next_hour(now: datetime) -> datetime:
    """When the next clock hour begins, by UTC."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


class HourlyAllowance:
    """So many calls in a clock hour (None: any number), counted before they are sent.

    Instants are aware. Several transports may share one.
    """

    def __init__(self, calls: int | None) -> None:
        self._calls = calls
        self._ends = datetime.min.replace(tzinfo=UTC)
        self._spent = 0

    def left(self, now: datetime) -> int | None:
        """How many calls are left in the hour; None where any number is."""
        if self._calls is None:
            return None
        return self._calls - (self._spent if now < self._ends else 0)

    def spend(self, now: datetime) -> float:
        """Spend one call, and give 0.0; or the seconds to the next hour, where none is left."""
        if self.left(now) == 0:
            return (self._ends - now).total_seconds()
        if now >= self._ends:
            self._ends, self._spent = next_hour(now), 0
        self._spent += 1
        return 0.0


class Gate:
    """Shut for every task of a client while its server wants to be left alone; open at first.

    Instants are seconds of one monotonic clock, which whoever holds the gate reads.
    """

    def __init__(self) -> None:
        self._opens = -math.inf

    def shut_until(self, instant: float) -> None:
        """Nobody passes before `instant`; a longer shutting is not cut short."""
        self._opens = max(self._opens, instant)

    def left(self, now: float) -> float:
        """Seconds until one may pass; 0.0 when one may."""
        return max(0.0, self._opens - now)


class Pace:
    """How many calls at a time the server seems to bear.

    It begins with `limits.concurrent` and never goes above. If the limits are adaptive, a sign of
    pressure halves it, down to one, and as many good answers as it has slots add one more
    (additive increase, multiplicative decrease). An answer to what was sent before the last
    halving tells of the pace before it and counts for nothing, so that a burst of refusals halves
    once.
    """

    def __init__(self, limits: Limits) -> None:
        self.slots = self._most = limits.concurrent
        self._adaptive = limits.adaptive
        self._halvings = 0
        self._good = 0

    def sent(self) -> int:
        """What to show with the answer to what is sent now."""
        return self._halvings

    def eased(self, sent: int) -> None:
        """An answer came that was no sign of pressure."""
        if sent != self._halvings or self.slots == self._most:
            return
        self._good += 1
        if self._good >= self.slots:
            self.slots, self._good = self.slots + 1, 0

    def pressed(self, sent: int) -> None:
        """The server said that it has too much to do."""
        if self._adaptive and sent == self._halvings:
            self.slots, self._good = max(1, self.slots // 2), 0
            self._halvings += 1


def read_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for, as a number or an HTTP date; None if unreadable.

    Never negative, and at most 2³¹ (RFC 9111 §1.2.2). `now` is an aware instant.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), _LONGEST)
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), _LONGEST)


def retry_after(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> float | None:
    """The patience of an API that says nothing but `Retry-After`."""
    del status, body
    return read_retry_after(headers.get("retry-after"), now=now)
