"""Amounts: how many decimals a currency has, and what a bill's amounts add up to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bill_client.emulator import wire_json
from bill_client.emulator.books import Body

_DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3}
_USUAL = 2

DEBITED = frozenset(
    [
        "PROCESSED",
        "SENT",
        "DELIVERED",
        "CLEARED",
        "EXPIRING",
        "VOID_PENDING",
        "DISBURSEMENT_ON_HOLD",
        "DISBURSEMENT_FAILED_ACTION_NEEDED",
        "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED",
        "FUNDING_FAILED_ACTION_NEEDED",
        "FUNDS_ESCHEATED",
    ]
)
"""States in which a payment has left the payer's side and pays its bills."""

SCHEDULED = frozenset({"SCHEDULED", "FUNDING_STARTED", "APPROVING"})
"""States in which it is going to."""


def fits(amount: Decimal, currency: str) -> bool:
    """Whether an amount has no more decimals than its currency."""
    places = _DECIMALS.get(currency, _USUAL)
    return amount == amount.quantize(Decimal(1).scaleb(-places))


def line_total(lines: Sequence[Body]) -> Decimal:
    """What a bill's lines add up to."""
    return sum((exact(line["amount"]) for line in lines), Decimal(0))


def exact(value: object) -> Decimal:
    """A stored amount."""
    told = wire_json.amount(value)
    if told is None:
        raise ValueError(f"{value!r} is not an amount")
    return told


def recount(bill: Body, payments: Sequence[Body]) -> None:
    """Bring a bill's paid, scheduled and due amounts and its status up to its payments.

    The amounts' names are documented, how they hang together is inferred (`bill.md` §5.2): what
    is due is neither paid nor scheduled nor covered by credits.
    """
    parts = [
        (payment["singleStatus"], exact(part["amount"]))
        for payment in payments
        for part in payment.get("billPayments", ())
        if part["billId"] == bill["id"]
    ]
    paid = sum((amount for status, amount in parts if status in DEBITED), Decimal(0))
    scheduled = sum((amount for status, amount in parts if status in SCHEDULED), Decimal(0))
    total = exact(bill["amount"])
    credit = exact(bill.get("creditAmount", 0))
    bill["paidAmount"] = paid
    bill["scheduledAmount"] = scheduled
    bill["dueAmount"] = total - paid - scheduled - credit
    bill["paymentStatus"] = _status(total - credit, paid, scheduled)


def _status(total: Decimal, paid: Decimal, scheduled: Decimal) -> str:
    if scheduled > 0:
        return "SCHEDULED"
    if paid <= 0:
        return "UNPAID"
    # The word for a part is unverified (`bill.md` §5.2).
    return "PAID" if paid >= total else "PARTIALLY_PAID"
