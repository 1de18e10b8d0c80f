"""How payments move by themselves, as the clock goes (`bill.md` §5.4).

The states are documented; their order is inferred and their timing unverified. So nothing moves
by itself unless `payments_progress_on_the_clock` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bill_client.emulator.books import Body, Books
from bill_client.emulator.payments import STATES, Payments
from bill_client.emulator.settings import EmulatorSettings

CHAIN = ("SCHEDULED", "FUNDING_STARTED", "PROCESSED", "SENT", "DELIVERED", "CLEARED")
"""The way of a payment that nothing goes wrong with."""


class Disbursements:
    """What the clock does to payments."""

    def __init__(
        self,
        books: Books,
        payments: Payments,
        settings: EmulatorSettings,
        now: Callable[[], datetime],
    ) -> None:
        self._books, self._payments, self._settings, self._now = books, payments, settings, now
        self._plans: dict[str, tuple[str, str]] = {}

    def plan(self, payment_id: str, *, after: str, becomes: str) -> None:
        """Let a payment leave the way: after a state of the chain it becomes something else.

        Raises:
            ValueError: there are no such states.
        """
        if after not in CHAIN or becomes not in STATES:
            raise ValueError(f"after {after!r}, becomes {becomes!r}: no states of a payment")
        self._plans[payment_id] = (after, becomes)

    def progress(self, organization: str) -> None:
        """Bring an organisation's payments up to the present."""
        if not self._settings.payments_progress_on_the_clock:
            return
        for payment in self._books.all(organization, "payments"):
            state = payment["singleStatus"]
            if state not in CHAIN or payment.get("onlinePayment") is False:
                continue
            reached = self._reached(payment)
            if reached != state:
                self._payments.advance(organization, payment["id"], reached)

    def _reached(self, payment: Body) -> str:
        """The state that a payment has now; it never goes back."""
        began = datetime.fromisoformat(payment["processDate"]).replace(tzinfo=UTC)
        hours = (self._now() - began).total_seconds() / 3600
        steps = int(hours // float(self._settings.hours_per_payment_state)) + 1 if hours >= 0 else 0
        index = max(CHAIN.index(payment["singleStatus"]), min(steps, len(CHAIN) - 1))
        after, becomes = self._plans.get(payment["id"], ("", ""))
        if after and index > CHAIN.index(after):
            del self._plans[payment["id"]]
            return becomes
        return CHAIN[index]
