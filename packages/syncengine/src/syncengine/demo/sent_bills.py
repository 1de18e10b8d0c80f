"""What bills were created with, from BILL's own log of calls: people may have edited them since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

_SUCCESS = range(200, 300)


@attrs.frozen(kw_only=True)
class SentBill:
    """The amount of a bill and how many lines made it, as it was sent."""

    amount: Decimal
    lines: int


SentBills = Mapping[str, SentBill]
"""By the bill's description: its end, the engine's marker, is of this bill alone."""


def sent_bills(requests: Iterable[Mapping[str, Any]]) -> SentBills:
    """Every bill that a call created, once: a reply that was lost is a bill too."""
    bodies = (
        json.loads(request["body"], parse_float=Decimal)
        for request in requests
        if request["method"] == "POST"
        and request["path"].endswith("/v3/bills")
        and request["status"] in _SUCCESS
    )
    return {
        body["description"]: SentBill(
            amount=sum((Decimal(line["amount"]) for line in body["billLineItems"]), Decimal(0)),
            lines=len(body["billLineItems"]),
        )
        for body in bodies
    }
