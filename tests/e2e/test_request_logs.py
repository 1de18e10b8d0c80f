"""What both services saw of the whole month: what was written, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest

from syncengine.demo.month import Month
from syncengine.demo.stage import Stage

Entry = Mapping[str, Any]


@pytest.fixture(scope="module")
def logs(played: tuple[Month, Stage]) -> Mapping[str, Sequence[Entry]]:
    """Both request logs, as they were left behind."""
    month, _ = played
    return {
        name: msgspec.json.decode(month.files[f"{name}_requests"].read_bytes())
        for name in ("d365", "bill")
    }


def writes(entries: Sequence[Entry]) -> list[Entry]:
    """Calls that are not reads and not about credentials."""
    about_credentials = ("/token", "/login", "/logout")
    return [
        entry
        for entry in entries
        if entry["method"] != "GET" and not entry["path"].endswith(about_credentials)
    ]


def test_bill_never_has_more_than_three_of_our_calls_at_a_time(
    logs: Mapping[str, Sequence[Entry]],
) -> None:
    """Per developer key and organisation, over the whole month."""
    by_scope: dict[str, int] = {}
    for entry in logs["bill"]:
        by_scope[entry["scope"]] = max(by_scope.get(entry["scope"], 0), entry["in_flight"])

    assert max(by_scope.values()) <= 3


def test_d365_sees_writes_to_payment_journals_only(logs: Mapping[str, Sequence[Entry]]) -> None:
    """Headers, and batches whose parts are lines and settled invoices."""
    allowed = {
        "/data/VendorPaymentJournalHeaders",
        "/data/VendorPaymentJournalLines",
        "/data/VendorPaymentJournalLineSettledInvoices",
    }
    seen = {entry["path"] for entry in writes(logs["d365"])}
    parts = {
        f"/data/{line.split('/data/')[1].split('?')[0].split(' ')[0]}"
        for entry in writes(logs["d365"])
        if entry["path"] == "/data/$batch"
        for line in entry["body"].splitlines()
        if line.startswith("POST ")
    }

    assert seen == {"/data/VendorPaymentJournalHeaders", "/data/$batch"}
    assert parts <= allowed
    assert len(parts) == 2


def test_bill_sees_no_call_that_pays_approves_or_touches_a_bank(
    logs: Mapping[str, Sequence[Entry]],
) -> None:
    """Only vendors and bills are written; payments are read."""
    written = {
        entry["path"].split("/connect/v3/")[1].split("/")[0] for entry in writes(logs["bill"])
    }
    read = {entry["path"].split("/connect/v3/")[1] for entry in logs["bill"]}

    assert written == {"vendors", "bills"}
    assert not any("approval" in path or "bank" in path for path in read)


def test_vendors_accounts_and_departments_are_there_before_a_bill_names_them(
    logs: Mapping[str, Sequence[Entry]], played: tuple[Month, Stage]
) -> None:
    """Every id on a bill that was sent existed in that organisation before (I-11, I-12)."""
    _, stage = played
    created: dict[str, str] = {}
    for entity in stage.ledger.legal_entities:
        for resource in ("vendors", "chart-of-accounts", "departments"):
            for row in stage.bill_admin.rows(f"{entity.bill_organization}/{resource}"):
                created[row["id"]] = row["createdTime"]
    sent = [
        x for x in writes(logs["bill"]) if x["path"].endswith("/bills") and x["method"] == "POST"
    ]

    assert sent
    for entry in sent:
        body = msgspec.json.decode(entry["body"])
        named = {body["vendorId"]}
        for line in body["billLineItems"]:
            named |= set(line["classifications"].values())

        assert all(created[name] <= entry["received_at"] for name in named)
