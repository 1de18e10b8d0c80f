"""$filter: what it finds, what it refuses."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from d365_client.emulator.books import Books
from d365_client.emulator.filters import compile_filter
from d365_client.emulator.settings import Settings
from d365_client.emulator.shipped_catalog import load_catalog
from d365_client.emulator.values import Plain, day_text, instant_text, number_text

MARKS = "VendorPaymentJournalLineSettledInvoices"
CATALOG = load_catalog()
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), max_size=30)
NUMBERS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**17), 10**17),
    st.integers(0, 6),
)
DAYS = st.dates(date(1900, 1, 1), date(2154, 12, 31))
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2154, 12, 31)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda instant: instant.replace(microsecond=0, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Books without rows."""
    path = tmp_path_factory.mktemp("books") / "books.sqlite"
    rng = random.Random(7)  # noqa: S311 - RecVersions are no secrets
    opened = Books(path, CATALOG, now=lambda: NOW, rng=rng)
    yield opened
    opened.close()


def found(
    books: Books, set_name: str, rows: list[dict[str, Plain]], text: str, **switches: object
) -> list[int]:
    """Which of the rows, by their place, a filter finds; the books are as before afterwards."""
    condition = compile_filter(text, CATALOG.sets[set_name], CATALOG, Settings().merged(switches))
    stored = [books.insert(set_name, row) for row in rows]
    try:
        hits = {row.record_id for row in books.rows(set_name, condition)}
    finally:
        for row in stored:
            books.delete(set_name, row)
    return [place for place, row in enumerate(stored) if row.record_id in hits]


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def marks(field: str, *values: Plain) -> list[dict[str, Plain]]:
    """Settled-invoice rows that differ in one field."""
    return [{"JournalLineNumber": place, field: value} for place, value in enumerate(values)]


MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(text=TEXTS, other=TEXTS)
def test_any_text_finds_its_row_and_only_it(books: Books, text: str, other: str) -> None:
    """A text, quoted once, equals the row that has it and no other."""
    rows = marks("invoiceAccount", text, other)

    hits = found(books, MARKS, rows, f"invoiceAccount eq {quoted(text)}")

    assert hits == ([0, 1] if text == other else [0])


@MANY
@given(number=NUMBERS, other=NUMBERS)
def test_any_number_finds_its_row_and_only_it(
    books: Books, number: Decimal, other: Decimal
) -> None:
    """An amount equals, exceeds or falls short of another exactly, whatever its digits."""
    rows = marks("SettlementAmountInInvoiceCurrency", number, other)
    literal = number_text(number)

    for operator, holds in (
        ("eq", [number == row for row in (number, other)]),
        ("ne", [number != row for row in (number, other)]),
        ("lt", [row < number for row in (number, other)]),
        ("ge", [row >= number for row in (number, other)]),
    ):
        text = f"SettlementAmountInInvoiceCurrency {operator} {literal}"

        assert found(books, MARKS, rows, text) == [n for n, hit in enumerate(holds) if hit]


@MANY
@given(day=DAYS, other=DAYS)
def test_any_date_finds_its_row_and_only_it(books: Books, day: date, other: date) -> None:
    """A date, written as noon, equals its row, and ranges of days hold what lies in them."""
    rows: list[dict[str, Plain]] = [
        {"Calendar": str(place), "StartDate": value} for place, value in enumerate((day, other))
    ]

    exact = found(books, "FiscalPeriods", rows, f"StartDate eq {day_text(day)}")
    later = found(books, "FiscalPeriods", rows, f"StartDate gt {day_text(day)}")

    assert exact == ([0, 1] if day == other else [0])
    assert later == ([1] if other > day else [])


@MANY
@given(instant=INSTANTS, milliseconds=st.integers(-2000, 2000))
def test_instants_are_ordered_to_the_fraction(
    books: Books, instant: datetime, milliseconds: int
) -> None:
    """A literal with a fraction of a second lies between the whole seconds that are stored."""
    rows: list[dict[str, Plain]] = [{"JournalNumber": "1", "CreatedOn": instant}]
    literal = instant + timedelta(milliseconds=milliseconds)
    text = literal.isoformat().replace("+00:00", "Z")

    hits = found(books, "GeneralJournalEntryBiEntities", rows, f"CreatedOn lt {text}")

    assert hits == ([0] if instant < literal else [])


