"""The engine's values as JSON and back: one converter, for the journal and the tables alike.

Pure. A `Decimal` is written as its exact text, an instant as ISO 8601 in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from syncengine.events import canonical, instant_text
from syncengine.model import (
    Cursor,
    JsonValue,
    Lease,
    Link,
    Operation,
    Park,
    Payload,
    Progress,
)


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_unstructure_hook(datetime, instant_text)
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    # A payload is JSON already; cattrs must hand it through untouched.
    as_it_is = override(struct_hook=lambda value, _: value, unstruct_hook=lambda value: value)
    converter.register_structure_hook(
        Operation, make_dict_structure_fn(Operation, converter, payload=as_it_is)
    )
    converter.register_unstructure_hook(
        Operation, make_dict_unstructure_fn(Operation, converter, payload=as_it_is)
    )
    return converter


_CONVERTER = _converter()


def to_json(
    value: Cursor | Lease | Link | Operation | Park | Progress,
) -> dict[str, JsonValue]:
    """A value as a JSON object."""
    return cast("dict[str, JsonValue]", _CONVERTER.unstructure(value))


def operation_from(value: JsonValue) -> Operation:
    """An operation from its JSON object."""
    return _CONVERTER.structure(value, Operation)


def progress_from(value: JsonValue) -> Progress:
    """An operation's progress from its JSON object."""
    return _CONVERTER.structure(value, Progress)


def link_from(value: JsonValue) -> Link:
    """A link from its JSON object."""
    return _CONVERTER.structure(value, Link)


def links_from(value: JsonValue) -> tuple[Link, ...]:
    """Several links from a JSON array."""
    return _CONVERTER.structure(value, tuple[Link, ...])


def park_from(value: JsonValue) -> Park:
    """A park from its JSON object."""
    return _CONVERTER.structure(value, Park)


def cursor_from(value: JsonValue) -> Cursor:
    """A cursor from its JSON object."""
    return _CONVERTER.structure(value, Cursor)


def lease_from(value: JsonValue) -> Lease:
    """A lease from its JSON object."""
    return _CONVERTER.structure(value, Lease)


def instant_from(text: str) -> datetime:
    """An instant from its text."""
    return datetime.fromisoformat(text)


def dumps(payload: Mapping[str, JsonValue]) -> str:
    """A JSON object as canonical text (`events.canonical`)."""
    return canonical(payload)


def loads(text: str) -> Payload:
    """A payload from its text."""
    return cast("Payload", json.loads(text))
