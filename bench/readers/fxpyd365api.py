"""fxpyD365api: float dicts, pages by number; over requests or, on request, over aiohttp."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

from fxpyD365api import create_async_wrapper, create_sync_wrapper

from bench.reading import PAGE_SIZE, TOKEN, read, read_async
from bench.rows import ENTITY_SET, FIELDS

_SELECT = ",".join(FIELDS)


def _settings(url: str) -> dict[str, Any]:
    expiry = datetime.now(tz=UTC) + timedelta(hours=1)
    return {
        "org_url": url,
        "tenant": "none",
        "client_id": "none",
        "client_secret": "none",
        "token": {"access_token": TOKEN, "expires_on": expiry.isoformat()},
        "api_url_prefix": "/data",
        "page_size": PAGE_SIZE,
    }


def _pages(url: str) -> Iterator[Sequence[dict[str, Any]]]:
    return _turned(create_sync_wrapper(ENTITY_SET, **_settings(url)))


def _turned(wrapper: Any) -> Iterator[Sequence[dict[str, Any]]]:
    number, given, count = 0, 0, 1
    while given < count:
        number += 1
        page = wrapper.get_page(number, select=_SELECT)
        count = page["@odata.count"]
        given += len(page["value"])
        yield page["value"]


async def _async_pages(url: str) -> AsyncIterator[Sequence[dict[str, Any]]]:
    number, given, count = 0, 0, 1
    async with create_async_wrapper(ENTITY_SET, **_settings(url)) as wrapper:
        while given < count:
            number += 1
            page = await wrapper.get_page(number, select=_SELECT)
            count = page["@odata.count"]
            given += len(page["value"])
            yield page["value"]


if __name__ == "__main__":
    if sys.argv[3:] == ["async"]:
        read_async(_async_pages, itemgetter("SourceKey"))
    else:
        read(_pages, itemgetter("SourceKey"))
