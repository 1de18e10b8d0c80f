"""The pace: down by half under pressure, up by one when all goes well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_transport import Limits, Pace

mosts = st.integers(1, 64)


@given(
    most=mosts,
    adaptive=st.booleans(),
    answers=st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=200),
)
def test_a_pace_is_between_one_and_the_limit(
    most: int, *, adaptive: bool, answers: list[tuple[bool, int]]
) -> None:
    """Whatever is answered, late or not, there is a slot, and never one too many."""
    pace = Pace(Limits(concurrent=most, adaptive=adaptive))
    for pressed, late in answers:
        tell = pace.pressed if pressed else pace.eased
        tell(pace.sent() - late)

        assert 1 <= pace.slots <= most


@given(most=mosts, refusals=st.integers(1, 100))
def test_a_burst_of_refusals_halves_once(most: int, refusals: int) -> None:
    """What was sent at the old pace says nothing about the new one."""
    pace = Pace(Limits(concurrent=most, adaptive=True))
    sent = pace.sent()
    for _ in range(refusals):
        pace.pressed(sent)

    assert pace.slots == max(1, most // 2)


@given(most=st.integers(2, 64), bursts=st.integers(1, 10))
def test_pressure_that_goes_on_halves_again(most: int, bursts: int) -> None:
    """A refusal of what was sent at the new pace halves that one, down to a single slot."""
    pace = Pace(Limits(concurrent=most, adaptive=True))
    for _ in range(bursts):
        pace.pressed(pace.sent())

    assert pace.slots == max(1, most >> bursts)


@given(most=st.integers(2, 64))
def test_as_many_good_answers_as_slots_add_one(most: int) -> None:
    """From one slot back to all of them it takes 1 + 2 + 3 + … answers, and no fewer."""
    pace = Pace(Limits(concurrent=most, adaptive=True))
    while pace.slots > 1:
        pace.pressed(pace.sent())
    for slots in range(1, most):
        for _ in range(slots):
            assert pace.slots == slots

            pace.eased(pace.sent())

    assert pace.slots == most


@given(late=st.integers(1, 100))
def test_good_answers_to_what_was_sent_before_do_not_count(late: int) -> None:
    """They came from a server that was about to be pressed."""
    pace = Pace(Limits(concurrent=8, adaptive=True))
    sent = pace.sent()
    pace.pressed(sent)
    for _ in range(late):
        pace.eased(sent)

    assert pace.slots == 4


def test_pressure_starts_the_count_anew() -> None:
    """Good answers before a refusal do not help the pace up after it."""
    pace = Pace(Limits(concurrent=8, adaptive=True))
    pace.pressed(pace.sent())
    for _ in range(3):
        pace.eased(pace.sent())
    pace.pressed(pace.sent())
    pace.eased(pace.sent())

    assert pace.slots == 2


def test_a_fixed_pace_stays() -> None:
    """Where the service has told its quota, a refusal changes nothing about it."""
    pace = Pace(Limits(concurrent=3))
    for _ in range(5):
        pace.pressed(pace.sent())

    assert pace.slots == 3


@pytest.mark.parametrize(
    ("concurrent", "per_hour", "name"), [(0, None, "concurrent"), (3, 0, "per_hour")]
)
def test_limits_that_would_let_nothing_through_are_refused(
    concurrent: int, per_hour: int | None, name: str
) -> None:
    """Nothing waits for ever for a slot that there is not."""
    with pytest.raises(ValueError, match=f"'{name}' must be >= 1: 0"):
        Limits(concurrent=concurrent, per_hour=per_hour)
