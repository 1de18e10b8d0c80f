"""List parameters: filters, sort, page (`bill.md` §4). Pure.

Filters are comma and colon separated text, so only documented fields and operators are let in,
values are quoted, and what could break the text is refused (`domain.md` I-40).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

import attrs

LARGEST_PAGE = 100
"""BILL refuses a larger `max`, and its default is documented twice, differently."""

_EQUALITY = frozenset({"eq", "ne"})
_CHOICE = frozenset({"eq", "ne", "in", "nin"})
_ORDER = frozenset({"gt", "gte", "lt", "lte"})

FILTERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "vendors": {
        "id": frozenset({"eq", "ne", "in"}),
        "archived": _EQUALITY,
        "name": frozenset({"eq", "sw"}),
        "accountType": _CHOICE,
        "address.country": _EQUALITY,
        "billCurrency": _CHOICE,
        "paymentStatus": _CHOICE,
        "createdTime": _ORDER,
        "updatedTime": _ORDER,
    },
    "bills": {
        "id": frozenset({"eq", "ne", "in"}),
        "archived": _EQUALITY,
        "vendorId": frozenset({"eq", "in"}),
        "dueDate": _ORDER,
        "paymentStatus": frozenset({"eq", "ne", "in"}),
        "createdTime": _ORDER,
        "updatedTime": _ORDER,
    },
    "payments": {
        "id": frozenset({"eq", "ne", "in"}),
        "vendorId": frozenset({"eq", "ne", "in"}),
    },
    "classifications": {},
}
"""The documented field and operator pairs; what our copies of the pages cut off is left out."""

SORTS: Mapping[str, frozenset[str]] = {
    "vendors": frozenset({"archived", "name", "shortName", "createdTime", "updatedTime"}),
    "bills": frozenset({"archived", "dueDate", "createdTime", "updatedTime"}),
    "payments": frozenset({"processDate", "amount", "createdTime", "updatedTime"}),
    "classifications": frozenset({"archived", "name", "description"}),
}
"""The documented fields to sort by."""


@attrs.frozen
class Condition:
    """One filter: field, operator, and the value as text."""

    field: str
    operator: str
    value: str

    @property
    def text(self) -> str:
        """As it stands in `filters`."""
        return f"{self.field}:{self.operator}:{self.value}"


@attrs.frozen(eq=False)
class Field:
    """A field by its wire name; comparing it gives a `Condition`."""

    name: str

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]  # a query reads like Python
        return self._compare("eq", value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]  # same
        return self._compare("ne", value)

    def __lt__(self, value: object) -> Condition:
        return self._compare("lt", value)

    def __le__(self, value: object) -> Condition:
        return self._compare("lte", value)

    def __gt__(self, value: object) -> Condition:
        return self._compare("gt", value)

    def __ge__(self, value: object) -> Condition:
        return self._compare("gte", value)

    __hash__ = None  # type: ignore[assignment]  # equality is a condition, so it cannot be a key

    def in_(self, values: Iterable[str]) -> Condition:
        """One of `values`.

        Raises:
            ValueError: there is none, or one holds a comma or a quote.
        """
        plain = [_plain(value) for value in values]
        if not plain:
            raise ValueError(f"{self.name}: one of no values never holds")
        return Condition(self.name, "in", f'"{",".join(plain)}"')

    def _compare(self, operator: str, value: object) -> Condition:
        return Condition(self.name, operator, _value(value))


def field(name: str) -> Field:
    """A field by its wire name, for conditions: `field("vendorId") == vendor.id`."""
    return Field(name)


def instant_text(instant: datetime) -> str:
    """An instant as BILL takes it: UTC, milliseconds.

    Raises:
        ValueError: it is naive.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} is naive; give an aware instant")
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parameters(
    resource: str,
    *,
    conditions: Sequence[Condition] = (),
    sort: str | None = None,
    largest: int = LARGEST_PAGE,
) -> dict[str, str]:
    """The query of a list's first page; `max` is always sent.

    Raises:
        ValueError: BILL documents no such filter or sort for the resource.
    """
    for condition in conditions:
        allowed = FILTERS[resource].get(condition.field, frozenset())
        if condition.operator not in allowed:
            raise ValueError(
                f"{resource} cannot be filtered by {condition.field} {condition.operator}; "
                f"documented are {sorted(FILTERS[resource])}"
            )
    if sort is not None and sort.partition(":")[0] not in SORTS[resource]:
        raise ValueError(f"{resource} cannot be sorted by {sort}")
    query = {"max": str(largest)}
    if conditions:
        query["filters"] = ",".join(condition.text for condition in conditions)
    if sort is not None:
        query["sort"] = sort
    return query


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f'"{instant_text(value)}"'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    return f'"{_plain(str(value))}"'


def _plain(value: str) -> str:
    if any(character in value for character in '",\\'):
        raise ValueError(
            f"{value!r}: a filter's value has no comma, quote or backslash; compare it in memory"
        )
    return value
