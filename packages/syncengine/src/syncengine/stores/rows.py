"""Events and changes as SQL: what one transaction executes. No connection is opened here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from syncengine import codec
from syncengine.errors import ClaimTaken
from syncengine.events import Event, EventType, RecordedEvent, instant_text
from syncengine.model import Lease, Operation, Ref
from syncengine.projection import (
    Change,
    Claim,
    DropOperation,
    DropPark,
    PutCursor,
    PutLease,
    PutLink,
    PutOperation,
    PutPark,
    PutProgress,
)
from syncengine.stores.tables import (
    CLAIMS,
    CURSORS,
    EVENTS,
    LEASES,
    LINKS,
    OPERATIONS,
    PARKS,
)

_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""`insert` with `on_conflict`, which each dialect spells for itself."""


def event_row(connection: str, recorded: RecordedEvent) -> dict[str, str | int]:
    """A recorded event as a row."""
    event = recorded.event
    return {
        "connection": connection,
        "sequence": recorded.sequence,
        "type": event.type.value,
        "at": instant_text(event.at),
        "flow": event.ref.flow if event.ref else "",
        "key": event.ref.key if event.ref else "",
        "operation": event.operation,
        "data": codec.dumps(event.data),
        "previous_hash": recorded.previous_hash,
        "hash": recorded.hash,
    }


def recorded_event(row: Mapping[str, Any]) -> RecordedEvent:
    """A row as a recorded event."""
    ref = Ref(row["flow"], row["key"]) if row["flow"] else None
    return RecordedEvent(
        sequence=row["sequence"],
        event=Event(
            type=EventType(row["type"]),
            at=codec.instant_from(row["at"]),
            ref=ref,
            operation=row["operation"],
            data=codec.loads(row["data"]),
        ),
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )


def operation_of(operation: str, progress: str) -> Operation:
    """An open operation from its row's two parts."""
    opened = codec.operation_from(codec.loads(operation))
    return opened.at(codec.progress_from(codec.loads(progress)))


def read_lease(database: sa.Connection, connection: str) -> Lease:
    """The connection's lease, nobody's if it was never taken."""
    text = database.execute(
        sa.select(LEASES.c.lease).where(LEASES.c.connection == connection)
    ).scalar_one_or_none()
    if text is None:
        return Lease(owner="", epoch=0, expires_at=None)
    return codec.lease_from(codec.loads(text))


def write_events(
    database: sa.Connection, connection: str, recorded: Iterable[RecordedEvent]
) -> None:
    """Insert events; the table lets nobody change them afterwards."""
    rows = [event_row(connection, item) for item in recorded]
    if rows:
        database.execute(sa.insert(EVENTS), rows)


def apply(database: sa.Connection, connection: str, change: Change) -> None:
    """Carry one change out.

    Raises:
        ClaimTaken: the record belongs to another operation.
    """
    match change:
        case PutLink(link=link):
            key = {"flow": link.ref.flow, "key": link.ref.key}
            _put(database, LINKS, connection, key, {"link": codec.dumps(codec.to_json(link))})
        case PutOperation(operation=operation):
            _put_operation(database, connection, operation)
        case PutProgress(progress=progress):
            database.execute(
                sa.update(OPERATIONS)
                .where(OPERATIONS.c.connection == connection, OPERATIONS.c.id == progress.id)
                .values(progress=codec.dumps(codec.to_json(progress)))
            )
        case DropOperation(operation=name, keep_claims=keep):
            _drop_operation(database, connection, name, keep_claims=keep)
        case Claim():
            _claim(database, connection, change)
        case PutPark(park=park):
            key = {"flow": park.ref.flow, "key": park.ref.key, "code": park.code}
            _put(database, PARKS, connection, key, {"park": codec.dumps(codec.to_json(park))})
        case DropPark(ref=ref, code=code):
            database.execute(
                sa.delete(PARKS).where(
                    PARKS.c.connection == connection,
                    PARKS.c.flow == ref.flow,
                    PARKS.c.key == ref.key,
                    PARKS.c.code == code,
                )
            )
        case PutCursor(cursor=cursor):
            told = {"cursor": codec.dumps(codec.to_json(cursor))}
            _put(database, CURSORS, connection, {"flow": cursor.flow}, told)
        case PutLease(lease=lease):
            put_lease(database, connection, lease)


def put_lease(database: sa.Connection, connection: str, lease: Lease) -> None:
    """The connection's lease stands like this."""
    _put(database, LEASES, connection, {}, {"lease": codec.dumps(codec.to_json(lease))})


def _put_operation(database: sa.Connection, connection: str, operation: Operation) -> None:
    told = {
        "flow": operation.flow,
        "opened_at": instant_text(operation.opened_at),
        "operation": codec.dumps(codec.to_json(operation)),
        "progress": codec.dumps(codec.to_json(operation.progress)),
    }
    _put(database, OPERATIONS, connection, {"id": operation.id}, told)


def _drop_operation(
    database: sa.Connection, connection: str, name: str, *, keep_claims: bool
) -> None:
    database.execute(
        sa.delete(OPERATIONS).where(OPERATIONS.c.connection == connection, OPERATIONS.c.id == name)
    )
    if not keep_claims:
        database.execute(
            sa.delete(CLAIMS).where(CLAIMS.c.connection == connection, CLAIMS.c.operation == name)
        )


def _claim(database: sa.Connection, connection: str, claim: Claim) -> None:
    insert = _INSERTS[database.dialect.name](CLAIMS).values(
        connection=connection,
        flow=claim.ref.flow,
        key=claim.ref.key,
        generation=claim.generation,
        operation=claim.operation,
    )
    database.execute(insert.on_conflict_do_nothing())
    owner = database.execute(
        sa.select(CLAIMS.c.operation).where(
            CLAIMS.c.connection == connection,
            CLAIMS.c.flow == claim.ref.flow,
            CLAIMS.c.key == claim.ref.key,
            CLAIMS.c.generation == claim.generation,
        )
    ).scalar_one()
    if owner != claim.operation:
        raise ClaimTaken(f"{claim.ref} belongs to another operation")


def _put(
    database: sa.Connection,
    table: sa.Table,
    connection: str,
    key: Mapping[str, str],
    values: Mapping[str, str],
) -> None:
    insert = _INSERTS[database.dialect.name](table).values(connection=connection, **key, **values)
    database.execute(
        insert.on_conflict_do_update(index_elements=["connection", *key], set_=dict(values))
    )
