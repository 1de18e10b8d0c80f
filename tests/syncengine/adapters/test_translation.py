"""The clients' errors in the ports' words: every row of the table, for both twins."""

from __future__ import annotations

import pytest

import bill_client
import d365_client
from syncengine.adapters.translation import reading, writing
from syncengine.errors import Busy, OutcomeUnknown, Rejected

B, D = bill_client, d365_client


def outcome(module: object, name: str) -> object:
    """A twin's own outcome."""
    return getattr(getattr(module, "Outcome"), name)  # noqa: B009 - a module has no such attribute for mypy


def error(module: object, name: str, told: str) -> Exception:
    """An error of a twin."""
    kind = getattr(module, name)
    more = {"sent": told != "NOT_EXECUTED"} if name == "NoAnswer" else {}
    made: Exception = kind("what happened", outcome=outcome(module, told), **more)
    return made


WRITES: list[tuple[str, str, type[Exception]]] = [
    ("NoAnswer", "NOT_EXECUTED", Busy),
    ("NoAnswer", "UNCERTAIN", OutcomeUnknown),
    ("Broken", "UNCERTAIN", OutcomeUnknown),
    ("Broken", "REJECTED", Rejected),
    ("Undecodable", "UNCERTAIN", OutcomeUnknown),
    ("Throttled", "NOT_EXECUTED", Busy),
    ("BadRequest", "REJECTED", Rejected),
    ("NotFound", "REJECTED", Rejected),
    ("Conflict", "REJECTED", Rejected),
]
STOPS = [
    ("LoginFailed", "NOT_EXECUTED"),
    ("Unauthenticated", "NOT_EXECUTED"),
    ("Forbidden", "REJECTED"),
]


@pytest.mark.parametrize("module", [B, D], ids=["bill", "d365"])
@pytest.mark.parametrize(("name", "told", "expected"), WRITES)
def test_a_failed_write_is_told_by_its_outcome(
    module: object, name: str, told: str, expected: type[Exception]
) -> None:
    """Not executed is busy, uncertain is unknown, rejected is rejected."""
    with pytest.raises(expected, match="what happened"), writing(retry=False):
        raise error(module, name, told)


@pytest.mark.parametrize("module", [B, D], ids=["bill", "d365"])
@pytest.mark.parametrize("name", ["NoAnswer", "Broken", "Throttled"])
def test_a_read_that_cannot_be_had_now_is_busy(module: object, name: str) -> None:
    """The flow is left for the next run, and nothing is parked."""
    with pytest.raises(Busy), reading():
        raise error(module, name, "REJECTED")


@pytest.mark.parametrize("module", [B, D], ids=["bill", "d365"])
@pytest.mark.parametrize(("name", "told"), STOPS)
def test_a_wrong_secret_stops_the_run(module: object, name: str, told: str) -> None:
    """It is not a bad record, so it does not park ten thousand of them."""
    kind = getattr(module, name)
    for context in (reading(), writing(retry=False)):
        with pytest.raises(kind), context:
            raise error(module, name, told)


@pytest.mark.parametrize("module", [B, D], ids=["bill", "d365"])
@pytest.mark.parametrize("name", ["Undecodable", "BadRequest", "NotFound"])
def test_a_read_that_will_never_work_stops_the_run(module: object, name: str) -> None:
    """A changed schema is told as it is."""
    with pytest.raises(getattr(module, name)), reading():
        raise error(module, name, "REJECTED")


@pytest.mark.parametrize("retry", [True, False])
def test_a_refusal_knows_whether_it_may_pass(*, retry: bool) -> None:
    """D365's refusals are tried again, BILL's only when the payload changes."""
    with pytest.raises(Rejected) as refused, writing(retry=retry):
        raise error(D, "BadRequest", "REJECTED")

    assert retry is refused.value.retry
