"""odatapy: entities with exact values, typed by the service's metadata, over httpx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from odatapy.client import BearerAuth, EdmEnabledODataClient, HttpxTransport

from bench.reading import TOKEN, read
from bench.rows import ENTITY_SET, FIELDS


def _pages(url: str) -> Iterator[Sequence[Any]]:
    transport = HttpxTransport(auth=BearerAuth(TOKEN))
    client = EdmEnabledODataClient(f"{url}/data", transport)
    client.get_edm()
    return _followed(client)


def _followed(client: EdmEnabledODataClient) -> Iterator[Sequence[Any]]:
    for page in client.iter_pages(client.entity_set_uri(ENTITY_SET).select(*FIELDS)):
        yield page.entities


def _key_after_all_fields(entity: Any) -> int:
    key: int = entity.as_dict()["SourceKey"]
    return key


if __name__ == "__main__":
    read(_pages, _key_after_all_fields)
