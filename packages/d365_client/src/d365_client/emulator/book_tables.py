"""The tables of the books: what an empty file is given, and what an old one must have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from d365_client.emulator.catalog import COMPANY, COMPANY_FIELDS, Catalog, Field, Kind

FIRST_RECORD_ID = 5637144576  # where new environments begin (d365.md §2.8)

_INTEGERS = {Kind.INT32, Kind.INT64, Kind.BOOLEAN}
_INDEXES = (("VendTransBiEntities", "Voucher"), ("VendTransBiEntities", "AccountNum"))


def schema(catalog: Catalog) -> Iterator[str]:
    """The statements that make the tables of an empty file."""
    yield "CREATE TABLE _numbers (sequence TEXT PRIMARY KEY, number INTEGER NOT NULL)"
    for entity_set in catalog.sets.values():
        if entity_set.view_of is not None:
            continue
        columns = ", ".join(_column(field) for field in entity_set.fields.values())
        yield (
            f"CREATE TABLE {entity_set.name} (_record_id INTEGER PRIMARY KEY AUTOINCREMENT, "
            f"_version INTEGER NOT NULL, {columns})"
        )
        yield (
            f"CREATE UNIQUE INDEX key_{entity_set.name} "
            f"ON {entity_set.name} ({quoted(entity_set.keys)})"
        )
        yield (
            "INSERT INTO sqlite_sequence (name, seq) "  # noqa: S608 - a name from the catalog
            f"VALUES ('{entity_set.name}', {FIRST_RECORD_ID - 1})"
        )
    for set_name, field in _INDEXES:
        yield f"CREATE INDEX {field}_{set_name} ON {set_name} ({quoted([COMPANY, field])})"


def _column(field: Field) -> str:
    if field.kind in _INTEGERS:
        return f'"{field.name}" INTEGER'
    return f'"{field.name}" TEXT{" COLLATE NOCASE" if field.name in COMPANY_FIELDS else ""}'


def quoted(names: Iterable[str]) -> str:
    """Names as SQL's columns."""
    return ", ".join(f'"{name}"' for name in names)
