"""What one writes by hand with requests: float dicts, next links followed, nothing looked after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import requests

from bench.reading import TOKEN, read
from bench.rows import ENTITY_SET, FIELDS


def _pages(url: str) -> Iterator[Sequence[dict[str, Any]]]:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    link: str | None = f"{url}/data/{ENTITY_SET}?$select={','.join(FIELDS)}"
    while link is not None:
        response = session.get(link, timeout=60)
        response.raise_for_status()
        page = response.json()
        yield page["value"]
        link = page.get("@odata.nextLink")


if __name__ == "__main__":
    read(_pages, itemgetter("SourceKey"))
