"""BILL's `singleStatus` of a payment, and what it means for the ledger. Pure.

The table is `domain.md` §1.3; the values are those of `bill.md` §5.4, with the two that only a
sample shows (VOID_PENDING, EXPIRING).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Effect(enum.Enum):
    """What a status asks of the ledger."""

    NOT_YET = enum.auto()
    """No money has moved, or it is being decided whether it comes back: wait."""

    DEBITED = enum.auto()
    """We have been debited: the payment belongs into the ledger, whatever became of it since."""

    NONE = enum.auto()
    """Nothing was paid in the end."""

    UNKNOWN = enum.auto()
    """A word we do not know: a person looks; nothing is booked on a guess (row 33)."""


_EFFECTS: Mapping[str, Effect] = {
    "APPROVING": Effect.NOT_YET,
    "SCHEDULED": Effect.NOT_YET,
    "FUNDING_STARTED": Effect.NOT_YET,
    "VOID_PENDING": Effect.NOT_YET,
    "PROCESSED": Effect.DEBITED,
    "SENT": Effect.DEBITED,
    "DELIVERED": Effect.DEBITED,
    "CLEARED": Effect.DEBITED,
    "EXPIRING": Effect.DEBITED,
    "DISBURSEMENT_ON_HOLD": Effect.DEBITED,
    "DISBURSEMENT_FAILED_ACTION_NEEDED": Effect.DEBITED,
    "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED": Effect.DEBITED,
    "FUNDING_FAILED_ACTION_NEEDED": Effect.DEBITED,
    "FUNDS_ESCHEATED": Effect.DEBITED,
    "CANCELED": Effect.NONE,
    "VOIDED": Effect.NONE,
    "FUNDING_FAILED_VOIDED": Effect.NONE,
}


def effect(status: str) -> Effect:
    """What this status asks of the ledger."""
    return _EFFECTS.get(status, Effect.UNKNOWN)
