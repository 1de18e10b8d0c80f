"""Pages of models, read fast: what `_converter` reads, in a fraction of the time (ADR 7). Pure.

A model is defined once, as an attrs class. From it comes a msgspec struct with the wire's names,
which decodes a page in C, and a function that makes models of the structs. What the structs do not
take as it is, such as a field that nobody named, is left to the converter, which keeps it or tells
every problem by its name. So this may refuse, never differ.
"""

from __future__ import annotations

import operator
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import attrs
import msgspec

from bill_client._converter import wire_names
from bill_client.models.open_enum import OpenEnum
from bill_client.models.resource import Resource

R = TypeVar("R", bound=Resource)

FastReading = Callable[[bytes], tuple[Sequence[R], str | None] | None]
"""What reads the body of a page: its rows and the next page's token; or None: read it slowly."""

More = Mapping[type[Resource], Sequence[str]]
"""The wire's names of fields that go into `extra`, for each model that has some."""

_AS_THEY_ARE = (str, int, bool)
_INSTANT = Annotated[datetime, msgspec.Meta(tz=True)]

_Prepare = Callable[[Sequence[Any]], None]


def fast_reading(model: type[R], more: More) -> FastReading[R] | None:
    """The fast way to read pages of a model, or None where there is none.

    There is none for a model with validators or kinds of its own, which its constructor and the
    converter know about.
    """
    try:
        struct = _Structs(more).of(model)
    except (TypeError, NameError):  # a kind, or an annotation, that only its own code knows
        return None
    page = msgspec.defstruct(
        f"{model.__name__}Page",
        [("results", list[struct.kind]), ("next_page", str | None, None)],  # type: ignore[name-defined]  # made above
        rename={"next_page": "nextPage"},
    )
    decoder = msgspec.json.Decoder(page)

    def read(body: bytes) -> tuple[Sequence[R], str | None] | None:
        try:
            told: Any = decoder.decode(body)
            struct.prepare(told.results)
        except ValueError:  # msgspec's errors are of this kind, and what `prepare` raises
            return None
        return list(map(struct.make, told.results)), told.next_page or None

    return read


@attrs.frozen
class _Struct:
    """A struct for a model, what looks its instances over, and what makes models of them."""

    kind: type[msgspec.Struct]
    prepare: _Prepare
    make: Callable[[Any], Any]


class _Structs:
    """The structs of a model and of the models in it, each made once."""

    def __init__(self, more: More) -> None:
        self._more = more
        self._made: dict[type[Resource], _Struct] = {}

    def of(self, model: type[Resource]) -> _Struct:
        """The struct of a model.

        Raises:
            TypeError: the model has something that a struct has not.
        """
        if model not in self._made:
            self._made[model] = self._make(model)
        return self._made[model]

    def _make(self, model: type[Resource]) -> _Struct:
        if hasattr(model, "__attrs_post_init__"):
            raise TypeError(f"{model.__name__} has a constructor of its own")
        hints = get_type_hints(model)
        names = wire_names(model)
        more = self._more.get(model, ())
        looks: list[_Prepare] = []
        fields: list[Any] = []
        inner: dict[str, tuple[_Struct, bool]] = {}
        for item in attrs.fields(model):
            if item.name == "extra":
                continue
            if item.validator is not None or item.converter is not None:
                raise TypeError(f"{model.__name__}.{item.name} has a validator or converter")
            kind = self._on_the_wire(item.name, hints[item.name], looks, inner)
            default = () if item.default is attrs.NOTHING else (item.default,)
            fields.append((item.name, kind, *default))
        added = [f"_more_{number}" for number in range(len(more))]
        fields += [(name, Any, msgspec.UNSET) for name in added]
        if more:
            fields.append(("extra", Any, None))
            looks.append(_keeping(added, more))
        made = msgspec.defstruct(
            f"{model.__name__}Row",
            fields,
            rename={**names, **dict(zip(added, more, strict=True)), "extra": "@"},
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )
        return _Struct(made, _all_of(looks), _making(model, inner, keeps=bool(more)))

    def _on_the_wire(
        self, name: str, hint: Any, looks: list[_Prepare], inner: dict[str, tuple[_Struct, bool]]
    ) -> Any:
        """What is decoded for a field.

        `looks` is told what to look at afterwards, `inner` the structs, and if there are many.
        """
        if get_origin(hint) is tuple:
            kind, _ = get_args(hint)
            if kind is str:
                return tuple[str, ...]
            struct = self.of(_resource(kind))
            looks.append(_looking_into(name, struct.prepare, many=True))
            inner[name] = (struct, True)
            return tuple[struct.kind, ...]  # type: ignore[name-defined]  # made above
        named = [kind for kind in get_args(hint) or (hint,) if kind is not types.NoneType]
        if len(named) != 1 or not isinstance(named[0], type):
            raise TypeError(f"{hint} is no kind of the fast way")
        wire = self._plain(name, named[0], looks, inner)
        return wire if hint is named[0] else wire | None

    def _plain(
        self, name: str, kind: type, looks: list[_Prepare], inner: dict[str, tuple[_Struct, bool]]
    ) -> Any:
        if kind is Decimal:
            looks.append(_finite(name))
        elif kind is datetime:
            looks.append(_utc(name))
            return _INSTANT
        elif not (kind in _AS_THEY_ARE or kind is date or issubclass(kind, OpenEnum)):
            struct = self.of(_resource(kind))
            looks.append(_looking_into(name, struct.prepare, many=False))
            inner[name] = (struct, False)
            return struct.kind
        return kind


