"""The settable clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from api_transport.emulation import SettableClock

START = datetime(2026, 10, 1, 8, tzinfo=UTC)


def test_the_clock_runs_on_from_where_it_was_set() -> None:
    """The time that passes is added to the instant that was set, also after setting it back."""
    seconds = 50.0
    clock = SettableClock(START, monotonic=lambda: seconds)
    seconds += 90
    after_a_while = clock.now()
    clock.set(START - timedelta(days=1))
    set_back = clock.now()
    seconds += 1

    assert after_a_while == START + timedelta(seconds=90)
    assert set_back == START - timedelta(days=1)
    assert clock.now() == START - timedelta(days=1) + timedelta(seconds=1)


def test_the_clock_starts_now() -> None:
    """A clock that was not set shows the present."""
    before = datetime.now(tz=UTC)

    assert before <= SettableClock().now() <= before + timedelta(seconds=5)


def test_the_clock_shows_utc() -> None:
    """An instant told in another zone is the same instant, in UTC."""
    told = datetime(2026, 10, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    clock = SettableClock(told, monotonic=lambda: 0.0)

    assert clock.now() == START
    assert clock.now().tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    """Without an offset nobody knows which instant is meant."""
    clock = SettableClock()

    with pytest.raises(ValueError, match="2026-10-01T08:00:00 has no UTC offset"):
        clock.set(datetime(2026, 10, 1, 8))  # noqa: DTZ001 - naive is the point
