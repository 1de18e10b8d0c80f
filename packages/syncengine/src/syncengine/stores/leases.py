"""What becomes of a connection's lease: decided here, once, for every store.

A store reads the lease that stands, asks here, and writes what it is told, in one transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from syncengine import codec
from syncengine.errors import FenceLost
from syncengine.events import Event, EventType
from syncengine.model import Fence, Lease

NOBODY = Lease(owner="", epoch=0, expires_at=None)
"""The lease of a connection that no engine ever ran."""


def acquired(held: Lease, owner: str, *, now: datetime, seconds: float) -> Lease | None:
    """The lease `owner` gets, one epoch on; None while it runs for another owner."""
    if held.expires_at is not None and held.owner != owner and held.expires_at > now:
        return None
    return Lease(owner=owner, epoch=held.epoch + 1, expires_at=now + timedelta(seconds=seconds))


def renewed(fence: Fence, *, now: datetime, seconds: float) -> Lease:
    """The same lease, for longer; ask `check` first."""
    return Lease(owner=fence.owner, epoch=fence.epoch, expires_at=now + timedelta(seconds=seconds))


def released(held: Lease) -> Lease:
    """Nobody's lease. The epoch stays, so that it never falls."""
    return Lease(owner="", epoch=held.epoch, expires_at=None)


def holds(held: Lease, fence: Fence) -> bool:
    """Whether `fence` proves the lease that stands. Nobody's lease is proved by nothing."""
    return fence.owner != "" and held.fence == fence


def check(held: Lease, fence: Fence, *, connection: str) -> None:
    """Nothing, where `fence` proves the lease that stands.

    Raises:
        FenceLost: it does not (domain.md I-10).
    """
    if not holds(held, fence):
        raise FenceLost(
            f"connection {connection}: the lease was taken by another engine, or given back "
            f"(held under epoch {fence.epoch}, now {held.epoch})"
        )


def acquisition(lease: Lease, *, now: datetime) -> Event:
    """The event that tells of an acquired lease."""
    return Event(type=EventType.LEASE_ACQUIRED, at=now, data={"lease": codec.to_json(lease)})


def return_of(lease: Lease, *, now: datetime) -> Event:
    """The event that tells of a lease given back."""
    return Event(type=EventType.LEASE_RELEASED, at=now, data={"lease": codec.to_json(lease)})
