"""The engine's interfaces. Their docstrings are the contract; `syncengine.testing` executes it.

Implementations need no base class. The engine core knows nothing behind these.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeAlias, TypeVar

import attrs

from syncengine.events import Event, RecordedEvent
from syncengine.model import (
    Cursor,
    Disposition,
    Fence,
    Lease,
    Link,
    Operation,
    Park,
    Payload,
    Ref,
)


class Clock(Protocol):
    """Time as the engine sees it."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""
        ...


@attrs.frozen(kw_only=True)
class Head:
    """The end of a connection's chain: sequence 0 and the genesis hash when it is empty."""

    sequence: int
    hash: str


class Journal(Protocol):
    """The truth: an append-only, hash-chained sequence of events of one connection."""

    async def append(self, events: Sequence[Event], *, fence: Fence) -> Sequence[RecordedEvent]:
        """Append `events`, and the changes they make (`projection.changes`), in one transaction.

        In that transaction the fence is checked first. When this returns, everything is durable;
        when it raises, nothing of it was written. Appends of concurrent tasks may share a commit,
        and one that is refused does not touch the others.

        Raises:
            FenceLost: the lease has another owner or epoch than `fence`.
            ClaimTaken: an INTENT names a record whose (flow, key, generation) is claimed by
                another operation.
        """
        ...

    def events(self, after: int = 0) -> AsyncIterator[RecordedEvent]:
        """Every event after the sequence `after`, in order, as recorded."""
        ...

    async def head(self) -> Head:
        """The end of the chain."""
        ...

    async def rebuild(self) -> None:
        """Delete every projection and make them again from the events alone, in one transaction."""
        ...


class StateStore(Protocol):
    """What the journal's events add up to, for one connection.

    Only `Journal.append` changes it.
    """

    async def link(self, ref: Ref) -> Link | None:
        """The link of a record, or None. Sees every append that has returned."""
        ...

    async def links(self, flow: str) -> Mapping[str, Link]:
        """All links of a flow, by key."""
        ...

    async def open_operations(self, flow: str) -> Sequence[Operation]:
        """The operations of a flow that are not over, oldest intent first."""
        ...

    async def parked(self, flow: str) -> Sequence[Park]:
        """The parks of a flow, ordered by key and code."""
        ...

    async def cursor(self, flow: str) -> Cursor | None:
        """How far a flow has read, or None if it never finished a pass."""
        ...


class LeaseStore(Protocol):
    """One engine at a time runs a connection."""

    async def acquire(self, owner: str, *, now: datetime, seconds: float) -> Lease | None:
        """Take the lease if nobody holds it or the holder's has expired by `now`.

        The epoch grows by one with every acquisition, also by the same owner, and never falls.
        Appends LEASE_ACQUIRED in the same transaction. None when another owner holds it.
        """
        ...

    async def renew(self, fence: Fence, *, now: datetime, seconds: float) -> Lease:
        """Move the expiry to `now` + `seconds`. Leaves no event.

        Raises:
            FenceLost: another epoch has been handed out since.
        """
        ...

    async def release(self, fence: Fence, *, now: datetime) -> None:
        """Give the lease back, appending LEASE_RELEASED; nothing happens if it was taken since."""
        ...


class Store(Journal, StateStore, LeaseStore, Protocol):
    """Journal, state and lease of one connection, kept together."""


S_co = TypeVar("S_co", covariant=True)
S_contra = TypeVar("S_contra", contravariant=True)


@attrs.frozen(kw_only=True)
class SourceRecord(Generic[S_co]):
    """A record as its source shows it now; `facts` is what the mapper understands."""

    key: str
    facts: S_co


class Source(Protocol[S_co]):
    """Where a flow's records come from. Reads only."""

    def changes(
        self, since: Cursor | None, links: Mapping[Ref, Link]
    ) -> AsyncIterator[SourceRecord[S_co]]:
        """Every record that may need attention: all unfinished ones, and those changed since.

        A record may be told again and again; none may be left out. `links` are those of this
        flow and of the flows it comes after: what only a first write needs may be left unread
        for a record that is linked.

        Raises:
            Busy: the source cannot be read now.
        """
        ...

    async def position(self) -> datetime | None:
        """The newest instant of the source's own clock among what `changes` told (None: none).

        Called when `changes` is exhausted; the next pass reads from there, with an overlap.
        """
        ...


@attrs.frozen(kw_only=True)
class Draft:
    """What should exist on the other side for one record.

    `payload` is what is sent, kept in the journal as it is; `facts` go into the link. Drafts of
    one `group` become one operation and stand or fall together (empty: one operation each).
    Writes of one `lane` are serial (domain.md I-15).
    """

    payload: Payload
    facts: Mapping[str, str] = attrs.field(factory=dict)
    lane: str = ""
    group: str = ""


@attrs.frozen(kw_only=True)
class Reason:
    """Why a record does not go on, or needs a person: a `Park` without its record and its time."""

    code: str
    disposition: Disposition
    sentence: str
    field: str = ""
    value: str = ""
    owner: str = ""
    clears: str = ""
    amount: Decimal | None = None
    currency: str = ""


@attrs.frozen(kw_only=True)
class Standing:
    """How a record stands now.

    `draft` is what should exist on the other side (None: nothing to send); `reasons` are all the
    reasons for the record to wait or for a person to look.
    """

    draft: Draft | None = None
    reasons: tuple[Reason, ...] = ()


class Mapper(Protocol[S_contra]):
    """Turns a record into what should exist on the other side. Pure: no I/O, no clock, no state."""

    def standing(self, key: str, facts: S_contra, links: Mapping[Ref, Link]) -> Standing:
        """How the record stands, given the links of its own flow and of those it comes after."""
        ...


@attrs.frozen(kw_only=True)
class Found:
    """Exactly one twin is there. `mark` says that it does not carry our marker yet."""

    target_id: str
    facts: Mapping[str, str] = attrs.field(factory=dict)
    mark: bool = False


@attrs.frozen(kw_only=True)
class Several:
    """More than one row could be the twin: a person decides."""

    target_ids: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Absent:
    """No twin is there.

    `payload`, where given, is the draft's with what only the target knows: a number that is free.
    """

    payload: Payload | None = None


Lookup: TypeAlias = Found | Several | Absent


class Target(Protocol):
    """Where a flow's effects happen. Every method may be called from several tasks at once."""

    @property
    def absence_is_proof(self) -> bool:
        """Whether a row that `find` does not see is certainly not there.

        A database answers at once; a list may lag behind a create (domain.md W10).
        """
        ...

    async def match(self, draft: Draft) -> Lookup:
        """The twin that a person or an earlier life of the engine made, before a first write.

        Complete (all pages) and exact (compared in memory, domain.md I-38, I-39).

        Raises:
            Busy: cannot be read now.
        """
        ...

    async def perform(self, operation: Operation) -> str:
        """Do the operation's current step once, on the wire once; return the id it gave.

        Raises:
            Rejected: refused for good; nothing was done.
            Busy: not executed.
            OutcomeUnknown: it may have been done.
        """
        ...

    async def find(self, operation: Operation) -> Lookup:
        """What is there after an unknown outcome of the current step, by two independent keys.

        Raises:
            Busy: cannot be read now.
        """
        ...
