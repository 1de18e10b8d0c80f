"""d365-client: float dicts over requests; its user turns the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from d365_client.baseapi import BaseApi

from bench.reading import TOKEN, read
from bench.rows import ENTITY_SET, FIELDS
from d365_client import D365Client


class _Client(D365Client):
    """Asks nobody for its token."""

    def _get_access_token(self, *_: object) -> tuple[str, int]:
        return TOKEN, 200


class _Transactions(BaseApi):
    endpoint = ENTITY_SET


def _pages(url: str) -> Iterator[Sequence[dict[str, Any]]]:
    return _turned(_Transactions(_Client(resource_url=url)))


def _turned(transactions: _Transactions) -> Iterator[Sequence[dict[str, Any]]]:
    query = {"$select": ",".join(FIELDS)}
    skip = 0
    while True:
        page = transactions.all({**query, **({"$skip": skip} if skip else {})})
        yield page["value"]
        if "@odata.nextLink" not in page:
            return
        skip += len(page["value"])


if __name__ == "__main__":
    read(_pages, itemgetter("SourceKey"))
