"""Seeds: organisations, and objects in the service's own terms; checked whole before loading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bill_client.emulator import wire_json
from bill_client.emulator.accounts import Organization, User
from bill_client.emulator.books import RESOURCES, Books
from bill_client.emulator.money import recount

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "vendors": ("name",),
    "bills": ("vendorId", "dueDate", "invoice", "billLineItems", "amount"),
    "payments": ("vendorId", "amount", "billPayments", "singleStatus", "processDate"),
    "chart-of-accounts": ("name", "account"),
    "departments": ("name",),
    "funding-accounts": ("type",),
}


class BadSeed(ValueError):
    """A seed that cannot be loaded: file, place, and what is wrong."""


def read_seed(path: Path) -> Mapping[str, Any]:
    """The seed's JSON, its shape checked.

    Raises:
        BadSeed: it cannot be read, or something in it is missing or unknown.
    """
    try:
        seed = wire_json.loads(path.read_bytes())
    except OSError as error:
        raise BadSeed(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BadSeed(f"{path.name}: is not JSON: {error}") from error
    if not isinstance(seed, Mapping):
        raise BadSeed(f"{path.name}: is not an object")
    check(path.name, seed)
    return seed


def check(name: str, seed: Mapping[str, Any]) -> None:
    """Refuse a seed with something missing or unknown, naming the place.

    Raises:
        BadSeed: always with `name`, the place and the field.
    """
    for index, row in enumerate(_array(name, "organizations", seed.get("organizations"))):
        place = f"organizations[{index}]"
        _need(name, place, row, ("id", "name", "currency", "currencies", "users", "dev_keys"))
        for number, user in enumerate(_array(name, f"{place}.users", row["users"])):
            _need(name, f"{place}.users[{number}]", user, ("username", "password"))
    known = {row["id"] for row in seed["organizations"]}
    told = _object(name, "resources", seed.get("resources", {}))
    for organization, resources in told.items():
        if organization not in known:
            raise BadSeed(f"{name}: resources.{organization}: is no organization of this seed")
        for resource, rows in _object(name, f"resources.{organization}", resources).items():
            place = f"resources.{organization}.{resource}"
            if resource not in RESOURCES:
                raise BadSeed(f"{name}: {place}: is unknown; known are {', '.join(RESOURCES)}")
            for index, row in enumerate(_array(name, place, rows)):
                _need(name, f"{place}[{index}]", row, _REQUIRED.get(resource, ()))


def organizations(seed: Mapping[str, Any]) -> Mapping[str, Organization]:
    """The seed's organisations, by id."""
    return {
        row["id"]: Organization(
            id=row["id"],
            name=row["name"],
            currency=row["currency"],
            currencies=frozenset(row["currencies"]),
            users=[
                User(
                    id=user.get("id", f"006{index:017d}"),
                    username=user["username"],
                    password=user["password"],
                )
                for index, user in enumerate(row["users"], start=1)
            ],
            dev_keys=frozenset(row["dev_keys"]),
            sync_tokens={one["name"]: one["token"] for one in row.get("sync_tokens", ())},
        )
        for row in seed["organizations"]
    }


def load(seed: Mapping[str, Any], books: Books) -> None:
    """Put the seed's objects into the books."""
    for organization, resources in seed.get("resources", {}).items():
        for resource, rows in resources.items():
            for row in rows:
                books.add(organization, resource, dict(row))
        for bill in books.all(organization, "bills"):
            recount(bill, books.all(organization, "payments"))
            books.put(organization, "bills", bill)


def _array(name: str, place: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise BadSeed(f"{name}: {place}: must be an array")
    return value


def _object(name: str, place: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadSeed(f"{name}: {place}: must be an object")
    return value


def _need(name: str, place: str, row: object, fields: tuple[str, ...]) -> None:
    told = _object(name, place, row)
    for field in fields:
        if field not in told:
            raise BadSeed(f"{name}: {place}: field {field} is missing")
