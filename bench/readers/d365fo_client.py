"""d365fo-client: float dicts over aiohttp; its user turns the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from operator import itemgetter
from typing import Any

from d365fo_client import FOClient, FOClientConfig, QueryOptions

from bench.reading import read_async
from bench.rows import ENTITY_SET, FIELDS


async def _pages(url: str) -> AsyncIterator[Sequence[dict[str, Any]]]:
    # On a loopback address it makes up a token by itself.
    async with FOClient(FOClientConfig(base_url=url)) as client:
        skip: int | None = None
        while True:
            options = QueryOptions(select=list(FIELDS), skip=skip)
            page = await client.get_entities(ENTITY_SET, options, skip_validation=True)
            yield page["value"]
            if "@odata.nextLink" not in page:
                return
            skip = (skip or 0) + len(page["value"])


if __name__ == "__main__":
    read_async(_pages, itemgetter("SourceKey"))
