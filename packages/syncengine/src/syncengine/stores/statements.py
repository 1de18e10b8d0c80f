"""The few statements that rows are written and found with, built once for each table.

Building a statement costs more than executing it, and an append executes a dozen.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row: TypeAlias = Mapping[str, str | int]

_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""`insert` with `on_conflict`, which each dialect spells for itself."""


def add(database: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that are not there yet."""
    if rows:
        database.execute(_insert(table), rows)


def put(database: sa.Connection, table: sa.Table, row: Row) -> None:
    """Insert a row, or overwrite the one with its key."""
    database.execute(_upsert(database.dialect.name, table), row)


def put_once(database: sa.Connection, table: sa.Table, row: Row) -> None:
    """Insert a row, unless there is one with its key."""
    database.execute(_insert_once(database.dialect.name, table), row)


def drop(database: sa.Connection, table: sa.Table, where: Row) -> None:
    """Delete the rows whose columns have these values."""
    database.execute(_delete(table, tuple(where)), where)


def find(database: sa.Connection, column: sa.Column[str], where: Row) -> Sequence[str]:
    """One column of the rows whose other columns have these values, in no order."""
    return database.execute(_select(column, tuple(where)), where).scalars().all()


def one(
    database: sa.Connection, column: sa.Column[str], where: Row, *, lock: bool = False
) -> str | None:
    """One column of the row with this key, or None; `lock` keeps it from other transactions.

    SQLite has no row locks and needs none: a writer has the whole file to itself.
    """
    return database.execute(_select(column, tuple(where), lock=lock), where).scalar_one_or_none()


@functools.cache
def _insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@functools.cache
def _upsert(dialect: str, table: sa.Table) -> sa.Executable:
    insert = _INSERTS[dialect](table)
    told = {c.name: insert.excluded[c.name] for c in table.columns if not c.primary_key}
    statement: sa.Executable = insert.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=told
    )
    return statement


@functools.cache
def _insert_once(dialect: str, table: sa.Table) -> sa.Executable:
    statement: sa.Executable = _INSERTS[dialect](table).on_conflict_do_nothing()
    return statement


@functools.cache
def _delete(table: sa.Table, names: tuple[str, ...]) -> sa.Delete:
    return sa.delete(table).where(*_equal(table, names))


@functools.cache
def _select(
    column: sa.Column[str], names: tuple[str, ...], *, lock: bool = False
) -> sa.Select[str]:
    statement = sa.select(column).where(*_equal(column.table, names))
    return statement.with_for_update() if lock else statement


def _equal(table: sa.FromClause, names: Sequence[str]) -> Sequence[sa.ColumnElement[bool]]:
    return [table.c[name] == sa.bindparam(name) for name in names]
