"""Pages of models, read fast: what `_converter` reads, in a fraction of the time (ADR 7). Pure.

A model is defined once, as an attrs class. From it comes a msgspec struct with the wire's names,
which decodes a page in C; what D365 writes in its own way is put right in the structs, and msgspec
makes models of them, in C again. What the struct does not take as it is, such as a field that
nobody named, is left to the converter, which keeps it or tells every problem by its name. So this
may refuse, never differ.
"""

from __future__ import annotations

import enum
import operator
import types
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar, get_args, get_type_hints

import attrs
import msgspec

from d365_client._converter import wire_names
from d365_client.models.dates import read_date, read_instant
from d365_client.models.entity import Entity

E = TypeVar("E", bound=Entity)
V = TypeVar("V")

_AS_THEY_ARE = (int, bool, Decimal, bytes, uuid.UUID)
_OWN = frozenset({"etag", "extra"})
_REMEMBERED = 50_000


class _Remembered(dict[str | None, V | None]):
    """What texts are read as; dates come again and again, and are read once."""

    def __init__(self, read: Callable[[str], V | None]) -> None:
        super().__init__({None: None})
        self._read = read

    def __missing__(self, text: str) -> V | None:
        if len(self) > _REMEMBERED:
            self.clear()
            self[None] = None
        value = self[text] = self._read(text)
        return value


def fast_reading(
    model: type[E], more: Sequence[str]
) -> Callable[[bytes], tuple[Sequence[E], str | None, int | None] | None] | None:
    """What reads the body of a page: its rows, its next link, its count; or None, to be read again.

    There is none for a model with validators, defaults or kinds of its own, which its constructor
    and the converter know about. `more` are the wire's names of fields that go into `extra`.
    """
    kinds = _kinds(model)
    if kinds is None:
        return None
    decoder = msgspec.json.Decoder(_page_struct(model, kinds, more), float_hook=Decimal)
    prepare = _preparing(kinds, more)
    models = list[model]  # type: ignore[valid-type]  # a class is a type, whatever it is a class of
    amounts = [operator.attrgetter(name) for name, kind in kinds.items() if kind is Decimal]

    def read(body: bytes) -> tuple[Sequence[E], str | None, int | None] | None:
        try:
            told: Any = decoder.decode(body)
            if not all(all(map(Decimal.is_finite, map(get, told.value))) for get in amounts):
                return None  # a text such as "NaN", which is a Decimal to msgspec
            prepare(told.value)
            return msgspec.convert(told.value, models, from_attributes=True), told.link, told.count
        except ValueError:  # msgspec's errors are of this kind, and what dates raise
            return None

    return read


def _kinds(model: type[Entity]) -> Mapping[str, type] | None:
    """The kind of each field of a model, None where one is not for the fast way."""
    try:
        hints = get_type_hints(model)
    except NameError:  # a class of a function's own, whose annotations only that function knows
        return None
    own = [item for item in attrs.fields(model) if item.name not in _OWN]
    kinds = {item.name: _kind(hints[item.name]) for item in own}
    plain = all(
        item.default is attrs.NOTHING and item.validator is None and item.converter is None
        for item in own
    )
    slots = all(
        isinstance(getattr(model, name, None), types.MemberDescriptorType) for name in kinds
    )
    if not plain or not slots or hasattr(model, "__attrs_post_init__") or None in kinds.values():
        return None
    return {name: kind for name, kind in kinds.items() if kind is not None}


def _kind(hint: object) -> type | None:
    """The class that a field's annotation names; dates, instants and members may be None."""
    if isinstance(hint, type):
        return hint if hint is str or hint in _AS_THEY_ARE else None
    named = [kind for kind in get_args(hint) if kind is not types.NoneType]
    if len(named) == 1 and isinstance(named[0], type) and len(get_args(hint)) == len(named) + 1:
        kind = named[0]
        members = issubclass(kind, enum.StrEnum) and len(kind)  # msgspec wants one at least
        return kind if kind in (date, datetime) or members else None
    return None


def _page_struct(
    model: type[Entity], kinds: Mapping[str, type], more: Sequence[str]
) -> type[msgspec.Struct]:
    """A page whose rows have the wire's names, and no others."""
    added = [f"_more_{number}" for number in range(len(more))]
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        *((name, _on_the_wire(kind)) for name, kind in kinds.items()),
        *((name, Any) for name in added),
        ("etag", str, ""),
        ("extra", Any, None),
    ]
    row = msgspec.defstruct(
        f"{model.__name__}Row",
        fields,
        rename={
            **wire_names(model),
            **dict(zip(added, more, strict=True)),
            "etag": "@odata.etag",
            "extra": "@",  # nothing on the wire is called so
        },
        forbid_unknown_fields=True,
        gc=False,
    )
    return msgspec.defstruct(
        f"{model.__name__}Page",
        [("value", list[row]), ("link", str | None, None), ("count", int | None, None)],  # type: ignore[valid-type]  # made above
        rename={"link": "@odata.nextLink", "count": "@odata.count"},
    )


def _on_the_wire(kind: type) -> Any:
    """What is decoded; dates and texts are put right afterwards."""
    if kind in _AS_THEY_ARE:
        return kind
    return kind | None if issubclass(kind, enum.Enum) else str | None


def _preparing(kinds: Mapping[str, type], more: Sequence[str]) -> Callable[[Sequence[Any]], None]:
    """A function that puts a page's rows right, made from text as attrs makes an `__init__`."""
    names: dict[str, object] = {
        "days": _Remembered(read_date),
        "parse": datetime.fromisoformat,
        "read_instant": read_instant,
        "UTC": UTC,
    }
    lines = [
        _PUT_RIGHT[kind].replace("FIELD", f"row.{name}")
        for name, kind in kinds.items()
        if kind in _PUT_RIGHT
    ]
    extra = ", ".join(f"{name!r}: row._more_{number}" for number, name in enumerate(more))
    text = "".join(
        ["def prepare(rows):\n    for row in rows:\n", *lines, f"        row.extra = {{{extra}}}\n"]
    )
    exec(text, names)  # noqa: S102 - names are attributes of an attrs class, so identifiers
    prepare: Callable[[Sequence[Any]], None] = names["prepare"]  # type: ignore[assignment]  # defined above
    return prepare


_PUT_RIGHT = {
    str: """\
        if FIELD is None:
            FIELD = ''
""",
    date: """\
        FIELD = days[FIELD]
""",
    # What `read_instant` does, without calling it where there is nothing to put right.
    datetime: """\
        if FIELD is not None:
            at = parse(FIELD)
            FIELD = at if at.tzinfo is UTC and at.year > 1900 else read_instant(FIELD)
""",
}
"""How D365 writes, and we do not: null texts, dates at noon, instants of 1900 (`d365.md` §2.7)."""
