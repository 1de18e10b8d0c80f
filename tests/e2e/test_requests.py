"""What the engine asked of both services over the whole month, by their own logs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from syncengine.demo.month import Month
from syncengine.demo.stage import Stage, office_opens

Requests = Sequence[Mapping[str, Any]]

BILL_WRITES = {"/connect/v3/login", "/connect/v3/vendors", "/connect/v3/bills"}
JOURNAL_SETS = {
    "VendorPaymentJournalHeaders",
    "VendorPaymentJournalLines",
    "VendorPaymentJournalLineSettledInvoices",
}


def log(played: tuple[Month, Stage], name: str) -> Requests:
    """A log as the demo left it behind."""
    read: Requests = json.loads(played[0].files[name].read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def bill_log(played: tuple[Month, Stage]) -> Requests:
    """Every public call to BILL."""
    return log(played, "bill_requests")


@pytest.fixture(scope="module")
def d365_log(played: tuple[Month, Stage]) -> Requests:
    """Every public call to D365."""
    return log(played, "d365_requests")


def test_bill_sees_three_calls_at_a_time_and_never_more(
    small_stage: Callable[[Path], AbstractContextManager[Any]], tmp_path: Path
) -> None:
    """Where an answer takes its time, the engine uses the three calls it may have, not a fourth."""
    slow = {
        "match": {"method": "POST", "path": "/connect/v3/"},
        "times": None,
        "fault": {"kind": "delay", "seconds": 0.02},
    }
    first_day = date(2026, 10, 1)

    with small_stage(tmp_path) as running:
        running.play(after=None, until=first_day)
        running.stage.client.post(f"{running.stage.bill.admin}/faults", json=slow)
        assert running.engine(office_opens(first_day)).outcome()["complete"]
        _, log = running.logs
        in_flight = {entry.in_flight for entry in log.entries()}

    assert in_flight == {1, 2, 3}


def test_bill_never_saw_a_fourth_call_in_the_month(bill_log: Requests) -> None:
    """Per developer key and organization, over all runs."""
    assert max(call["in_flight"] for call in bill_log) <= 3


def test_bill_is_never_asked_to_pay_or_approve(bill_log: Requests) -> None:
    """Vendors and bills are written; payments, approvals and bank accounts are not touched."""
    written = {
        re.sub(r"/009\w+$", "", call["path"]) for call in bill_log if call["method"] != "GET"
    }
    asked = {call["path"] for call in bill_log}

    assert written == BILL_WRITES
    assert not [path for path in asked if "bank" in path or "approvals" in path]


def test_d365_sees_writes_to_payment_journals_only(d365_log: Requests) -> None:
    """In the parts of batches too."""
    writes = [
        call
        for call in d365_log
        if call["method"] != "GET" and not call["path"].endswith("/oauth2/v2.0/token")
    ]
    direct = {call["path"].rpartition("/")[2] for call in writes} - {"$batch"}
    batched = {
        part
        for call in writes
        if call["path"].endswith("$batch")
        for part in re.findall(r"(?:POST|PATCH|PUT|DELETE) \S*?/data/(\w+)", call["body"])
    }

    assert batched
    assert direct | batched <= JOURNAL_SETS


def test_nothing_is_named_before_it_exists(bill_log: Requests, played: tuple[Month, Stage]) -> None:
    """Every vendor, account and department on a bill was there before the bill (I-11, I-12)."""
    _, stage = played
    created = {
        row["id"]: row["createdTime"]
        for entity in stage.ledger.legal_entities
        for resource in ("vendors", "chart-of-accounts", "departments")
        for row in stage.bill_admin.rows(f"{entity.bill_organization}/{resource}")
    }
    creates = [call for call in bill_log if (call["method"], call["path"]) in _CREATES]

    assert {call["status"] for call in creates} == {201}
    for call in creates:
        body = json.loads(call["body"])
        lines = body.get("billLineItems", ())
        named = {x for line in lines for x in line["classifications"].values()}

        assert all(
            created[x] <= call["received_at"] for x in named | {body.get("vendorId")} - {None}
        )


_CREATES = {("POST", "/connect/v3/vendors"), ("POST", "/connect/v3/bills")}
