"""What an answer of Dynamics 365 means for asking again. Pure (`d365.md` §3)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from api_transport.policy import Verdict


def judge(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """429 was refused unread; a 5xx is transient, for reads; everything else is final.

    A 500 on a write may be a business rule or a write that was done (`d365.md` §2.11): the
    transport never repeats it, since a write is not repeatable.
    """
    del headers, body  # the status says it all here; the twin needs the body
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Verdict.REFUSED_UNREAD
    return Verdict.TRANSIENT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Verdict.FINAL
