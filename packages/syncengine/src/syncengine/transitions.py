"""How an operation moves on, and the events that say so. Pure.

Each function takes the operation as it stands and gives it as it stands next, with the events to
append for that step of the protocol (`domain.md` §3.3). All events of one transition go into one
append, so a transition happens whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from syncengine import codec
from syncengine.errors import Rejected
from syncengine.events import Event, EventType
from syncengine.flow import TargetIds
from syncengine.model import (
    Disposition,
    JsonValue,
    Link,
    Operation,
    OperationState,
    Park,
    Ref,
)

AMBIGUOUS_WRITE = "AMBIGUOUS_WRITE"
"""The park code of a write that nobody knows the outcome of (`domain.md` §2)."""


@attrs.frozen
class Transition:
    """The operation as it stands next, and what to append."""

    operation: Operation
    events: tuple[Event, ...]


def begun(operation: Operation, now: datetime, target_ids: TargetIds) -> Transition:
    """The intent is written down; an operation without steps is linked at once."""
    intent = _event(operation, EventType.INTENT, now, {"operation": codec.to_json(operation)})
    linked = (_linked(operation, now, target_ids),) if operation.step is None else ()
    return Transition(operation, (intent, *linked))


def attempted(operation: Operation, now: datetime) -> Transition:
    """The current step is about to be sent."""
    operation = attrs.evolve(
        operation,
        state=OperationState.ATTEMPTED,
        attempts=operation.attempts + 1,
        lookups=0,
        attempted_at=now,
    )
    return _moved(operation, EventType.ATTEMPT, now, {"attempt": operation.attempts})


def not_executed(operation: Operation, now: datetime, why: str) -> Transition:
    """The current step was not executed; it does not count as an attempt."""
    operation = attrs.evolve(
        operation, state=OperationState.INTENT, attempts=operation.attempts - 1
    )
    return _moved(operation, EventType.OUTCOME, now, {"result": "not executed", "message": why})


def unknown(operation: Operation, now: datetime, why: str) -> Transition:
    """The current step may have been done."""
    operation = attrs.evolve(operation, state=OperationState.UNKNOWN)
    return _moved(operation, EventType.OUTCOME, now, {"result": "unknown", "message": why})


def rejected(operation: Operation, now: datetime, rejection: Rejected) -> Transition:
    """The current step was refused for good: the operation is over, its claims are given back.

    A record alone in its operation is parked with the refusal; of several, nobody knows yet which
    one was meant.
    """
    told: dict[str, JsonValue] = {
        "result": "rejected",
        "code": rejection.code,
        "message": rejection.message,
    }
    outcome = _moved(operation, EventType.OUTCOME, now, told)
    abandoned = _event(operation, EventType.ABANDONED, now, {})
    parked = (_refusal(operation, now, rejection),) if len(operation.records) == 1 else ()
    return Transition(operation, (*outcome.events, abandoned, *parked))


def confirmed(
    operation: Operation,
    now: datetime,
    *,
    result: str,
    target_ids: TargetIds,
    by_looking: bool = False,
) -> Transition:
    """The current step is done and gave `result`; after the last one the records are linked."""
    if operation.step is None:
        raise ValueError(f"operation {operation.id} has no step left to confirm")
    step, was_stuck = operation.step, operation.state is OperationState.STUCK
    operation = attrs.evolve(
        operation,
        state=OperationState.INTENT,
        results={**operation.results, step: result},
        attempts=0,
        lookups=0,
        attempted_at=None,
    )
    event_type = EventType.RESOLVED if by_looking else EventType.OUTCOME
    told = {"result": "found" if by_looking else "confirmed", "step": step, "id": result}
    events = list(_moved(operation, event_type, now, told).events)
    if was_stuck:
        events += [_unparked(ref, now) for ref in operation.refs]
    if operation.step is None:
        events.append(_linked(operation, now, target_ids))
    return Transition(operation, tuple(events))


def not_seen_yet(operation: Operation, now: datetime) -> Transition:
    """A look did not find it, and it is too early to say that it is not there."""
    return _moved(operation, EventType.RESOLVED, now, {"result": "not seen yet"})


def absent(operation: Operation, now: datetime) -> Transition:
    """It was not done: the current step may be sent again."""
    operation = attrs.evolve(operation, state=OperationState.INTENT)
    return _moved(operation, EventType.RESOLVED, now, {"result": "absent"})


def stuck(operation: Operation, now: datetime, why: str) -> Transition:
    """Nobody knows whether it was done: a person decides. What was stuck before stays as it is."""
    if operation.state is OperationState.STUCK:
        return Transition(operation, ())
    operation = attrs.evolve(operation, state=OperationState.STUCK)
    parks = tuple(_ambiguous(ref, operation, now, why) for ref in operation.refs)
    told = _moved(operation, EventType.STUCK, now, {"why": why})
    return Transition(operation, (*told.events, *parks))


def links(operation: Operation, target_ids: TargetIds) -> tuple[Link, ...]:
    """The links of a finished operation's records."""
    by_key = target_ids(operation)
    return tuple(
        Link(
            ref=Ref(operation.flow, record.key),
            target_id=by_key[record.key],
            payload_hash=record.payload_hash,
            generation=operation.generation,
            facts=record.facts,
        )
        for record in operation.records
    )


def _linked(operation: Operation, now: datetime, target_ids: TargetIds) -> Event:
    made = [codec.to_json(link) for link in links(operation, target_ids)]
    return _event(operation, EventType.LINKED, now, {"links": made})


def _ambiguous(ref: Ref, operation: Operation, now: datetime, why: str) -> Event:
    park = Park(
        ref=ref,
        code=AMBIGUOUS_WRITE,
        disposition=Disposition.PARKED,
        sentence=f"Nobody knows whether the write was done: {why}.",
        field="operation",
        value=operation.id,
        owner="AP",
        clears="a person looks on the other side; the row is adopted when it shows",
        first_seen=now,
    )
    return _parked(operation, park)


def _refusal(operation: Operation, now: datetime, rejection: Rejected) -> Event:
    (record,) = operation.records
    park = Park(
        ref=operation.refs[0],
        code=rejection.code,
        disposition=Disposition.PARKED,
        sentence=rejection.message,
        field=rejection.field,
        owner="AP",
        clears="the record changes, or what refuses it does",
        cause="" if rejection.retry else record.payload_hash,
        first_seen=now,
    )
    return _parked(operation, park)


def _parked(operation: Operation, park: Park) -> Event:
    return Event(
        type=EventType.PARKED,
        at=park.first_seen,
        ref=park.ref,
        operation=operation.id,
        data={"park": codec.to_json(park)},
    )


def _unparked(ref: Ref, now: datetime) -> Event:
    return Event(type=EventType.UNPARKED, at=now, ref=ref, data={"code": AMBIGUOUS_WRITE})


def _moved(
    operation: Operation, event_type: EventType, now: datetime, told: Mapping[str, JsonValue]
) -> Transition:
    data = {**told, "progress": codec.to_json(operation.progress)}
    return Transition(operation, (_event(operation, event_type, now, data),))


def _event(
    operation: Operation, event_type: EventType, now: datetime, data: Mapping[str, JsonValue]
) -> Event:
    only = operation.refs[0] if len(operation.refs) == 1 else None
    return Event(type=event_type, at=now, ref=only, operation=operation.id, data=data)
