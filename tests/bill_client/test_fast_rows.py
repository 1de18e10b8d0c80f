"""The fast way reads what the converter reads, or leaves it to it (ADR 7)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bill_client import Bill, Payment, Undecodable, Vendor
from bill_client._converter import decode, structure, unstructure
from bill_client._fast_rows import fast_reading
from bill_client._rows import RowReader

BILL: dict[str, Any] = {
    "id": "00n1",
    "vendorId": "0091",
    "amount": 10.50,
    "archived": False,
    "dueDate": "2026-10-31",
    "invoice": {"invoiceNumber": "1", "invoiceDate": "2026-10-01"},
    "billLineItems": [{"id": "bli1", "amount": 10.50, "classifications": {"jobId": "job1"}}],
    "approvers": [{"userId": "006", "approverOrder": 1}],
    "paymentStatus": "A_NEW_WORD",
    "createdTime": "2026-10-01T08:15:30.127+00:00",
}


def body(*rows: object, **more: object) -> bytes:
    """A page."""
    return json.dumps({"results": rows, **more}).encode()


def slowly(model: Any, page: bytes) -> list[Any]:
    """What the converter makes of a page's rows."""
    told: Any = decode(page)
    return [structure(model, row) for row in told["results"]]


values = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-1000, max_value=1000
    ).map(float)
    | st.text(max_size=5)
    | st.sampled_from(
        [
            "2026-10-31",
            "2026-10-31T00:00:00.000+00:00",
            "2026-10-01T08:15:30.127Z",
            "2026-10-01T10:15:30+02:00",
            "2026-10-01T08:15:30",
            "NaN",
            "10.5",
        ]
    )
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.sampled_from(["id", "amount", "new"]), st.integers(), max_size=2)
)


@given(
    changes=st.dictionaries(
        st.sampled_from(
            [*BILL, "fundingAmount", "description", "updatedTime", "classifications", "newField"]
        ),
        values,
        max_size=4,
    )
)
@example(changes={"amount": "10.5"})
@example(changes={"amount": "NaN"})
@example(changes={"dueDate": "2026-10-31T00:00:00.000+00:00"})
@example(changes={"createdTime": "2026-10-01T10:15:30+02:00"})
def test_the_fast_way_may_refuse_and_never_differs(changes: dict[str, object]) -> None:
    """Whatever a field is, what it gives is what the converter gives."""
    page = body(BILL, {**BILL, **changes})
    fast = fast_reading(Bill, {})
    assert fast is not None

    read = fast(page)

    if read is not None:
        assert list(read[0]) == slowly(Bill, page)


def test_what_a_usual_page_has_is_read_fast() -> None:
    """With its token, and the words that nobody knows."""
    fast = fast_reading(Bill, {})
    assert fast is not None
    read = fast(body(BILL, nextPage="token"))
    assert read is not None
    [bill], token = read
    assert (token, str(bill.payment_status)) == ("token", "A_NEW_WORD")
    assert bill.amount == Decimal("10.5")
    assert unstructure(bill) == {**BILL, "createdTime": "2026-10-01T08:15:30.127Z"}


def test_a_field_that_nobody_named_is_learned() -> None:
    """The first page with it is read slowly, the next one fast again; it is kept both times."""
    reader = RowReader(Bill)
    page = body({**BILL, "newField": 1, "invoice": {"invoiceNumber": "1", "newer": [2]}})
    first = reader(page)
    again = reader._fast(page) if reader._fast else None

    assert again is not None
    assert list(again[0]) == list(first.rows)
    assert first.rows[0].extra == {"newField": 1}
    assert first.rows[0].invoice is not None
    assert first.rows[0].invoice.extra == {"newer": [2]}
    assert reader(body(BILL)).rows == slowly(Bill, body(BILL))


@pytest.mark.parametrize("model", [Bill, Vendor, Payment])
def test_the_models_of_long_lists_have_a_fast_way(model: Any) -> None:
    """Or reading them would be three times as slow without a word."""
    assert fast_reading(model, {}) is not None


@pytest.mark.parametrize("page", [b"[]", b'{"results": 1}', b'{"rows": []}', b'{"results": [1]}'])
def test_what_is_no_page_is_told(page: bytes) -> None:
    """By the slow way, which knows how."""
    with pytest.raises(Undecodable):
        RowReader(Bill)(page)
