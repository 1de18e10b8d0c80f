"""The policy: who may ask again, how often, how soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_transport import Gate, RetryPolicy, Verdict, read_retry_after

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
FAR = "Thu, 01 Oct 99999999999 08:00:07 GMT"

policies = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 10_000),
    base=st.floats(0.001, 100),
    cap=st.floats(0.001, 1000),
    longest_wait=st.floats(0, 1000),
)
draws = st.floats(0, 1, exclude_max=True)
attempts = st.integers(1, 10_000)
asked_waits = st.none() | st.floats(0, 10_000)


@given(
    policy=policies,
    verdict=st.sampled_from(Verdict),
    repeatable=st.booleans(),
    attempt=attempts,
    draw=draws,
)
def test_a_wait_of_our_own_is_never_above_the_cap(
    policy: RetryPolicy, verdict: Verdict, *, repeatable: bool, attempt: int, draw: float
) -> None:
    """Whatever fails and however often, we wait between nothing and the cap."""
    wait = policy.wait(verdict, repeatable=repeatable, attempt=attempt, asked=None, draw=draw)

    assert wait is None or 0 < wait <= policy.cap


@given(policy=policies, attempt=attempts, asked=st.floats(0, 10_000), draw=draws)
def test_a_wait_that_is_asked_for_is_kept_or_left_to_the_caller(
    policy: RetryPolicy, attempt: int, asked: float, draw: float
) -> None:
    """`Retry-After` is neither shortened nor stretched, and beyond the longest wait we give up."""
    wait = policy.wait(
        Verdict.REFUSED_UNREAD, repeatable=False, attempt=attempt, asked=asked, draw=draw
    )

    expected = asked if attempt < policy.attempts and asked <= policy.longest_wait else None
    assert wait == expected


@given(policy=policies, attempt=attempts, asked=asked_waits, draw=draws)
def test_what_broke_is_never_repeated_when_it_is_unrepeatable(
    policy: RetryPolicy, attempt: int, asked: float | None, draw: float
) -> None:
    """A lost reply to a write, or a 5xx, has no second try, whatever `Retry-After` says."""
    wait = policy.wait(Verdict.TRANSIENT, repeatable=False, attempt=attempt, asked=asked, draw=draw)

    assert wait is None


@given(policy=policies, repeatable=st.booleans(), attempt=attempts, asked=asked_waits, draw=draws)
def test_what_is_final_is_never_repeated(
    policy: RetryPolicy, *, repeatable: bool, attempt: int, asked: float | None, draw: float
) -> None:
    """Not even a read is asked again after a final answer."""
    wait = policy.wait(
        Verdict.FINAL, repeatable=repeatable, attempt=attempt, asked=asked, draw=draw
    )

    assert wait is None


@given(
    policy=policies, verdict=st.sampled_from(Verdict), over=st.integers(0, 100), asked=asked_waits
)
def test_attempts_come_to_an_end(
    policy: RetryPolicy, verdict: Verdict, over: int, asked: float | None
) -> None:
    """After the last attempt there is no next one."""
    wait = policy.wait(
        verdict, repeatable=True, attempt=policy.attempts + over, asked=asked, draw=0.5
    )

    assert wait is None


@pytest.mark.parametrize(
    ("attempt", "draw", "seconds"),
    [(1, 0.0, 0.5), (1, 0.5, 0.75), (2, 0.0, 1.0), (3, 0.0, 2.0), (4, 0.0, 4.0), (9, 0.0, 5.0)],
)
def test_waits_double_up_to_the_cap(attempt: int, draw: float, seconds: float) -> None:
    """From the base on each wait is twice the one before, and its lower half is certain."""
    policy = RetryPolicy(attempts=10, base=1.0, cap=10.0)

    wait = policy.wait(Verdict.TRANSIENT, repeatable=True, attempt=attempt, asked=None, draw=draw)

    assert wait == seconds


@given(shuttings=st.lists(st.floats(0, 1000)), now=st.floats(0, 1000))
def test_a_gate_keeps_to_its_longest_shutting(shuttings: list[float], now: float) -> None:
    """One may pass when every shutting is over, and not before."""
    gate = Gate()
    for instant in shuttings:
        gate.shut_until(instant)

    assert gate.left(now) == max([0.0, *(instant - now for instant in shuttings)])


@given(seconds=st.integers(0, 10**9))
def test_retry_after_is_read_in_seconds(seconds: int) -> None:
    """A number is seconds, spaces around it or not."""
    read = {read_retry_after(text, now=NOW) for text in (f"{seconds}", f" {seconds} ")}

    assert read == {float(seconds)}


@given(seconds=st.integers(-(10**6), 10**6))
def test_retry_after_is_read_as_a_date(seconds: int) -> None:
    """An HTTP date is the seconds until then; one that has passed asks for none."""
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)

    assert read_retry_after(date, now=NOW) == max(0.0, seconds)


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 01 Oct 2026 08:00:07 GMT",
        "Thu, 01 Oct 2026 08:00:07",
        "Thu, 01 Oct 2026 10:00:07 +0200",
        "Thu Oct  1 08:00:07 2026",
    ],
)
def test_a_date_without_a_zone_is_in_utc(date: str) -> None:
    """HTTP dates are in GMT (RFC 9110 §5.6.7), also where they forget to say so."""
    assert read_retry_after(date, now=NOW) == 7.0


@pytest.mark.parametrize(
    "text", [None, "", "soon", "-1", "1.5", "Thu, 99 Oct 2026 08:00:07 GMT", FAR]
)
def test_a_retry_after_that_nobody_can_read_asks_for_nothing(text: str | None) -> None:
    """We then wait as long as we think right."""
    assert read_retry_after(text, now=NOW) is None


@pytest.mark.parametrize("text", ["9" * 12, "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_that_no_clock_counts_is_cut(text: str) -> None:
    """As RFC 9111 §1.2.2 has it, 2³¹ seconds stand for more; they are never infinitely many."""
    assert read_retry_after(text, now=NOW) == 2.0**31


@given(text=st.text())
def test_no_retry_after_breaks_the_reader(text: str) -> None:
    """Whatever the header says, what is read is None or not negative."""
    seconds = read_retry_after(text, now=NOW)

    assert seconds is None or seconds >= 0
