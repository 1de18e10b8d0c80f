"""JSON with exact numbers, both ways: an amount is never a float."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def loads(text: str | bytes) -> Any:
    """A JSON value; fractions are `Decimal`.

    Raises:
        ValueError: it is not JSON.
    """
    return json.loads(text, parse_float=Decimal)


def dumps(value: object) -> bytes:
    """A JSON text; a `Decimal` is written as the number it is."""
    return _ENCODER.encode(value)


def amount(value: object) -> Decimal | None:
    """A JSON number as an amount, or None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def present(value: Mapping[str, Any]) -> dict[str, Any]:
    """Without the keys that have no value: BILL leaves them out (`bill.md` §5)."""
    return {
        key: present(item) if isinstance(item, dict) else item
        for key, item in value.items()
        if item is not None and item != {}
    }
