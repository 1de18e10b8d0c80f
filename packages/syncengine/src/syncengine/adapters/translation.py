"""The clients' errors in the ports' words (`design.md`, *On the wire*), by one table.

A wrong secret, a missing privilege or a changed schema is not a bad record: it is not translated
and stops the run, so that it does not park ten thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bill_client
import d365_client
from syncengine.errors import Busy, OutcomeUnknown, Rejected

_CLIENT_ERRORS = (bill_client.BillError, d365_client.D365Error)
_STOPPING = (
    bill_client.Forbidden,
    bill_client.LoginFailed,
    bill_client.Unauthenticated,
    d365_client.Forbidden,
    d365_client.LoginFailed,
    d365_client.Unauthenticated,
)
_UNAVAILABLE = (
    bill_client.Broken,
    bill_client.NoAnswer,
    bill_client.Throttled,
    d365_client.Broken,
    d365_client.NoAnswer,
    d365_client.Throttled,
)


@contextmanager
def reading() -> Iterator[None]:
    """Around reads: what cannot be had now is `Busy`; what will not change is not translated."""
    try:
        yield
    except _STOPPING:
        raise
    except _UNAVAILABLE as error:
        raise Busy(str(error)) from error


@contextmanager
def writing(*, retry: bool) -> Iterator[None]:
    """Around one write, by the error's outcome.

    `retry` says whether a refusal may pass without the payload changing.
    """
    try:
        yield
    except _STOPPING:
        raise
    except _CLIENT_ERRORS as error:
        match error.outcome.value:
            case "not_executed":
                raise Busy(str(error)) from error
            case "uncertain":
                raise OutcomeUnknown(str(error)) from error
            case _:
                raise Rejected(str(error), retry=retry) from error