@MANY
@given(st.text("ab*?[]%_'\\", max_size=6), st.text("ab?[]%_'\\", max_size=6))
def test_a_star_stands_for_anything(books: Books, pattern: str, text: str) -> None:
    """`eq` takes `*` as a wildcard and every other character as itself (d365.md §2.3)."""
    regex = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)

    for switch in (False, True):
        hits = found(
            books,
            MARKS,
            marks("invoiceAccount", text),
            f"invoiceAccount eq {quoted(pattern)}",
            text_ignores_case=switch,
        )

        assert hits == ([0] if regex.fullmatch(text) else [])


LINES: list[dict[str, Plain]] = [
    {
        "dataAreaId": "mqus",
        "JournalBatchNumber": "00001",
        "LineNumber": Decimal(1),
        "Voucher": "PAY-1",
        "DebitAmount": Decimal("100.5"),
        "ChargeBearer": 7,
        "IsPrepayment": "Yes",
        "TransactionDate": date(2026, 10, 1),
    },
    {
        "dataAreaId": "mqgs",
        "JournalBatchNumber": "00002",
        "LineNumber": Decimal(2),
        "Voucher": "pay-2",
        "DebitAmount": Decimal(9),
        "IsPrepayment": None,
        "TransactionDate": date(2026, 10, 31),
    },
]
NO_YES = "Microsoft.Dynamics.DataEntities.NoYes"


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        (f"IsPrepayment eq {NO_YES}'Yes'", [0]),
        (f"IsPrepayment ne {NO_YES}'Yes'", [1]),
        ("IsPrepayment eq null", [1]),
        ("DebitAmount gt 9", [0]),
        ("DebitAmount gt 9.0 and DebitAmount lt 100.50", []),
        ("DebitAmount ge 9 and DebitAmount le 100.50", [0, 1]),
        ("DebitAmount sub 0.5 eq 100", [0]),
        ("DebitAmount mul 2 eq 18", [1]),
        ("DebitAmount add ChargeBearer eq 107.5", [0]),
        ("DebitAmount eq -9 mul -1", [1]),
        ("-DebitAmount eq -9", [1]),
        ("7 div 2 eq 3", [0, 1]),
        ("7 divby 2 eq 3.5", [0, 1]),
        ("DebitAmount div 2 eq 4.5", [1]),
        ("DebitAmount mod 2 eq 1", [1]),
        ("ChargeBearer eq 7", [0]),
        ("ChargeBearer lt 7.5 and ChargeBearer gt 6.5", [0]),
        ("dataAreaId eq 'MQUS'", [0]),
        ("not (LineNumber eq 1)", [1]),
        ("LineNumber eq 1 or LineNumber eq 2", [0, 1]),
        ("LineNumber eq 1 or LineNumber eq 2 and LineNumber eq 3", [0]),
        ("(LineNumber eq 1 or LineNumber eq 2) and LineNumber eq 2", [1]),
        ("contains(Voucher,'-')", [0, 1]),
        ("startswith(Voucher,'PAY')", [0]),
        ("endswith(Voucher,'2')", [1]),
        ("Voucher eq 'PAY*'", [0]),
        ("Voucher ne '*1'", [1]),
        ("Voucher gt 'Q'", [1]),
        ("TransactionDate ge 2026-10-02T00:00:00Z", [1]),
        ("TransactionDate eq 2026-10-01T14:00:00%2B02:00".replace("%2B", "+"), [0]),
        ("TransactionDate eq 2026-10-01T00:00:00Z", []),
        ("  LineNumber eq 1  ", [0]),
        ("true", [0, 1]),
    ],
)
def test_what_a_filter_finds(books: Books, text: str, hits: list[int]) -> None:
    """The operators of d365.md §2.3, each over two lines."""
    assert found(books, "VendorPaymentJournalLines", LINES, text) == hits


