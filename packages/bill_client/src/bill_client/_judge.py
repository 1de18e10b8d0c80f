"""What an answer of BILL means for asking again. Pure (`bill.md` §2, §3).

BILL tells its limits by a code in the body; the status that goes with it is undocumented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from api_transport.policy import Verdict, next_hour, read_retry_after
from bill_client._envelopes import problem

_TRANSIENT_FROM = 500
_HOUR_USED_UP = "BDC_1144"
_REFUSED_UNREAD = frozenset({_HOUR_USED_UP, "BDC_1322"})


def judge(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """By code whatever the status; without a code, 429 was refused unread and a 5xx is transient.

    A lapsed session (BDC_1109) is final here: authentication, outside, logs in and asks again.
    """
    del headers  # no documented header tells of a limit
    said = problem(status, body)
    if said.code in _REFUSED_UNREAD or status == 429:  # noqa: PLR2004 - Too Many Requests
        return Verdict.REFUSED_UNREAD
    broken = status >= _TRANSIENT_FROM or said.is_system_error
    return Verdict.TRANSIENT if broken else Verdict.FINAL


def patience(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
    """Seconds that an answer asks us to wait: `Retry-After`, or to the end of a used-up hour.

    BILL documents no such header; where there is one it is kept to (§2).
    """
    asked = read_retry_after(headers.get("retry-after"), now=now)
    if asked is None and problem(status, body).code == _HOUR_USED_UP:
        return (next_hour(now) - now).total_seconds()
    return asked
