"""How names of the wire become names of Python, and back; one rule each way."""

from __future__ import annotations

import keyword
import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_TAKEN = frozenset(
    {"bool", "bytes", "date", "datetime", "etag", "extra", "int", "object", "str", *keyword.kwlist}
)
"""What a model's own annotations name, and what every model has: an attribute hides none of it."""


def attribute_name(wire: str) -> str:
    """The attribute of a property: `AmountMST` is `amount_mst`, `dataAreaId` is `data_area_id`.

    A name that Python or the model needs itself gets an underscore: `Date` is `date_`.
    """
    name = "_".join(_words(wire)).lower()
    if name[0].isdigit():
        return f"n_{name}"
    return f"{name}_" if name in _TAKEN else name


def member_name(wire: str) -> str:
    """The name of an enumeration's member: `OpenTransact` is `OPEN_TRANSACT`."""
    name = "_".join(_words(wire)).upper()
    return f"N_{name}" if name[0].isdigit() else name


def wire_name(attribute: str) -> str:
    """The property of an attribute by the rule; `WIRE_NAMES` has what the rule does not give.

    The company, which nearly every set has, is part of the rule: it is `dataAreaId` everywhere.
    """
    if attribute == "data_area_id":
        return "dataAreaId"
    return "".join(part[:1].upper() + part[1:] for part in attribute.split("_"))


def _words(wire: str) -> list[str]:
    words = _WORDS.findall(wire)
    # Letters that are none of ours are kept: the name is then one word.
    return words if words and "".join(words) == wire.replace("_", "") else [wire.strip("_") or "n"]
