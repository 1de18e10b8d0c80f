"""Answers as models, drafts as bodies, lists as pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill_client import BillClient, Undecodable, field
from bill_client._converter import decode, encode, structure, unstructure
from bill_client.models.bills import (
    Bill,
    BillDraft,
    BillLineItemDraft,
    ClassificationsDraft,
    InvoiceDraft,
)
from bill_client.models.payments import Payment

URL = "http://localhost:1/connect/v3"


def draft(amount: Decimal) -> BillDraft:
    """A bill of one line."""
    return BillDraft(
        vendor_id="009",
        due_date=date(2026, 10, 17),
        invoice=InvoiceDraft(invoice_number="JOS-88412", invoice_date=date(2026, 10, 2)),
        bill_line_items=(
            BillLineItemDraft(
                amount=amount, classifications=ClassificationsDraft(chart_of_account_id="0ca")
            ),
        ),
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_an_amount_is_sent_and_read_to_the_last_digit(amount: Decimal) -> None:
    """No float on the way out or in (I-19)."""
    body = decode(encode(unstructure(draft(amount))))

    assert isinstance(body, dict)
    assert amount == Decimal(body["billLineItems"][0]["amount"])


def test_a_draft_is_what_is_set_and_nothing_else() -> None:
    """Camel case on the wire, dates as dates, what is None left out."""
    assert {
        "vendorId": "009",
        "dueDate": "2026-10-17",
        "invoice": {"invoiceNumber": "JOS-88412", "invoiceDate": "2026-10-02"},
        "billLineItems": [
            {
                "amount": Decimal("999999999999999.99"),
                "classifications": {"chartOfAccountId": "0ca"},
            }
        ],
    } == unstructure(draft(Decimal("999999999999999.99")))


def test_absent_keys_are_none_and_unknown_ones_are_kept() -> None:
    """BILL omits what is not set, and may send what we do not know."""
    bill = structure(
        Bill,
        {
            "id": "00n",
            "vendorId": "009",
            "amount": 684200,
            "createdTime": "2026-12-30T23:15:23.127+00:00",
            "newThing": {"a": 1},
        },
    )

    assert Decimal(684200) == bill.amount
    assert bill.due_date is None
    assert datetime(2026, 12, 30, 23, 15, 23, 127_000, tzinfo=UTC) == bill.created_time
    assert {"newThing": {"a": 1}} == bill.extra


def test_an_unknown_payment_state_survives() -> None:
    """A new word is read as it is (row 33)."""
    payment = structure(Payment, {"id": "stp", "amount": 1, "singleStatus": "SETTLED_SOMEHOW"})

    assert "SETTLED_SOMEHOW" == payment.single_status


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"vendorId": "009", "amount": 1}, "id"),
        ({"id": "00n", "vendorId": "009", "amount": "one"}, "amount"),
        ({"id": "00n", "vendorId": 9, "amount": 1}, "vendor"),
        (["not an object"], "object"),
    ],
)
def test_what_does_not_fit_names_the_field(told: object, problem: str) -> None:
    """A schema that changed is an error with its place, never a wrong value."""
    with pytest.raises(Undecodable) as refused:
        structure(Bill, told)

    assert any(problem in item for item in refused.value.problems)


def pages(answers: Sequence[dict[str, object]], seen: list[httpx.URL]) -> BillClient:
    """A client whose list has these pages."""
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url)
        return httpx.Response(200, json=left.pop(0))

    made = BillClient(URL, auth=httpx.Auth())
    made._http._transport = httpx.MockTransport(answer)
    return made


async def test_a_list_follows_its_token_without_resending_filters_and_sort() -> None:
    """Each page once; `max` always; with a token nothing else (`bill.md` §4)."""
    seen: list[httpx.URL] = []
    one, two = {"id": "a", "name": "A"}, {"id": "b", "name": "B"}
    async with pages([{"results": [one], "nextPage": "t1"}, {"results": [two]}], seen) as bill:
        names = [
            vendor.name async for vendor in bill.vendors.list(field("name") == "A", sort="name:asc")
        ]

    assert ["A", "B"] == names
    assert {"max": "100", "filters": 'name:eq:"A"', "sort": "name:asc"} == dict(seen[0].params)
    assert {"max": "100", "page": "t1"} == dict(seen[1].params)


async def test_a_token_that_repeats_is_an_error() -> None:
    """A list without end is refused, not read for ever."""
    again: dict[str, object] = {"results": [], "nextPage": "t1"}
    async with pages([again, again, again], []) as bill:
        with pytest.raises(Undecodable, match="read before"):
            await bill.vendors.list().all()


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.prod.bill.com",
        "https://gateway.prod.bill.com/v3",
        "http://gateway.prod.bill.com/connect/v3",
        "staging",
    ],
)
def test_a_url_that_cannot_work_is_refused_with_what_to_give(url: str) -> None:
    """The commonest mistake is half a prefix; http would show the password."""
    with pytest.raises(ValueError, match="environment"):
        BillClient(url, auth=httpx.Auth())


@pytest.mark.parametrize("name", ["sandbox", "production"])
async def test_environments_go_by_name(name: str) -> None:
    """BILL's own two hosts."""
    async with BillClient(name, auth=httpx.Auth()) as bill:
        assert bill.base_url.startswith("https://gateway.")
        assert bill.base_url.endswith("/connect/v3")
