"""List parameters: filters, sort, page (`bill.md` §4). Pure.

Filters are comma and colon separated text, so only documented fields and operators are let in,
values are quoted, and what could break the text is refused (`domain.md` I-40).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import attrs

from bill_client._converter import instant_text

LARGEST_PAGE = 100
"""BILL refuses a larger `max`, and its default is documented twice, differently."""

_ID = frozenset({"eq", "ne", "in"})
_EQUALITY = frozenset({"eq", "ne"})
_CHOICE = frozenset({"eq", "ne", "in", "nin"})
_ORDER = frozenset({"gt", "gte", "lt", "lte"})
_TIMES = {"createdTime": _ORDER, "updatedTime": _ORDER}
_TIMED = frozenset({"createdTime", "updatedTime"})

FILTERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "vendors": {
        "id": _ID,
        "archived": _EQUALITY,
        "name": frozenset({"eq", "sw"}),
        "accountType": _CHOICE,
        "address.country": _EQUALITY,
        "billCurrency": _CHOICE,
        "paymentStatus": _CHOICE,
        **_TIMES,
    },
    "bills": {
        "id": _ID,
        "archived": _EQUALITY,
        "vendorId": frozenset({"eq", "in"}),
        "dueDate": _ORDER,
        "paymentStatus": _ID,
        "payFromChartOfAccountId": _ID,
        "classifications.chartOfAccountId": _ID,
        "classifications.accountingClassId": _ID,
        "classifications.departmentId": _ID,
        "classifications.locationId": _ID,
        "classifications.itemId": _ID,
        **_TIMES,
    },
    "recurringbills": {"id": _ID, "archived": _EQUALITY, "vendorId": frozenset({"eq", "in"})},
    "payments": {"id": _ID, "vendorId": _ID},
    "bank-accounts": {
        "id": _ID,
        "archived": _EQUALITY,
        "status": _CHOICE,
        "type": _EQUALITY,
        "ownerType": _EQUALITY,
        "accessToAdmins": _EQUALITY,
        **_TIMES,
    },
    **{name: {"id": frozenset({"eq"})} for name in ("classifications", "vendor-credits")},
    **{name: {"id": frozenset({"eq"})} for name in ("users", "roles")},
}
"""The documented field and operator pairs; what our copies of the pages cut off is left out.

Those of the last lines are in the examples of BILL's collection only.
"""

SORTS: Mapping[str, frozenset[str]] = {
    "vendors": frozenset({"archived", "name", "shortName", "email", "phone", "billCurrency"})
    | _TIMED,
    "bills": frozenset({"archived", "fundingAmount", "exchangeRate", "description", "dueDate"})
    | _TIMED,
    "payments": frozenset(
        {
            "description",
            "processDate",
            "amount",
            "confirmationNumber",
            "onlinePayment",
            "disbursementStatus",
        }
    )
    | _TIMED,
    "vendor-credits": frozenset({"archived", "creditDate", "amount", "appliedAmount"}) | _TIMED,
    "bank-accounts": frozenset({"archived", "nameOnAccount", "bankName", "accessToAdmins"})
    | _TIMED,
    "classifications": frozenset({"archived", "name", "description", "createdTime"}),
    "recurringbills": frozenset({"archived"}),
    "users": frozenset({"createdTime"}),
    "roles": frozenset({"createdTime"}),
}
"""The documented fields to sort by; of several at once nothing is known."""

_DIRECTIONS = ("", "asc", "desc")


@attrs.frozen
class Condition:
    """One filter: field, operator, and the value as text.

    `unverified` says that it is sent although BILL documents no such filter.
    """

    field: str
    operator: str
    value: str
    unverified: bool = False

    @property
    def text(self) -> str:
        """As it stands in `filters`."""
        return f"{self.field}:{self.operator}:{self.value}"


@attrs.frozen(eq=False)
class Field:
    """A field by its wire name; comparing it gives a `Condition`."""

    name: str
    unverified: bool = attrs.field(default=False, kw_only=True)

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
            ValueError: there is none, or one holds a comma, a quote or a backslash.
        """
        return self._among("in", values)

    def not_in(self, values: Iterable[str]) -> Condition:
        """None of `values`.

        Raises:
            ValueError: there is none, or one holds a comma, a quote or a backslash.
        """
        return self._among("nin", values)

    def starts_with(self, value: str) -> Condition:
        """Text that begins so.

        Raises:
            ValueError: it holds a comma, a quote or a backslash.
        """
        return self._compare("sw", value)

    def _among(self, operator: str, values: Iterable[str]) -> Condition:
        plain = [_plain(value) for value in values]
        if not plain:
            raise ValueError(f"{self.name}: one of no values never holds")
        return Condition(self.name, operator, f'"{",".join(plain)}"', self.unverified)

    def _compare(self, operator: str, value: object) -> Condition:
        return Condition(self.name, operator, _value(value), self.unverified)


def field(name: str, *, unverified: bool = False) -> Field:
    """A field by its wire name, for conditions: `field("vendorId") == vendor.id`.

    With `unverified` it may be one that BILL does not document for filters: you take the risk
    that it refuses the list, or lets the filter do nothing.

    Raises:
        ValueError: the name is no field's, so it could smuggle in another filter.
    """
    if not all(part.isidentifier() for part in name.split(".")):
        raise ValueError(f"{name!r} is not a field's name")
    return Field(name, unverified=unverified)


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
    filters = FILTERS.get(resource, {})
    for condition in conditions:
        if condition.unverified or condition.operator in filters.get(condition.field, ()):
            continue
        documented = ", ".join(sorted(filters)) or "none"
        raise ValueError(
            f"{resource} cannot be filtered by {condition.field} {condition.operator}; documented "
            f"are: {documented}. Compare in memory, or say field(…, unverified=True)"
        )
    if sort is not None:
        name, _, direction = sort.partition(":")
        if name not in SORTS.get(resource, ()) or direction not in _DIRECTIONS:
            documented = ", ".join(sorted(SORTS.get(resource, ()))) or "none"
            raise ValueError(
                f"{resource} cannot be sorted by {sort!r}; documented are: {documented}, "
                "each with :asc or :desc"
            )
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
