"""How an open item stands on its way to BILL: each code, in its order, and the bill it becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from syncengine.flows.bills import BillMapper
from syncengine.flows.vendors import VendorMapper
from syncengine.model import Disposition, Link, Ref
from syncengine.payables import (
    BILLS,
    VENDORS,
    AccountMapping,
    Address,
    CostLine,
    OpenItem,
    Policy,
    Vendor,
    VendorItems,
)

POLICY = Policy(
    legal_entity="MQUS",
    accounting_currency="USD",
    cut_over=date(2026, 10, 1),
    currencies=frozenset({"USD", "GBP"}),
    payment_journal="BILLPAY",
    payment_methods=(),
    excluded_vendor_groups=frozenset({"90"}),
)
MAPPING = AccountMapping(accounts={"607100": "0ca1", "132100": "0ca2"}, departments={"061": "0de1"})
MAPPER = BillMapper(POLICY, MAPPING)
VENDOR = Vendor(
    account="V-10018",
    name="Juniper Office Supply",
    group="10",
    currency="USD",
    on_hold="No",
    inactive=False,
    address=Address(line1="1 Street", city="Denver", state="CO", postal_code="80202", country="US"),
    email="ap@vendor.example",
    our_account_number="",
)
ITEM = OpenItem(
    voucher="MQUS-API-040044",
    vendor=VENDOR,
    invoice_number="JOS-88412",
    currency="USD",
    amount=Decimal("1284.37"),
    open_amount=Decimal("1284.37"),
    document_date=date(2026, 10, 2),
    transaction_date=date(2026, 10, 2),
    due_date=date(2026, 10, 17),
    approved=True,
    prepayment=False,
    lines=(
        CostLine(
            amount=Decimal("1187.50"),
            main_account="607100",
            department="061",
            description="Desk chairs",
        ),
        CostLine(
            amount=Decimal("96.87"), main_account="132100", department="", description="Sales tax"
        ),
    ),
)
KEY = "MQUS-API-040044/5637144600"
VENDOR_LINK = Link(ref=Ref(VENDORS, "V-10018"), target_id="009000000000000000A1", payload_hash="h")
LINKS = {VENDOR_LINK.ref: VENDOR_LINK}


def with_vendor(**changes: Any) -> Callable[[OpenItem], OpenItem]:
    """The item, with its vendor changed."""
    return lambda item: attrs.evolve(item, vendor=attrs.evolve(item.vendor, **changes))


def with_line(**changes: Any) -> Callable[[OpenItem], OpenItem]:
    """The item, with its first line changed."""
    return lambda item: attrs.evolve(
        item, lines=(attrs.evolve((item.lines or ())[0], **changes), *(item.lines or ())[1:])
    )


# In the order in which they are tried: each item also fails everything that comes after it.
BREAKS: list[tuple[str, Disposition, Callable[[OpenItem], OpenItem]]] = [
    ("INTERCOMPANY", Disposition.EXCLUDED, with_vendor(group="90")),
    ("ZERO", Disposition.EXCLUDED, lambda item: attrs.evolve(item, amount=Decimal(0))),
    ("SETTLED_OUTSIDE", Disposition.EXCLUDED, lambda x: attrs.evolve(x, open_amount=Decimal(0))),
    ("LATER_PREPAYMENT", Disposition.PARKED, lambda item: attrs.evolve(item, prepayment=True)),
    ("VENDOR_HOLD", Disposition.HELD, with_vendor(on_hold="Payment")),
    ("CURRENCY_UNSUPPORTED", Disposition.PARKED, lambda x: attrs.evolve(x, currency="KWD")),
    ("VENDOR_INACTIVE", Disposition.PARKED, with_vendor(inactive=True)),
    (
        "VENDOR_ADDRESS_MISSING",
        Disposition.PARKED,
        with_vendor(address=Address(line1="", city="", state="", postal_code="", country="")),
    ),
    ("MAP_ACCOUNT", Disposition.PARKED, with_line(main_account="512100")),
    ("MAP_DIMENSION", Disposition.PARKED, with_line(department="076")),
    ("TOTAL_MISMATCH", Disposition.PARKED, with_line(amount=Decimal("1187.49"))),
]


@pytest.mark.parametrize("index", range(len(BREAKS)), ids=[row[0] for row in BREAKS])
def test_an_item_is_told_under_the_first_code_that_fits(index: int) -> None:
    """An item that fails a question and all later ones stands under that question's code alone."""
    item = ITEM
    for _, _, break_it in reversed(BREAKS[index:]):
        item = break_it(item)

    standing = MAPPER.standing(KEY, item, LINKS)

    assert standing.draft is None
    assert [BREAKS[index][:2]] == [(x.code, x.disposition) for x in standing.reasons]
    assert (item.open_amount, item.currency) == (
        standing.reasons[0].amount,
        standing.reasons[0].currency,
    )


