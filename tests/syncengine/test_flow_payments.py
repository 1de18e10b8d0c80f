"""How a billPayment stands on its way to the ledger, and how lines become a slice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from syncengine.flow import Keyed
from syncengine.flows.payments import PaymentMapper, Slice
from syncengine.model import Link, Operation, OperationRecord, Purpose, Ref
from syncengine.payables import (
    BILLS,
    PAYMENTS,
    BillNow,
    BillPayment,
    CashDiscount,
    InvoiceNow,
    PaymentMethod,
    Policy,
)
from syncengine.payment_status import Effect, effect
from syncengine.ports import Draft
from syncengine.slices import lines_of

POLICY = Policy(
    legal_entity="MQUS",
    accounting_currency="USD",
    cut_over=date(2026, 10, 1),
    currencies=frozenset({"USD", "GBP"}),
    payment_journal="BILLPAY",
    payment_methods=(
        PaymentMethod(
            funding="BANK_ACCOUNT",
            disbursement="CHECK",
            method="BILL-CHK",
            offset_account="110180",
        ),
        PaymentMethod(
            funding="BANK_ACCOUNT", disbursement="ACH", method="BILL-ACH", offset_account="110180"
        ),
        PaymentMethod(funding="CARD_ACCOUNT", method="BILL-CARD", offset_account="201100"),
    ),
)
MAPPER = PaymentMapper(POLICY)
KEY = "blp01000000000000001"
INVOICE_KEY = "MQUS-API-040044/5637144600"
FACTS = BillPayment(
    payment_id="stp01000000000000001",
    bill_id="00n01000000000000001",
    amount=Decimal("9800.00"),
    payment_amount=Decimal("9800.00"),
    parts_amount=Decimal("9800.00"),
    currency="USD",
    status="PROCESSED",
    process_date=date(2026, 10, 13),
    funding_type="BANK_ACCOUNT",
    disbursement_type="ACH",
    exchange_rate=Decimal(1),
    funding_amount=Decimal("9800.00"),
    reference="P06",
    invoice_key=INVOICE_KEY,
    bill=BillNow(
        bill_id="00n01000000000000001",
        invoice_number="FDS-3390",
        amount=Decimal("9800.00"),
        approval_status="APPROVED",
        archived=False,
    ),
    invoice=InvoiceNow(
        vendor_account="V-10015",
        invoice_number="FDS-3390",
        due_date=date(2026, 11, 4),
        open_amount=Decimal("9800.00"),
        cash_discount=CashDiscount(amount=Decimal("196.00"), last_day=date(2026, 10, 15)),
    ),
    period_open=True,
)
INVOICE_LINK = Link(
    ref=Ref(BILLS, INVOICE_KEY),
    target_id="00n01000000000000001",
    payload_hash="h",
    facts={"vendor": "V-10015", "amount": "9800.00"},
)
LINKS = {INVOICE_LINK.ref: INVOICE_LINK}
JOURNALED = {
    **LINKS,
    Ref(PAYMENTS, KEY): Link(
        ref=Ref(PAYMENTS, KEY),
        target_id="000123/1",
        payload_hash="h",
        facts={"approval": "ASSIGNED"},
    ),
}

DEBITED = (
    "PROCESSED",
    "SENT",
    "DELIVERED",
    "CLEARED",
    "EXPIRING",
    "DISBURSEMENT_ON_HOLD",
    "DISBURSEMENT_FAILED_ACTION_NEEDED",
    "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED",
    "FUNDING_FAILED_ACTION_NEEDED",
    "FUNDS_ESCHEATED",
)


def codes(facts: BillPayment, links: dict[Ref, Link] = LINKS) -> list[str]:
    """The codes that the payment stands under."""
    return [reason.code for reason in MAPPER.standing(KEY, facts, links).reasons]


@pytest.mark.parametrize("status", DEBITED)
def test_a_line_is_drafted_once_bill_has_debited_us(status: str) -> None:
    """Every state from PROCESSED on belongs into the ledger, if it was missed before."""
    assert MAPPER.standing(KEY, attrs.evolve(FACTS, status=status), LINKS).draft is not None


@pytest.mark.parametrize("status", ["APPROVING", "SCHEDULED", "FUNDING_STARTED", "VOID_PENDING"])
def test_nothing_is_booked_before_money_has_moved_for_good(status: str) -> None:
    """A payment that can still be cancelled, or whose void is undecided, gets no line."""
    standing = MAPPER.standing(KEY, attrs.evolve(FACTS, status=status), LINKS)

    assert (None, ()) == (standing.draft, standing.reasons)


@pytest.mark.parametrize("status", ["CANCELED", "VOIDED", "FUNDING_FAILED_VOIDED"])
def test_a_payment_that_came_to_nothing_needs_a_reversal_only_if_it_was_booked(status: str) -> None:
    """Cancelled or voided: nothing to do without a line, LATER_VOID with one."""
    facts = attrs.evolve(FACTS, status=status)

    assert [] == codes(facts)
    assert ["LATER_VOID"] == codes(facts, JOURNALED)


def test_a_status_nobody_knows_is_a_persons() -> None:
    """An unknown word is never booked on a guess (row 33)."""
    facts = attrs.evolve(FACTS, status="SETTLED_SOMEHOW")

    assert ["UNKNOWN_STATUS"] == codes(facts)
    assert MAPPER.standing(KEY, facts, LINKS).draft is None
    assert effect("SETTLED_SOMEHOW") is Effect.UNKNOWN


def test_payments_of_before_the_cut_over_are_ignored() -> None:
    """What was processed before the engine began is neither booked nor told."""
    facts = attrs.evolve(FACTS, process_date=date(2026, 9, 30))

    assert [] == codes(facts)
    assert MAPPER.standing(KEY, facts, LINKS).draft is None


def short_by_discount(facts: BillPayment) -> BillPayment:
    """The bill was edited down by the cash discount and paid."""
    cash = Decimal("9604.00")
    bill = attrs.evolve(facts.bill, amount=cash) if facts.bill else None
    return attrs.evolve(facts, amount=cash, payment_amount=cash, parts_amount=cash, bill=bill)


def with_invoice(**changes: Any) -> Callable[[BillPayment], BillPayment]:
    """The payment, with its invoice as it is now changed."""
    return lambda x: attrs.evolve(
        x, invoice=attrs.evolve(x.invoice, **changes) if x.invoice else None
    )


BREAKS: list[tuple[str, Callable[[BillPayment], BillPayment]]] = [
    ("PAYMENT_TOTAL_MISMATCH", lambda x: attrs.evolve(x, parts_amount=Decimal(1))),
    ("LATER_CASH_DISCOUNT", short_by_discount),
    ("VENDOR_MERGED", with_invoice(vendor_account="V-10031")),
    ("PERIOD_CLOSED", lambda x: attrs.evolve(x, period_open=False)),
    ("INVOICE_NOT_PAYABLE", with_invoice(open_amount=Decimal("0.01"))),
    ("PAYMENT_METHOD_UNKNOWN", lambda x: attrs.evolve(x, funding_type="AP_CARD")),
    ("RATE_MISMATCH", lambda x: attrs.evolve(x, currency="GBP", exchange_rate=Decimal("1.31"))),
]


@pytest.mark.parametrize("index", range(len(BREAKS)), ids=[row[0] for row in BREAKS])
def test_a_payment_is_told_under_the_first_code_that_fits(index: int) -> None:
    """A payment that fails a question and all later ones stands under that question's code."""
    facts = FACTS
    for _, break_it in reversed(BREAKS[index:]):
        facts = break_it(facts)

    assert [BREAKS[index][0]] == codes(facts)
    assert MAPPER.standing(KEY, facts, LINKS).draft is None


