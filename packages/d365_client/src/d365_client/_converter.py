"""Rows as models and drafts as bodies: the one converter, and the only use of cattrs here.

One naming rule (`models.names`); `WIRE_NAMES` has a model's exceptions. Decimals are exact both
ways; null dates, and texts that a join did not find, are told apart here and nowhere else (§2.7).
"""

from __future__ import annotations

import base64
import enum
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, cast

import attrs
import cattrs
import msgspec
from cattrs.gen import make_dict_structure_fn, override

from d365_client.errors import Undecodable, garbled
from d365_client.models.dates import date_text, instant_text, read_date, read_instant
from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.names import wire_name

E = TypeVar("E", bound=Entity)

_NOT_ON_THE_WIRE = frozenset({"etag", "extra"})
_NAMES: dict[type, Mapping[str, str]] = {}  # told once a model, not once a row
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def wire_names(model: type[Entity | EntityDraft[Any]]) -> Mapping[str, str]:
    """The wire names of a model's or draft's own fields, by attribute."""
    if model not in _NAMES:
        names = (item.name for item in attrs.fields(model) if item.name not in _NOT_ON_THE_WIRE)
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


def encode(body: Mapping[str, object]) -> bytes:
    """A JSON body with exact numbers."""
    return _ENCODER.encode(body)


def structure(model: type[E], row: object) -> E:
    """A row as its model; what the model does not name is kept in `extra`.

    Raises:
        Undecodable: a field is missing or does not fit; `problems` names each.
    """
    if not isinstance(row, Mapping):
        raise Undecodable(f"{model.ENTITY_SET}: a row is {type(row).__name__}, not an object")
    named = frozenset(wire_names(model).values())
    # Annotations, such as `Amount@odata.type`, are about the row and not of it.
    extra = {name: row[name] for name in row if name not in named and "@" not in name}
    try:
        return _CONVERTER.structure({**row, "extra": extra}, model)
    except cattrs.BaseValidationError as error:
        problems = cattrs.transform_error(error)
        undecodable = Undecodable(
            f"{model.ENTITY_SET}: a row does not fit {model.__name__}: {'; '.join(problems)}"
        )
        undecodable.problems = problems
        raise undecodable from error


def body_of_draft(draft: EntityDraft[Any]) -> dict[str, object]:
    """A draft as a body; what is None is left out."""
    names = wire_names(type(draft))
    own = {names[name]: getattr(draft, name) for name in names}
    return body_of({**{name: own[name] for name in own if own[name] is not None}, **draft.extra})


def body_of(values: Mapping[str, object]) -> dict[str, object]:
    """Values under the wire's names, in the wire's form: a body with exact numbers.

    Raises:
        ValueError: a naive datetime, or a Decimal that is not a finite number.
        TypeError: a float; amounts are Decimal.
    """
    return {name: _wire_value(name, value) for name, value in values.items()}


def _wire_value(name: str, value: object) -> object:
    if isinstance(value, float):
        raise TypeError(f"{name} is the float {value}; give an exact Decimal")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{name} is {value}, which is not a number on the wire")
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return date_text(value) if isinstance(value, date) else value


def _text(value: object) -> str:
    """D365 has no null texts (`d365.md` §2.7): where a join found nothing, the text is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _decimal(value: object) -> Decimal:
    """A number; also as text, which is how OData writes it for who asks for IEEE754Compatible."""
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


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _octets(value: object) -> bytes:
    return base64.b64decode(_text(value), validate=True)


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    # Simple before composite: cattrs asks the newest hook first.
    converter.register_structure_hook(str, lambda value, _: _text(value))
    # An enumeration is a str: without a hook of its own it would be read as a plain text.
    converter.register_structure_hook(enum.StrEnum, lambda value, kind: kind(value))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(bool, lambda value, _: _flag(value))
    converter.register_structure_hook(bytes, lambda value, _: _octets(value))
    converter.register_structure_hook(uuid.UUID, lambda value, _: uuid.UUID(_text(value)))
    converter.register_structure_hook(Decimal, lambda value, _: _decimal(value))
    converter.register_structure_hook_func(
        lambda kind: kind == (date | None),
        lambda value, _: None if value is None else read_date(_text(value)),
    )
    converter.register_structure_hook_func(
        lambda kind: kind == (datetime | None),
        lambda value, _: None if value is None else read_instant(_text(value)),
    )
    converter.register_structure_hook_factory(
        lambda kind: isinstance(kind, type) and issubclass(kind, Entity),
        lambda kind: _model_hook(kind, converter),
    )
    return converter


def _model_hook(
    model: type[Entity], converter: cattrs.Converter
) -> cattrs.SimpleStructureHook[Mapping[str, object], Entity]:
    overrides = {name: override(rename=wire) for name, wire in wire_names(model).items()}
    overrides["etag"] = override(rename="@odata.etag")
    overrides["extra"] = override(struct_hook=lambda value, _: value)
    hook = make_dict_structure_fn(model, converter, **overrides)  # type: ignore[arg-type]  # overrides may be any mapping
    return cast("cattrs.SimpleStructureHook[Mapping[str, object], Entity]", hook)


_CONVERTER = _converter()
