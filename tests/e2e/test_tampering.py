"""The figures come from the books: whoever changes one amount in them sees the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

import pytest

from syncengine.demo.bridge import Bridge
from syncengine.demo.emulator_admin import EmulatorAdmin
from syncengine.demo.month import Month
from syncengine.demo.payments_tie_out import PaymentsTieOut
from syncengine.demo.stage import Stage

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def stage(played: tuple[Month, Stage]) -> Stage:
    """The emulators after a month that ties out."""
    month, running = played

    assert month.problems == ()
    return running


@contextmanager
def changed(
    admin: EmulatorAdmin, name: str, key: Mapping[str, object], field: str, value: object
) -> Iterator[None]:
    """One field of one row is another for a while, past every rule of the service."""
    (row,) = (
        row for row in admin.rows(name) if all(row[part] == told for part, told in key.items())
    )
    admin.change_row(name, key, **{field: value})
    try:
        yield
    finally:
        admin.change_row(name, key, **{field: row[field]})


def differences(
    rows: Sequence[Bridge] | Sequence[PaymentsTieOut],
) -> dict[tuple[str, str], Decimal]:
    """The differences that are not zero, by legal entity and currency."""
    return {(row.legal_entity, row.currency): row.difference for row in rows if row.difference}


def test_a_bill_is_changed(stage: Stage) -> None:
    """One cent more in a bill is one cent less explained, and the bill's invoice is named."""
    organization = stage.ledger.entity("MQGS").bill_organization
    (bill, *_) = stage.bill_admin.rows(f"{organization}/bills")
    more = Decimal(bill["amount"]) + CENT

    with changed(stage.bill_admin, f"{organization}/bills", {"id": bill["id"]}, "amount", more):
        result = stage.tie_out()

    assert differences(result.bridges) == {("MQGS", "USD"): -CENT}
    (bridge,) = (row for row in result.bridges if row.legal_entity == "MQGS")
    assert list(bridge.unexplained.values()) == [-CENT]


def test_an_open_amount_is_changed(stage: Stage) -> None:
    """One cent more open in D365 is one cent more to explain, and its voucher is named."""
    voucher = stage.ledger.by_number[10].voucher
    (row,) = (
        row for row in stage.d365_admin.rows("VendTransBiEntities") if row["Voucher"] == voucher
    )
    key = {"dataAreaId": "mqus", "SourceKey": row["SourceKey"]}
    more = Decimal(row["SettleAmountCur"]) + CENT

    with changed(stage.d365_admin, "VendTransBiEntities", key, "SettleAmountCur", more):
        result = stage.tie_out()

    assert differences(result.bridges) == {("MQUS", "USD"): CENT}
    (bridge,) = (row for row in result.bridges if row.difference)
    assert bridge.unexplained == {voucher: CENT}


def test_a_journal_line_is_changed(stage: Stage) -> None:
    """One cent more in a posted line is one cent that BILL did not pay."""
    (row, *_) = (
        row
        for row in stage.d365_admin.rows("VendorPaymentJournalLines")
        if row["CurrencyCode"] == "GBP"
    )
    key = {name: row[name] for name in ("dataAreaId", "JournalBatchNumber", "LineNumber")}
    more = Decimal(row["DebitAmount"]) + CENT

    with changed(stage.d365_admin, "VendorPaymentJournalLines", key, "DebitAmount", more):
        result = stage.tie_out()

    assert differences(result.payments_tie_out) == {("MQUS", "GBP"): -CENT}
    assert {check.record.split("/")[0] for check in result.failed_checks} == {
        row["JournalBatchNumber"]
    }


def test_a_payment_is_changed(stage: Stage) -> None:
    """One cent more in a billPayment is one cent that the journal lacks."""
    organization = stage.ledger.entity("MQGS").bill_organization
    (payment,) = (
        row
        for row in stage.bill_admin.rows(f"{organization}/payments")
        if row["transactionNumber"] == "P28"
    )
    (part,) = payment["billPayments"]
    more = [{**part, "amount": Decimal(part["amount"]) + CENT}]

    with changed(
        stage.bill_admin,
        f"{organization}/payments",
        {"id": payment["id"]},
        "billPayments",
        more,
    ):
        result = stage.tie_out()

    assert differences(result.payments_tie_out) == {("MQGS", "USD"): CENT}


def test_a_payment_that_is_voided_behind_everybodys_back_is_seen(stage: Stage) -> None:
    """A line without its payment, and without a reason, is a difference in both tables."""
    organization = stage.ledger.entity("MQGS").bill_organization
    (payment,) = (
        row
        for row in stage.bill_admin.rows(f"{organization}/payments")
        if row["transactionNumber"] == "P28"
    )
    key = {"id": payment["id"]}

    with changed(stage.bill_admin, f"{organization}/payments", key, "singleStatus", "VOIDED"):
        result = stage.tie_out()

    assert differences(result.payments_tie_out) == {("MQGS", "USD"): Decimal("-31200.00")}


def test_what_was_changed_back_ties_out_again(stage: Stage) -> None:
    """Nothing is remembered between two readings."""
    assert stage.tie_out().differences == ()