@pytest.mark.parametrize(
    "text",
    [
        "Voucher in ('PAY-1','pay-2')",
        "IsPrepayment has Microsoft.Dynamics.DataEntities.NoYes'Yes'",
        "voucher eq 'PAY-1'",
        "Nothing eq 1",
        "Voucher EQ 'PAY-1'",
        "Voucher eq 'PAY-1' AND LineNumber eq 1",
        "Voucher eq PAY",
        "Voucher eq 5",
        "LineNumber eq '1'",
        "IsPrepayment eq 'Yes'",
        "IsPrepayment eq NoYes'Yes'",
        "IsPrepayment eq Microsoft.Dynamics.DataEntities.NoYes'Maybe'",
        "IsPrepayment eq Microsoft.Dynamics.DataEntities.CustVendorBlocked'No'",
        "IsPrepayment gt Microsoft.Dynamics.DataEntities.NoYes'No'",
        "Voucher lt null",
        "TransactionDate eq '2026-10-01T12:00:00Z'",
        "TransactionDate eq 2026-10-01",
        "TransactionDate eq 2026-10-01T12:00:00",
        "tolower(Voucher) eq 'pay-1'",
        "contains(LineNumber,'1')",
        "contains(Voucher,Voucher)",
        "LineNumber add 'x' eq 1",
        "LineNumber",
        "LineNumber add 1",
        "not LineNumber",
        "LineNumber eq 1 and 5",
        "LineNumber eq",
        "'unfinished",
        "",
        "VendorPaymentJournalHeader/IsPosted eq 1",
        "VendorPaymentJournalFee/any(f:f/Amount gt 1)",
    ],
)
def test_what_a_filter_may_not_say(text: str) -> None:
    """Grammar, names, types and what F&O lacks: each is refused before anything is read."""
    with pytest.raises(ValueError, match=r".+"):
        compile_filter(text, CATALOG.sets["VendorPaymentJournalLines"], CATALOG, Settings())


def test_string_functions_can_be_switched_off() -> None:
    """Reports of a 400 on contains() and of its use contradict each other (d365.md §2.3)."""
    without = Settings(string_functions=False)

    with pytest.raises(ValueError, match="contains"):
        compile_filter(
            "contains(Voucher,'x')", CATALOG.sets["VendorPaymentJournalLines"], CATALOG, without
        )


@pytest.mark.parametrize(("ignores", "hits"), [(False, [0]), (True, [0, 1])])
def test_case_counts_unless_it_is_switched_off(
    books: Books, *, ignores: bool, hits: list[int]
) -> None:
    """Text is compared exactly, or as a server does that minds no case."""
    rows = marks("invoiceAccount", "Ab", "aB")

    for text in ("invoiceAccount eq 'Ab'", "invoiceAccount eq 'A*'"):
        assert found(books, MARKS, rows, text, text_ignores_case=ignores) == hits


@pytest.mark.parametrize(("ignores", "hits"), [(False, []), (True, [0])])
def test_a_date_equals_any_time_of_its_day_if_so_switched(
    books: Books, *, ignores: bool, hits: list[int]
) -> None:
    """How the server coerces T00:00:00Z for date fields is unverified (d365.md §2.3)."""
    text = "TransactionDate eq 2026-10-01T00:00:00Z"
    switches = {"date_filters_ignore_time": ignores}

    assert found(books, "VendorPaymentJournalLines", LINES, text, **switches) == hits


def test_a_field_whose_name_begins_with_a_keyword_is_a_field(books: Books) -> None:
    """`AllocationLevel` is no `all` with something behind it."""
    rows: list[dict[str, Plain]] = [{"AllocationLevel": 3}]

    assert found(books, "GeneralJournalAccountEntryBiEntities", rows, "AllocationLevel eq 3") == [0]


def test_a_long_chain_is_no_tower(books: Books) -> None:
    """Thousands of alternatives neither exhaust Python's stack nor SQLite's."""
    text = " or ".join(f"invoiceAccount eq '{number}'" for number in range(5000))

    assert found(books, MARKS, marks("invoiceAccount", "4999", "5000"), text) == [0]


def test_instants_are_compared_in_utc(books: Books) -> None:
    """An offset in a literal is converted, not ignored."""
    rows: list[dict[str, Plain]] = [{"JournalNumber": "1", "CreatedOn": NOW}]
    text = f"CreatedOn eq {instant_text(NOW)[:-1].replace('08', '10', 1)}+02:00"

    assert found(books, "GeneralJournalEntryBiEntities", rows, text) == [0]
