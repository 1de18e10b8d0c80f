"""When a write of unknown outcome is looked for, and when it may be sent once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.model import Operation, OperationRecord, OperationState, Purpose
from syncengine.resolution import Caution, Next, after_absence, wait_before_look

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
CAUTION = Caution(lookup_times=(0.0, 1.0, 2.0), in_flight=1.5)
OPERATION = Operation(
    id="op",
    flow="bills",
    purpose=Purpose.CREATE,
    records=(OperationRecord(key="V1"),),
    payload={},
    opened_at=BEGAN,
    state=OperationState.UNKNOWN,
    attempts=1,
    attempted_at=BEGAN,
)


@pytest.mark.parametrize(
    ("lookups", "age", "attempts", "proof", "expected"),
    [
        (1, 5.0, 1, False, Next.LOOK_AGAIN),
        (3, 1.9, 1, False, Next.LOOK_AGAIN),
        (3, 2.0, 1, False, Next.SEND_AGAIN),
        (3, 2.0, 2, False, Next.GIVE_UP),
        (1, 1.4, 1, True, Next.LOOK_AGAIN),
        (2, 1.5, 1, True, Next.SEND_AGAIN),
        (2, 1.5, 2, True, Next.GIVE_UP),
    ],
)
def test_absence_counts_after_all_looks_and_the_whole_window(
    *, lookups: int, age: float, attempts: int, proof: bool, expected: Next
) -> None:
    """Only the last look of the window makes an absence count, and only one retry follows it."""
    operation = attrs.evolve(OPERATION, lookups=lookups, attempts=attempts)

    got = after_absence(
        operation, absence_is_proof=proof, caution=CAUTION, now=BEGAN + timedelta(seconds=age)
    )

    assert expected == got


@pytest.mark.parametrize(
    ("lookups", "age", "wait"), [(0, 0.0, 0.0), (1, 0.25, 0.75), (2, 9.0, 0.0)]
)
def test_a_look_waits_for_its_time(lookups: int, age: float, wait: float) -> None:
    """The next look is due its offset after the attempt began, at once when that has passed."""
    operation = attrs.evolve(OPERATION, lookups=lookups)

    got = wait_before_look(
        operation, absence_is_proof=False, caution=CAUTION, now=BEGAN + timedelta(seconds=age)
    )

    assert wait == got


@given(
    times=st.lists(st.floats(0, 10_000), min_size=1, max_size=6).map(sorted),
    lookups=st.integers(0, 8),
    age=st.floats(0, 20_000),
)
def test_nothing_is_sent_again_before_the_settle_window_is_over(
    times: list[float], lookups: int, age: float
) -> None:
    """Whatever the look-up times, a second send never comes inside the settle window."""
    caution = Caution(lookup_times=tuple(times))
    now = BEGAN + timedelta(seconds=age)
    operation = attrs.evolve(OPERATION, lookups=lookups)

    sent_again = Next.SEND_AGAIN is after_absence(
        operation, absence_is_proof=False, caution=caution, now=now
    )

    assert not sent_again or (now - BEGAN).total_seconds() >= caution.settle_window


def test_look_up_times_must_ascend() -> None:
    """A settings error in the look-up times is refused, with the value."""
    with pytest.raises(ValueError, match=r"ascending.*\(5\.0, 1\.0\)"):
        Caution(lookup_times=(5.0, 1.0))
