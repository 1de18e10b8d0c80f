"""BILL's own Postman collection, as far as it is about accounts payable."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

ROOT = pathlib.Path(__file__).parents[2]
PATH = ROOT.parent / "shared" / "reference" / "bill_v3.postman_collection.json"

FOLDERS = frozenset(
    {
        "attachments",
        "authentication",
        "bill-approvals",
        "bills",
        "classifications",
        "documents",
        "events",
        "funding accounts",
        "mfa",
        "organization users",
        "organizations",
        "payments",
        "recurringbills",
        "reports",
        "roles",
        "subscriptions",
        "vendor credits",
        "vendors",
    }
)
"""The folders whose operations are typed methods; `events` and `subscriptions` are webhooks."""


@attrs.frozen(kw_only=True)
class Operation:
    """A request of the collection: its path below the API's root, and what it may hold."""

    folder: str
    method: str
    path: str
    query: frozenset[str]
    headers: frozenset[str]
    body: Any = attrs.field(repr=False)
    answers: Sequence[Any] = attrs.field(repr=False)
    refusals: Sequence[tuple[int, bytes]] = attrs.field(repr=False)

    @property
    def line(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is this operation."""
        pattern = re.sub(r":\w+", "[^/]+", self.path)
        return method == self.method and re.fullmatch(pattern, path) is not None


def operations() -> Sequence[Operation]:
    """Every operation of the collection, the words of a path before its parameters."""
    collection = json.loads(PATH.read_text("utf-8"))
    found = list(_operations(collection["item"], ""))
    return sorted(found, key=lambda one: one.path.count(":"))


def _operations(items: Sequence[Mapping[str, Any]], folder: str) -> Iterator[Operation]:
    for item in items:
        if "item" in item:
            yield from _operations(item["item"], item["name"])
            continue
        request = item["request"]
        url = request["url"]
        raw = url["raw"].partition("?")[0]
        yield Operation(
            folder=folder,
            method=request["method"],
            path=raw.replace("{{baseUrl}}/v3", "").replace("{{webhookBaseUrl}}/v3", ""),
            query=frozenset(one["key"] for one in url.get("query", ())),
            headers=frozenset(one["key"] for one in request.get("header", ())),
            body=_json((request.get("body") or {}).get("raw")),
            answers=[
                _json(answer.get("body"))
                for answer in item.get("response", ())
                if 200 <= answer["code"] < 300  # noqa: PLR2004 - a success
            ],
            refusals=[
                (answer["code"], answer["body"].encode())
                for answer in item.get("response", ())
                if answer["code"] >= 400 and answer.get("body")  # noqa: PLR2004 - a refusal
            ],
        )


def _json(text: str | None) -> Any:
    """A body with exact numbers; None where there is none, or where it is not JSON, as some."""
    try:
        return json.loads(text, parse_float=Decimal) if text else None
    except json.JSONDecodeError:
        return None
