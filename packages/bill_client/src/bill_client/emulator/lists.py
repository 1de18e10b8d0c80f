"""Lists: filters, sort and page tokens (`bill.md` §4)."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bill_client.emulator.books import Body
from bill_client.emulator.envelopes import Refusal

DEFAULT_PAGE, LARGEST_PAGE = 20, 100

_EQUALITY = frozenset({"eq", "ne"})
_CHOICE = frozenset({"eq", "ne", "in", "nin"})
_ORDER = frozenset({"gt", "gte", "lt", "lte"})

_CLASSIFICATIONS = (
    *("chart-of-accounts", "departments", "locations", "accounting-classes", "jobs"),
    *("items", "employees"),
)
_BY_ID = (*_CLASSIFICATIONS, "vendor-credits", "users", "roles")
"""What the examples of BILL's collection look up by id."""

FILTERABLE: Mapping[str, Mapping[str, frozenset[str]]] = {
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
        "payFromChartOfAccountId": frozenset({"eq", "ne", "in"}),
        **{
            f"classifications.{key}": frozenset({"eq", "ne", "in"})
            for key in (
                *("chartOfAccountId", "accountingClassId", "departmentId"),
                *("locationId", "itemId"),
            )
        },
        "createdTime": _ORDER,
        "updatedTime": _ORDER,
    },
    "payments": {
        "id": frozenset({"eq", "ne", "in"}),
        "vendorId": frozenset({"eq", "ne", "in"}),
    },
    "recurringbills": {
        "id": frozenset({"eq", "ne", "in"}),
        "archived": _EQUALITY,
        "vendorId": frozenset({"eq", "in"}),
    },
    "funding-accounts": {
        "id": frozenset({"eq", "ne", "in"}),
        "archived": _EQUALITY,
        "status": _CHOICE,
        "type": _EQUALITY,
        "ownerType": _EQUALITY,
        "accessToAdmins": _EQUALITY,
        "createdTime": _ORDER,
        "updatedTime": _ORDER,
    },
    **{resource: {"id": frozenset({"eq"})} for resource in _BY_ID},
}
"""The documented pairs; invoice numbers, amounts and approval are not filterable."""

_UNDOCUMENTED: Mapping[str, frozenset[str]] = {
    "id": frozenset({"eq", "ne", "in"}),
    "archived": _EQUALITY,
    "createdTime": _ORDER,
    "updatedTime": _ORDER,
}
"""What every resource may have, though no page that we have says so."""

SORTABLE: Mapping[str, frozenset[str]] = {
    "vendors": frozenset(
        [
            "archived",
            "name",
            "shortName",
            "email",
            "phone",
            "billCurrency",
            "createdTime",
            "updatedTime",
        ]
    ),
    "bills": frozenset(
        [
            "archived",
            "fundingAmount",
            "exchangeRate",
            "description",
            "dueDate",
            "createdTime",
            "updatedTime",
        ]
    ),
    "payments": frozenset(
        [
            *("description", "processDate", "amount", "confirmationNumber", "onlinePayment"),
            *("disbursementStatus", "createdTime", "updatedTime"),
        ]
    ),
    "vendor-credits": frozenset(
        ["archived", "creditDate", "amount", "appliedAmount", "createdTime", "updatedTime"]
    ),
    "funding-accounts": frozenset(
        ["archived", "nameOnAccount", "bankName", "accessToAdmins", "createdTime", "updatedTime"]
    ),
    **{
        resource: frozenset(["archived", "name", "description", "createdTime"])
        for resource in _CLASSIFICATIONS
    },
    "recurringbills": frozenset(["archived"]),
    "users": frozenset(["createdTime"]),
    "roles": frozenset(["createdTime"]),
}

_FILTER = re.compile(r'([A-Za-z.]+):([a-z]+):("[^"]*"|[^,"]*)(?:,|$)')
_TIMES = ("createdTime", "updatedTime")


class _Filter(NamedTuple):
    field: str
    operator: str
    value: str


class Asked(NamedTuple):
    """What a list request asks for."""

    filters: str
    sort: str
    offset: int
    largest: int


