"""What to do with a record: a pure table over what is known of it. No I/O, no clock.

| open operation | link | draft | payload | action |
|---|---|---|---|---|
| yes | any | any | any | leave: resuming owns it |
| no | any | no | any | leave |
| no | any | yes | refused before, unchanged | leave |
| no | no | yes | new | create |
| no | yes | yes | as linked | leave |
| no | yes | yes | changed | update |
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime

import attrs

from syncengine.model import Link, Operation, Park, Ref
from syncengine.ports import Reason


class Action(enum.StrEnum):
    """What the loop carries out for a record."""

    LEAVE = "leave"
    CREATE = "create"
    UPDATE = "update"


def action(
    *,
    open_operation: Operation | None,
    link: Link | None,
    payload_hash: str | None,
    parks: Sequence[Park],
) -> Action:
    """The row of the table that fits; `payload_hash` is None when there is no draft."""
    if open_operation is not None or payload_hash is None:
        return Action.LEAVE
    if any(park.cause == payload_hash for park in parks):
        return Action.LEAVE
    if link is None:
        return Action.CREATE
    return Action.LEAVE if link.payload_hash == payload_hash else Action.UPDATE


@attrs.frozen(kw_only=True)
class ParkChanges:
    """Which parks to write and which codes to lift, so that the parks say what is true now."""

    put: tuple[Park, ...] = ()
    drop: tuple[str, ...] = ()


def park_changes(
    ref: Ref,
    *,
    parks: Sequence[Park],
    reasons: Sequence[Reason],
    payload_hash: str | None,
    now: datetime,
) -> ParkChanges:
    """Bring a record's parks to its present reasons; nothing when they agree already.

    A park keeps the instant it was first seen. One made by a refusal stays while the payload
    that was refused is still what would be sent.
    """
    before = {park.code: park for park in parks}
    after = {reason.code: reason for reason in reasons}
    put = [
        park
        for code, reason in after.items()
        if (park := _park(ref, reason, before.get(code), now)) != before.get(code)
    ]
    drop = [
        park.code
        for park in parks
        if park.code not in after and not (park.cause and park.cause == payload_hash)
    ]
    return ParkChanges(put=tuple(put), drop=tuple(drop))


def _park(ref: Ref, reason: Reason, before: Park | None, now: datetime) -> Park:
    return Park(
        ref=ref,
        code=reason.code,
        disposition=reason.disposition,
        sentence=reason.sentence,
        field=reason.field,
        value=reason.value,
        owner=reason.owner,
        clears=reason.clears,
        amount=reason.amount,
        currency=reason.currency,
        first_seen=before.first_seen if before else now,
    )
