"""When to look for a write whose outcome is unknown, and what the look means. Pure.

The rule is `domain.md` §3.3: found, adopt; more than one, a person; absent, look again over the
settle window, then one retry, then a person. Where absence is proof (a database), it is enough
that nothing of the attempt can be at work any more.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

import attrs

from syncengine.model import Operation


def _ascending(_: object, __: object, value: tuple[float, ...]) -> None:
    if not value or list(value) != sorted(value) or value[0] < 0:
        raise ValueError(f"look-up times are seconds, ascending, at least one: {value}")


@attrs.frozen(kw_only=True)
class Caution:
    """How long an unknown write is looked for before it may be sent once more.

    `lookup_times` are seconds after the attempt began; the last one is the settle window: longer
    than the other side can take to show what it did (`domain.md` W10). `in_flight` is how long a
    request may still be at work over there after its connection is gone: where absence is proof,
    it is so from then on. `patience` is how long a run waits for the next look before it leaves
    the operation to the next run. `attempts` counts the first send too.
    """

    lookup_times: tuple[float, ...] = attrs.field(
        default=(0.0, 60.0, 300.0, 1800.0), validator=_ascending
    )
    in_flight: float = 120.0
    patience: float = 10.0
    attempts: int = 2

    @property
    def settle_window(self) -> float:
        """Seconds after which a row that is still not seen counts as not made."""
        return self.lookup_times[-1]


class Next(enum.StrEnum):
    """What a negative look leads to."""

    LOOK_AGAIN = "look again"
    SEND_AGAIN = "send again"
    GIVE_UP = "give up"


def after_absence(
    operation: Operation, *, absence_is_proof: bool, caution: Caution, now: datetime
) -> Next:
    """What follows when a complete look did not find the operation's current step.

    `operation.lookups` already counts that look.
    """
    times = look_times(absence_is_proof=absence_is_proof, caution=caution)
    if operation.lookups < len(times) or _age(operation, now) < times[-1]:
        return Next.LOOK_AGAIN
    return Next.SEND_AGAIN if operation.attempts < caution.attempts else Next.GIVE_UP


def look_times(*, absence_is_proof: bool, caution: Caution) -> tuple[float, ...]:
    """When to look, in seconds after the attempt began; the last look decides."""
    return (0.0, caution.in_flight) if absence_is_proof else caution.lookup_times


def wait_before_look(
    operation: Operation, *, absence_is_proof: bool, caution: Caution, now: datetime
) -> float:
    """Seconds until the next look is due; 0 when it is due or overdue."""
    times = look_times(absence_is_proof=absence_is_proof, caution=caution)
    due = times[min(operation.lookups, len(times) - 1)]
    return max(0.0, due - _age(operation, now))


def _age(operation: Operation, now: datetime) -> float:
    if operation.attempted_at is None:
        raise ValueError(
            f"operation {operation.id} was never attempted: there is nothing to look for"
        )
    return (now - operation.attempted_at) / timedelta(seconds=1)
