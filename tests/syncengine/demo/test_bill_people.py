"""Every kind of event that people and banks cause in BILL, done in the real emulator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncengine.demo.bill_books import Bill, BillBooks, Payment, read_bill_books
from syncengine.demo.bill_people import BillPeople
from syncengine.demo.errors import DemoFailed
from syncengine.demo.facts import Happening
from syncengine.demo.ledger import Ledger
from syncengine.demo.stage import Stage, office_opens


@pytest.fixture(scope="module")
def people(running: Stage, ledger: Ledger) -> BillPeople:
    """People of BILL, after all that they did before the cut-over."""
    people = BillPeople(admin=running.bill_admin, ledger=ledger)
    for happening in ledger.bill_events:
        if happening.date < ledger.cut_over:
            running.set_clocks(office_opens(happening.date))
            people.play(happening)
    return people


def happening(action: str, **payload: object) -> Happening:
    """An event as the ledger has it."""
    return Happening(
        seq=1, date=date(2026, 10, 7), legal_entity="MQUS", action=action, payload=payload
    )


def pay(label: str, document: int, amount: str) -> Happening:
    """A payment of one bill is scheduled."""
    return happening(
        "pay",
        payment=label,
        vendor="V-?",
        currency="USD",
        amount=amount,
        bills=[{"document": document, "amount": amount, "credits": []}],
        funding="BANK_ACCOUNT",
        method="check",
        process_date="2026-10-08",
        funding_amount=amount,
        exchange_rate="1.0000",
    )


def books(running: Stage) -> BillBooks:
    """The books of the American organization as they stand."""
    user = next(x for x in running.cast.controller_users if x.legal_entity == "MQUS")
    return read_bill_books(running.client, running.bill.url, user)


def payment(running: Stage, label: str) -> Payment:
    """A payment as it stands."""
    return next(x for x in books(running).payments if x.number == label)


def bill(running: Stage, number: str) -> Bill:
    """A bill as it stands."""
    return next(x for x in books(running).bills if x.number.strip() == number)


def raw_bill(running: Stage, ledger: Ledger, number: str) -> Mapping[str, Any]:
    """A bill's stored row."""
    rows = running.bill_admin.rows(f"{ledger.entity('MQUS').bill_organization}/bills")
    return next(row for row in rows if row["invoice"]["invoiceNumber"].strip() == number)


@pytest.mark.usefixtures("people")
def test_vendors_and_bills_were_typed_by_hand(running: Stage) -> None:
    """Seven vendors without marker, eleven bills as typed, on their own days."""
    found = books(running)

    assert len(found.vendors) == 7
    assert [vendor.short_name for vendor in found.vendors] == [""] * 7
    assert len(found.bills) == 11
    assert "10006\u200b-907" in {bill.number for bill in found.bills}
    assert max(bill.created for bill in found.bills) < date(2026, 10, 1)


@pytest.mark.usefixtures("people")
def test_payments_before_the_cut_over_cleared(running: Stage) -> None:
    """H1 and H2 are through all their states, and their bills are paid."""
    found = {payment.number: payment.status for payment in books(running).payments}

    assert {label: found[label] for label in ("H1", "H2")} == {"H1": "CLEARED", "H2": "CLEARED"}
    assert bill(running, "IBS-SEP").open_amount == 0


def test_bills_are_assigned_approved_and_denied(
    running: Stage, people: BillPeople, ledger: Ledger
) -> None:
    """All typed bills are approved; one is denied later."""
    approved = raw_bill(running, ledger, "10004-900")["approvalStatus"]

    people.play(happening("deny", document=201, comment="not as ordered"))

    assert approved == "APPROVED"
    assert raw_bill(running, ledger, "10004-900")["approvalStatus"] == "DENIED"


def test_a_bill_is_edited(running: Stage, people: BillPeople) -> None:
    """A line is added by hand; the amount is what it must be afterwards."""
    before = bill(running, "10034-901").amount
    line = {
        "description": "discount",
        "main_account": "441900",
        "department": None,
        "amount": "-2.30",
    }

    people.play(happening("edit_bill", document=202, amount_after="1250.00", add_lines=[line]))

    assert (before, bill(running, "10034-901").amount) == (Decimal("1252.30"), Decimal(1250))


def test_a_payment_is_scheduled_processed_and_canceled_only_before(
    running: Stage, people: BillPeople
) -> None:
    """Scheduled counts as scheduled, processed as paid; a canceled one leaves the bill open."""
    people.play(pay("T1", 203, "5483.33"))
    scheduled = bill(running, "10023-902")
    people.play(happening("cancel", payment="T1"))
    canceled = bill(running, "10023-902")
    people.play(pay("T2", 203, "5483.33"))
    people.play(happening("advance", state="PROCESSED", payments=["T2"]))
    processed = bill(running, "10023-902")

    assert (scheduled.scheduled, scheduled.open_amount) == (scheduled.amount, scheduled.amount)
    assert canceled.due == canceled.amount
    assert payment(running, "T1").status == "CANCELED"
    assert processed.open_amount == 0
    assert payment(running, "T2").debited


def test_a_void_gives_the_money_back(running: Stage, people: BillPeople) -> None:
    """Asked for, then accepted: the bill is unpaid again."""
    people.play(pay("T3", 204, str(bill(running, "10018-903").amount)))
    people.play(happening("advance", state="CLEARED", payments=["T3"]))
    people.play(happening("void", payment="T3", type="VOID_AND_CREDIT", reason="closed"))
    asked = payment(running, "T3").status
    people.play(happening("decide_void", payment="T3", result="ACCEPTED", state_after="VOIDED"))

    assert (asked, payment(running, "T3").status) == ("VOID_PENDING", "VOIDED")
    assert bill(running, "10018-903").open_amount == bill(running, "10018-903").amount


def test_a_reissue_keeps_the_payment(running: Stage, people: BillPeople) -> None:
    """The same payment is processed again, with another check."""
    people.play(pay("T4", 209, str(bill(running, "10016-908").amount)))
    people.play(happening("advance", state="SENT", payments=["T4"]))
    people.play(happening("void", payment="T4", type="VOID_AND_REISSUE", reason="lost"))
    people.play(
        happening(
            "decide_void",
            payment="T4",
            result="ACCEPTED",
            state_after="PROCESSED",
            replacement_payment="T4R",
            check_number="200417",
            new_check_number="200583",
        )
    )

    assert payment(running, "T4").status == "PROCESSED"
    assert bill(running, "10016-908").open_amount == 0


def test_a_document_without_a_bill_stops_the_demo(people: BillPeople) -> None:
    """It is named by number and voucher."""
    with pytest.raises(DemoFailed, match=r"document 1 \(MQUS-API-040044\) has no bill in BILL"):
        people.play(happening("approve", documents=[1]))


def test_a_payment_that_was_not_made_stops_the_demo(people: BillPeople) -> None:
    """It is named by its label."""
    with pytest.raises(DemoFailed, match="payment P99 was not made"):
        people.play(happening("cancel", payment="P99"))


def test_what_bill_refuses_stops_the_demo(people: BillPeople) -> None:
    """More than is due cannot be paid; the service's reason is in the sentence."""
    with pytest.raises(DemoFailed, match="overpay"):
        people.play(pay("T9", 207, "999999.00"))


def test_an_unknown_event_stops_the_demo(people: BillPeople) -> None:
    """It is named, not skipped."""
    with pytest.raises(DemoFailed, match="event 1: people in BILL cannot dance"):
        people.play(happening("dance"))
