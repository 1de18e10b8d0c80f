"""What one writes by hand with httpx: float dicts, next links followed, nothing looked after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from operator import itemgetter
from typing import Any

import httpx

from bench.reading import TOKEN, read_async
from bench.rows import ENTITY_SET, FIELDS


async def _pages(url: str) -> AsyncIterator[Sequence[dict[str, Any]]]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(headers=headers, timeout=60.0) as client:
        link: str | None = f"{url}/data/{ENTITY_SET}?$select={','.join(FIELDS)}"
        while link is not None:
            response = await client.get(link)
            page = response.raise_for_status().json()
            yield page["value"]
            link = page.get("@odata.nextLink")


if __name__ == "__main__":
    read_async(_pages, itemgetter("SourceKey"))