def test_a_credit_note_waits_for_vendor_credits() -> None:
    """A negative item is parked with its negative amount, never sent as a bill (I-22)."""
    lines = tuple(attrs.evolve(line, amount=-line.amount) for line in ITEM.lines or ())
    item = attrs.evolve(ITEM, amount=-ITEM.amount, open_amount=-ITEM.open_amount, lines=lines)

    (reason,) = MAPPER.standing(KEY, item, LINKS).reasons

    assert ("LATER_VENDOR_CREDIT", Decimal("-1284.37")) == (reason.code, reason.amount)


def test_a_bill_waits_for_its_vendor() -> None:
    """No bill is drafted before its vendor is linked (I-11)."""
    (reason,) = MAPPER.standing(KEY, ITEM, {}).reasons

    assert "VENDOR_UNLINKED" == reason.code


def test_a_ready_item_becomes_a_bill_to_the_cent() -> None:
    """The draft carries the open amount, each distribution on its BILL account, and the marker."""
    draft = MAPPER.standing(KEY, ITEM, LINKS).draft

    assert draft is not None
    assert {
        "vendor_id": "009000000000000000A1",
        "invoice_number": "JOS-88412",
        "invoice_date": "2026-10-02",
        "due_date": "2026-10-17",
        "amount": "1284.37",
        "marker": "[d365 MQUS V-10018 MQUS-API-040044 #f39a6a]",
        "description": "Invoice JOS-88412 [d365 MQUS V-10018 MQUS-API-040044 #f39a6a]",
        "lines": [
            {
                "amount": "1187.50",
                "description": "Desk chairs",
                "account_id": "0ca1",
                "department_id": "0de1",
            },
            {
                "amount": "96.87",
                "description": "Sales tax",
                "account_id": "0ca2",
                "department_id": "",
            },
        ],
    } == draft.payload
    assert "V-10018" == draft.lane


def test_a_linked_item_is_left_alone() -> None:
    """What was sent is not sent again, whatever became of the item since."""
    links = {**LINKS, Ref(BILLS, KEY): Link(ref=Ref(BILLS, KEY), target_id="b", payload_hash="h")}

    standing = MAPPER.standing(KEY, attrs.evolve(ITEM, open_amount=Decimal(0)), links)

    assert (None, ()) == (standing.draft, standing.reasons)


def test_what_was_closed_before_the_cut_over_is_not_told() -> None:
    """An invoice that was settled before the engine began is nobody's exception."""
    old = attrs.evolve(ITEM, open_amount=Decimal(0), transaction_date=date(2026, 9, 30))

    standing = MAPPER.standing(KEY, old, LINKS)

    assert (None, ()) == (standing.draft, standing.reasons)


def test_a_vendor_is_made_only_when_a_bill_waits_for_it() -> None:
    """A vendor whose items are all held, parked or excluded is not made in BILL (§1.1, lazy)."""
    mapper = VendorMapper(POLICY)
    held = with_vendor(on_hold="All")(ITEM)

    assert mapper.standing("V-10018", VendorItems(vendor=VENDOR, items=(held,)), {}).draft is None

    draft = mapper.standing("V-10018", VendorItems(vendor=VENDOR, items=(held, ITEM)), {}).draft

    assert draft is not None
    assert "MQUS:V-10018" == draft.payload["short_name"]
    assert "V-10018" == draft.payload["account_number"]


def test_a_large_biller_gets_our_account_number() -> None:
    """Where the vendor knows us by a number of its own, that is what BILL prints (D8)."""
    vendor = attrs.evolve(VENDOR, our_account_number="8841-0047-22")

    draft = (
        VendorMapper(POLICY)
        .standing(
            "V-10018", VendorItems(vendor=vendor, items=(attrs.evolve(ITEM, vendor=vendor),)), {}
        )
        .draft
    )

    assert draft is not None
    assert "8841-0047-22" == draft.payload["account_number"]