def test_a_bill_that_is_not_ours_is_an_orphan() -> None:
    """A payment of a bill without a D365 source is told and not booked (row 32)."""
    facts = attrs.evolve(FACTS, invoice_key=None, invoice=None)

    assert ["ORPHAN_PAYMENT"] == codes(facts)


def test_a_partial_payment_is_not_mistaken_for_a_discount() -> None:
    """Less cash on an unedited bill is a part payment, with a line of that cash (row 20)."""
    part = Decimal("9604.00")
    facts = attrs.evolve(FACTS, amount=part, payment_amount=part, parts_amount=part)

    draft = MAPPER.standing(KEY, facts, LINKS).draft

    assert draft is not None
    assert "9604.00" == draft.payload["amount"]


def test_an_unapproved_or_failed_payment_is_booked_and_told() -> None:
    """The line is right and a person still has to look (rows 15, 8; PAID_UNAPPROVED)."""
    unapproved = attrs.evolve(FACTS.bill, approval_status="ASSIGNED") if FACTS.bill else None
    facts = attrs.evolve(FACTS, bill=unapproved, status="FUNDING_FAILED_ACTION_NEEDED")

    assert ["FUNDING_FAILED", "PAID_UNAPPROVED"] == codes(facts)
    assert MAPPER.standing(KEY, facts, LINKS).draft is not None


