"""How a played month is told: amounts, tables, and what is wrong in red."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from syncengine.demo.bill_books import BillBooks
from syncengine.demo.d365_books import D365Books
from syncengine.demo.ledger import Ledger
from syncengine.demo.month import Month
from syncengine.demo.month_json import money, month_json
from syncengine.demo.parked import ParkedRecord
from syncengine.demo.printing import Screen, print_month, print_month_json
from syncengine.demo.tie_out import Books, Setup, tie_out


def month(ledger: Ledger, d365: D365Books, *bill: BillBooks, parked: str = "") -> Month:
    """A month that left these books behind."""
    waiting = ParkedRecord(
        connection="MQUS", flow="bills", key="API-1/1", code=parked, disposition="parked"
    )
    setup = Setup(
        cut_over=date(2026, 10, 1),
        payables="200100",
        clearing="110180",
        payment_accounts=("110180", "200100"),
        numbers={("MQUS", "API-1"): 41},
    )
    books = Books(d365=d365, bill=bill, parked=(waiting,) if parked else (), sent={})
    return Month(
        ledger=ledger,
        tie_out=tie_out(books, setup),
        second_run_writes=0,
        settle_window=2.0,
        seconds=12.3,
        directory=Path("demo-1"),
        files={"state": Path("demo-1/state.sqlite")},
    )


def printed(played: Month) -> list[str]:
    """What is printed where there is no terminal."""
    file = io.StringIO()
    print_month(Console(file=file), played)
    return [line.strip() for line in file.getvalue().splitlines()]


def test_a_month_that_ties_out_says_so(
    ledger: Ledger, paid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """Figures, clearing, checks, and where the files are."""
    lines = printed(month(ledger, paid_d365, paid_bill))

    assert (
        "1 vendors linked, 1 bills created (0 lines mapped), 0 adopted, 1 payment lines created"
        in (lines)
    )
    assert "MQUS USD: nothing open on either side" in lines
    assert "Clearing 110180: 0.00" in lines
    assert "Everything ties out." in lines
    assert "state          state.sqlite" in lines


def test_a_bridge_names_its_reasons(
    ledger: Ledger, unpaid_d365: D365Books, unpaid_bill: BillBooks
) -> None:
    """The code under its figure, with amount and number of records."""
    empty = attrs.evolve(unpaid_bill, bills=())

    lines = printed(month(ledger, unpaid_d365, empty, parked="MAP_ACCOUNT"))

    assert [line.split() for line in lines if line.startswith("MAP_ACCOUNT")] == [
        ["MAP_ACCOUNT", "│", "1", "│", "100.00", "│", "USD"],
        ["MAP_ACCOUNT", "│", "100.00", "│", "│", "1"],
    ]
    assert any(line.split()[:4] == ["Difference", "│", "│", "0.00"] for line in lines if line)


def test_a_difference_is_named_by_its_record(
    ledger: Ledger, unpaid_d365: D365Books, unpaid_bill: BillBooks
) -> None:
    """A month that does not tie out does not say that it does."""
    empty = attrs.evolve(unpaid_bill, bills=())

    lines = printed(month(ledger, unpaid_d365, empty))

    assert "API-1: 100.00 that nothing explains" in lines
    assert "Bridge MQUS USD: difference 100.00" in lines
    assert "API-1: in no class" in lines
    assert "Everything ties out." not in lines


def test_writes_of_the_last_run_are_a_problem(
    ledger: Ledger, paid_d365: D365Books, paid_bill: BillBooks
) -> None:
    """A run with nothing new must write nothing."""
    played = attrs.evolve(month(ledger, paid_d365, paid_bill), second_run_writes=3)

    assert played.problems == ("the last run wrote 3 times though nothing was new",)


def test_the_json_is_one_object_alone(
    ledger: Ledger,
    paid_d365: D365Books,
    paid_bill: BillBooks,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing but JSON on standard output, in the ledger's words."""
    print_month_json(month(ledger, paid_d365, paid_bill))

    told = json.loads(capsys.readouterr().out)
    (document,) = told["documents"]

    assert (document["document"], document["class"], document["code"]) == (41, "bill", None)
    assert document["journal"] == [
        {
            "payment": "P01",
            "amount": "100.00",
            "date": "2026-10-07",
            "reversal": False,
            "method": "BILL-ACH",
            "offset_account": "110180",
        }
    ]
    assert (told["bills_created"], told["payment_lines_created"]) == (1, 1)
    assert told["second_run_writes"] == 0
    assert told["files"] == {"state": str(Path("demo-1/state.sqlite"))}


def test_records_stand_behind_each_line(
    ledger: Ledger, unpaid_d365: D365Books, unpaid_bill: BillBooks
) -> None:
    """The JSON bridge lists them, per figure and per reason."""
    empty = attrs.evolve(unpaid_bill, bills=())

    played = month(ledger, unpaid_d365, empty, parked="MAP_ACCOUNT")
    (bridge,) = json.loads(json.dumps(month_json(played)))["bridges"]

    assert bridge["parked"] == bridge["d365_open"] == "100.00"
    assert bridge["records"]["d365_open"] == ["API-1"]
    assert bridge["lines"] == [
        {"key": "parked", "code": "MAP_ACCOUNT", "amount": "100.00", "records": ["API-1"]}
    ]


@given(
    amount=st.decimals(min_value=-(10**15), max_value=10**15, places=4, allow_nan=False),
    decimals=st.integers(min_value=0, max_value=3),
)
def test_an_amount_is_never_rounded(amount: Decimal, decimals: int) -> None:
    """It has at least its currency's decimals, and reads back as itself."""
    text = money(amount, decimals)

    assert Decimal(text) == amount
    assert len(text.partition(".")[2]) >= decimals


@pytest.mark.parametrize(
    ("amount", "decimals", "expected"),
    [("0", 2, "0.00"), ("0.000", 0, "0"), ("684200", 0, "684200"), ("412.375", 3, "412.375")],
)
def test_an_amount_has_its_currencys_decimals(amount: str, decimals: int, expected: str) -> None:
    """Zero included."""
    assert money(Decimal(amount), decimals) == expected


def test_lines_are_told_as_they_come() -> None:
    """Without a terminal there is no bar, and every line stays."""
    file = io.StringIO()

    with Screen(Console(file=file)) as screen:
        screen.moved(1, 2)
        screen.tell("reading both books")

    assert file.getvalue() == "reading both books\n"
