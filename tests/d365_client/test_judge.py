"""What an answer means for asking again."""

from __future__ import annotations

import pytest

from api_transport import Verdict
from d365_client._judge import judge


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (302, Verdict.FINAL),
        (400, Verdict.FINAL),
        (401, Verdict.FINAL),
        (403, Verdict.FINAL),
        (404, Verdict.FINAL),
        (409, Verdict.FINAL),
        (412, Verdict.FINAL),
        (415, Verdict.FINAL),
        (422, Verdict.FINAL),
        (429, Verdict.REFUSED_UNREAD),
        (500, Verdict.TRANSIENT),
        (502, Verdict.TRANSIENT),
        (503, Verdict.TRANSIENT),
        (504, Verdict.TRANSIENT),
    ],
)
def test_the_status_says_it(status: int, verdict: Verdict) -> None:
    """429 was refused unread, a 5xx may pass, anything else stays as it is."""
    assert judge(status, {}, b"") is verdict