def test_the_control_exception_outlives_the_line() -> None:
    """That a payment was unapproved stays told from the link, when the bill is no longer read."""
    assert ["PAID_UNAPPROVED"] == codes(attrs.evolve(FACTS, bill=None), JOURNALED)


def test_a_foreign_payment_is_booked_in_its_currency_at_the_rate_per_100() -> None:
    """The line's amount is the invoice's currency; BILL's rate per 1 becomes D365's per 100."""
    facts = attrs.evolve(
        FACTS,
        amount=Decimal("12400.00"),
        payment_amount=Decimal("12400.00"),
        parts_amount=Decimal("12400.00"),
        currency="GBP",
        exchange_rate=Decimal("1.3100"),
        funding_amount=Decimal("16244.00"),
        invoice=attrs.evolve(FACTS.invoice, open_amount=Decimal("12400.00"))
        if FACTS.invoice
        else None,
    )

    draft = MAPPER.standing(KEY, facts, LINKS).draft

    assert draft is not None
    assert ("12400.00", "GBP") == (draft.payload["amount"], draft.payload["currency"])
    assert Decimal(131) == Decimal(str(draft.payload["rate_per_100"]))


@pytest.mark.parametrize(
    ("funding", "disbursement", "method", "offset"),
    [
        ("BANK_ACCOUNT", "CHECK", "BILL-CHK", "110180"),
        ("BANK_ACCOUNT", "ACH", "BILL-ACH", "110180"),
        ("CARD_ACCOUNT", "ACH", "BILL-CARD", "201100"),
    ],
)
def test_the_offset_follows_what_was_charged(
    funding: str, disbursement: str, method: str, offset: str
) -> None:
    """Cash is credited to clearing, a card payment to the card's liability (rows 27, 28)."""
    facts = attrs.evolve(FACTS, funding_type=funding, disbursement_type=disbursement)

    draft = MAPPER.standing(KEY, facts, LINKS).draft

    assert draft is not None
    assert (method, offset) == (draft.payload["method"], draft.payload["offset_account"])


def keyed(key: str, amount: str) -> Keyed:
    """A drafted line."""
    payload = {"key": key, "date": "2026-10-15", "currency": "USD", "amount": amount}
    return Keyed(key=key, draft=Draft(payload=payload), payload_hash="h" + key)


def test_a_slice_is_the_same_whatever_order_its_lines_came_in() -> None:
    """A frozen slice can be made again byte for byte: order, numbers and description agree."""
    one, two = keyed("blp1", "3120.00"), keyed("blp2", "2875.25")

    forward, backward = Slice("MQUS").combine([one, two]), Slice("MQUS").combine([two, one])

    assert forward == backward
    assert [1, 2] == [line["line_number"] for line in lines_of(forward.payload)]
    assert str(forward.payload["description"]).startswith("BILL MQUS 2026-10-15 USD #")


def test_a_slice_with_another_amount_is_another_slice() -> None:
    """The description tells slices apart by their contents."""
    first = Slice("MQUS").combine([keyed("blp1", "3120.00")])
    second = Slice("MQUS").combine([keyed("blp1", "3120.01")])

    assert first.payload["description"] != second.payload["description"]


def test_a_refused_slice_is_cut_into_its_lines() -> None:
    """Each record keeps its facts and becomes line 1 of a slice of its own (I-47)."""
    drafts = [keyed("blp1", "3120.00"), keyed("blp2", "2875.25")]
    operation = Operation(
        id="op",
        flow=PAYMENTS,
        purpose=Purpose.CREATE,
        records=tuple(OperationRecord(key=x.key, payload_hash=x.payload_hash) for x in drafts),
        payload=Slice("MQUS").combine(drafts).payload,
        opened_at=datetime(2026, 10, 15, tzinfo=UTC),
        results={"header": "000123"},
        steps=("header", "lines"),
    )

    singles = Slice("MQUS").split(operation)

    assert [("blp1", 1), ("blp2", 1)] == [
        (record.key, len(list(lines_of(payload)))) for record, payload in singles
    ]
    assert {"blp1": "000123/1", "blp2": "000123/2"} == Slice("MQUS").target_ids(operation)
