"""The error tree: every status has its class, every class its outcome, no text is lost."""

from __future__ import annotations

import pytest

from d365_client import (
    BadRequest,
    Broken,
    Conflict,
    D365Error,
    Forbidden,
    LoginFailed,
    NoAnswer,
    NotFound,
    Outcome,
    Refused,
    Throttled,
    Unauthenticated,
    Undecodable,
)
from d365_client.errors import BY_STATUS, refused


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        (400, BadRequest, Outcome.REJECTED),
        (401, Unauthenticated, Outcome.NOT_EXECUTED),
        (403, Forbidden, Outcome.REJECTED),
        (404, NotFound, Outcome.REJECTED),
        (405, BadRequest, Outcome.REJECTED),
        (409, Conflict, Outcome.REJECTED),
        (412, Conflict, Outcome.REJECTED),
        (414, BadRequest, Outcome.REJECTED),
        (415, BadRequest, Outcome.REJECTED),
        (422, BadRequest, Outcome.REJECTED),
        (429, Throttled, Outcome.NOT_EXECUTED),
        (451, BadRequest, Outcome.REJECTED),
    ],
)
def test_a_refusing_status_has_its_class_and_outcome(
    status: int, kind: type[Refused], outcome: Outcome
) -> None:
    """401 and 429 were refused unread; every other refusal is final."""
    error = refused(status, "no")

    assert type(error) is kind
    assert (error.status, error.outcome) == (status, outcome)


@pytest.mark.parametrize("status", BY_STATUS)
def test_every_row_of_the_table_refuses(status: int) -> None:
    """The table holds 4xx only: a 5xx beside them would be taken for a refusal."""
    assert 400 <= status < 500


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (NoAnswer, D365Error),
        (Broken, D365Error),
        (Refused, D365Error),
        (BadRequest, Refused),
        (Unauthenticated, Refused),
        (Forbidden, Refused),
        (NotFound, Refused),
        (Conflict, Refused),
        (Throttled, Refused),
        (Undecodable, D365Error),
        (LoginFailed, D365Error),
    ],
)
def test_the_tree_is_as_it_is_drawn(kind: type[D365Error], parent: type[D365Error]) -> None:
    """`Broken` stands beside `Refused`, not under it: a 5xx refuses nothing."""
    assert kind.__bases__ == (parent,)


def test_a_throttled_call_knows_how_long_to_wait() -> None:
    """In seconds; other refusals have no such fact."""
    error = refused(429, "busy", retry_after=7.0)

    assert isinstance(error, Throttled)
    assert error.retry_after == 7.0
    assert not hasattr(refused(400, "no", retry_after=7.0), "retry_after")


def test_an_error_tells_everything_in_one_line() -> None:
    """What was asked, the status, the code, the service's sentence, the id for support."""
    error = refused(
        400,
        "Vendor 1001 is on hold.",
        code="E7",
        request_id="aid-1",
        request_line="POST /data/VendorPaymentJournalLines",
    )

    assert str(error) == (
        "POST /data/VendorPaymentJournalLines · 400 · E7 · Vendor 1001 is on hold. (request aid-1)"
    )


def test_an_error_without_a_message_says_what_it_is() -> None:
    """An empty body leaves the class's own sentence."""
    assert str(refused(404, "")) == "404 · There is no such thing."


def test_a_fact_that_is_learnt_later_is_told_too() -> None:
    """Whoever knows the exchange adds to what the decoder raised."""
    error = Undecodable("cut short")
    error.status, error.request_line = 200, "GET /data/VendorsV2"

    assert str(error) == "GET /data/VendorsV2 · 200 · cut short"
