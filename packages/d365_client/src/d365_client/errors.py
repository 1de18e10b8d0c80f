"""What can go wrong, and what it means for the thing that was asked.

    D365Error                       outcome
    ├── NoAnswer                    uncertain · not_executed (a read, or it never left)
    ├── Broken            5xx       uncertain · not_executed (a read) · rejected (a batch's part)
    ├── Refused                     rejected
    │   ├── BadRequest    400 415 422 …
    │   ├── Unauthenticated 401     not_executed
    │   ├── Forbidden     403
    │   ├── NotFound      404
    │   ├── Conflict      409 412
    │   └── Throttled     429       not_executed
    ├── Undecodable       2xx that cannot be read: uncertain · not_executed (a read)
    └── LoginFailed                 not_executed

The tree is the twin of `bill_client.errors`. Pure; imports nothing of ours.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence


class Outcome(enum.StrEnum):
    """What became of the request (`design.md`, *On the wire*)."""

    NOT_EXECUTED = "not_executed"
    """It never left, was refused before execution, or only read: it may be attempted again."""

    REJECTED = "rejected"
    """It was refused for good: nothing was done, and asking again gives the same."""

    UNCERTAIN = "uncertain"
    """It may have been done: look before anything is sent again."""


class D365Error(Exception):
    """A request to Dynamics 365 failed.

    `status` is 0 where there was no answer; `code` and `message` are the service's own words,
    `request_id` is its activity id for support, `request_line` the method and path. No secret is
    ever in any of them.
    """

    def __init__(
        self,
        message: str = "",
        *,
        outcome: Outcome = Outcome.REJECTED,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        request_line: str = "",
    ) -> None:
        self.message = message or (type(self).__doc__ or "").splitlines()[0]
        self.outcome = outcome
        self.status = status
        self.code = code
        self.request_id = request_id
        self.request_line = request_line
        super().__init__(self.message)

    def __str__(self) -> str:
        parts = [self.request_line, str(self.status or ""), self.code, self.message]
        told = " · ".join(part for part in parts if part)
        return f"{told} (request {self.request_id})" if self.request_id else told


class NoAnswer(D365Error):
    """Nothing usable came back. `sent` says whether the request may have arrived."""

    def __init__(
        self,
        message: str = "",
        *,
        sent: bool,
        outcome: Outcome,
        request_line: str = "",
        request_id: str = "",
    ) -> None:
        self.sent = sent
        super().__init__(message, outcome=outcome, request_line=request_line, request_id=request_id)


class Broken(D365Error):
    """The service failed with a 5xx."""


class Refused(D365Error):
    """The service said no."""


class BadRequest(Refused):
    """The request does not fit. `fields` are those that the answer names, if it names any."""

    fields: Sequence[str] = ()


class Unauthenticated(Refused):
    """The credential is not accepted, also after it was renewed."""


class Forbidden(Refused):
    """The credential is good and its user may not do this."""


class NotFound(Refused):
    """There is no such thing."""


class Conflict(Refused):
    """It is not any more what the request took it to be."""


class Throttled(Refused):
    """Refused unread. `retry_after` is in seconds, None where the answer did not say."""

    retry_after: float | None = None


class Undecodable(D365Error):
    """A success that is not what was promised. `problems` say where and what.

    `garbled` says that the answer was cut short or is something else altogether, so that a read
    may well succeed when it is repeated.
    """

    problems: Sequence[str] = ()
    garbled: bool = False


class LoginFailed(D365Error):
    """No credential could be had."""


def garbled(message: str) -> Undecodable:
    """The error of a success that was cut short or is something else altogether."""
    error = Undecodable(message)
    error.garbled = True
    return error


BY_STATUS: dict[int, type[Refused]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    415: BadRequest,
    422: BadRequest,
    429: Throttled,
}
"""The class of each refusing status; any other 4xx is a `BadRequest`."""

_UNREAD = (Unauthenticated, Throttled)


def refused(
    status: int,
    message: str,
    *,
    code: str = "",
    request_id: str = "",
    request_line: str = "",
    retry_after: float | None = None,
) -> Refused:
    """The error of a 4xx answer, with its outcome."""
    kind = BY_STATUS.get(status, BadRequest)
    error = kind(
        message,
        outcome=Outcome.NOT_EXECUTED if issubclass(kind, _UNREAD) else Outcome.REJECTED,
        status=status,
        code=code,
        request_id=request_id,
        request_line=request_line,
    )
    if isinstance(error, Throttled):
        error.retry_after = retry_after
    return error
