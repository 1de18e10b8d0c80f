"""The error bodies of `d365.md` §2.5, §2.11 and §8, read for what is useful in them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_LONGEST = 2_000
_MESSAGES = ("message", "Message", "ExceptionMessage")
_DEEPER = ("error", "innererror", "internalexception", "InnerException")
_GENERIC = frozenset(
    {
        "An error has occurred.",
        "An unexpected X++ error occurred.",
        "Exception has been thrown by the target of an invocation.",
    }
)


class Problem(NamedTuple):
    """What an error body says: the code, the innermost message that says anything, its type."""

    code: str
    message: str
    exception: str

    @property
    def is_write_exception(self) -> bool:
        """Whether the recorded `AxODataWriteException` is named: a validation that failed."""
        return self.exception.rpartition(".")[2] == "AxODataWriteException"


def problem(body: bytes) -> Problem:
    """The problem that an error body tells; all empty where it is no envelope that we know."""
    try:
        told = json.loads(body)
    except ValueError:
        return Problem("", "", "")
    code = message = exception = ""
    for level in _levels(told):
        code = code or str(level.get("code") or "")
        exception = str(level.get("type") or level.get("ExceptionType") or exception)
        for said in (str(level.get(name) or "").strip() for name in _MESSAGES):
            # What says something is never given up for a deeper level that does not.
            if said and (said not in _GENERIC or not message):
                message = said
    return Problem(code, message[:_LONGEST], exception)


def _levels(told: object) -> Iterator[Mapping[str, object]]:
    """An envelope from the outside in."""
    while isinstance(told, Mapping):
        yield told
        told = next((told[name] for name in _DEEPER if told.get(name)), None)