def asked(query: Mapping[str, str]) -> Asked:
    """A list's query, or the one that its page token carries.

    Raises:
        Refusal: `max` or the token does not fit.
    """
    text = query.get("max", str(DEFAULT_PAGE))
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_PAGE:
        raise Refusal.invalid([f"max: must be between 1 and {LARGEST_PAGE}"])
    if "page" not in query:
        return Asked(query.get("filters", ""), query.get("sort", ""), 0, int(text))
    try:
        filters, sort, offset = json.loads(base64.urlsafe_b64decode(query["page"]))
        return Asked(str(filters), str(sort), int(offset), int(text))
    except (binascii.Error, ValueError, TypeError) as error:
        raise Refusal.invalid(["page: invalid value"]) from error


def found(
    resource: str,
    objects: Sequence[Body],
    query: Asked,
    *,
    archived: bool,
    undocumented: bool = False,
) -> Sequence[Body]:
    """The objects that a query finds, in its order.

    Raises:
        Refusal: a filter or a sort is not documented for the resource.
    """
    filters = _parsed(_allowed(resource, undocumented=undocumented), query.filters)
    if not archived and not any(item.field == "archived" for item in filters):
        objects = [body for body in objects if not body.get("archived")]
    matching = [body for body in objects if all(_holds(body, item) for item in filters)]
    return _sorted(resource, matching, query.sort)


def cut(ordered: Sequence[Body], query: Asked) -> dict[str, object]:
    """One page: `results`, and `nextPage`, `prevPage` where there are such pages."""
    after = query.offset + query.largest
    told: dict[str, object] = {"results": ordered[query.offset : after]}
    if after < len(ordered):
        told["nextPage"] = _token(query, after)
    if query.offset > 0:
        told["prevPage"] = _token(query, max(0, query.offset - query.largest))
    return told


def _allowed(resource: str, *, undocumented: bool) -> Mapping[str, frozenset[str]]:
    documented = FILTERABLE.get(resource, {})
    return {**_UNDOCUMENTED, **documented} if undocumented else documented


def _token(query: Asked, offset: int) -> str:
    told = json.dumps([query.filters, query.sort, offset])
    return base64.urlsafe_b64encode(told.encode()).decode()


def _parsed(allowed: Mapping[str, frozenset[str]], text: str) -> list[_Filter]:
    filters, end = [], 0
    for found in _FILTER.finditer(text):
        if found.start() != end:
            break
        end = found.end()
        filters.append(_Filter(found[1], found[2], found[3].strip('"')))
    if end != len(text):
        raise Refusal.invalid([f"filters: cannot be read from {text[end:]!r}"])
    for item in filters:
        if item.operator not in allowed.get(item.field, frozenset()):
            raise Refusal.invalid([f"filters: {item.field}:{item.operator} is not supported"])
    return filters


def _sorted(resource: str, objects: list[Body], sort: str) -> list[Body]:
    field, _, direction = sort.partition(":")
    if not field:
        return objects
    if field not in SORTABLE.get(resource, ()) or direction not in ("", "asc", "desc"):
        raise Refusal.invalid([f"sort: {sort} is not supported"])
    return sorted(
        objects, key=lambda body: _comparable(field, body.get(field)), reverse=direction == "desc"
    )


def _comparable(field: str, value: object) -> tuple[bool, Any]:
    """A sort key: absent values first; times as instants."""
    if value is None:
        return (False, 0)
    return (True, _instant(str(value)) if field in _TIMES else value)


def _value(body: Body, field: str) -> object:
    value: object = body
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _holds(body: Body, item: _Filter) -> bool:
    value = _value(body, item.field)
    if item.field in _TIMES:
        return _ORDERS[item.operator](_instant(str(value)), _instant(item.value))
    if item.operator in _ORDERS:
        return value is not None and _ORDERS[item.operator](str(value), item.value)
    told = str(value).lower() if isinstance(value, bool) else str(value or "")
    return _MATCHES[item.operator](told, item.value)


_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "eq": lambda told, value: told == value,
    "ne": lambda told, value: told != value,
    "in": lambda told, value: told in value.split(","),
    "nin": lambda told, value: told not in value.split(","),
    "sw": lambda told, value: told.startswith(value),
}

_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
}


@functools.lru_cache(maxsize=100_000)
def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal.invalid([f"filters: {text!r} is not a time"]) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
