"""BILL's error bodies: an array, several problems at once (`bill.md` §3). Pure.

Live bodies hold `"code": null` and `"params": {}`, so nothing but the array itself is taken for
granted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import attrs

from bill_client.errors import Reason

_LONGEST = 2_000
_SYSTEM_ERRORS = frozenset({"BDC_1001", "BDC_1002"})
_ROLLED_BACK = "BDC_1246"


@attrs.frozen
class Problem:
    """What an error body says: a code for the whole, and each reason by itself."""

    code: str
    message: str
    reasons: Sequence[Reason]

    @property
    def is_system_error(self) -> bool:
        """Whether BILL itself failed: nobody knows what was done (`domain.md` W9)."""
        return self.code in _SYSTEM_ERRORS

    @property
    def fields(self) -> Sequence[str]:
        """The fields that a refusal of the request's shape names, which has no code."""
        return () if self.code else [one.field for one in self.reasons if one.field]


def problem(status: int, body: bytes) -> Problem:
    """The problem that an error body tells; a page or an empty body gives the status.

    Of several codes the cause goes before what was rolled back because of it (BDC_1246).
    """
    reasons = [_reason(item) for item in _elements(body)]
    unexplained = f"status {status} without a readable explanation"
    if not reasons:
        return Problem("", unexplained, ())
    codes = [reason.code for reason in reasons if reason.code]
    causes = [code for code in codes if code != _ROLLED_BACK] or codes
    told = dict.fromkeys(reason.message for reason in reasons if reason.message)
    message = "; ".join(told) or unexplained
    return Problem(causes[0] if causes else "", message[:_LONGEST], tuple(reasons))


def _elements(body: bytes) -> Sequence[Mapping[str, object]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return [item for item in told if isinstance(item, Mapping)] if isinstance(told, list) else ()


def _reason(item: Mapping[str, object]) -> Reason:
    return Reason(
        code=_text(item.get("code")),
        message=_text(item.get("message")),
        severity=_text(item.get("severity")),
        category=_text(item.get("category")),
        params=item.get("params"),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
