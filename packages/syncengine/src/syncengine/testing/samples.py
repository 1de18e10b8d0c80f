"""Events to fill a store with."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import attrs

from syncengine import codec
from syncengine.events import Event, EventType
from syncengine.model import (
    Cursor,
    Disposition,
    Fence,
    JsonValue,
    Link,
    Operation,
    OperationRecord,
    OperationState,
    Park,
    Purpose,
    Ref,
)
from syncengine.ports import LeaseStore

NOW = datetime(2026, 10, 1, 8, 30, 0, 250_000, tzinfo=UTC)
"""When everything in the contract happens."""

SECONDS = 60.0
"""How long the leases of the contract last."""


def event(event_type: EventType, ref: Ref | None = None, **data: JsonValue) -> Event:
    """An event of one record."""
    return Event(type=event_type, at=NOW, ref=ref, data=data)


def discovered(key: str) -> Event:
    """This record was seen: an event that changes nothing."""
    return event(EventType.DISCOVERED, Ref("bills", key))


def naive(*, name: str = "op1") -> Event:
    """An event that no journal takes: its instant is of no zone."""
    return Event(type=EventType.DISCOVERED, at=NOW.replace(tzinfo=None), operation=name)


def operation(
    *keys: str,
    name: str = "op1",
    purpose: Purpose = Purpose.CREATE,
    generation: int = 1,
    opened_at: datetime = NOW,
) -> Operation:
    """An operation on these records."""
    return Operation(
        id=name,
        flow="bills",
        purpose=purpose,
        records=tuple(
            OperationRecord(key=key, payload_hash="h", facts={"amount": "1284.37"}) for key in keys
        ),
        payload={"lines": [{"amount": "999999999999999.99"}], "note": "Müller \u200b& Söhne"},
        opened_at=opened_at,
        generation=generation,
    )


def intent(
    *keys: str,
    name: str = "op1",
    purpose: Purpose = Purpose.CREATE,
    generation: int = 1,
    opened_at: datetime = NOW,
) -> Event:
    """The intent to do something with these records in one operation."""
    intended = operation(
        *keys, name=name, purpose=purpose, generation=generation, opened_at=opened_at
    )
    return Event(
        type=EventType.INTENT,
        at=opened_at,
        operation=name,
        data={"operation": codec.to_json(intended)},
    )


def attempted(*keys: str, name: str = "op1") -> Event:
    """The operation is about to be sent, for the first time."""
    moved = attrs.evolve(
        operation(*keys, name=name), state=OperationState.ATTEMPTED, attempts=1, attempted_at=NOW
    )
    progress = codec.to_json(moved.progress)
    return Event(type=EventType.ATTEMPT, at=NOW, operation=name, data={"progress": progress})


def abandoned(*, name: str = "op1") -> Event:
    """The operation is over, and nothing came of it."""
    return Event(type=EventType.ABANDONED, at=NOW, operation=name)


def linked(*keys: str, name: str = "op1") -> Event:
    """These records are linked, and their operation is over."""
    links = [
        codec.to_json(Link(ref=Ref("bills", key), target_id=f"00n{key}", payload_hash="h"))
        for key in keys
    ]
    return Event(type=EventType.LINKED, at=NOW, operation=name, data={"links": links})


def parked(key: str, code: str, amount: str) -> Event:
    """This record is parked under a code."""
    return event(EventType.PARKED, Ref("bills", key), park=codec.to_json(park(key, code, amount)))


def park(key: str, code: str, amount: str) -> Park:
    """A park of a record."""
    return Park(
        ref=Ref("bills", key),
        code=code,
        disposition=Disposition.PARKED,
        sentence="It waits.",
        amount=Decimal(amount),
        currency="USD",
        first_seen=NOW,
    )


def moved_to(position: datetime) -> Event:
    """The flow has read as far as this."""
    cursor = Cursor(flow="bills", position=position)
    return event(EventType.CURSOR_MOVED, cursor=codec.to_json(cursor))


async def taken_lease(store: LeaseStore) -> Fence:
    """The lease of a store that nobody has asked for yet."""
    lease = await store.acquire("engine", now=NOW, seconds=SECONDS)
    if lease is None:
        raise AssertionError("an empty store gives its lease to the first who asks")
    return lease.fence
