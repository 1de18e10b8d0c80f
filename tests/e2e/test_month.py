"""The whole month, played: what both books say afterwards is what the ledger expects of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from syncengine.demo.month import Month
from syncengine.demo.month_json import month_json
from syncengine.demo.stage import Stage

Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def facts() -> Row:
    """The ledger as it stands in its file, expectations included."""
    text = resources.files("syncengine.demo").joinpath("ledger.json").read_text(encoding="utf-8")
    read: Row = json.loads(text)
    return read


@pytest.fixture(scope="module")
def expected(facts: Row) -> Row:
    """What an engine of the first capabilities leaves behind."""
    first: Row = facts["expected_first_issue"]
    return first


@pytest.fixture(scope="module")
def told(played: tuple[Month, Stage]) -> Row:
    """The month as JSON, as the command line prints it."""
    month, _ = played
    told: Row = json.loads(json.dumps(month_json(month)))
    return told


def only(rows: Sequence[Row], *, like: Sequence[Row]) -> list[dict[str, object]]:
    """`rows` with no more fields than those of the expected rows have."""
    known = {name for row in like for name in row}
    return [{name: value for name, value in row.items() if name in known} for row in rows]


def test_the_bridges_are_the_expected_ones(told: Row, expected: Row) -> None:
    """Every figure, every difference zero, D to H split by reason."""
    bridges = [
        {**bridge, "lines": only(bridge["lines"], like=[{"key": 0, "code": 0, "amount": 0}])}
        for bridge in told["bridges"]
    ]

    assert only(bridges, like=expected["bridges"]) == expected["bridges"]


def test_every_figure_is_the_sum_of_its_records(told: Row) -> None:
    """Each line names records, no record stands in two lines of a figure."""
    for bridge in told["bridges"]:
        for key, records in bridge["records"].items():
            lines = [line for line in bridge["lines"] if line["key"] == key]
            in_lines = [record for line in lines for record in line["records"]]

            assert len(set(records)) == len(records)
            assert sorted(in_lines) == (sorted(records) if lines else [])
        assert bridge["unexplained"] == {}


def test_the_roll_forward_is_the_expected_one(told: Row, expected: Row) -> None:
    """From opening to closing, per legal entity and currency."""
    wanted = expected["roll_forward"]

    assert only(told["roll_forward"], like=wanted) == wanted
    assert {row["difference"].strip("0.") for row in told["roll_forward"]} == {""}


def test_the_payments_tie_out_as_expected(told: Row, expected: Row) -> None:
    """Cash of BILL against cash of the journals."""
    wanted = expected["payments_tie_out"]

    assert only(told["payments_tie_out"], like=wanted) == wanted


def test_the_clearing_accounts_are_explained(told: Row, expected: Row) -> None:
    """Movements and open items, payment by payment."""
    wanted = expected["clearing"]

    assert only(told["clearing"], like=wanted) == wanted
    assert {row["difference"] for row in told["clearing"]} == {"0.00"}


def test_the_ledger_accounts_close_as_expected(told: Row, expected: Row) -> None:
    """The accounts that payments touch."""
    assert told["ledger"] == expected["ledger"]


def test_the_counts_are_the_expected_ones(told: Row, expected: Row) -> None:
    """Documents, bills, payments, lines."""
    assert told["counts"] == expected["counts"]


def test_every_document_is_where_it_is_expected(told: Row, facts: Row, expected: Row) -> None:
    """Each of the 224 once: class, code, bill, amounts, journal lines, what is open where."""
    changed = {row["document"]: row for row in expected["documents"]}
    wanted = {
        row["document"]: changed.get(row["document"], row) for row in facts["expected"]["documents"]
    }
    found = {row["document"]: row for row in told["documents"]}

    assert Counter(row["document"] for row in told["documents"]) == Counter(wanted.keys())
    for number, row in wanted.items():
        # Where the engine must derive a number, the ledger leaves open which.
        derived = {"bill_number"} if row["class"] == "bill" and row["bill_number"] is None else ()
        names = [name for name in row if name not in derived]

        assert {name: found[number].get(name) for name in names} == {
            name: row[name] for name in names
        }


def test_derived_bill_numbers_fit_and_are_free(told: Row, facts: Row) -> None:
    """A number that is too long or taken gets one of its own, within BILL's limit."""
    derived = {
        row["document"]
        for row in facts["expected"]["documents"]
        if row["class"] == "bill" and row["bill_number"] is None
    }
    numbers = [row["bill_number"] for row in told["documents"] if row["document"] in derived]

    assert derived
    assert len(set(numbers)) == len(derived)
    assert max(map(len, numbers)) <= facts["policies"]["bill_number_limit"]


def test_the_exceptions_are_the_expected_ones(told: Row, facts: Row) -> None:
    """What is open at the close beyond the parked documents."""

    def key(row: Row) -> tuple[str, int]:
        return row["code"], row["document"]

    wanted = facts["expected"]["exceptions"]

    assert sorted(only(told["exceptions"], like=wanted), key=key) == sorted(wanted, key=key)


def test_what_is_parked_is_told_by_code(told: Row, expected: Row) -> None:
    """The parked lines of the bridges, with how many records are behind each."""
    lines = {
        (bridge["legal_entity"], bridge["currency"], line["code"]): line["amount"]
        for bridge in expected["bridges"]
        for line in bridge["lines"]
        if line["key"] == "parked"
    }
    parked = {
        (row["legal_entity"], row["currency"], row["code"]): row["amount"] for row in told["parked"]
    }

    assert {key: parked.get(key) for key in lines} == lines
    assert set(parked) - set(lines) == {
        ("MQUS", "USD", "LATER_CASH_DISCOUNT"),
        ("MQUS", "USD", "LATER_VOID"),
        ("MQUS", "USD", "PERIOD_CLOSED"),
        ("MQUS", "USD", "VENDOR_MERGED"),
    }


def test_the_totals_are_those_of_the_books(told: Row, expected: Row) -> None:
    """Vendors, bills and lines, added over both legal entities."""
    counts = expected["counts"]

    assert told["vendors_linked"] == counts["vendors_with_bills"]
    assert told["bills_created"] == counts["bills_created"]
    assert told["bills_adopted"] == counts["bills_adopted"]
    assert told["payment_lines_created"] == counts["journal_lines"]
    assert told["bill_lines"] >= counts["bills_created"]


def test_the_last_run_writes_nothing(told: Row) -> None:
    """By the logs of both services."""
    assert told["second_run_writes"] == 0


def test_everything_ties_out(told: Row) -> None:
    """No difference, no failed cross-check, no document without a class."""
    assert told["problems"] == []
    assert told["checks"]["failed"] == []
    assert told["checks"]["made"] > 1000


def test_it_says_where_everything_is(played: tuple[Month, Stage]) -> None:
    """State, books, settings and both request logs are where the month says."""
    month, _ = played

    assert {name for name, path in month.files.items() if not Path(path).is_file()} == set()
    assert {"state", "d365_books", "bill_books", "d365_requests", "bill_requests"} <= set(
        month.files
    )
