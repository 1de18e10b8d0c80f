"""ETags: RecVersion and RecId of a row's data sources (d365.md §2.8). Pure."""

from __future__ import annotations

import base64

from d365_client.emulator.catalog import EntitySet


def etag(entity_set: EntitySet, record_id: int, version: int) -> str:
    """`W/"<base64>"` of `'RecVersion,RecId;…'`, one pair per data source, quotes included.

    The books keep one record a row: further data sources read as absent outer joins, `0,0`.
    """
    pairs = [f"{version},{record_id}", *["0,0"] * (entity_set.data_sources - 1)]
    written = base64.b64encode(f"'{';'.join(pairs)}'".encode()).decode()
    return f'W/"{written}"'


def is_current(if_match: str | None, current: str) -> bool:
    """Whether a write with this If-Match may go ahead: none, `*` or the current ETag."""
    return if_match is None or if_match.strip() in {"*", current}
