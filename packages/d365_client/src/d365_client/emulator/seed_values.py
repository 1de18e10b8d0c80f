"""Values of a seed, read by their kind; whatever does not fit is named by its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping


class SeedError(ValueError):
    """A seed that cannot be used; the message says in one sentence what is wrong, and where."""


def object_of(
    value: object,
    where: str,
    *,
    required: frozenset[str] | set[str] = frozenset(),
    known: frozenset[str] | set[str] = frozenset(),
) -> dict[str, object]:
    """The fields of an object; if any are named here, others are refused.

    Raises:
        SeedError: not an object, or a field is missing or not known.
    """
    if not isinstance(value, dict):
        raise SeedError(f"{where} must be an object")
    missing = sorted(required - value.keys())
    if missing:
        raise SeedError(f"{where}: field {missing[0]} is missing")
    unknown = sorted(value.keys() - required - known)
    if (required or known) and unknown:
        raise SeedError(f"{where}: field {unknown[0]} is not known")
    return value


def list_of(value: object, where: str) -> list[object]:
    """The items of a list.

    Raises:
        SeedError: not a list.
    """
    if not isinstance(value, list):
        raise SeedError(f"{where} must be a list")
    return value


def text_of(given: Mapping[str, object], name: str, where: str) -> str:
    """The text in a field.

    Raises:
        SeedError: not a text, or an empty one.
    """
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise SeedError(f"{where}: field {name} must be a text that is not empty")
    return value
