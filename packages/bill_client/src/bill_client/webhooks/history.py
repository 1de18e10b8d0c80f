"""Gaps closed from BILL's event history: what was missed is handled, in order."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Sequence
from datetime import UTC, datetime
from typing import Protocol

import attrs

from bill_client.webhooks.events import WebhookEvent, parse_event
from bill_client.webhooks.inbox import EventInbox, Reception
from bill_client.webhooks.troubles import log_failure

_LOGGER = logging.getLogger("bill_client.webhooks")
_FIRST = datetime.min.replace(tzinfo=UTC)


class PastEvent(Protocol):
    """An entry of the event history."""

    @property
    def id(self) -> str:
        """The event's id."""
        ...

    @property
    def payload(self) -> str | None:
        """The notification's body, JSON."""
        ...

    @property
    def created_time(self) -> datetime | None:
        """When the event happened."""
        ...


@attrs.frozen(kw_only=True)
class Repair:
    """What a repair did: ids of events. BILL can be asked to send the failed ones again."""

    handled: tuple[str, ...]
    stale: tuple[str, ...]
    failed: tuple[str, ...]


async def repair_gaps(
    history: AsyncIterable[PastEvent], inbox: EventInbox, *, since: datetime | None = None
) -> Repair:
    """Every event of the history was given to the inbox that it had not seen, oldest first.

    A failing event does not stop those after it: it is logged, told in the result, and not
    remembered, so that the next repair or a resend handles it.

    Args:
        history: the events that BILL sent: `client.webhooks.history(subscription.id)`.
        inbox: the one that the app gives events to, so that nothing is handled twice.
        since: events before this are left alone; None takes all that BILL keeps, 180 days.

    Raises:
        BillError: the history cannot be read; nothing was handled.
    """
    missed = await _missed(history, inbox, since)
    became: dict[str, list[str]] = {"failed": [], **{item: [] for item in Reception}}
    for past in missed:
        try:
            reception: str = await inbox.receive(_event(past))
        except Exception as error:  # noqa: BLE001 - whatever the handler raises is told to BILL
            log_failure(_LOGGER, past.id, error)
            reception = "failed"
        became[reception].append(past.id)
    return Repair(
        handled=tuple(became[Reception.HANDLED]),
        stale=tuple(became[Reception.STALE]),
        failed=tuple(became["failed"]),
    )


def _event(past: PastEvent) -> WebhookEvent:
    return parse_event((past.payload or "").encode())


async def _missed(
    history: AsyncIterable[PastEvent], inbox: EventInbox, since: datetime | None
) -> Sequence[PastEvent]:
    missed: dict[str, PastEvent] = {}
    async for past in history:
        old = since is not None and past.created_time is not None and past.created_time < since
        if not old and not await inbox.was_handled(past.id):
            missed.setdefault(past.id, past)
    return sorted(missed.values(), key=lambda past: past.created_time or _FIRST)
