"""The path of an emulator that the real service does not have: clock, rows, people's actions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs
import httpx
import msgspec

from syncengine.demo.errors import DemoFailed

_encode = msgspec.json.Encoder(decimal_format="number").encode


@attrs.frozen
class EmulatorAdmin:
    """Speaks to one emulator's admin path; every method raises DemoFailed if it refuses."""

    client: httpx.Client
    url: str

    def set_clock(self, now: datetime) -> None:
        """It is `now` there, and goes on from there in real time."""
        self._call("PUT", "clock", {"now": now.isoformat()})

    def act(self, action: str, **fields: object) -> Mapping[str, Any]:
        """Do what people or banks do; returns what came of it."""
        return self._call("POST", f"actions/{action}", fields)

    def rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Every row of an entity set or resource as it is stored, amounts exact."""
        rows: Sequence[Mapping[str, Any]] = self._call("GET", f"rows/{name}")["rows"]
        return rows

    def change_row(self, name: str, key: Mapping[str, object], **changes: object) -> None:
        """Change a row past all rules of the service."""
        self._call("PATCH", f"rows/{name}", {"key": key, "changes": changes})

    def requests(self, after: int = 0) -> Sequence[Mapping[str, Any]]:
        """The log of public calls that arrived after the one of this number."""
        logged: Sequence[Mapping[str, Any]] = self._call("GET", f"requests?after={after}")[
            "requests"
        ]
        return logged

    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, Any]:
        content = None if body is None else _encode(body)
        try:
            answer = self.client.request(
                method,
                f"{self.url}/{path}",
                content=content,
                headers={"Content-Type": "application/json"},
            )
        except httpx.HTTPError as problem:
            raise DemoFailed(f"{method} {self.url}/{path}: {problem}") from problem
        if answer.is_error:
            raise DemoFailed(f"{method} {self.url}/{path} was refused: {answer.text.strip()}")
        told: Mapping[str, Any] = json.loads(answer.content or b"{}", parse_float=Decimal)
        return told
