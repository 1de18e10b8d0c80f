"""The books: one SQLite table per entity set, one row per record, written before the reply leaves.

Amounts are TEXT, whole numbers INTEGER, everything else TEXT. `_record_id` is the row's RecId and
`_version` its RecVersion (d365.md §2.8).
"""

from __future__ import annotations

import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import attrs

from d365_client.emulator import arithmetic
from d365_client.emulator.book_tables import quoted, schema
from d365_client.emulator.catalog import COMPANY, Catalog, EntitySet
from d365_client.emulator.filter_operands import Condition
from d365_client.emulator.values import Plain, Stored, plain_to_stored

_MODIFIED, _CREATED = "SysModifiedDateTime", "CreatedOn"


class DuplicateRowError(Exception):
    """A row with this key exists already."""


@attrs.frozen(kw_only=True)
class Row:
    """One stored row: its values by field, and what the ETag is made of."""

    record_id: int
    version: int
    values: Mapping[str, Stored]

    def text(self, field: str) -> str:
        """A text, enum or date as it stands on the wire; empty for null."""
        return str(self.values[field] or "")

    def amount(self, field: str) -> Decimal:
        """An amount, quantity or rate, exactly."""
        return Decimal(str(self.values[field]))

    def number(self, field: str) -> int:
        """A whole number."""
        return int(self.values[field] or 0)

    def day(self, field: str) -> date:
        """The day of a date field."""
        return date.fromisoformat(self.text(field)[:10])


def row_of(fields: Sequence[str], record: Sequence[Stored]) -> Row:
    """The row in a record of `Books.select`, with the fields that were selected."""
    record_id, version, *values = record
    return Row(
        record_id=int(record_id or 0),
        version=int(version or 0),
        values=dict(zip(fields, values, strict=True)),
    )