def _making(
    model: type[Resource], inner: Mapping[str, tuple[_Struct, bool]], *, keeps: bool
) -> Callable[[Any], Any]:
    """A function that makes a model of a struct, made from text as attrs makes an `__init__`.

    It writes the slots of the model, as pickle does: the constructor of a frozen class takes five
    times as long. `keeps` says that the struct has an `extra` of its own.

    Raises:
        TypeError: the model has no slots.
    """
    names: dict[str, object] = {"new": object.__new__, "model": model}
    lines = ["def make(row):", "    made = new(model)"]
    for number, item in enumerate(attrs.fields(model)):
        slot = getattr(model, item.name, None)
        if not isinstance(slot, types.MemberDescriptorType):
            raise TypeError(f"{model.__name__} has no slots")
        names[f"set_{number}"] = slot.__set__
        value = f"row.{item.name}"
        if item.name == "extra" and not keeps:
            value = "{}"
        elif item.name in inner:
            struct, many = inner[item.name]
            names[f"make_{number}"] = struct.make
            one = f"None if {value} is None else make_{number}({value})"
            value = f"tuple(map(make_{number}, {value}))" if many else one
        lines.append(f"    set_{number}(made, {value})")
    exec("\n".join([*lines, "    return made"]), names)  # noqa: S102 - names are attributes, so identifiers
    make: Callable[[Any], Any] = names["make"]  # type: ignore[assignment]  # defined above
    return make


def _resource(kind: type) -> type[Resource]:
    if not issubclass(kind, Resource):
        raise TypeError(f"{kind.__name__} is no kind of the fast way")
    return kind


def _finite(name: str) -> _Prepare:
    """Refuses a text such as "NaN", which is a Decimal to msgspec."""
    get = operator.attrgetter(name)

    def look(rows: Sequence[Any]) -> None:
        if not all(map(Decimal.is_finite, filter(None, map(get, rows)))):
            raise ValueError(f"{name} is not a number")

    return look


def _utc(name: str) -> _Prepare:
    """Refuses instants with another offset, which are to be made UTC."""
    get, zone = operator.attrgetter(name), operator.attrgetter("tzinfo")

    def look(rows: Sequence[Any]) -> None:
        if not all(map(UTC.__eq__, map(zone, filter(None, map(get, rows))))):
            raise ValueError(f"{name} has another offset")

    return look


def _looking_into(name: str, prepare: _Prepare, *, many: bool) -> _Prepare:
    get = operator.attrgetter(name)

    def look(rows: Sequence[Any]) -> None:
        found = map(get, rows)
        inner = list(chain.from_iterable(found) if many else filter(None, found))
        if inner:
            prepare(inner)

    return look


def _keeping(added: Sequence[str], more: Sequence[str]) -> _Prepare:
    """Puts the fields that no model names into `extra`, where they came."""
    pairs = list(zip(more, added, strict=True))

    def look(rows: Sequence[Any]) -> None:
        for row in rows:
            told = ((name, getattr(row, attribute)) for name, attribute in pairs)
            row.extra = {name: value for name, value in told if value is not msgspec.UNSET}

    return look


def _all_of(looks: Sequence[_Prepare]) -> _Prepare:
    def prepare(rows: Sequence[Any]) -> None:
        for look in looks:
            look(rows)

    return prepare
