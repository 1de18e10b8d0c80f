"""What went wrong in an exchange, as one of our errors. Pure (`d365.md` §2.11)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from api_transport.policy import read_retry_after
from d365_client._call import Call
from d365_client._envelopes import problem
from d365_client.errors import Broken, D365Error, Outcome, Throttled, Undecodable, refused

ACTIVITY_ID = "ms-dyn-aid"
"""The header with the id that Microsoft's support asks for."""

_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class Answered(Protocol):
    """What of an answer an error tells."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, with their names in lower case."""


def failure(
    call: Call,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    cause: str,
    write_exception_is_rejection: bool,
    now: datetime,
) -> D365Error:
    """The error of an answer that is not a success. Header names are in lower case.

    `cause` is what else is known of why, which the answer itself does not say.
    """
    said = problem(body)
    request_id = headers.get(ACTIVITY_ID, "")
    if status < _CLIENT_ERROR:
        return Undecodable(
            "the answer is a redirect: is base_url the environment's own?",
            outcome=unread(call),
            status=status,
            request_id=request_id,
            request_line=call.line,
        )
    if status >= _SERVER_ERROR:
        deterministic = said.is_write_exception and write_exception_is_rejection
        return Broken(
            said.message,
            outcome=Outcome.REJECTED if deterministic else unread(call),
            status=status,
            code=said.code,
            request_id=request_id,
            request_line=call.line,
        )
    return refused(
        status,
        "; ".join(filter(None, (said.message, cause))),
        code=said.code,
        request_id=request_id,
        request_line=call.line,
        retry_after=read_retry_after(headers.get("retry-after"), now=now),
    )


def held_back(call: Call, why: Exception, retry_after: float, request_id: str) -> Throttled:
    """The error of a call that was not sent, since an answer to another one asked us to wait."""
    error = Throttled(
        f"nothing was sent: {why}",
        outcome=Outcome.NOT_EXECUTED,
        request_id=request_id,
        request_line=call.line,
    )
    error.retry_after = retry_after
    return error


@contextlib.contextmanager
def of_exchange(call: Call, answer: Answered) -> Iterator[None]:
    """An `Undecodable` that is raised inside tells which exchange it is about."""
    try:
        yield
    except Undecodable as error:
        error.outcome = unread(call)
        error.status = answer.status
        error.request_id = answer.headers.get(ACTIVITY_ID, "")
        error.request_line = call.line
        raise


def unread(call: Call) -> Outcome:
    """What became of a call whose answer is lost, broken or unreadable."""
    return Outcome.NOT_EXECUTED if call.reads else Outcome.UNCERTAIN
