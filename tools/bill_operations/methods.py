"""Calls every method of the client once, with everything that it can be given."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs

from bill_client import (
    Changes,
    ChartOfAccount,
    ChartOfAccountDraft,
    ChartOfAccountPatch,
    ClassificationDraft,
    ClassificationPatch,
    Employee,
    EmployeeDraft,
    EmployeePatch,
    Item,
    ItemDraft,
    ItemPatch,
    Listing,
)
from bill_client.environment import Environment
from bill_client.models.open_enum import OpenEnum
from bill_client.models.resource import Draft, Resource
from bill_client.resources.classifications import Classification

AN_ID = "00901ABCDEFGHIJKLMNO"

VALUES: Mapping[Any, Any] = {
    bool: True,
    int: 3,
    str: "text",
    Decimal: Decimal("12.34"),
    date: date(2026, 9, 30),
    datetime: datetime(2026, 9, 30, 12, tzinfo=UTC),
}
"""What is given for a plain kind."""

GIVEN: Mapping[str, Any] = {
    "until": datetime(2026, 10, 1, tzinfo=UTC),
    "windows": 1,
    "side_by_side": 1,
    "source": b"%PDF-1.7",
    "sort": None,
    "largest": 50,
    "start": 0,
}
"""What is given by name, where the kind does not say it."""


@attrs.frozen
class Method:
    """A method of a part of the client, such as `vendors.create`."""

    part: str
    name: str
    bound: Any = attrs.field(repr=False)
    kinds: Mapping[Any, Any] = attrs.field(repr=False)

    @property
    def title(self) -> str:
        """How a user writes it."""
        return f"{self.part}.{self.name}"

    async def call(self) -> Any:
        """Call it with everything that it can be given, and read what it gives to the end."""
        hints = typing.get_type_hints(self.bound)
        given: list[Any] = []
        named: dict[str, Any] = {}
        for name, parameter in inspect.signature(self.bound).parameters.items():
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL or name in LEFT_OUT:
                continue
            value = GIVEN[name] if name in GIVEN else self._value(name, hints[name])
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                named[name] = value
            else:
                given.append(value)
        told = self.bound(*given, **named)
        if isinstance(told, Listing | Changes):
            return await told.all()
        if inspect.isasyncgen(told):
            return [piece async for piece in told]
        return await told

    def _value(self, name: str, hint: Any) -> Any:  # noqa: PLR0911 - one for each kind
        kind = self.kinds.get(hint, hint)
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return self._value(name, next(one for one in inner if one is not types.NoneType))
        if origin is tuple:
            return tuple(self._value(name, part) for part in inner)
        if origin is Mapping:
            return {AN_ID: self._value(name, inner[1])}
        if origin is not None and issubclass(origin, Sequence):
            return [self._value(name, inner[0])]
        if isinstance(kind, type) and issubclass(kind, Draft | OpenEnum):
            return _filled(kind)
        if isinstance(kind, type) and issubclass(kind, Resource):
            return kind(**{"id": AN_ID, **_required(kind)})
        if name.endswith(("_id", "_ids")):
            return AN_ID
        return VALUES[kind]


NOT_OF_THE_API = frozenset({"documents.read", "documents.download"})
"""What follows a link that BILL gave, wherever it leads."""

LEFT_OUT = frozenset({"progress", "dropping", "unapplying_credits", "overlap"})
"""What nothing is sent for."""

NOT_TOGETHER = frozenset({"extra", "apply_to_bank_account_id"})
"""What a draft has for what it does not name, and what it cannot have beside something else."""


def full(draft: type[Draft]) -> Draft:
    """A draft with every field that it has."""
    hints = typing.get_type_hints(draft)
    names = {item.name for item in attrs.fields(draft)} - NOT_TOGETHER
    return draft(**{name: _filled(hints[name]) for name in names})


def _filled(hint: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _filled(next(one for one in inner if one is not types.NoneType))
    if origin is tuple:
        return tuple(_filled(one) for one in (*_choices(inner[0]),))
    if issubclass(hint, Draft):
        return full(hint)
    if hint in VALUES:
        return VALUES[hint]
    return next(iter(hint))  # a member of an enumeration


def _choices(hint: Any) -> Iterator[Any]:
    """Each of the kinds that may stand in a tuple."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        yield from typing.get_args(hint)
    else:
        yield hint


def _required(model: type[Resource]) -> dict[str, Any]:
    hints = typing.get_type_hints(model)
    return {
        item.name: VALUES[hints[item.name]]
        for item in attrs.fields(model)
        if item.default is attrs.NOTHING and item.name != "id"
    }


def every_method(environment: Environment) -> Iterator[Method]:
    """Every public method of every part of the client that sends something."""
    for part, value in vars(environment).items():
        if part.startswith("_"):
            continue
        kinds = _kinds(value)
        for name, _ in inspect.getmembers(type(value), inspect.isfunction):
            if not name.startswith("_") and f"{part}.{name}" not in NOT_OF_THE_API:
                yield Method(part, name, getattr(value, name), kinds)


def _kinds(part: Any) -> Mapping[Any, Any]:
    """What the type variables of a classification stand for: its draft and its patch."""
    if not isinstance(part, Classification):
        return {}
    model = part._model  # noqa: SLF001 - told nowhere else
    drafts = KINDS.get(model, (ClassificationDraft, ClassificationPatch))
    return dict(zip(Classification.__parameters__[1:], drafts, strict=True))  # type: ignore[attr-defined]


KINDS: Mapping[Any, tuple[type[Draft], type[Draft]]] = {
    ChartOfAccount: (ChartOfAccountDraft, ChartOfAccountPatch),
    Item: (ItemDraft, ItemPatch),
    Employee: (EmployeeDraft, EmployeePatch),
}
