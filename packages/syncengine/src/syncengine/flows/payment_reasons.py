"""Why a payment gets no line, and what a person has to know of one that has. Pure.

A payment is tried in the order: total, ours at all, later capability, vendor merged, period
closed, payable, method, rate (`demo/README.md`; `domain.md` §1.3, §2).
"""

from __future__ import annotations

from decimal import Decimal

from syncengine.model import Disposition, Link
from syncengine.payables import BillPayment, Policy
from syncengine.ports import Reason

_CENT = Decimal("0.01")


def unknown_status(facts: BillPayment) -> Reason:
    """A status that is not in the table (row 33)."""
    return _reason(
        facts,
        "UNKNOWN_STATUS",
        f"BILL says {facts.status!r}, which is not in the table of payment states.",
        disposition=Disposition.EXCEPTION,
        field="singleStatus",
        value=facts.status,
        owner="IT",
        clears="the table learns the status, or BILL says another",
    )


def voided_after_line(facts: BillPayment) -> Reason:
    """Nothing was paid in the end, and the ledger says it was."""
    return _reason(
        facts,
        "LATER_VOID",
        "The payment was voided after its journal line; reversals are not written yet.",
        field="singleStatus",
        value=facts.status,
        clears="voids are supported, or the line is reversed in D365 by hand",
    )


def exceptions(facts: BillPayment, approval: str) -> tuple[Reason, ...]:
    """What a person has to look at though the line is right; `approval` is the bill's when paid."""
    told: list[Reason] = []
    if facts.status == "FUNDING_FAILED_ACTION_NEEDED":
        told.append(
            _reason(
                facts,
                "FUNDING_FAILED",
                "Our bank refused BILL's debit after the vendor was paid: BILL is owed a wire.",
                disposition=Disposition.EXCEPTION,
                field="singleStatus",
                value=facts.status,
                owner="treasury",
                clears="BILL is paid by wire",
            )
        )
    if facts.status.startswith("DISBURSEMENT_FAILED"):
        told.append(
            _reason(
                facts,
                "DISBURSEMENT_FAILED",
                "The payment came back to BILL; we are still debited.",
                disposition=Disposition.EXCEPTION,
                field="singleStatus",
                value=facts.status,
                clears="the vendor is mended and the payment voided or reissued in BILL",
            )
        )
    if approval not in ("", "APPROVED"):
        told.append(
            _reason(
                facts,
                "PAID_UNAPPROVED",
                "The bill was paid in BILL though nobody had approved it.",
                disposition=Disposition.EXCEPTION,
                field="approvalStatus",
                value=approval,
                owner="controller",
                clears="the controller accepts it",
            )
        )
    return tuple(told)


def refusing_reason(facts: BillPayment, invoice_link: Link | None, policy: Policy) -> Reason | None:
    """The first reason why no line is written for a payment that BILL has debited."""
    if facts.parts_amount != facts.payment_amount:
        return _reason(
            facts,
            "PAYMENT_TOTAL_MISMATCH",
            f"The parts add up to {facts.parts_amount}, the payment is {facts.payment_amount}.",
            field="billPayments",
            value=str(facts.parts_amount),
            clears="BILL's payment agrees with its parts (I-24)",
        )
    if invoice_link is None or facts.invoice is None:
        return _reason(
            facts,
            "ORPHAN_PAYMENT",
            "The bill that was paid is not linked to a D365 invoice.",
            disposition=Disposition.EXCEPTION,
            field="billId",
            value=facts.bill_id,
            clears="the bill is linked, or the payment is booked by hand",
        )
    return (
        _cash_discount(facts, invoice_link)
        or _merged(facts, invoice_link)
        or _period_closed(facts)
        or _not_payable(facts)
        or _no_method(facts, policy)
        or _rate(facts, policy)
    )


def _cash_discount(facts: BillPayment, link: Link) -> Reason | None:
    discount = facts.invoice.cash_discount if facts.invoice else None
    if discount is None or facts.bill is None:
        return None
    if Decimal(link.facts["amount"]) - facts.bill.amount != discount.amount:
        return None
    return _reason(
        facts,
        "LATER_CASH_DISCOUNT",
        f"Paid short by the cash discount of {discount.amount}; taking it is not supported yet.",
        field="cash discount",
        value=str(discount.amount),
        clears="cash discounts are supported, or the payment is booked by hand",
    )


def _merged(facts: BillPayment, link: Link) -> Reason | None:
    now = facts.invoice.vendor_account if facts.invoice else ""
    if now == link.facts["vendor"]:
        return None
    return _reason(
        facts,
        "VENDOR_MERGED",
        f"The invoice was vendor {link.facts['vendor']}'s when it was sent and is {now}'s now.",
        field="AccountNum",
        value=now,
        clears="a person retargets the link (`domain.md` §1.1)",
    )


def _period_closed(facts: BillPayment) -> Reason | None:
    if facts.period_open:
        return None
    return _reason(
        facts,
        "PERIOD_CLOSED",
        f"The period of {facts.process_date} is not open for vendor transactions.",
        field="processDate",
        value=str(facts.process_date),
        owner="controller",
        clears="the period is opened, or a policy redates the line",
    )


def _not_payable(facts: BillPayment) -> Reason | None:
    remaining = facts.invoice.open_amount if facts.invoice else Decimal(0)
    if facts.amount <= remaining:
        return None
    return _reason(
        facts,
        "INVOICE_NOT_PAYABLE",
        f"{facts.amount} was paid, {remaining} of the invoice is open in D365.",
        field="open amount",
        value=str(remaining),
        clears="a person decides: paid twice, or settled outside BILL",
    )


def _no_method(facts: BillPayment, policy: Policy) -> Reason | None:
    if any(m.fits(facts.funding_type, facts.disbursement_type) for m in policy.payment_methods):
        return None
    return _reason(
        facts,
        "PAYMENT_METHOD_UNKNOWN",
        f"No D365 method is set for {facts.funding_type} {facts.disbursement_type}.",
        field="payment_methods",
        value=f"{facts.funding_type} {facts.disbursement_type}",
        owner="IT",
        clears="the settings name a method and an offset account for it",
    )


def _rate(facts: BillPayment, policy: Policy) -> Reason | None:
    if facts.currency == policy.accounting_currency:
        return None
    rate, funding = facts.exchange_rate, facts.funding_amount
    if rate is not None and funding is not None and _agree(facts.payment_amount, rate, funding):
        return None
    return _reason(
        facts,
        "RATE_MISMATCH",
        f"{facts.payment_amount} {facts.currency} at {rate} does not give {funding} (I-26).",
        field="exchangeRate",
        value=str(rate),
        clears="BILL's rate and funding amount agree",
    )


def _agree(amount: Decimal, rate: Decimal, funding: Decimal) -> bool:
    return abs(amount * rate - funding) <= _CENT


def _reason(
    facts: BillPayment,
    code: str,
    sentence: str,
    *,
    disposition: Disposition = Disposition.PARKED,
    field: str,
    value: str,
    owner: str = "AP",
    clears: str,
) -> Reason:
    return Reason(
        code=code,
        disposition=disposition,
        sentence=sentence,
        field=field,
        value=value,
        owner=owner,
        clears=clears,
        amount=facts.amount,
        currency=facts.currency,
    )
