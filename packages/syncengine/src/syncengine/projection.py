"""What an event changes in the tables: the one place where events become state.

Pure. Both stores apply these changes in the transaction that appends the event, and `rebuild`
applies them again from the journal alone; so the audit trail and the state cannot disagree.
Every change is absolute (set, put, drop): applying one twice is the same as once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import attrs

from syncengine import codec
from syncengine.events import Event, EventType
from syncengine.model import Cursor, Lease, Link, Operation, Park, Progress, Purpose, Ref


@attrs.frozen(kw_only=True)
class PutLink:
    """The link of a record is this one."""

    link: Link


@attrs.frozen(kw_only=True)
class PutOperation:
    """The open operation with this id stands like this."""

    operation: Operation


@attrs.frozen(kw_only=True)
class PutProgress:
    """The open operation has come this far; everything else about it stays as its intent said."""

    progress: Progress


@attrs.frozen(kw_only=True)
class DropOperation:
    """The operation is over. Its claims stay if it linked its records, else they are given back."""

    operation: str
    keep_claims: bool


@attrs.frozen(kw_only=True)
class Claim:
    """This record, in this generation, belongs to this operation and to no other, for good.

    A store keeps (flow, key, generation) unique, by the database and not by code (domain.md I-09).
    """

    ref: Ref
    generation: int
    operation: str


@attrs.frozen(kw_only=True)
class PutPark:
    """The record is parked under this code."""

    park: Park


@attrs.frozen(kw_only=True)
class DropPark:
    """The record is no longer parked under this code."""

    ref: Ref
    code: str


@attrs.frozen(kw_only=True)
class PutCursor:
    """The flow has read as far as this."""

    cursor: Cursor


@attrs.frozen(kw_only=True)
class PutLease:
    """The connection's lease stands like this."""

    lease: Lease


Change: TypeAlias = (
    PutLink
    | PutOperation
    | PutProgress
    | DropOperation
    | Claim
    | PutPark
    | DropPark
    | PutCursor
    | PutLease
)


def changes(event: Event) -> Iterable[Change]:
    """What `event` changes, in the order to apply it; nothing for events that only tell."""
    build = _CHANGES.get(event.type)
    return build(event) if build is not None else ()


def _intent(event: Event) -> Iterable[Change]:
    operation = codec.operation_from(event.data["operation"])
    if operation.purpose is not Purpose.UPDATE:
        for ref in operation.refs:
            yield Claim(ref=ref, generation=operation.generation, operation=operation.id)
    yield PutOperation(operation=operation)


def _progress(event: Event) -> Iterable[Change]:
    yield PutProgress(progress=codec.progress_from(event.data["progress"]))


def _linked(event: Event) -> Iterable[Change]:
    for link in codec.links_from(event.data["links"]):
        yield PutLink(link=link)
    yield DropOperation(operation=event.operation, keep_claims=True)


def _abandoned(event: Event) -> Iterable[Change]:
    yield DropOperation(operation=event.operation, keep_claims=False)


def _parked(event: Event) -> Iterable[Change]:
    yield PutPark(park=codec.park_from(event.data["park"]))


def _unparked(event: Event) -> Iterable[Change]:
    if event.ref is not None:
        yield DropPark(ref=event.ref, code=str(event.data["code"]))


def _cursor_moved(event: Event) -> Iterable[Change]:
    yield PutCursor(cursor=codec.cursor_from(event.data["cursor"]))


def _lease(event: Event) -> Iterable[Change]:
    yield PutLease(lease=codec.lease_from(event.data["lease"]))


_CHANGES: Mapping[EventType, Callable[[Event], Iterable[Change]]] = {
    EventType.INTENT: _intent,
    EventType.ATTEMPT: _progress,
    EventType.OUTCOME: _progress,
    EventType.RESOLVED: _progress,
    EventType.STUCK: _progress,
    EventType.LINKED: _linked,
    EventType.ABANDONED: _abandoned,
    EventType.PARKED: _parked,
    EventType.UNPARKED: _unparked,
    EventType.CURSOR_MOVED: _cursor_moved,
    EventType.LEASE_ACQUIRED: _lease,
    EventType.LEASE_RELEASED: _lease,
}
