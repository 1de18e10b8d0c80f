"""Answers as models and drafts as bodies: the one converter, and the only use of cattrs here.

One naming rule (snake to camel), one table of exceptions. Decimals are exact both ways.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import attrs
import cattrs
import msgspec
from cattrs.gen import make_dict_structure_fn, override

from bill_client.errors import Undecodable, garbled
from bill_client.models.resource import Draft, Resource

R = TypeVar("R", bound=Resource)

_IRREGULAR: Mapping[str, str] = {}
"""Attributes whose wire name the rule does not give: none so far."""


def wire_name(attribute: str) -> str:
    """The wire's name of a model's attribute."""
    first, *rest = attribute.split("_")
    return _IRREGULAR.get(attribute) or first + "".join(part.capitalize() for part in rest)


def decode(body: bytes) -> object:
    """JSON with exact numbers.

    Raises:
        Undecodable: it is not JSON, or it stops short.
    """
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise garbled(f"the answer is not JSON: {error}") from error


def encode(body: Mapping[str, object]) -> bytes:
    """A JSON body with exact numbers."""
    return msgspec.json.Encoder(decimal_format="number").encode(body)


def structure(model: type[R], told: object) -> R:
    """An object as its model; what the model does not name is kept in `extra`.

    Raises:
        Undecodable: a field is missing or does not fit; `problems` names each.
    """
    if not isinstance(told, Mapping):
        undecodable = Undecodable(f"an answer does not fit {model.__name__}")
        undecodable.problems = [f"not an object: {type(told).__name__}"]
        raise undecodable
    try:
        return _CONVERTER.structure(told, model)
    except cattrs.BaseValidationError as error:
        undecodable = Undecodable(f"an answer does not fit {model.__name__}")
        undecodable.problems = cattrs.transform_error(error)
        raise undecodable from error


def unstructure(draft: Draft) -> dict[str, object]:
    """A draft as a body; what is None is left out."""
    values = {item.name: getattr(draft, item.name) for item in attrs.fields(type(draft))}
    return {
        wire_name(name): _wire_value(value) for name, value in values.items() if value is not None
    }


def _wire_value(value: object) -> object:
    match value:
        case Draft():
            return unstructure(value)
        case tuple():
            return [_wire_value(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value


def _date(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value)[:10])


def _instant(value: object) -> datetime | None:
    if value is None:
        return None
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value} is an instant without an offset")
    return instant.astimezone(UTC)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"{value!r} is not a number")
    return Decimal(value)


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
    converter.register_structure_hook(bool, lambda value, _: _flag(value))
    converter.register_structure_hook(Decimal, lambda value, _: _decimal(value))
    converter.register_structure_hook_func(
        lambda kind: kind == (date | None), lambda value, _: _date(value)
    )
    converter.register_structure_hook_func(
        lambda kind: kind == (datetime | None), lambda value, _: _instant(value)
    )
    converter.register_structure_hook_factory(
        lambda kind: isinstance(kind, type) and issubclass(kind, Resource),
        lambda kind: _model_hook(kind, converter),
    )
    return converter


def _model_hook(
    model: type[Resource], converter: cattrs.Converter
) -> cattrs.SimpleStructureHook[object, Resource]:
    names = {item.name: wire_name(item.name) for item in attrs.fields(model)}
    named = frozenset(names.values())
    overrides = {name: override(rename=wire) for name, wire in names.items() if name != "extra"}
    overrides["extra"] = override(struct_hook=lambda value, _: value)
    hook = make_dict_structure_fn(model, converter, **overrides)  # type: ignore[arg-type]  # overrides may be any mapping

    def structure_object(value: object, /, cl: Any = model) -> Resource:
        if not isinstance(value, Mapping):
            raise TypeError(f"{value!r} is not an object")
        extra = {name: item for name, item in value.items() if name not in named}
        return hook({**value, "extra": extra}, cl)

    return structure_object


_CONVERTER = _converter()
