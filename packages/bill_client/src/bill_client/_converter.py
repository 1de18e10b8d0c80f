"""Answers as models and drafts as bodies: the one converter, and the only use of cattrs here.

One naming rule (snake to camel); `WIRE_NAMES` has a model's exceptions. Decimals are exact both
ways, and what a model does not name is kept: what BILL sent can be written again as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, cast

import attrs
import cattrs
import msgspec
from cattrs.gen import make_dict_structure_fn, override

from bill_client.errors import Undecodable, garbled
from bill_client.models.open_enum import OpenEnum
from bill_client.models.resource import Draft, Resource

R = TypeVar("R", bound=Resource)

_NAMES: dict[type, Mapping[str, str]] = {}  # told once a model, not once an object
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def wire_name(attribute: str) -> str:
    """The wire's name of an attribute, by the rule."""
    first, *rest = attribute.split("_")
    return first + "".join(part.capitalize() for part in rest)


def wire_names(model: type[Resource | Draft]) -> Mapping[str, str]:
    """The wire names of a model's or draft's own fields, by attribute."""
    if model not in _NAMES:
        names = (item.name for item in attrs.fields(model) if item.name != "extra")
        _NAMES[model] = {name: model.WIRE_NAMES.get(name) or wire_name(name) for name in names}
    return _NAMES[model]


def decode(body: bytes) -> object:
    """JSON with exact numbers.

    Raises:
        Undecodable: it is not JSON, or it stops short.
    """
    try:
        return _DECODER.decode(body)
    except ValueError as error:
        raise garbled(f"the answer is not JSON: {error}") from error


def encode(body: object) -> bytes:
    """A JSON body with exact numbers."""
    return _ENCODER.encode(body)


def structure(model: type[R], told: object) -> R:
    """An object as its model; what the model does not name is kept in `extra`.

    Raises:
        Undecodable: a field is missing or does not fit; `problems` names each.
    """
    try:
        return _CONVERTER.structure(told, model)
    except cattrs.BaseValidationError as error:
        problems = cattrs.transform_error(error)
    except TypeError as error:
        problems = [str(error)]
    undecodable = Undecodable(f"an answer does not fit {model.__name__}: {'; '.join(problems)}")
    undecodable.problems = problems
    raise undecodable


def unstructure(value: Resource | Draft) -> dict[str, object]:
    """A model or a draft as JSON; what is None or an empty tuple is left out, as BILL does.

    Raises:
        ValueError: a naive datetime, or a Decimal that is not a finite number.
        TypeError: a float; amounts are Decimal.
    """
    names = wire_names(type(value))
    own = {names[name]: getattr(value, name) for name in names}
    # A draft's empty tuple says that nothing is left, which is more than saying nothing.
    absent: tuple[object, ...] = (None, ()) if isinstance(value, Resource) else (None,)
    told = {name: item for name, item in own.items() if item not in absent}
    return {name: wire_value(name, item) for name, item in {**told, **value.extra}.items()}


def wire_value(name: str, value: object) -> object:
    """A value in the wire's form; `name` is for the error's sentence. See `unstructure`."""
    match value:
        case Resource() | Draft():
            return unstructure(value)
        case tuple() | list():
            return [wire_value(name, item) for item in value]
        case Mapping():
            return {key: wire_value(f"{name}.{key}", item) for key, item in value.items()}
        case float():
            raise TypeError(f"{name} is the float {value}; give an exact Decimal")
        case Decimal() if not value.is_finite():
            raise ValueError(f"{name} is {value}, which is not a number on the wire")
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case _:
            return value


def instant_text(instant: datetime) -> str:
    """An instant as BILL writes and takes it: UTC, in milliseconds unless there is more to say.

    Raises:
        ValueError: it is naive.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} is naive; give an aware instant")
    places = "microseconds" if instant.microsecond % 1000 else "milliseconds"
    return instant.astimezone(UTC).isoformat(timespec=places).replace("+00:00", "Z")


def read_date(value: object) -> date | None:
    """A date, also where BILL writes it with a time (`bill.md` §5.10).

    Raises:
        ValueError: it is not a date.
        TypeError: it is not text.
    """
    return None if value is None else date.fromisoformat(_text(value)[:10])


def read_instant(value: object) -> datetime | None:
    """An aware UTC instant.

    Raises:
        ValueError: it is not an instant, or nobody knows which: it has no offset.
        TypeError: it is not text.
    """
    if value is None:
        return None
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value} is an instant without an offset")
    return instant.astimezone(UTC)


def _decimal(value: object) -> Decimal:
    """A number; also as text, which is exact as well."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise TypeError(f"{value!r} is not a number")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a number")
    return number


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    # Simple before composite: cattrs asks the newest hook first.
    converter.register_structure_hook(str, lambda value, _: _text(value))
    # An enumeration is a str: without a hook of its own it would be read as a plain text.
    converter.register_structure_hook(OpenEnum, lambda value, kind: kind(_text(value)))
    converter.register_structure_hook(bool, lambda value, _: _flag(value))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(Decimal, lambda value, _: _decimal(value))
    converter.register_structure_hook_func(
        lambda kind: kind == (date | None), lambda value, _: read_date(value)
    )
    converter.register_structure_hook_func(
        lambda kind: kind == (datetime | None), lambda value, _: read_instant(value)
    )
    converter.register_structure_hook_factory(
        lambda kind: isinstance(kind, type) and issubclass(kind, Resource),
        lambda kind: _model_hook(kind, converter),
    )
    return converter


def _model_hook(
    model: type[Resource], converter: cattrs.Converter
) -> cattrs.SimpleStructureHook[object, Resource]:
    names = wire_names(model)
    named = frozenset(names.values())
    overrides = {name: override(rename=wire) for name, wire in names.items()}
    overrides["extra"] = override(struct_hook=lambda value, _: value)
    made = make_dict_structure_fn(model, converter, **overrides)  # type: ignore[arg-type]  # overrides may be any mapping
    hook = cast("Any", made)

    def structure_object(value: object, /, cl: Any = model) -> Resource:
        if not isinstance(value, Mapping):
            raise TypeError(f"{value!r} is not an object")
        extra = {name: item for name, item in value.items() if name not in named}
        told: Resource = hook({**value, "extra": extra}, cl)
        return told

    return structure_object


_CONVERTER = _converter()
