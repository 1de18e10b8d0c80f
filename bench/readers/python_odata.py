"""python-odata: entities of reflected types over requests; decimals and dates made when read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

import requests
from odata import ODataService

from bench.reading import TOKEN, read
from bench.rows import ENTITY_SET, FIELDS

_READ_ALL = attrgetter("SourceKey", *FIELDS)
_AT_A_TIME = 1_000


def _pages(url: str) -> Iterator[Sequence[Any]]:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    service = ODataService(
        f"{url}/data/", session=session, reflect_entities=True, quiet_progress=True
    )
    rows = iter(service.query(service.entities[ENTITY_SET]))  # a select would make it float dicts
    return iter(lambda: list(islice(rows, _AT_A_TIME)), [])


def _key_after_all_fields(entity: Any) -> int:
    key: int = _READ_ALL(entity)[0]
    return key


if __name__ == "__main__":
    read(_pages, _key_after_all_fields)
