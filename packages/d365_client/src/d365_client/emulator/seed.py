"""Seeds: what an environment starts with, in the service's own terms.

A seed is `{"tenant_id", "clients": [{"client_id", "client_secret", "user", "default_company"}],
"extensions": [{"entity_set", "name", "type", "default"}], "rows": {"<EntitySet>": [{field:
value}]}}`. Rows are in wire form. A client may also have `certificate` (its public one, as PEM
text), `service_principal` (false: its tokens lack `oid`) and `denied` (entity sets that it has no
privilege for).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from d365_client.emulator.books import Books, DuplicateRowError
from d365_client.emulator.catalog import COMPANY, Catalog, EntitySet
from d365_client.emulator.identity import Application
from d365_client.emulator.numbering import next_journal_number, next_vendor_account
from d365_client.emulator.shipped_catalog import Extension, load_catalog
from d365_client.emulator.values import Stored, json_to_stored, read_json

_NUMBERED: Mapping[str, tuple[str, Callable[[Books, str], str]]] = {
    "VendorsV2": ("VendorAccountNumber", next_vendor_account),
    "VendorPaymentJournalHeaders": ("JournalBatchNumber", next_journal_number),
}


class SeedError(ValueError):
    """A seed that cannot be used; the message says in one sentence what is wrong, and where."""


@attrs.frozen(kw_only=True)
class Seed:
    """A checked seed. `rows` hold stored values, `catalog` has the extensions."""

    tenant_id: str
    applications: Mapping[str, Application]
    catalog: Catalog
    rows: Mapping[str, Sequence[Mapping[str, Stored]]]


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
    given = _object(value, name, required={"tenant_id", "clients", "rows"}, known={"extensions"})
    try:
        catalog = load_catalog(_extensions(given.get("extensions", []), f"{name}: extensions"))
    except ValueError as problem:
        if isinstance(problem, SeedError):
            raise
        raise SeedError(f"{name}: extensions: {problem}") from problem
    return Seed(
        tenant_id=_text(given, "tenant_id", name),
        applications=_applications(given["clients"], f"{name}: clients"),
        catalog=catalog,
        rows={
            set_name: stored_rows(catalog, set_name, rows, f"{name}: rows")
            for set_name, rows in _object(given["rows"], f"{name}: rows").items()
        },
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
        for place, row in enumerate(_list(rows, f"{where}.{set_name}"))
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
    row = _object(value, where)
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
    for place, listed in enumerate(_list(value, where)):
        here = f"{where}[{place}]"
        given = _object(
            listed,
            here,
            required={"client_id", "client_secret", "user", "default_company"},
            known={"certificate", "service_principal", "denied"},
        )
        application = Application(
            client_id=_text(given, "client_id", here),
            client_secret=_text(given, "client_secret", here),
            user=None if given["user"] is None else _text(given, "user", here),
            default_company=_text(given, "default_company", here).lower(),
            certificate=str(given.get("certificate", "")),
            has_service_principal=given.get("service_principal", True) is True,
            denied=frozenset(str(name) for name in _list(given.get("denied", []), here)),
        )
        applications[application.client_id] = application
    return applications


def _extensions(value: object, where: str) -> list[Extension]:
    extensions = []
    for place, listed in enumerate(_list(value, where)):
        here = f"{where}[{place}]"
        given = _object(listed, here, required={"entity_set", "name", "type"}, known={"default"})
        default = given.get("default")
        extensions.append(
            Extension(
                entity_set=_text(given, "entity_set", here),
                name=_text(given, "name", here),
                edm_type=_text(given, "type", here),
                initial=default if isinstance(default, str | int) else None,
            )
        )
    return extensions


def _object(
    value: object,
    where: str,
    *,
    required: frozenset[str] | set[str] = frozenset(),
    known: frozenset[str] | set[str] = frozenset(),
) -> dict[str, object]:
    if not isinstance(value, dict):
        raise SeedError(f"{where} must be an object")
    missing = sorted(required - value.keys())
    if missing:
        raise SeedError(f"{where}: field {missing[0]} is missing")
    unknown = sorted(value.keys() - required - known)
    if (required or known) and unknown:
        raise SeedError(f"{where}: field {unknown[0]} is not known")
    return value


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise SeedError(f"{where} must be a list")
    return value


def _text(given: Mapping[str, object], name: str, where: str) -> str:
    value = given[name]
    if not isinstance(value, str) or not value:
        raise SeedError(f"{where}: field {name} must be a text that is not empty")
    return value
