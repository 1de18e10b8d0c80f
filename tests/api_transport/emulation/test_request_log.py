"""The request log by itself; that its figures are true on the wire is told in `test_middleware`."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from api_transport.emulation import Entry, RequestLog

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)


def arrive(log: RequestLog, scope: str = "one") -> Entry:
    """A request comes in."""
    return log.arrived(method="POST", path="/things", query="a=1", body="text", scope=scope)


def test_an_entry_tells_all_about_a_request() -> None:
    """What came in, when, beside whom, and what became of it, as JSON."""
    seconds = 5.0
    log = RequestLog(lambda: NOW, monotonic=lambda: seconds)
    entry = arrive(log)
    seconds = 7.5
    log.answered(entry, status=201, fault="reply_lost")

    assert [told.to_json() for told in log.entries()] == [
        {
            "sequence": 1,
            "received_at": "2026-10-01T08:00:00Z",
            "received": 5.0,
            "answered": 7.5,
            "method": "POST",
            "path": "/things",
            "query": "a=1",
            "status": 201,
            "in_flight": 1,
            "scope": "one",
            "fault": "reply_lost",
            "body": "text",
        }
    ]


def test_a_request_is_seen_before_it_is_answered() -> None:
    """What is still worked on is in the log, without answer and status."""
    log = RequestLog(lambda: NOW)
    arrive(log)

    assert [(told.answered, told.status) for told in log.entries()] == [(None, None)]


@given(steps=st.lists(st.tuples(st.sampled_from("ab"), st.booleans())))
def test_calls_in_flight_are_counted_by_scope(steps: list[tuple[str, bool]]) -> None:
    """Each arrival counts the open calls of its own scope, itself included."""
    log = RequestLog(lambda: NOW)
    open_calls: dict[str, list[Entry]] = {"a": [], "b": []}
    for scope, arrives in steps:
        if arrives:
            entry = arrive(log, scope)
            open_calls[scope].append(entry)
            assert entry.in_flight == len(open_calls[scope])
        elif open_calls[scope]:
            log.answered(open_calls[scope].pop(0), status=200)

    assert {scope: log.in_flight(scope) for scope in "ab"} == {
        scope: len(calls) for scope, calls in open_calls.items()
    }


def test_entries_are_told_from_a_sequence_on() -> None:
    """They come in the order of arrival, whichever was answered first."""
    log = RequestLog(lambda: NOW)
    first, second, third = (arrive(log) for _ in range(3))
    for entry in (third, first, second):
        log.answered(entry, status=200)

    assert [told.sequence for told in log.entries(after=1)] == [2, 3]


def test_clearing_forgets_entries_and_nothing_else() -> None:
    """Sequences go on, and what is in flight stays so until it is answered."""
    log = RequestLog(lambda: NOW)
    before = arrive(log)
    log.clear()
    after = arrive(log)
    log.answered(before, status=200)

    assert [told.sequence for told in log.entries()] == [2]
    assert after.in_flight == 2
    assert log.in_flight("one") == 1
