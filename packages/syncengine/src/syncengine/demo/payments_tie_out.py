"""Cash paid by BILL against cash in the journals; how the subledger moved (`domain.md` §4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.d365_books import D365Books, VendorTransaction
from syncengine.demo.matching import Matched

Pair = tuple[str, str]
"""Legal entity and currency."""


@attrs.frozen(kw_only=True)
class PaymentsTieOut:
    """Cash of one legal entity and currency.

    `journaled` are the lines of posted journals less reversals; `records` are the billPayments
    behind the two figures that explain.
    """

    legal_entity: str
    currency: str
    bill_paid: Decimal
    journaled: Decimal
    paid_not_journaled: Decimal
    journaled_not_paid: Decimal
    difference: Decimal
    records: dict[str, tuple[str, ...]]


@attrs.frozen(kw_only=True)
class RollForward:
    """How the vendor subledger of one legal entity and currency came from opening to closing.

    `closing` is what is open now; `difference` is what the movements do not explain of it.
    """

    legal_entity: str
    currency: str
    opening: Decimal
    invoices: Decimal
    credit_notes: Decimal
    settled_outside: Decimal
    payments_journaled: Decimal
    reversals: Decimal
    cash_discounts: Decimal
    closing: Decimal
    difference: Decimal


def payments_tie_out(matched: Matched, d365: D365Books, pair: Pair) -> PaymentsTieOut:
    """Every billPayment that BILL debited is in a posted journal, or somebody says why not."""
    parts = [part for part in matched.parts if (part.legal_entity, part.currency) == pair]
    late = [x for x in parts if x.payment.debited and not x.journaled and x.code]
    undone = [x for x in parts if not x.payment.debited and x.journaled and x.code]
    bill_paid = _sum(part.part.amount for part in parts if part.payment.debited)
    journaled = _sum(
        line.amount
        for line in d365.lines
        if line.posted and (line.legal_entity, line.currency) == pair
    )
    paid_not_journaled = _sum(part.part.amount for part in late)
    journaled_not_paid = _sum(part.journaled for part in undone)
    return PaymentsTieOut(
        legal_entity=pair[0],
        currency=pair[1],
        bill_paid=bill_paid,
        journaled=journaled,
        paid_not_journaled=paid_not_journaled,
        journaled_not_paid=journaled_not_paid,
        difference=bill_paid - journaled - paid_not_journaled + journaled_not_paid,
        records={
            "paid_not_journaled": tuple(part.part.id for part in late),
            "journaled_not_paid": tuple(part.part.id for part in undone),
        },
    )


def roll_forward(d365: D365Books, pair: Pair, cut_over: date) -> RollForward:
    """From the opening items to what is open now, by what was posted in between."""
    own = [x for x in d365.transactions if (x.legal_entity, x.currency) == pair]
    moved = [transaction for transaction in own if transaction.day >= cut_over]
    journals = {(line.legal_entity, line.journal) for line in d365.lines}
    payments = [x for x in moved if x.is_payment]
    ours = [x for x in payments if (x.legal_entity, x.journal) in journals]
    discounts = [x for x in moved if x.kind == "CashDiscount"]
    invoices = [x for x in moved if not x.is_payment and x not in discounts]
    figures = {
        "opening": _owed(transaction for transaction in own if transaction.day < cut_over),
        "invoices": _owed(x for x in invoices if x.amount > 0),
        "credit_notes": _owed(x for x in invoices if x.amount < 0),
        "settled_outside": _owed(x for x in payments if x not in ours),
        "payments_journaled": _owed(x for x in ours if x.amount < 0),
        "reversals": _owed(x for x in ours if x.amount > 0),
        "cash_discounts": _owed(discounts),
    }
    closing = _sum(transaction.open_amount for transaction in own)
    return RollForward(
        legal_entity=pair[0],
        currency=pair[1],
        **figures,
        closing=closing,
        difference=_sum(figures.values()) - closing,
    )


def _owed(transactions: Iterable[VendorTransaction]) -> Decimal:
    return _sum(transaction.amount for transaction in transactions)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
