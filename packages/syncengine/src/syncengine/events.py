"""The journal's events, and the chain that makes a missing or edited one visible.

Pure. An event says what became true; the tables are projections of events (`projection`).
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import attrs

from syncengine.model import Payload, Ref

GENESIS = "0" * 64
"""What the first event of a connection names as its predecessor's hash."""


class EventType(enum.StrEnum):
    """What can become true (`domain.md` §5.5, audit event)."""

    LEASE_ACQUIRED = "lease.acquired"
    LEASE_RELEASED = "lease.released"
    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    DISCOVERED = "discovered"
    PARKED = "parked"
    UNPARKED = "unparked"
    INTENT = "intent"
    ATTEMPT = "attempt"
    OUTCOME = "outcome"
    RESOLVED = "resolved"
    STUCK = "stuck"
    ABANDONED = "abandoned"
    LINKED = "linked"
    CURSOR_MOVED = "cursor.moved"


@attrs.frozen(kw_only=True)
class Event:
    """Something that became true at `at` (UTC), about a record, an operation or the run itself."""

    type: EventType
    at: datetime
    ref: Ref | None = None
    operation: str = ""
    data: Payload = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class RecordedEvent:
    """An event in its place in the chain: `sequence` counts from 1 without gaps per connection."""

    sequence: int
    event: Event
    previous_hash: str
    hash: str


def canonical(payload: Payload) -> str:
    """The one spelling of a payload that digests are made of: sorted keys, no blanks, no floats."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(payload: Payload) -> str:
    """A stable digest of a payload, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(payload).encode()).hexdigest()


def instant_text(instant: datetime) -> str:
    """An aware instant as ISO 8601 in UTC, to the microsecond, so that text sorts as time."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} is naive: the journal holds aware instants only")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def chain_hash(connection: str, sequence: int, event: Event, previous_hash: str) -> str:
    """The hash of one event in its place: changes when anything about it, or before it, changes."""
    return digest(
        {
            "connection": connection,
            "sequence": sequence,
            "type": event.type.value,
            "at": instant_text(event.at),
            "flow": event.ref.flow if event.ref else "",
            "key": event.ref.key if event.ref else "",
            "operation": event.operation,
            "data": event.data,
            "previous_hash": previous_hash,
        }
    )


def record(
    connection: str, events: Iterable[Event], *, sequence: int, previous_hash: str
) -> list[RecordedEvent]:
    """Give events their places after the head (`sequence`, `previous_hash`) of a chain."""
    recorded: list[RecordedEvent] = []
    for event in events:
        sequence += 1
        own_hash = chain_hash(connection, sequence, event, previous_hash)
        recorded.append(
            RecordedEvent(
                sequence=sequence, event=event, previous_hash=previous_hash, hash=own_hash
            )
        )
        previous_hash = own_hash
    return recorded


def first_broken(connection: str, recorded: Iterable[RecordedEvent]) -> int | None:
    """The sequence at which a chain that starts at its first event breaks, or None if it holds.

    Finds an edited, removed, repeated or reordered event.
    A chain cut at its end is found by comparing with a head kept elsewhere.
    """
    previous_hash = GENESIS
    for expected, item in enumerate(recorded, start=1):
        own_hash = chain_hash(connection, item.sequence, item.event, previous_hash)
        if (
            item.sequence != expected
            or item.previous_hash != previous_hash
            or item.hash != own_hash
        ):
            return expected
        previous_hash = own_hash
    return None
