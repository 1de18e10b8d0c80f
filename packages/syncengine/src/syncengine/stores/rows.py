"""Events and changes as rows: what one transaction writes. No connection is opened here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from syncengine import codec
from syncengine.errors import ClaimTaken
from syncengine.events import GENESIS, Event, EventType, RecordedEvent, instant_text, record
from syncengine.model import Cursor, Lease, Link, Operation, Park, Progress, Ref
from syncengine.ports import Head
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
    changes,
)
from syncengine.stores.leases import NOBODY
from syncengine.stores.statements import add, drop, one, put, put_once
from syncengine.stores.tables import (
    CLAIMS,
    CURSORS,
    EVENTS,
    LEASES,
    LINKS,
    OPERATIONS,
    PARKS,
    PROJECTIONS,
)

PAGE = 500
"""How many events are read at a time."""

_HEAD = (
    sa.select(EVENTS.c.sequence, EVENTS.c.hash)
    .where(EVENTS.c.connection == sa.bindparam("connection"))
    .order_by(EVENTS.c.sequence.desc())
    .limit(1)
)

_EVENTS = (
    sa.select(EVENTS)
    .where(EVENTS.c.connection == sa.bindparam("connection"))
    .where(EVENTS.c.sequence > sa.bindparam("after"))
    .order_by(EVENTS.c.sequence)
    .limit(PAGE)
)

_OPERATIONS = sa.select(OPERATIONS.c.operation, OPERATIONS.c.progress).where(
    OPERATIONS.c.connection == sa.bindparam("connection"),
    OPERATIONS.c.flow == sa.bindparam("flow"),
)

_PROGRESS = (
    sa.update(OPERATIONS)
    .where(OPERATIONS.c.connection == sa.bindparam("of"), OPERATIONS.c.id == sa.bindparam("name"))
    .values(progress=sa.bindparam("come"))
)


def head_of(database: sa.Connection, connection: str) -> Head:
    """The end of a connection's chain."""
    row = database.execute(_HEAD, {"connection": connection}).one_or_none()
    return Head(sequence=row.sequence, hash=row.hash) if row else Head(sequence=0, hash=GENESIS)


def events_after(database: sa.Connection, connection: str, after: int) -> Sequence[RecordedEvent]:
    """The next page of events after a sequence, in order; empty at the end of the chain."""
    found = database.execute(_EVENTS, {"connection": connection, "after": after})
    return [_recorded_event(row) for row in found.mappings()]


def lease_of(database: sa.Connection, connection: str) -> Lease:
    """The connection's lease, which no other transaction can write before this one ends.

    Whoever extends the chain asks first: so two writers never extend the same head.
    """
    where = {"connection": connection}
    text = one(database, LEASES.c.lease, where, lock=True)
    if text is None:
        put_once(database, LEASES, where | {"lease": _text(NOBODY)})
        text = one(database, LEASES.c.lease, where, lock=True)
    return codec.lease_from(codec.loads(text)) if text is not None else NOBODY


def put_lease(database: sa.Connection, connection: str, lease: Lease) -> None:
    """The connection's lease stands like this."""
    put(database, LEASES, {"connection": connection, "lease": _text(lease)})


def append(
    database: sa.Connection, connection: str, events: Sequence[Event]
) -> Sequence[RecordedEvent]:
    """The events stand at the end of the chain, and what they change is changed.

    Raises:
        ClaimTaken: a record belongs to another operation.
    """
    head = head_of(database, connection)
    recorded = record(connection, events, sequence=head.sequence, previous_hash=head.hash)
    add(database, EVENTS, [_event_row(connection, item) for item in recorded])
    _apply_all(database, connection, recorded)
    return recorded


def rebuild(database: sa.Connection, connection: str) -> None:
    """Every projection of the connection is made again from its events."""
    held = lease_of(database, connection)
    for table in PROJECTIONS:
        drop(database, table, {"connection": connection})
    _apply_all(database, connection, _all_events(database, connection))
    # Renewals leave no event: a lease that still runs keeps the expiry it was given last.
    if lease_of(database, connection).fence == held.fence:
        put_lease(database, connection, held)


def open_operations(database: sa.Connection, connection: str, flow: str) -> Sequence[Operation]:
    """The operations of a flow that are not over, in no order."""
    found = database.execute(_OPERATIONS, {"connection": connection, "flow": flow})
    return [
        codec.operation_from(codec.loads(row.operation)).at(
            codec.progress_from(codec.loads(row.progress))
        )
        for row in found
    ]


def _all_events(database: sa.Connection, connection: str) -> Iterator[RecordedEvent]:
    after = 0
    while page := events_after(database, connection, after):
        yield from page
        after = page[-1].sequence


def _apply_all(database: sa.Connection, connection: str, recorded: Iterable[RecordedEvent]) -> None:
    for item in recorded:
        for change in changes(item.event):
            _apply(database, connection, change)


def _apply(database: sa.Connection, connection: str, change: Change) -> None:
    of = {"connection": connection}
    match change:
        case PutLink(link=link):
            put(database, LINKS, of | _key(link.ref) | {"link": _text(link)})
        case PutOperation(operation=operation):
            put(database, OPERATIONS, of | _operation_row(operation))
        case PutProgress(progress=progress):
            come = {"of": connection, "name": progress.id, "come": _text(progress)}
            database.execute(_PROGRESS, come)
        case DropOperation():
            _drop_operation(database, connection, change)
        case Claim():
            _claim(database, connection, change)
        case PutPark(park=park):
            row = of | _key(park.ref) | {"code": park.code, "park": _text(park)}
            put(database, PARKS, row)
        case DropPark(ref=ref, code=code):
            drop(database, PARKS, of | _key(ref) | {"code": code})
        case PutCursor(cursor=cursor):
            put(database, CURSORS, of | {"flow": cursor.flow, "cursor": _text(cursor)})
        case PutLease(lease=lease):
            put_lease(database, connection, lease)


def _drop_operation(database: sa.Connection, connection: str, over: DropOperation) -> None:
    drop(database, OPERATIONS, {"connection": connection, "id": over.operation})
    if not over.keep_claims:
        drop(database, CLAIMS, {"connection": connection, "operation": over.operation})


def _claim(database: sa.Connection, connection: str, claim: Claim) -> None:
    key: dict[str, str | int] = {
        "connection": connection,
        **_key(claim.ref),
        "generation": claim.generation,
    }
    put_once(database, CLAIMS, key | {"operation": claim.operation})
    owner = one(database, CLAIMS.c.operation, key)
    if owner != claim.operation:
        raise ClaimTaken(f"{claim.ref} belongs to operation {owner}")


def _text(value: Cursor | Lease | Link | Operation | Park | Progress) -> str:
    return codec.dumps(codec.to_json(value))


def _key(ref: Ref) -> dict[str, str]:
    return {"flow": ref.flow, "key": ref.key}


def _operation_row(operation: Operation) -> dict[str, str]:
    return {
        "id": operation.id,
        "flow": operation.flow,
        "operation": _text(operation),
        "progress": _text(operation.progress),
    }


def _event_row(connection: str, recorded: RecordedEvent) -> dict[str, str | int]:
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


def _recorded_event(row: Mapping[Any, Any]) -> RecordedEvent:
    return RecordedEvent(
        sequence=row["sequence"],
        event=Event(
            type=EventType(row["type"]),
            at=codec.instant_from(row["at"]),
            ref=Ref(row["flow"], row["key"]) if row["flow"] else None,
            operation=row["operation"],
            data=codec.loads(row["data"]),
        ),
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )
