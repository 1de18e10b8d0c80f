"""What a body may hold, and what is wrong with one. Pure (`bill.md` §3, §5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import attrs

from bill_client.emulator.wire_json import amount


@attrs.frozen(kw_only=True)
class Field:
    """One field of a body.

    `fits` tells a value of its kind, and `blank` how one that is missing is told. `refers` names
    the resource whose ids it holds, `inner` is the shape of an object or of an array's objects,
    and `words` are those that BILL is known to take.
    """

    fits: Callable[[Any], bool] = attrs.field(repr=False)
    required: bool = False
    blank: bool = False
    shortest: int = 0
    longest: int | None = None
    words: frozenset[str] = frozenset()
    refers: str = ""
    inner: Shape | None = None


Shape: TypeAlias = Mapping[str, Field]


_ANYTHING = Field(fits=lambda _: True)


def text(
    *, required: bool = False, shortest: int = 0, longest: int | None = None, refers: str = ""
) -> Field:
    """A text, or the id of something."""
    return Field(
        fits=lambda value: isinstance(value, str),
        required=required,
        blank=True,
        shortest=shortest,
        longest=longest,
        refers=refers,
    )


def reference(resource: str, *, required: bool = False) -> Field:
    """The id of an object of a resource."""
    return text(required=required, refers=resource)


def number(*, required: bool = False) -> Field:
    """An amount, a rate, a quantity."""
    return Field(
        fits=lambda value: not isinstance(value, str) and amount(value) is not None,
        required=required,
    )


def whole(*, required: bool = False) -> Field:
    """A whole number."""
    return Field(fits=lambda value: type(value) is int, required=required)


def flag(*, required: bool = False) -> Field:
    """True or false."""
    return Field(fits=lambda value: isinstance(value, bool), required=required)


def day(*, required: bool = False) -> Field:
    """A date."""
    return Field(fits=_is_date, required=required)


def word(*words: str, required: bool = False) -> Field:
    """One of the words that are known."""
    return Field(
        fits=lambda value: isinstance(value, str),
        required=required,
        blank=True,
        words=frozenset(words),
    )


def texts_matching(pattern: str, *, required: bool = False) -> Field:
    """A text of this form."""
    return Field(
        fits=lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None,
        required=required,
        blank=True,
    )


def texts(*, required: bool = False, refers: str = "") -> Field:
    """An array of texts, or of ids."""
    return Field(
        fits=lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
        required=required,
        refers=refers,
    )


def inner(shape: Shape, *, required: bool = False) -> Field:
    """An object."""
    return Field(fits=lambda value: isinstance(value, dict), required=required, inner=shape)


def array(shape: Shape, *, required: bool = False) -> Field:
    """An array of objects."""
    return Field(fits=_are_objects, required=required, inner=shape)


def problems(shape: Shape, body: Mapping[str, Any], *, whole: bool, at: str = "") -> Iterator[str]:
    """A sentence for each field that is missing, unknown or does not fit.

    Of a part (`whole` False, as in a PATCH) nothing is missing, but an array's objects are whole
    unless they have an id.
    """
    fitting = []
    for name, field in shape.items():
        place, value = f"{at}{name}", body.get(name)
        if value is None or value in ("", []):
            if field.required and (whole or name in body):
                yield f"{place}: must not be {'blank' if field.blank else 'null'}"
        elif not field.fits(value) or (field.words and value not in field.words):
            yield f"{place}: invalid value"
        else:
            fitting.append((field, value, place))
    for field, value, place in fitting:
        yield from _inside(field, value, whole=whole, place=place)
    yield from (f"{at}{name}: unknown property" for name in body if name not in shape)


def references(shape: Shape, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each id that a body holds, with the resource that it is of."""
    for name, field in shape.items():
        value = body.get(name)
        if value in (None, ""):
            continue
        if field.refers:
            for one in value if isinstance(value, list) else [value]:
                yield field.refers, one
        if field.inner is not None:
            for one in value if isinstance(value, list) else [value]:
                yield from references(field.inner, one)


def _inside(field: Field, value: Any, *, whole: bool, place: str) -> Iterator[str]:
    if field.longest is not None and not field.shortest <= len(value) <= field.longest:
        yield f"{place}: size must be between {field.shortest} and {field.longest}"
    if field.inner is None:
        return
    for one in value if isinstance(value, list) else [value]:
        # An object of an array that has an id is one that is there already, and told in part.
        named = "id" in one and not (field.inner.get("id") or _ANYTHING).required
        complete = not named if isinstance(value, list) else whole
        yield from problems(field.inner, one, whole=complete, at=f"{place}.")


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return len(str(value)) == len("2026-10-01")


def together(*shapes: Shape) -> Shape:
    """One shape of several."""
    return {name: field for shape in shapes for name, field in shape.items()}


Bodies: TypeAlias = Sequence[Mapping[str, Any]]
