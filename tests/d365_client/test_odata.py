"""OData text: what is written is valid, means what was said, and cannot be broken out of."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import (
    Condition,
    CustVendorBlocked,
    Order,
    escape_display_value,
    field,
    split_display_value,
    unescape_display_value,
)
from d365_client._odata import VALUES_A_REQUEST, Literal, key_predicate, literal, options

TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("US-108", "'US-108'"),
        ("O'Neill & Söhne", "'O''Neill & Söhne'"),
        ("", "''"),
        (5637144576, "5637144576"),
        (-1, "-1"),
        (True, "true"),
        (False, "false"),
        (Decimal("90055.60"), "90055.60"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.000001"), "-0.000001"),
        (date(2026, 3, 31), "2026-03-31T12:00:00Z"),
        (datetime(2026, 3, 31, 8, 30, tzinfo=UTC), "2026-03-31T08:30:00Z"),
        (datetime(2026, 3, 31, 8, 30, tzinfo=TOKYO), "2026-03-30T23:30:00Z"),
        (datetime(2026, 3, 31, 8, 30, 0, 1200, tzinfo=UTC), "2026-03-31T08:30:00.001200Z"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\x01\xff", "binary'01FF'"),
        (CustVendorBlocked.NO, "Microsoft.Dynamics.DataEntities.CustVendorBlocked'No'"),
        (
            CustVendorBlocked("Partner's"),
            "Microsoft.Dynamics.DataEntities.CustVendorBlocked'Partner''s'",
        ),
    ],
)
def test_a_literal_of_every_kind(value: Literal, text: str) -> None:
    """Each kind of value has the literal of `d365.md` §2.3: dates at noon, enums qualified."""
    assert literal(value) == text


@pytest.mark.parametrize("value", [0.1, None, object(), [1]])
def test_a_value_of_another_kind_has_no_literal(value: object) -> None:
    """A float would be inexact, and nothing else has a form that D365 knows."""
    with pytest.raises(TypeError, match="no OData literal"):
        literal(value)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), datetime(2026, 1, 1)])  # noqa: DTZ001 - naive is the point
def test_a_value_that_means_nothing_on_the_wire_is_refused(value: Literal) -> None:
    """Not a number and a naive instant are refused where they are given."""
    with pytest.raises(ValueError, match=r"no OData literal|naive"):
        literal(value)


@given(st.text())
def test_a_text_cannot_be_broken_out_of(text: str) -> None:
    """Between the quotes every quote is doubled, so the literal ends where it should."""
    written = literal(text)

    assert (written[0], written[-1]) == ("'", "'")
    assert "'" not in written[1:-1].replace("''", "")
    assert written[1:-1].replace("''", "'") == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_exact(number: Decimal) -> None:
    """The literal of a Decimal is the same number, without an exponent."""
    written = literal(number)

    assert Decimal(written) == number
    assert "E" not in written.upper()


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2154, 12, 31)),  # noqa: DTZ001 - the zone is drawn below
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_is_the_same_instant(naive: datetime, offset: int) -> None:
    """Whatever its zone, an instant is written as the same instant in UTC."""
    instant = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    written = literal(instant)

    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == instant


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (field("VendGroup") == "10", "VendGroup eq '10'"),
        (field("AmountCur") != Decimal("0.5"), "AmountCur ne 0.5"),
        (field("SourceKey") < 7, "SourceKey lt 7"),
        (field("SourceKey") <= 7, "SourceKey le 7"),
        (field("DueDate") > date(2026, 1, 2), "DueDate gt 2026-01-02T12:00:00Z"),
        (field("DueDate") >= date(2026, 1, 2), "DueDate ge 2026-01-02T12:00:00Z"),
        (field("Name") == "*retail*", "Name eq '*retail*'"),
        ((field("A") == 1) & (field("B") == 2), "A eq 1 and B eq 2"),
        ((field("A") == 1) | (field("B") == 2), "(A eq 1 or B eq 2)"),
        (
            ((field("A") == 1) | (field("B") == 2)) & (field("C") == 3),
            "(A eq 1 or B eq 2) and C eq 3",
        ),
        (
            (field("C") == 3) & ((field("A") == 1) | (field("B") == 2)),
            "C eq 3 and (A eq 1 or B eq 2)",
        ),
        (field("A").in_([1, 2, 2]), "(A eq 1 or A eq 2)"),
        (field("A").in_(["x"]) & (field("B") == 2), "(A eq 'x') and B eq 2"),
    ],
)
def test_a_condition_reads_as_it_was_written(condition: Condition, text: str) -> None:
    """Comparing a field gives the filter that says the same, with brackets where `or` is."""
    assert condition.texts == (text,)


def test_a_condition_knows_its_fields() -> None:
    """So that a model or metadata can refuse one that it does not have."""
    condition = ((field("A") == 1) | (field("B") == 2)) & field("C").in_([3])

    assert condition.fields == {"A", "B", "C"}


@pytest.mark.parametrize("name", ["", "A B", "A eq 1 or B", "A/B", "1A", "A')"])
def test_a_field_is_named_by_an_identifier(name: str) -> None:
    """A name with anything else in it could be an expression."""
    with pytest.raises(ValueError, match="not a property's name"):
        field(name)


@given(st.lists(st.integers(), min_size=1, max_size=40, unique=True))
def test_one_of_many_values_is_asked_for_in_several_texts(values: list[int]) -> None:
    """Each value stands in exactly one text, and no text has more values than a URL takes."""
    texts = field("A").in_(values).texts

    assert all(text.count(" eq ") <= VALUES_A_REQUEST for text in texts)
    assert [part for text in texts for part in text[1:-1].split(" or ")] == [
        f"A eq {value}" for value in values
    ]


def test_two_long_lists_of_values_meet_in_every_combination() -> None:
    """`and` of alternatives is each with each."""
    left, right = range(VALUES_A_REQUEST + 1), range(VALUES_A_REQUEST * 2)
    condition = field("A").in_(left) & field("B").in_(right)
    last = " or ".join(f"B eq {value}" for value in right[VALUES_A_REQUEST:])

    assert len(condition.texts) == 2 * 2
    assert condition.texts[3] == f"(A eq {VALUES_A_REQUEST}) and ({last})"


def test_one_of_many_values_or_something_else_is_one_expression() -> None:
    """An alternative of alternatives cannot be asked for apart: rows would come twice."""
    condition = field("A").in_(range(VALUES_A_REQUEST + 1)) | (field("B") == 1)

    assert len(condition.texts) == 1
    assert condition.texts[0].count(" or ") == VALUES_A_REQUEST + 1


def test_one_of_no_values_is_refused() -> None:
    """An empty filter would give every row instead of none."""
    with pytest.raises(ValueError, match="A: one of no values"):
        field("A").in_([])


def test_a_field_is_no_key() -> None:
    """Equality is a condition, so a field that lay in a set would be found by chance."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(field("A"))


