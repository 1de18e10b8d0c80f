"""Events to fill a store with."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

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


def intent(*keys: str, name: str = "op1", purpose: Purpose = Purpose.CREATE) -> Event:
    """The intent to create these records in one operation."""
    return Event(
        type=EventType.INTENT,
        at=NOW,
        operation=name,
        data={"operation": codec.to_json(operation(*keys, name=name, purpose=purpose))},
    )


def operation(*keys: str, name: str = "op1", purpose: Purpose = Purpose.CREATE) -> Operation:
    """An operation on these records."""
    return Operation(
        id=name,
        flow="bills",
        purpose=purpose,
        records=tuple(
            OperationRecord(key=key, payload_hash="h", facts={"amount": "1284.37"}) for key in keys
        ),
        payload={"lines": [{"amount": "999999999999999.99"}], "note": "Müller \u200b& Söhne"},
        opened_at=NOW,
    )


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
