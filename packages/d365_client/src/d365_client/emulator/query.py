"""Query options of a list, parsed and checked (d365.md §2.3). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote

import attrs

from d365_client.emulator.catalog import Catalog, EntitySet, Field, Kind, Navigation
from d365_client.emulator.filter_operands import Condition
from d365_client.emulator.filters import compile_filter
from d365_client.emulator.settings import Settings

_KNOWN = frozenset(
    {"$filter", "$select", "$orderby", "$top", "$skip", "$count", "$expand", "cross-company"}
)
_UNESCAPED = "$,()'=:/*@"
_EXPANSION = re.compile(r"\s*(?P<name>\w+)\s*(?:\(\s*(?P<options>[^()]*)\))?\s*(?P<end>,|$)")


@attrs.frozen(kw_only=True)
class Expansion:
    """A navigation to follow and the fields to show of its target."""

    navigation: Navigation
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Query:
    """What a list or a row is asked for.

    Attributes:
        select: the fields to show; None: all.
        order: SQL terms; empty: none was asked for.
        top: at most so many rows; None: no bound.
    """

    options: tuple[tuple[str, str], ...]
    condition: Condition
    select: tuple[str, ...] | None
    order: tuple[str, ...]
    top: int | None
    skip: int
    count: bool
    expand: tuple[Expansion, ...]
    cross_company: bool

    def next_options(self, rows: int) -> str:
        """The query string of the page that follows `rows` rows (d365.md §2.6)."""
        moved = {"$skip": str(self.skip + rows)}
        if self.top is not None:
            moved["$top"] = str(self.top - rows)
        kept = [(name, value) for name, value in self.options if name not in moved]
        return "&".join(
            f"{name}={quote(value, safe=_UNESCAPED)}" for name, value in [*kept, *moved.items()]
        )


def parse_query(raw: str, entity_set: EntitySet, catalog: Catalog, settings: Settings) -> Query:
    """The query that a query string states about a set.

    Raises:
        ValueError: an option that is unknown, given twice or not understood.
    """
    options = tuple(parse_qsl(raw, keep_blank_values=True))
    names = [name for name, _ in options]
    for name in names:
        if name.startswith("$") and name not in _KNOWN:
            raise ValueError(f"The query parameter '{name}' is not supported.")
        if names.count(name) > 1 and name in _KNOWN:
            raise ValueError(f"Query option '{name}' was specified more than once.")
    given = dict(options)
    condition = Condition("1")
    if "$filter" in given:
        condition = compile_filter(given["$filter"], entity_set, catalog, settings)
    top = given.get("$top")
    return Query(
        options=options,
        condition=condition,
        select=_selected(given.get("$select"), entity_set, settings),
        order=_order(given.get("$orderby", ""), entity_set),
        top=None if top is None else _whole("$top", top),
        skip=_whole("$skip", given.get("$skip", "0")),
        count=_flag("$count", given.get("$count", "false")),
        expand=tuple(_expansions(given.get("$expand", ""), entity_set, catalog, settings)),
        cross_company=_flag("cross-company", given.get("cross-company", "false").lower()),
    )


def _selected(
    text: str | None, entity_set: EntitySet, settings: Settings
) -> tuple[str, ...] | None:
    if text is None or text.strip() == "*":
        return None
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in entity_set.fields]
    if unknown and settings.unknown_select_is_refused:
        raise ValueError(
            f"Could not find a property named '{unknown[0]}' on type '{entity_set.type_name}'."
        )
    return tuple(dict.fromkeys(name for name in names if name in entity_set.fields)) or None


def _order(text: str, entity_set: EntitySet) -> tuple[str, ...]:
    terms = []
    for term in text.split(",") if text.strip() else []:
        name, _, direction = term.strip().partition(" ")
        field = entity_set.fields.get(name)
        if field is None or direction.strip() not in {"", "asc", "desc"}:
            raise ValueError(f"The $orderby expression '{text}' is not valid.")
        terms.append(f"{_sort_key(field)} {direction.strip().upper()}".strip())
    return tuple(terms)


def _sort_key(field: Field) -> str:
    if field.kind is Kind.DECIMAL:
        return f'"{field.name}" COLLATE decimal'
    if field.enum_type is not None:
        # Enums are numbers underneath, and sort as such.
        cases = " ".join(f"WHEN '{name}' THEN {value}" for name, value in field.enum_type.members)
        return f'CASE "{field.name}" {cases} END'
    return f'"{field.name}"'


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError(f"Invalid value '{text}' for {name}: a non-negative integer is expected.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(f"Invalid value '{text}' for {name}: 'true' or 'false' is expected.")
    return text == "true"


def _expansions(
    text: str, entity_set: EntitySet, catalog: Catalog, settings: Settings
) -> Sequence[Expansion]:
    expansions = []
    position = 0
    while position < len(text):
        part = _EXPANSION.match(text, position)
        if part is None:
            raise ValueError(f"The $expand expression '{text}' is not supported: one level only.")
        navigation = entity_set.navigation.get(part["name"])
        if navigation is None:
            raise ValueError(
                f"Could not find a property named '{part['name']}' on type "
                f"'{entity_set.type_name}'."
            )
        target = catalog.sets[navigation.target]
        fields = _nested_select(part["options"] or "", target, settings)
        expansions.append(Expansion(navigation=navigation, fields=fields))
        position = part.end()
    if text.rstrip().endswith(","):
        raise ValueError(f"The $expand expression '{text}' ends with a comma.")
    return expansions


def _nested_select(text: str, target: EntitySet, settings: Settings) -> tuple[str, ...]:
    if not text.strip():
        return tuple(target.fields)
    name, _, value = text.partition("=")
    if name.strip() != "$select" or ";" in value:
        raise ValueError(f"'{text}' is not supported inside $expand: only $select is.")
    return _selected(value, target, settings) or tuple(target.fields)
