"""OData text: literals, filters, keys, options, display values. Pure (`d365.md` §2.3 to §2.6)."""

from __future__ import annotations

import enum
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from d365_client._call import percent_encoded
from d365_client.models.dates import date_text, instant_text

NAMESPACE = "Microsoft.Dynamics.DataEntities"

VALUES_A_REQUEST = 8
"""So many values of `in_` go into one request at most, as a production client does (§2.3)."""

VALUES_LENGTH = 1_000
"""And so many characters of them, percent-encoded, for the URL has a limit (`d365.md` §2.3)."""

Literal: TypeAlias = str | int | bool | Decimal | date | datetime | uuid.UUID | bytes | enum.Enum


def literal(value: Literal) -> str:
    """A value as OData writes it.

    A date is written at noon UTC, as D365 keeps dates (`d365.md` §2.7); an enum member by its
    qualified type, which is the class's name; bytes as `Edm.Binary`.

    Raises:
        ValueError: a naive datetime, or a Decimal that is not a finite number.
        TypeError: a kind of value that OData has no literal for, a float among them.
    """
    for kind, write in _LITERALS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{value!r} has no OData literal")


def _decimal_literal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} has no OData literal")
    return format(value, "f")


_LITERALS: Sequence[tuple[type, Callable[[Any], str]]] = (
    # The special before the general: an enum is a str, a bool an int, a datetime a date.
    (enum.Enum, lambda value: f"{NAMESPACE}.{type(value).__name__}{literal(str(value.value))}"),
    (str, lambda value: "'" + value.replace("'", "''") + "'"),
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (Decimal, _decimal_literal),
    (datetime, instant_text),
    (date, date_text),
    (uuid.UUID, str),
    (bytes, lambda value: f"binary'{value.hex().upper()}'"),
)


@attrs.frozen
class Condition:
    """A `$filter` expression; conditions combine with `&` and `|`.

    One of many values does not fit into one URL: then there are several `texts`, each for a
    request of its own, and the rows wanted are those of all of them together.
    """

    texts: tuple[str, ...]
    fields: frozenset[str]

    def __and__(self, other: Condition) -> Condition:
        both = itertools.product(self.texts, other.texts)
        texts = tuple(f"{left} and {right}" for left, right in both)
        return Condition(texts, self.fields | other.fields)

    def __or__(self, other: Condition) -> Condition:
        # Alternatives are alternatives: the texts of both sides are asked for in one expression.
        text = f"({' or '.join([*self.texts, *other.texts])})"
        return Condition((text,), self.fields | other.fields)


@attrs.frozen(kw_only=True)
class Order:
    """Rows by one property, ascending unless it says otherwise."""

    name: str
    descends: bool = False

    @property
    def text(self) -> str:
        """As `$orderby` writes it."""
        return f"{self.name} desc" if self.descends else self.name


@attrs.frozen(eq=False)
class Field:
    """A property by its wire name; comparing it gives a `Condition`.

    D365 takes an asterisk in a text that is compared by `==` for any characters; there is no way
    to say a plain one, so compare such rows again when they have come (`d365.md` §2.3).
    """

    name: str

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]  # a query reads like Python
        return self._compare("eq", value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]  # same
        return self._compare("ne", value)

    def __lt__(self, value: Literal) -> Condition:
        return self._compare("lt", value)

    def __le__(self, value: Literal) -> Condition:
        return self._compare("le", value)

    def __gt__(self, value: Literal) -> Condition:
        return self._compare("gt", value)

    def __ge__(self, value: Literal) -> Condition:
        return self._compare("ge", value)

    __hash__ = None  # type: ignore[assignment]  # equality is a condition, so it cannot be a key

    def in_(self, values: Iterable[Literal]) -> Condition:
        """One of `values`; D365 has no `in`, so it becomes `or` (`d365.md` §2.3).

        More than `VALUES_A_REQUEST` values, or long ones, become several requests.

        Raises:
            ValueError: there is no value.
        """
        texts = [f"{self.name} eq {text}" for text in dict.fromkeys(map(literal, values))]
        if not texts:
            raise ValueError(f"{self.name}: one of no values never holds")
        return Condition(
            tuple(f"({' or '.join(chunk)})" for chunk in _chunks(texts)), frozenset({self.name})
        )

    def descending(self) -> Order:
        """For `order_by`: the greatest first."""
        return Order(name=self.name, descends=True)

    def _compare(self, operator: str, value: object) -> Condition:
        text = literal(value)  # type: ignore[arg-type]  # literal refuses what it does not know
        return Condition((f"{self.name} {operator} {text}",), frozenset({self.name}))


def _chunks(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    """The texts in as few groups as a URL's length allows, in their order."""
    chunk: list[str] = []
    length = 0
    for text in texts:
        needed = len(percent_encoded(text))
        if chunk and (len(chunk) == VALUES_A_REQUEST or length + needed > VALUES_LENGTH):
            yield chunk
            chunk, length = [], 0
        chunk.append(text)
        length += needed
    if chunk:
        yield chunk


def field(name: str) -> Field:
    """A property by its wire name, for conditions: `field("VendGroup") == "10"`.

    Raises:
        ValueError: the name is not an identifier, so it could smuggle in an expression.
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r} is not a property's name")
    return Field(name)


def key_predicate(entity_set: str, key: Mapping[str, Literal]) -> str:
    """`Set(Name=value,…)`, percent-encoded; all key fields are needed (`d365.md` §2.5)."""
    parts = (f"{name}={percent_encoded(literal(value))}" for name, value in key.items())
    return f"{entity_set}({','.join(parts)})"


@attrs.frozen(kw_only=True)
class Expansion:
    """Rows that a navigation property leads to, one level deep (`d365.md` §2.3)."""

    name: str
    names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As `$expand` writes it; without names all fields come."""
        return f"{self.name}($select={','.join(self.names)})" if self.names else self.name


def options(
    *,
    text: str = "",
    select: Sequence[str] = (),
    expand: Sequence[Expansion] = (),
    order_by: Sequence[Order] = (),
    skip: int | None = None,
    top: int | None = None,
    count: bool = False,
) -> dict[str, str]:
    """Query options; every company that the user may see is asked (`d365.md` §2.4).

    `text` is one of a condition's texts. What is empty, None or False is left out.
    """
    given = {
        "$filter": text,
        "$select": ",".join(select),
        "$expand": ",".join(expansion.text for expansion in expand),
        "$orderby": ",".join(order.text for order in order_by),
        "$skip": "" if skip is None else str(skip),
        "$top": "" if top is None else str(top),
        "$count": "true" if count else "",
    }
    return {"cross-company": "true"} | {name: told for name, told in given.items() if told}


def escape_display_value(value: str, delimiter: str = "-") -> str:
    """A value as part of a display value: the delimiter is escaped (`d365.md` §4.3)."""
    return value.replace(delimiter, f"\\{delimiter}")


def unescape_display_value(text: str, delimiter: str = "-") -> str:
    """The value that `escape_display_value` was given."""
    return text.replace(f"\\{delimiter}", delimiter)


def split_display_value(text: str, delimiter: str = "-") -> list[str]:
    """The segments of a display value, unescaped; omitted segments are empty."""
    escaped = f"\\{delimiter}"
    segments = [""]
    index = 0
    while index < len(text):
        if text.startswith(escaped, index):
            segments[-1] += delimiter
            index += len(escaped)
        elif text.startswith(delimiter, index):
            segments.append("")
            index += len(delimiter)
        else:
            segments[-1] += text[index]
            index += 1
    return segments
