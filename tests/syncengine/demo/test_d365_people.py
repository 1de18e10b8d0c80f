"""Every kind of event that people cause in D365, done in the real emulator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncengine.demo.d365_books import D365Books, VendorTransaction, read_d365_books
from syncengine.demo.d365_people import D365People
from syncengine.demo.errors import DemoFailed
from syncengine.demo.facts import Document, Happening
from syncengine.demo.ledger import Ledger
from syncengine.demo.stage import Stage

PAYMENT_ID = "stp0000000000000000P"


@pytest.fixture
def people(running: Stage, ledger: Ledger) -> D365People:
    """People of D365; every payment has the same id in BILL."""
    return D365People(admin=running.d365_admin, ledger=ledger, payment_id=lambda _label: PAYMENT_ID)


def happening(action: str, legal_entity: str = "MQUS", /, **payload: object) -> Happening:
    """An event as the ledger has it."""
    day = date(2026, 10, 7)
    return Happening(seq=1, date=day, legal_entity=legal_entity, action=action, payload=payload)


def books(running: Stage) -> D365Books:
    """D365's books as they stand."""
    return read_d365_books(running.client, running.d365.url, running.cast.controller)


def transaction(running: Stage, voucher: str) -> VendorTransaction:
    """A vendor transaction as it stands."""
    return next(x for x in books(running).transactions if x.voucher == voucher)


def vendor(running: Stage, account: str) -> Mapping[str, Any]:
    """A vendor's row as it stands."""
    return next(
        row
        for row in running.d365_admin.rows("VendorsV2")
        if row["VendorAccountNumber"] == account and row["dataAreaId"] == "mqus"
    )


def create(running: Stage, entity_set: str, **row: object) -> Mapping[str, Any]:
    """Create a row over OData, as the engine does."""
    credentials = running.cast.engine
    token = running.client.post(
        f"{running.d365.url}/{credentials.tenant_id}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": f"{running.d365.url}/.default",
        },
    ).json()["access_token"]
    answer = running.client.post(
        f"{running.d365.url}/data/{entity_set}?cross-company=true",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        content=json.dumps(row),
    )

    assert answer.status_code == 201, answer.text
    created: Mapping[str, Any] = answer.json()
    return created


def journal(running: Stage, document: Document, **amounts: object) -> None:
    """A payment journal with one line of a document, unposted."""
    header = create(
        running, "VendorPaymentJournalHeaders", dataAreaId="mqus", JournalName="BILLPAY"
    )
    create(
        running,
        "VendorPaymentJournalLines",
        dataAreaId="mqus",
        JournalBatchNumber=header["JournalBatchNumber"],
        LineNumber=1,
        TransactionDate="2026-10-07T12:00:00Z",
        AccountDisplayValue=document.vendor.replace("-", "\\-"),
        CurrencyCode=document.currency,
        PaymentMethodName="BILL-ACH",
        OffsetAccountType="Ledger",
        OffsetAccountDisplayValue="110180-009--",
        TransactionText=f"BILL blp00000000000000001 {PAYMENT_ID}",
        **amounts,
    )


def test_a_vendor_changes(running: Stage, people: D365People) -> None:
    """Name, hold, and the firm's own field for what is inactive."""
    for field, value in (("name", "Silverbirch Security"), ("on_hold", "Payment")):
        people.play(happening("change_vendor", vendor="V-10023", field=field, to=value))
    people.play(happening("change_vendor", vendor="V-10023", field="active", to=False))

    changed = vendor(running, "V-10023")
    assert changed["VendorOrganizationName"] == "Silverbirch Security"
    assert changed["OnHoldStatus"] == "Payment"
    assert changed["MqaInactive"] == "Yes"


def test_vendors_merge(running: Stage, people: D365People, ledger: Ledger) -> None:
    """Open transactions belong to the survivor from then on."""
    (dinner,) = (x for x in ledger.documents if x.vendor == "V-10020")

    people.play(happening("merge_vendor", vendor="V-10020", into="V-10031"))

    assert transaction(running, dinner.voucher).vendor == "V-10031"


def test_an_invoice_is_paid_past_bill(running: Stage, people: D365People, ledger: Ledger) -> None:
    """The ledger's own event: the rent is wired, and the bank's account is credited."""
    (event,) = (x for x in ledger.d365_events if x.action == "settle_outside")

    people.play(event)

    rent = transaction(running, ledger.by_number[event.payload["document"]].voucher)
    wired = [x for x in books(running).entries if x.main_account == "110110"]
    assert rent.open_amount == 0
    assert [entry.amount for entry in wired] == [Decimal("-58000.00")]


def test_a_period_is_put_on_hold(running: Stage, people: D365People) -> None:
    """For the one company that the event names."""
    people.play(happening("set_period", "MQGS", period="2026-11", to="OnHold"))

    found = {
        row["LegalEntityId"]: row["PeriodStatus"]
        for row in running.d365_admin.rows("LedgerFiscalPeriods")
        if row["PeriodName"] == "2026-11"
    }
    assert found == {"MQUS": "Open", "MQGS": "OnHold"}


def test_the_bank_statement_is_entered(running: Stage, people: D365People) -> None:
    """A debit goes to clearing; money that came back comes out of it, and names its payment."""
    statement = {"bank_account": "110110", "account": "110180", "amount": "31200.00"}

    people.play(happening("bank_debit", "MQGS", **statement, payments=["P28", "B1"]))
    people.play(
        happening("bank_credit", "MQGS", **statement, payments=["P28"], text="debit refused")
    )

    entered = [
        (entry.amount, entry.text)
        for entry in books(running).entries
        if (entry.legal_entity, entry.main_account) == ("MQGS", "110180")
    ]
    assert entered == [
        (Decimal("31200.00"), "BILL funds transfer"),
        (Decimal("-31200.00"), "debit refused P28"),
    ]


def test_a_journal_is_posted_and_its_reversal_settled(
    running: Stage, people: D365People, ledger: Ledger
) -> None:
    """Posting closes the invoice; without a reversal nothing is settled anew, with one it opens."""
    document = ledger.by_number[16]
    post = happening("post_journals", journal_name="BILLPAY")
    resettle = happening("resettle", document=16, payment="P11")
    amount = float(document.amount)

    journal(running, document, DebitAmount=amount, MarkedInvoice=document.invoice_number)
    assert people.play(post) == ""
    assert transaction(running, document.voucher).open_amount == 0

    people.play(resettle)
    assert transaction(running, document.voucher).open_amount == 0

    journal(running, document, CreditAmount=amount)
    assert people.play(post) == ""
    people.play(resettle)
    assert transaction(running, document.voucher).open_amount == document.amount


def test_a_journal_that_is_refused_is_told(
    running: Stage, people: D365People, ledger: Ledger
) -> None:
    """The infolog comes back as a note: the line stays unposted and the tie-out will show it."""
    journal(running, ledger.by_number[1], DebitAmount=1284.37, MarkedInvoice="JOS-88412")
    people.play(happening("set_period", period="2026-10", to="OnHold"))

    note = people.play(happening("post_journals", journal_name="BILLPAY"))

    assert "was not posted" in note
    assert "2026-10-07" in note


def test_an_unknown_event_stops_the_demo(people: D365People) -> None:
    """It is named, not skipped."""
    with pytest.raises(DemoFailed, match="event 1: D365 people cannot dance"):
        people.play(happening("dance"))
