"""The engine's words as frozen values: what is known of a record, and what is being done to it.

Pure: no I/O, no clock. Instants are aware UTC, money is `Decimal`, business dates are `date`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

import attrs

JsonValue: TypeAlias = "str | int | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""What an event and a payload may hold. No floats: an amount is a decimal string."""

Payload: TypeAlias = Mapping[str, JsonValue]


@attrs.frozen(order=True)
class Ref:
    """One source record: the flow that moves it and its key within that flow."""

    flow: str
    key: str

    def __str__(self) -> str:
        return f"{self.flow}/{self.key}"


@attrs.frozen(kw_only=True)
class Link:
    """A record and its twin on the other side.

    `facts` are what was agreed when the link was made (amount, number, origin, …), as text.
    `payload_hash` is the digest of what was last sent, so that a change can be told from no change.
    """

    ref: Ref
    target_id: str
    payload_hash: str
    generation: int = 1
    facts: Mapping[str, str] = attrs.field(factory=dict)


class Disposition(enum.StrEnum):
    """Why a record stands where it stands (domain.md I-02: each is in exactly one state)."""

    PARKED = "parked"
    """Cannot go on until something changes; retried when it does."""

    HELD = "held"
    """Held back on purpose in the source (a vendor on hold); goes on when the hold ends."""

    EXCLUDED = "excluded"
    """Out of scope by rule or because nothing is left to do."""

    EXCEPTION = "exception"
    """Linked or watched, and a person has to look."""


@attrs.frozen(kw_only=True)
class Park:
    """One reason why a record does not go on, or needs a person.

    A record may carry several (one a code). `amount` is what waits, in `currency`; None where
    no money is involved. `cause` is the payload digest for a park made by a refusal: the same
    payload is not sent again.
    """

    ref: Ref
    code: str
    disposition: Disposition
    sentence: str
    field: str = ""
    value: str = ""
    owner: str = ""
    clears: str = ""
    amount: Decimal | None = None
    currency: str = ""
    cause: str = ""
    first_seen: datetime


class OperationState(enum.StrEnum):
    """How far the current step of an operation has come."""

    INTENT = "intent"
    """Decided and written down; nothing was sent for this step, or it was refused unread."""

    ATTEMPTED = "attempted"
    """About to be sent, being sent, or sent: no outcome is known. After a crash: maybe done."""

    UNKNOWN = "unknown"
    """Sent, and the answer does not say whether it was done. Resolved by looking."""

    STUCK = "stuck"
    """Looked for over the whole settle window, retried once, still unknown: a person decides."""


@attrs.frozen(kw_only=True)
class OperationRecord:
    """One record that an operation carries, with what its link will hold.

    `payload_hash` is the digest of the draft as the mapper made it, before the target completed it.
    """

    key: str
    payload_hash: str = ""
    facts: Mapping[str, str] = attrs.field(factory=dict)


class Purpose(enum.StrEnum):
    """What an operation is for."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"


@attrs.frozen(kw_only=True)
class Operation:
    """One intended effect on the other side, with everything needed to do it again byte for byte.

    It carries one record, or several that stand or fall together (a slice of payment lines).
    `steps` are done in order; `results` holds what each finished step gave back (an id).
    `attempts`, `lookups` and `attempted_at` belong to the current step. `target_id` is the twin
    that an adoption or an update is about.
    """

    id: str
    flow: str
    purpose: Purpose
    records: tuple[OperationRecord, ...]
    payload: Payload
    opened_at: datetime
    generation: int = 1
    lane: str = ""
    target_id: str = ""
    steps: tuple[str, ...] = ("create",)
    results: Mapping[str, str] = attrs.field(factory=dict)
    state: OperationState = OperationState.INTENT
    attempts: int = 0
    lookups: int = 0
    attempted_at: datetime | None = None

    @property
    def step(self) -> str | None:
        """The first step without a result, or None when all are done."""
        return next((step for step in self.steps if step not in self.results), None)

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return Progress(
            id=self.id,
            state=self.state,
            attempts=self.attempts,
            lookups=self.lookups,
            attempted_at=self.attempted_at,
            results=self.results,
        )

    def at(self, progress: Progress) -> Operation:
        """The same operation, come this far."""
        return attrs.evolve(
            self,
            state=progress.state,
            attempts=progress.attempts,
            lookups=progress.lookups,
            attempted_at=progress.attempted_at,
            results=progress.results,
        )

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The records this operation carries."""
        return tuple(Ref(self.flow, record.key) for record in self.records)


@attrs.frozen(kw_only=True)
class Progress:
    """The part of an operation that moves."""

    id: str
    state: OperationState
    attempts: int
    lookups: int
    attempted_at: datetime | None
    results: Mapping[str, str]


@attrs.frozen(kw_only=True)
class Cursor:
    """How far a flow has read its source: an instant of the source's own clock (domain.md W28)."""

    flow: str
    position: datetime


@attrs.frozen(kw_only=True)
class Fence:
    """Proof of the lease under which an append is made; a newer epoch refuses it (I-10)."""

    owner: str
    epoch: int


@attrs.frozen(kw_only=True)
class Lease:
    """Who runs a connection, until when. `owner` is empty when nobody does."""

    owner: str
    epoch: int
    expires_at: datetime | None

    @property
    def fence(self) -> Fence:
        """What an append must show while this lease is held."""
        return Fence(owner=self.owner, epoch=self.epoch)
