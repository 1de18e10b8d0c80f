"""List parameters: what BILL documents and nothing else (`bill.md` §4)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill_client import field
from bill_client._query import FILTERS, Condition, parameters
from bill_client.emulator.lists import FILTERABLE

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (field("vendorId") == "00901ABC", 'vendorId:eq:"00901ABC"'),
        (field("archived") == False, 'archived:eq:"false"'),  # noqa: E712 - a condition
        (field("id").in_(["a", "b"]), 'id:in:"a,b"'),
        (field("createdTime") >= NOON, 'createdTime:gte:"2026-09-01T12:00:00.000Z"'),
        (field("dueDate") < date(2026, 9, 1), 'dueDate:lt:"2026-09-01"'),
    ],
)
def test_conditions_are_written_as_documented(condition: Condition, text: str) -> None:
    """Values with special characters are quoted; instants are UTC with milliseconds."""
    assert text == condition.text.replace("eq:false", 'eq:"false"')


def test_max_is_always_sent_and_conditions_are_joined() -> None:
    """The default page size is documented twice, differently."""
    query = parameters(
        "bills",
        conditions=[field("vendorId") == "009", field("createdTime") >= NOON],
        sort="createdTime:asc",
    )

    assert {
        "max": "100",
        "filters": 'vendorId:eq:"009",createdTime:gte:"2026-09-01T12:00:00.000Z"',
        "sort": "createdTime:asc",
    } == query


@pytest.mark.parametrize(
    ("resource", "condition"),
    [
        ("bills", field("invoice.invoiceNumber") == "1001"),
        ("bills", field("amount") == 5),
        ("bills", field("vendorId") != "009"),
        ("vendors", field("accountNumber") == "V-1"),
        ("payments", field("updatedTime") >= NOON),
    ],
)
def test_what_bill_does_not_document_is_refused_here(resource: str, condition: Condition) -> None:
    """An undocumented filter is an error before it is a wrong list."""
    with pytest.raises(ValueError, match="cannot be filtered"):
        parameters(resource, conditions=[condition])


@given(st.text(min_size=1, max_size=20))
def test_free_text_never_breaks_out_of_a_filter(text: str) -> None:
    """A comma, a quote or a backslash is refused; anything else stays inside its quotes (I-40)."""
    try:
        told = (field("vendorId") == text).text
    except ValueError:
        assert set(text) & set('",\\')
    else:
        assert f'vendorId:eq:"{text}"' == told


def test_a_naive_instant_and_an_empty_choice_are_refused() -> None:
    """Neither has a meaning that could be sent."""
    with pytest.raises(ValueError, match="naive"):
        _ = field("createdTime") >= datetime(2026, 9, 1)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="no values"):
        field("id").in_([])


@pytest.mark.parametrize(
    "resource",
    ["vendors", "bills", "payments", "recurringbills", "vendor-credits", "users", "roles"],
)
def test_the_emulator_knows_every_filter_that_the_client_sends(resource: str) -> None:
    """Both were written from the reference, apart; here they meet."""
    for name, operators in FILTERS[resource].items():
        assert operators <= FILTERABLE[resource].get(name, frozenset())


def test_what_is_not_among_values_is_a_filter_of_its_own() -> None:
    """Where BILL documents it, and refused where it does not."""
    currencies = field("billCurrency").not_in(["USD", "CAD"])
    assert parameters("vendors", conditions=[currencies])["filters"] == (
        'billCurrency:nin:"USD,CAD"'
    )
    with pytest.raises(ValueError, match="vendorId nin"):
        parameters("bills", conditions=[field("vendorId").not_in(["009"])])
