"""Resource paths: a set, a row, the number of a set's rows, an action (d365.md §2.5). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

import attrs

from d365_client.emulator.catalog import NAMESPACE, EntitySet, Field, Kind
from d365_client.emulator.values import Stored, json_to_stored

_RESOURCE = re.compile(
    r"/data(?:/(?P<set>[A-Za-z_]\w*)(?:\((?P<key>.*)\))?(?P<count>/\$count)?)?"
    rf"(?:/{re.escape(NAMESPACE)}\.(?P<action>\w+))?",
    re.DOTALL,
)
_STRING = r"'(?:[^']|'')*'"
_LITERAL = rf"(?:(?P<prefix>[A-Za-z_]\w*(?:\.\w+)*)?(?P<quoted>{_STRING})|(?P<bare>[^,'()]+))"
_PART = re.compile(rf"\s*(?:(?P<name>\w+)\s*=\s*)?{_LITERAL}\s*(?P<end>,|$)", re.DOTALL)


@attrs.frozen(kw_only=True)
class Resource:
    """What a path names.

    Attributes:
        set_name: the set; empty for an action that is not bound to one.
        key: the key of a row, as written.
        count: whether it is the number of the set's rows.
        action: the short name of an action on the set, the row, or neither.
    """

    set_name: str
    key: str | None = None
    count: bool = False
    action: str | None = None


def parse_resource(path: str) -> Resource | None:
    """The resource that a decoded path names, None if it has another form."""
    found = _RESOURCE.fullmatch(path)
    if found is None or (found["set"] is None and found["action"] is None):
        return None
    if found["count"] and (found["key"] is not None or found["action"] is not None):
        return None
    return Resource(
        set_name=found["set"] or "",
        key=found["key"],
        count=bool(found["count"]),
        action=found["action"],
    )


def parse_key(
    text: str, entity_set: EntitySet, *, short_form: bool, guid_prefix: bool = False
) -> dict[str, Stored]:
    """The stored values of all key fields, in whatever order they were given.

    Args:
        text: what stands between the parentheses, decoded.
        entity_set: whose key it is.
        short_form: whether the only key field may go without its name.
        guid_prefix: whether a GUID is written `guid'…'`, or bare.

    Raises:
        ValueError: a key field is missing, unknown, twice there or not of its type.
    """
    given: dict[str, Stored] = {}
    position = 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            raise ValueError(f"the key ({text}) is malformed")
        name = part["name"]
        if name is None and short_form and len(entity_set.keys) == 1:
            (name,) = entity_set.keys
        if name not in entity_set.keys or name in given:
            raise ValueError(f"{name} is no key field of {entity_set.name}, or there twice")
        given[name] = _literal(entity_set.fields[name], part, guid_prefix=guid_prefix)
        position = part.end()
    if set(given) != set(entity_set.keys) or text.rstrip().endswith(","):
        raise ValueError(f"the key of {entity_set.name} is {', '.join(entity_set.keys)}")
    return given


def row_path(entity_set: EntitySet, values: Mapping[str, Stored]) -> str:
    """The path of a row, percent-encoded, as `Location` has it."""
    key = ",".join(
        f"{name}={_written(entity_set.fields[name], values[name])}" for name in entity_set.keys
    )
    return f"/data/{entity_set.name}({key})"


def _literal(field: Field, part: re.Match[str], *, guid_prefix: bool) -> Stored:
    prefix = field.enum_type.name if field.enum_type is not None else None
    if field.kind is Kind.GUID and guid_prefix:
        prefix = "guid"
    is_quoted = prefix is not None or field.kind is Kind.TEXT
    if part["prefix"] != prefix or is_quoted != (part["quoted"] is not None):
        raise ValueError(f"{field.name} is not written as {part[0]}")
    if part["quoted"] is not None:
        return json_to_stored(field, part["quoted"][1:-1].replace("''", "'"))
    return json_to_stored(field, _bare(field, part["bare"].strip()))


def _bare(field: Field, text: str) -> object:
    if field.kind in {Kind.DATE, Kind.INSTANT, Kind.GUID}:
        return text
    if field.kind is Kind.DECIMAL:
        try:
            return Decimal(text)
        except InvalidOperation as problem:
            raise ValueError(f"{text} is not a number") from problem
    return int(text)


def _written(field: Field, value: Stored) -> str:
    if field.enum_type is not None:
        return f"{field.enum_type.name}'{value}'"
    if field.kind is Kind.TEXT:
        return quote("'" + str(value).replace("'", "''") + "'", safe="'")
    return str(value)