class Books:
    """All rows of one environment.

    Raises:
        OSError: on creation, the file cannot be opened as a database.
    """

    def __init__(
        self,
        path: Path,
        catalog: Catalog,
        *,
        now: Callable[[], datetime],
        rng: random.Random,
    ) -> None:
        self.catalog = catalog
        self.now = now
        self._rng = rng
        self._depth = 0
        try:
            self._connection = _connection(path)
        except sqlite3.OperationalError as problem:
            raise OSError(f"{path}: cannot be used for the books: {problem}") from problem
        try:
            self.is_new = self._table_count() == 0
            self._prepare()
        except sqlite3.DatabaseError as problem:
            self.close()
            raise OSError(f"{path}: cannot be used for the books: {problem}") from problem

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what happens inside; inner ones roll back alone."""
        mark = f"level_{self._depth}"
        self._connection.execute(f"SAVEPOINT {mark}")
        self._depth += 1
        try:
            yield
        except BaseException:  # whatever it was; it is raised again
            self._connection.execute(f"ROLLBACK TO {mark}")
            raise
        finally:
            self._depth -= 1
            self._connection.execute(f"RELEASE {mark}")

    def insert(self, set_name: str, given: Mapping[str, Plain]) -> Row:
        """Store a row, complete with null forms, RecId and timestamps; returns it as stored.

        Raises:
            DuplicateRowError: the key exists.
        """
        entity_set = self.catalog.sets[set_name]
        stamps = {name: self.now() for name in (_MODIFIED, _CREATED) if name in entity_set.fields}
        stored_in = self.catalog.sets[entity_set.stored_in]
        values = {**stored_in.blank, **_stored({**stamps, **given})}
        record_id: Stored = None
        if entity_set.record_id is not None:
            record_id = values[entity_set.record_id] or None
        columns = ["_record_id", "_version", *values]
        places = ", ".join("?" * len(columns))
        try:
            cursor = self._connection.execute(
                f"INSERT INTO {stored_in.name} ({quoted(columns)}) VALUES ({places})",  # noqa: S608 - names from the catalog
                (record_id, 1, *values.values()),
            )
        except sqlite3.IntegrityError as problem:
            raise DuplicateRowError(set_name) from problem
        row_id = cursor.lastrowid or 0
        if entity_set.record_id is not None and record_id is None:
            values[entity_set.record_id] = row_id
            self._write(entity_set, row_id, {entity_set.record_id: row_id})
        return Row(record_id=row_id, version=1, values=values)

    def update(self, set_name: str, row: Row, changes: Mapping[str, Plain]) -> Row:
        """Change fields of a row: RecVersion becomes an arbitrary int32 (d365.md §2.8).

        Raises:
            DuplicateRowError: the change makes the key one that exists.
        """
        entity_set = self.catalog.sets[set_name]
        stamped = {_MODIFIED: self.now(), **changes} if _MODIFIED in row.values else changes
        stored = _stored(stamped)
        version = self._rng.randrange(2, 2**31)
        self._write(entity_set, row.record_id, {**stored, "_version": version})
        return Row(record_id=row.record_id, version=version, values={**row.values, **stored})

    def delete(self, set_name: str, row: Row) -> None:
        """Remove a row; its RecId is not given out again."""
        self._connection.execute(
            f"DELETE FROM {self.catalog.sets[set_name].stored_in} WHERE _record_id = ?",  # noqa: S608 - a name from the catalog
            (row.record_id,),
        )

    def find(self, set_name: str, **equals: Plain) -> list[Row]:
        """The rows whose fields have these values, in the order of their RecIds."""
        stored = _stored(equals)
        condition = Condition(
            " AND ".join(f'"{name}" IS ?' for name in stored) or "1", tuple(stored.values())
        )
        return self.rows(set_name, condition)

    def first(self, set_name: str, **equals: Plain) -> Row | None:
        """The first row that `find` finds, or None."""
        return next(iter(self.find(set_name, **equals)), None)

    def rows(self, set_name: str, condition: Condition) -> list[Row]:
        """The rows that a condition is true for, in the order of their RecIds."""
        fields = list(self.catalog.sets[set_name].fields)
        records = self.select(set_name, fields, condition, "_record_id")
        return [row_of(fields, record) for record in records]

    def select(
        self,
        set_name: str,
        fields: Sequence[str],
        condition: Condition,
        order: str,
        *,
        limit: int = -1,
        offset: int = 0,
    ) -> list[tuple[Stored, ...]]:
        """RecId, RecVersion and `fields` of the rows, for lists that only pass them on.

        Raises:
            ArithmeticError: the condition divides by zero.
        """
        columns = quoted(["_record_id", "_version", *fields])
        return self._evaluated(
            f"SELECT {columns} FROM {self.catalog.sets[set_name].stored_in} "  # noqa: S608 - names from the catalog, literals as parameters
            f"WHERE {condition.sql} ORDER BY {order} LIMIT ? OFFSET ?",
            (*condition.parameters, limit, offset),
        )

    def count(self, set_name: str, condition: Condition) -> int:
        """How many rows a condition is true for.

        Raises:
            ArithmeticError: the condition divides by zero.
        """
        stored_in = self.catalog.sets[set_name].stored_in
        ((count,),) = self._evaluated(
            f"SELECT count(*) FROM {stored_in} WHERE {condition.sql}",  # noqa: S608 - as in select
            condition.parameters,
        )
        return int(count or 0)

    def new_guid(self) -> str:
        """A GUID that no row has."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def next_number(self, sequence: str) -> int:
        """The next number of a number sequence, from 1 on, each once."""
        (number,) = self._connection.execute(
            "INSERT INTO _numbers VALUES (?, 1) ON CONFLICT (sequence) "
            "DO UPDATE SET number = number + 1 RETURNING number",
            (sequence,),
        ).fetchone()
        return int(number)

    def _evaluated(self, sql: str, parameters: Sequence[Stored]) -> list[tuple[Stored, ...]]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as problem:
            # The only thing in a compiled condition that can fail on a row is its arithmetic.
            raise ArithmeticError(str(problem)) from problem

    def _write(self, entity_set: EntitySet, record_id: int, changes: Mapping[str, Stored]) -> None:
        assignments = ", ".join(f'"{name}" = ?' for name in changes)
        try:
            self._connection.execute(
                f"UPDATE {entity_set.stored_in} SET {assignments} WHERE _record_id = ?",  # noqa: S608 - names from the catalog
                (*changes.values(), record_id),
            )
        except sqlite3.IntegrityError as problem:
            raise DuplicateRowError(entity_set.name) from problem

    def _table_count(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return int(count)

    def _prepare(self) -> None:
        # The emulator may die at any time, the machine may not: the file is whole either way, and
        # no disk is waited for.
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA journal_mode = WAL")
        if self.is_new:
            with self.transaction():
                for statement in schema(self.catalog):
                    self._connection.execute(statement)
        for name, entity_set in self.catalog.sets.items():
            if entity_set.view_of is not None:
                continue
            columns = self._connection.execute(f"PRAGMA table_info({name})").fetchall()
            if [column for _, column, *_ in columns[2:]] != list(entity_set.fields):
                raise sqlite3.DatabaseError(f"{name} has other fields in this file")


def _stored(given: Mapping[str, Plain]) -> dict[str, Stored]:
    stored = {name: plain_to_stored(value) for name, value in given.items()}
    if COMPANY in stored:
        stored[COMPANY] = str(stored[COMPANY]).lower()  # as the wire has it (d365.md §2.4)
    return stored


def _connection(path: Path) -> sqlite3.Connection:
    # Used by whatever thread serves: calls never overlap, since the app does not wait inside a
    # transaction.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    arithmetic.install(connection)
    return connection
