"""What went wrong in an exchange, as one of our errors. Pure (`bill.md` §3)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from bill_client._answers import RawAnswer
from bill_client._call import Call
from bill_client._envelopes import problem
from bill_client._judge import patience
from bill_client.errors import (
    BadRequest,
    BillError,
    Broken,
    Outcome,
    Throttled,
    Undecodable,
    refused,
)

_CLIENT_ERROR, _SERVER_ERROR = 400, 500


def failure(
    call: Call, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> BillError:
    """The error of an answer that is not a success. Header names are in lower case."""
    said = problem(status, body)
    if status < _CLIENT_ERROR:
        return Undecodable(
            "the answer is a redirect: is the environment's URL BILL's own?",
            outcome=unread(call),
            status=status,
            request_line=call.line,
        )
    if status >= _SERVER_ERROR or said.is_system_error:
        broken = Broken(
            said.message,
            outcome=unread(call),
            status=status,
            code=said.code,
            request_line=call.line,
        )
        broken.reasons = said.reasons
        return broken
    error = refused(
        status,
        said.message,
        code=said.code,
        request_line=call.line,
        retry_after=patience(status, headers, body, now),
    )
    error.reasons = said.reasons
    if isinstance(error, BadRequest):
        error.fields = said.fields
    return error


def held_back(call: Call, why: Exception, retry_after: float) -> Throttled:
    """The error of a call that was not sent, since an answer to another one asked us to wait."""
    error = Throttled(
        f"nothing was sent: {why}", outcome=Outcome.NOT_EXECUTED, request_line=call.line
    )
    error.retry_after = retry_after
    return error


@contextlib.contextmanager
def of_exchange(call: Call, answer: RawAnswer) -> Iterator[None]:
    """An `Undecodable` that is raised inside tells which exchange it is about."""
    try:
        yield
    except Undecodable as error:
        error.outcome = unread(call)
        error.status = answer.status
        error.request_line = call.line
        raise


def unread(call: Call) -> Outcome:
    """What became of a call whose answer is lost, broken or unreadable."""
    return Outcome.NOT_EXECUTED if call.reads else Outcome.UNCERTAIN
