"""Service protection: who asks too much is refused, for longer if they do not listen (§3)."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client.emulator.answers import RefusedError
from d365_client.emulator.settings import Settings, Switches
from d365_client.emulator.throttling import Pause, Throttle, next_pause

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.instant = NOON
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The instant."""
        return self.instant

    def move(self, seconds: float) -> None:
        """Let seconds pass."""
        self.instant += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Take no time, and remember how long it was to be."""
        self.slept.append(seconds)


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock()


def throttle(clock: Clock, **settings: Any) -> Throttle:
    """What protects an environment with these settings."""
    return Throttle(Switches(Settings(**settings)), now=clock.now, sleep=clock.sleep)


async def ask(throttle: Throttle, client_id: str = "A") -> int:
    """The seconds that a call is told to keep away; 0: it was served."""
    try:
        async with throttle.admitted(client_id):
            return 0
    except RefusedError as refused:
        return int(refused.answer.headers["Retry-After"])


async def test_without_limits_nobody_is_refused(clock: Clock) -> None:
    """The limits for an application are gone since 2023, and an environment can be strong."""
    protection = throttle(clock)

    assert [await ask(protection) for _ in range(7000)] == [0] * 7000


async def test_an_application_has_so_many_calls_in_five_minutes(clock: Clock) -> None:
    """Not more; others have theirs; after five minutes there is room for as many again."""
    protection = throttle(clock, application_request_limit=3, first_retry_after_seconds=10)
    first = [await ask(protection) for _ in range(4)]
    other = await ask(protection, "B")
    clock.move(299)
    late = await ask(protection)
    clock.move(21)
    again = [await ask(protection) for _ in range(3)]

    assert (first, other) == ([0, 0, 0, 10], 0)
    assert late == 10  # long after the pause: it is not held against them
    assert again == [0, 0, 0]


async def test_an_application_has_so_many_calls_at_once(clock: Clock) -> None:
    """One is over when it is answered, and makes room for the next."""
    protection = throttle(
        clock, application_concurrency_limit=2, early_calls_are_refused=False, call_seconds=0.5
    )
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(protection.admitted("A"))
        third, other = await ask(protection), await ask(protection, "B")

    assert (third, other, await ask(protection)) == (5, 0, 0)
    assert clock.slept == [0.5] * 4


async def test_an_overloaded_environment_refuses_everybody(clock: Clock) -> None:
    """Its load is what all applications have at work."""
    protection = throttle(clock, load_limit=2)
    async with AsyncExitStack() as stack:
        for client_id in ("A", "B"):
            await stack.enter_async_context(protection.admitted(client_id))
        refused = await ask(protection, "C")

    assert refused == 5


@pytest.mark.parametrize(("are_refused", "told"), [(True, 10), (False, 0)])
async def test_who_comes_back_too_early(clock: Clock, *, are_refused: bool, told: int) -> None:
    """They are refused for longer, or served where there is room: unverified, so a switch."""
    protection = throttle(clock, load_limit=1, early_calls_are_refused=are_refused)
    async with protection.admitted("B"):
        await ask(protection)
    clock.move(3)

    assert await ask(protection) == told


async def test_who_listens_is_served(clock: Clock) -> None:
    """To the second."""
    protection = throttle(clock, load_limit=1)
    async with protection.admitted("B"):
        told = await ask(protection)
    clock.move(told)

    assert await ask(protection) == 0


@pytest.mark.parametrize("as_odata_error", [True, False])
async def test_a_refusal_is_a_documented_429(api: Any, *, as_odata_error: bool) -> None:
    """With Retry-After in whole seconds, and in words; nothing is done."""
    await api.set(application_request_limit=1, first_retry_after_seconds=7)
    await api.set(throttled_has_odata_error=as_odata_error)
    await api.get("VendorGroups")
    refused = await api.http.post(
        "/data/VendorGroups", json={"dataAreaId": "mqus", "VendorGroupId": "99"}
    )
    early = await api.http.get("/data/VendorGroups")
    await api.set(application_request_limit=0, early_calls_are_refused=False)

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert [*refused.json()] == ["error" if as_odata_error else "Message"]
    assert "exceeded the limit of 1 over the time window of 300 seconds" in refused.text
    assert "Please retry the request after 7 seconds" in early.text
    assert "99" not in [row["VendorGroupId"] for row in await api.rows("VendorGroups")]


@given(seconds=st.lists(st.integers(0, 320), max_size=30), first=st.integers(1, 60))
def test_a_pause_grows_for_who_hammers_and_begins_anew_for_who_does_not(
    seconds: list[int], first: int
) -> None:
    """It is never shorter than the first nor longer than five minutes, whatever one does."""
    now, pause = NOON, None
    for passed in seconds:
        now += timedelta(seconds=passed)
        before = pause
        pause = next_pause(before, now, first)
        expected = first
        if before is not None and now < before.since + timedelta(seconds=before.seconds):
            expected = min(before.seconds * (2 if now > before.since else 1), 300)

        assert pause.seconds == expected
        assert now - pause.since < timedelta(seconds=1)


def test_a_burst_is_told_the_same() -> None:
    """What was sent within a second of the refusal could not know of it."""
    pause = Pause(since=NOON, seconds=5)

    assert next_pause(pause, NOON + timedelta(milliseconds=900), 5) == pause
    assert next_pause(pause, NOON + timedelta(seconds=1), 5).seconds == 10