def test_a_key_names_every_value_encoded() -> None:
    """Quotes, slashes and letters of any script stay inside their value (`d365.md` §2.5)."""
    predicate = key_predicate(
        "VendorPaymentJournalLines",
        {"dataAreaId": "usmf", "JournalBatchNumber": "A/1'ü", "LineNumber": Decimal(1)},
    )

    assert predicate == (
        "VendorPaymentJournalLines(dataAreaId=%27usmf%27,"
        "JournalBatchNumber=%27A%2F1%27%27%C3%BC%27,LineNumber=1)"
    )


@given(st.text())
def test_a_key_of_any_text_is_one_segment_of_the_path(text: str) -> None:
    """No value of a key opens another segment, a query or a fragment."""
    predicate = key_predicate("Set", {"Name": text})

    assert set(predicate).isdisjoint("/?# ")
    assert unquote(predicate) == f"Set(Name={literal(text)})"


def test_a_query_always_asks_every_company() -> None:
    """Without it rows of other companies are missing silently (`d365.md` §9, 1)."""
    assert options() == {"cross-company": "true"}


def test_a_query_has_what_was_asked_for() -> None:
    """Each option goes under its OData name."""
    asked = options(
        text="A eq 1",
        select=("A", "B"),
        order_by=(Order(name="B", descends=True), Order(name="A")),
        top=0,
    )

    assert asked == {
        "cross-company": "true",
        "$filter": "A eq 1",
        "$select": "A,B",
        "$orderby": "B desc,A",
        "$top": "0",
    }


@pytest.mark.parametrize(
    ("value", "delimiter", "escaped"),
    [
        ("US-108", "-", "US\\-108"),
        ("DAT-0000000002", "-", "DAT\\-0000000002"),
        ("USMF OPER", "-", "USMF OPER"),
        ("US-108", "~", "US-108"),
        ("a--b", "--", "a\\--b"),
    ],
)
def test_a_display_value_escapes_its_delimiter(value: str, delimiter: str, escaped: str) -> None:
    """As recorded: the delimiter inside a value has a backslash before it (`d365.md` §4.3)."""
    assert escape_display_value(value, delimiter) == escaped
    assert unescape_display_value(escaped, delimiter) == value


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("600150-001-007-022", ["600150", "001", "007", "022"]),
        ("001--", ["001", "", ""]),
        ("US\\-108", ["US-108"]),
        ("600150-A\\-1-", ["600150", "A-1", ""]),
        ("", [""]),
    ],
)
def test_a_display_value_is_split_where_its_delimiter_is_not_escaped(
    text: str, segments: list[str]
) -> None:
    """Omitted segments are empty, escaped delimiters belong to their value."""
    assert split_display_value(text) == segments


@given(
    st.lists(st.text(alphabet=st.characters(exclude_characters="\\")), min_size=1),
    st.sampled_from("-._|~"),
)
def test_segments_survive_a_display_value(segments: list[str], delimiter: str) -> None:
    """Escaped, joined and split again, any values without backslashes are what they were."""
    joined = delimiter.join(escape_display_value(segment, delimiter) for segment in segments)

    assert split_display_value(joined, delimiter) == segments
