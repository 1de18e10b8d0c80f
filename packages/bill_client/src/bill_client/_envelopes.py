"""BILL's error bodies: an array, several problems at once (`bill.md` §3). Pure.

Live bodies hold `"code": null` and `"params": {}`, so nothing but the array itself is taken for
granted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_LONGEST = 2_000
_SYSTEM_ERRORS = frozenset({"BDC_1001", "BDC_1002"})


class Problem(NamedTuple):
    """What an error body says: the first code there is, all messages, the fields they name."""

    code: str
    message: str
    fields: Sequence[str]

    @property
    def is_system_error(self) -> bool:
        """Whether BILL itself failed: nobody knows what was done (`domain.md` W9)."""
        return self.code in _SYSTEM_ERRORS


def problem(status: int, body: bytes) -> Problem:
    """The problem that an error body tells; a page or an empty body gives the status."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    entries = [item for item in told if isinstance(item, Mapping)] if isinstance(told, list) else []
    if not entries:
        return Problem("", f"status {status} without a readable explanation", ())
    codes = [str(item["code"]) for item in entries if item.get("code")]
    messages = [str(item.get("message") or "") for item in entries]
    # "address.country: invalid value": what stands before the colon is the field.
    fields = [message.split(":")[0] for message in messages if ": " in message]
    return Problem(
        codes[0] if codes else "",
        "; ".join(messages)[:_LONGEST],
        tuple(fields) if not codes else (),
    )
