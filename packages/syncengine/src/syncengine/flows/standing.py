"""Why an open item is not sent to BILL: the order of the questions, and each answer. Pure.

The order is fixed, so that a record that fails several is always parked under the same code
(`demo/README.md`, *Rules that fix the result*): intercompany, zero, nothing open, prepayment,
hold, currency, inactive, address. What only the lines can tell (mapping, total) and the credit
note come after them, in `flows.bills`.
"""

from __future__ import annotations

from collections.abc import Callable

from syncengine.model import Disposition
from syncengine.payables import OpenItem, Policy
from syncengine.ports import Reason

HOLDS = frozenset({"Invoice", "All", "Payment"})
"""D365's CustVendorBlocked values that stop a bill; `Never` means never put on hold (§1.1)."""


def waiting_reason(item: OpenItem, policy: Policy) -> Reason | None:
    """The first reason why this item is not sent, as far as its header and vendor tell."""
    return next(
        (reason for question in _QUESTIONS if (reason := question(item, policy)) is not None), None
    )


def reason(
    item: OpenItem,
    code: str,
    sentence: str,
    *,
    disposition: Disposition = Disposition.PARKED,
    field: str,
    value: str,
    owner: str = "AP",
    clears: str,
) -> Reason:
    """A reason about this item, with what is open of it as the amount that waits."""
    return Reason(
        code=code,
        disposition=disposition,
        sentence=sentence,
        field=field,
        value=value,
        owner=owner,
        clears=clears,
        amount=item.open_amount,
        currency=item.currency,
    )


def _intercompany(item: OpenItem, policy: Policy) -> Reason | None:
    if item.vendor.group not in policy.excluded_vendor_groups:
        return None
    return reason(
        item,
        "INTERCOMPANY",
        f"Vendor {item.vendor.account} is in group {item.vendor.group}, which is excluded.",
        disposition=Disposition.EXCLUDED,
        field="VendorGroupId",
        value=item.vendor.group,
        clears="the settings no longer exclude the group",
    )


def _zero(item: OpenItem, _: Policy) -> Reason | None:
    if item.amount != 0:
        return None
    return reason(
        item,
        "ZERO",
        "The invoice's total is zero: there is nothing to pay.",
        disposition=Disposition.EXCLUDED,
        field="AmountCur",
        value=str(item.amount),
        clears="nothing: it is kept for the audit",
    )


def _nothing_open(item: OpenItem, _: Policy) -> Reason | None:
    if item.open_amount != 0:
        return None
    return reason(
        item,
        "SETTLED_OUTSIDE",
        "The invoice was settled in D365 without BILL before it was sent.",
        disposition=Disposition.EXCLUDED,
        field="SettleAmountCur",
        value=str(item.amount),
        clears="the settlement is reversed in D365",
    )


def _prepayment(item: OpenItem, _: Policy) -> Reason | None:
    if not item.prepayment:
        return None
    return reason(
        item,
        "LATER_PREPAYMENT",
        "Prepayment invoices are not sent to BILL yet.",
        field="Prepayment",
        value="Yes",
        clears="prepayments are supported, or the invoice is paid in D365",
    )


def _hold(item: OpenItem, _: Policy) -> Reason | None:
    if item.vendor.on_hold in HOLDS:
        return reason(
            item,
            "VENDOR_HOLD",
            f"Vendor {item.vendor.account} is on hold ({item.vendor.on_hold}).",
            disposition=Disposition.HELD,
            field="OnHoldStatus",
            value=item.vendor.on_hold,
            clears="the hold ends in D365",
        )
    if not item.approved:
        return reason(
            item,
            "INVOICE_NOT_APPROVED",
            "The invoice is posted but not approved for payment.",
            disposition=Disposition.HELD,
            field="Approved",
            value="No",
            clears="the invoice is approved in D365",
        )
    return None


def _currency(item: OpenItem, policy: Policy) -> Reason | None:
    if item.currency in policy.currencies:
        return None
    return reason(
        item,
        "CURRENCY_UNSUPPORTED",
        f"The BILL organisation cannot pay {item.currency}.",
        field="CurrencyCode",
        value=item.currency,
        clears="the organisation can pay the currency, or the invoice is paid in D365",
    )


def _inactive(item: OpenItem, _: Policy) -> Reason | None:
    if not item.vendor.inactive:
        return None
    return reason(
        item,
        "VENDOR_INACTIVE",
        f"Vendor {item.vendor.account} is inactive in D365.",
        field="vendor",
        value=item.vendor.account,
        clears="the vendor is active again, or the invoice is paid in D365",
    )


def _address(item: OpenItem, _: Policy) -> Reason | None:
    if item.vendor.address.complete:
        return None
    return reason(
        item,
        "VENDOR_ADDRESS_MISSING",
        f"Vendor {item.vendor.account} has no complete address; BILL requires one.",
        field="address of vendor",
        value=item.vendor.account,
        clears="street, city, postal code and country are filled in D365",
    )


_QUESTIONS: tuple[Callable[[OpenItem, Policy], Reason | None], ...] = (
    _intercompany,
    _zero,
    _nothing_open,
    _prepayment,
    _hold,
    _currency,
    _inactive,
    _address,
)
