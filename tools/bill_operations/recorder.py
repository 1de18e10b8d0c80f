"""A BILL that answers with its collection's examples and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import httpx
from tools.bill_operations.collection import Operation

from bill_client._converter import encode

ROOT = "https://gateway.stage.bill.com/connect/v3"
EVENTS = "https://gateway.stage.bill.com/connect-events/v3"


@attrs.define
class Recorder:
    """A BILL that answers with the collection's examples and remembers what it was asked."""

    known: Sequence[Operation]
    asked: list[tuple[Operation | None, httpx.Request]] = attrs.field(factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The example of the operation that a request is."""
        path = str(request.url.copy_with(query=None)).removeprefix(ROOT).removeprefix(EVENTS)
        found = next((one for one in self.known if one.fits(request.method, path)), None)
        self.asked.append((found, request))
        answer: Any = found.answers[0] if found and found.answers else None
        if found is None:
            answer = {"results": []}
        if answer is None:
            return httpx.Response(204)
        if isinstance(answer, dict):
            answer = {name: value for name, value in answer.items() if name != "nextPage"}
        if answer == {}:
            answer = {"results": []}  # of two lists the collection does not say what is in them
        return httpx.Response(
            200,
            content=encode(answer),
            headers={"content-type": "application/json"},
        )
