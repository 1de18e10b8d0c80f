"""The fields of an action's body, read by name and type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


class ActionError(ValueError):
    """An action that cannot be done; the message says why in one sentence."""


class ActionFields:
    """Reads the body of an action, and remembers what was read.

    Every reader raises ActionError if the field is missing or not of its type. A field with a
    default may be missing.
    """

    def __init__(self, action: str, body: object) -> None:
        if not isinstance(body, dict):
            raise ActionError(f"{action}: the body must be an object")
        self._action = action
        self._body: dict[str, object] = body
        self._read: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str:
        """A text."""
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self._refusal(name, "a text")
        return value

    def company(self) -> str:
        """The company in `dataAreaId`, in lower case."""
        return self.text("dataAreaId").lower()

    def amount(self, name: str, default: Decimal | None = None) -> Decimal:
        """An exact amount, written as a number or as a text."""
        value = self._value(name, default)
        try:
            if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
                return Decimal(value)
        except ArithmeticError as problem:
            raise self._refusal(name, "an amount") from problem
        raise self._refusal(name, "an amount")

    def day(self, name: str) -> date:
        """A business date, as `2026-10-01`; what follows the day is not read."""
        value = self.text(name)
        try:
            return date.fromisoformat(value[:10])
        except ValueError as problem:
            raise self._refusal(name, "a day") from problem

    def table(self, name: str) -> dict[str, object]:
        """An object, as it is."""
        value = self._value(name, None)
        if not isinstance(value, dict):
            raise self._refusal(name, "an object")
        return value

    def entries(self, name: str) -> list[ActionFields]:
        """A list of objects, each to be read like a body."""
        value = self._value(name, None)
        if not isinstance(value, list):
            raise self._refusal(name, "a list")
        return [
            ActionFields(f"{self._action}: {name}[{place}]", entry)
            for place, entry in enumerate(value)
        ]

    def nothing_else(self) -> None:
        """Refuse fields that were not read.

        Raises:
            ActionError: naming the first of them.
        """
        unknown = sorted(self._body.keys() - self._read)
        if unknown:
            raise ActionError(f"{self._action}: field {unknown[0]} is not known")

    def refusal(self, sentence: str) -> ActionError:
        """The error that says why this action cannot be done."""
        return ActionError(f"{self._action}: {sentence}")

    def _value(self, name: str, default: object) -> object:
        self._read.add(name)
        value = self._body.get(name, default)
        if value is None:
            raise ActionError(f"{self._action}: field {name} is missing")
        return value

    def _refusal(self, name: str, shape: str) -> ActionError:
        return self.refusal(f"field {name} must be {shape}, not {self._body.get(name)!r}")
