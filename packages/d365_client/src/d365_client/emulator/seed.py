"""Seeds: what an environment starts with, in the service's own terms.

A seed is `{"tenant_id", "clients": [{"client_id", "client_secret", "user", "default_company"}],
"rows": {"<EntitySet>": [{field: value}]}}`, with rows in wire form. What a customer added may stand
beside them: `"extensions": [{"entity_set", "name", "type", "default", "read_only", "mandatory"}]`,
`"enums": {"<Enum>": {"<Member>": value}}`, `"odata_actions"` and `"services"` (see `fakes.py`). A
client may also have `certificate` (its public one, as PEM text), `service_principal` (false: its
tokens lack `oid`) and `denied` (entity sets that it has no privilege for).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from d365_client.emulator.books import Books, DuplicateRowError
from d365_client.emulator.catalog import COMPANY, Catalog, EntitySet
from d365_client.emulator.fakes import (
    ODataAction,
    ServiceOperation,
    action_of,
    operation_of,
)
from d365_client.emulator.identity import Application
from d365_client.emulator.numbering import next_journal_number, next_vendor_account
from d365_client.emulator.seed_values import SeedError, list_of, object_of, text_of
from d365_client.emulator.shipped_catalog import Extension, load_catalog
from d365_client.emulator.values import Stored, json_to_stored, read_json

_NUMBERED: Mapping[str, tuple[str, Callable[[Books, str], str]]] = {
    "VendorsV2": ("VendorAccountNumber", next_vendor_account),
    "VendorPaymentJournalHeaders": ("JournalBatchNumber", next_journal_number),
}


_NEEDED = frozenset({"tenant_id", "clients", "rows"})
_ADDED = frozenset({"extensions", "enums", "odata_actions", "services"})
_NAME = re.compile(r"[A-Za-z_]\w*")


@attrs.frozen(kw_only=True)
class Seed:
    """A checked seed. `rows` hold stored values, `catalog` has the extensions."""

    tenant_id: str
    applications: Mapping[str, Application]
    catalog: Catalog
    rows: Mapping[str, Sequence[Mapping[str, Stored]]]
    odata_actions: Sequence[ODataAction] = ()
    services: Sequence[ServiceOperation] = ()


def read_seed(path: Path) -> Seed:
    """The seed in a file.

    Raises:
        SeedError: the file cannot be read, or what is in it cannot be used.
    """
    try:
        value = read_json(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise SeedError(f"{path.name}: {problem}") from problem
    return parse_seed(value, path.name)


def parse_seed(value: object, name: str = "seed") -> Seed:
    """The seed that a JSON value describes; `name` stands in messages.

    Raises:
        SeedError: a field is missing, unknown or not of its type.
    """
    given = object_of(value, name, required=_NEEDED, known=_ADDED)
    catalog = _catalog(given, name)
    return Seed(
        tenant_id=text_of(given, "tenant_id", name),
        applications=_applications(given["clients"], f"{name}: clients"),
        catalog=catalog,
        rows={
            set_name: stored_rows(catalog, set_name, rows, f"{name}: rows")
            for set_name, rows in object_of(given["rows"], f"{name}: rows").items()
        },
        odata_actions=[
            action_of(listed, catalog, here)
            for listed, here in _places(given, "odata_actions", name)
        ],
        services=[operation_of(listed, here) for listed, here in _places(given, "services", name)],
    )


def stored_rows(
    catalog: Catalog, set_name: str, rows: object, where: str
) -> list[dict[str, Stored]]:
    """Rows in wire form as the books keep them, each with its key and mandatory fields.

    Raises:
        SeedError: see `parse_seed`; the row is named by its place.
    """
    entity_set = catalog.sets.get(set_name)
    if entity_set is None:
        raise SeedError(f"{where}: entity set {set_name} is not known")
    return [
        _stored_row(entity_set, row, f"{where}.{set_name}[{place}]")
        for place, row in enumerate(list_of(rows, f"{where}.{set_name}"))
    ]


def plant(
    books: Books, rows: Mapping[str, Sequence[Mapping[str, Stored]]], where: str = "seed: rows"
) -> None:
    """Store rows without any rule applied; numbers and RecIds that they lack are given out.

    Raises:
        SeedError: a row's key is there already.
    """
    with books.transaction():
        for set_name, listed in rows.items():
            for place, row in enumerate(listed):
                values = dict(row)
                field, next_number = _NUMBERED.get(set_name, (COMPANY, None))
                if next_number is not None and not values.get(field):
                    values[field] = next_number(books, str(values[COMPANY]))
                try:
                    books.insert(set_name, values)
                except DuplicateRowError as problem:
                    raise SeedError(
                        f"{where}.{set_name}[{place}]: a row with this key is there already"
                    ) from problem


def _stored_row(entity_set: EntitySet, value: object, where: str) -> dict[str, Stored]:
    row = object_of(value, where)
    for name in row:
        if name not in entity_set.fields:
            raise SeedError(f"{where}: field {name} is not known")
    numbered, _ = _NUMBERED.get(entity_set.name, (None, None))
    given_out = {numbered, entity_set.record_id}
    for field in entity_set.fields.values():
        is_needed = field.required or field.name in entity_set.keys
        if is_needed and field.name not in given_out and row.get(field.name) is None:
            raise SeedError(f"{where}: field {field.name} is missing")
    try:
        return {name: json_to_stored(entity_set.fields[name], given) for name, given in row.items()}
    except ValueError as problem:
        raise SeedError(f"{where}: {problem}") from problem


def _applications(value: object, where: str) -> dict[str, Application]:
    applications = {}
    for place, listed in enumerate(list_of(value, where)):
        here = f"{where}[{place}]"
        given = object_of(
            listed,
            here,
            required={"client_id", "client_secret", "user", "default_company"},
            known={"certificate", "service_principal", "denied"},
        )
        application = Application(
            client_id=text_of(given, "client_id", here),
            client_secret=text_of(given, "client_secret", here),
            user=None if given["user"] is None else text_of(given, "user", here),
            default_company=text_of(given, "default_company", here).lower(),
            certificate=str(given.get("certificate", "")),
            has_service_principal=given.get("service_principal", True) is True,
            denied=frozenset(str(name) for name in list_of(given.get("denied", []), here)),
        )
        applications[application.client_id] = application
    return applications


def _catalog(given: Mapping[str, object], name: str) -> Catalog:
    members = _members(given.get("enums", {}), f"{name}: enums")
    extensions = _extensions(given.get("extensions", []), f"{name}: extensions")
    where = "enums"
    try:
        load_catalog(members=members)
        where = "extensions"
        return load_catalog(extensions, members)
    except ValueError as problem:
        raise SeedError(f"{name}: {where}: {problem}") from problem


def _extensions(value: object, where: str) -> list[Extension]:
    known = {"default", "read_only", "mandatory"}
    extensions = []
    for place, listed in enumerate(list_of(value, where)):
        here = f"{where}[{place}]"
        given = object_of(listed, here, required={"entity_set", "name", "type"}, known=known)
        default = given.get("default")
        extensions.append(
            Extension(
                entity_set=text_of(given, "entity_set", here),
                name=_name(text_of(given, "name", here), here),
                edm_type=text_of(given, "type", here),
                initial=default if isinstance(default, str | int) else None,
                read_only=given.get("read_only") is True,
                mandatory=given.get("mandatory") is True,
            )
        )
    return extensions


def _members(value: object, where: str) -> dict[str, dict[str, int]]:
    added: dict[str, dict[str, int]] = {}
    for enum_name, listed in object_of(value, where).items():
        here = f"{where}.{_name(enum_name, where)}"
        added[enum_name] = {}
        for member, number in object_of(listed, here).items():
            if not isinstance(number, int) or isinstance(number, bool):
                raise SeedError(f"{here}: the value of {member} must be a whole number")
            added[enum_name][_name(member, here)] = number
    return added


def _name(text: str, where: str) -> str:
    if not _NAME.fullmatch(text):
        raise SeedError(f"{where}: {text!r} cannot be a name")
    return text


def _places(given: Mapping[str, object], field: str, name: str) -> list[tuple[object, str]]:
    where = f"{name}: {field}"
    listed = list_of(given.get(field, []), where)
    return [(value, f"{where}[{place}]") for place, value in enumerate(listed)]
