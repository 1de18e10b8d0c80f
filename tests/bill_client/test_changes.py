"""Changes and windows: nothing is skipped or comes twice, whatever happens meanwhile (§4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill_client import BillClient, Page, Vendor, field
from bill_client._changes import Changes
from bill_client._time_queries import changed_from, windows
from bill_client.emulator.server import BillServer
from bill_client.errors import Undecodable

T0 = datetime(2026, 10, 1, tzinfo=UTC)
SIZE = 3


def at(number: int) -> datetime:
    """So many seconds later."""
    return T0 + timedelta(seconds=number)


class Book:
    """Vendors that are listed by their change, in pages of three found by offset."""

    def __init__(self, changes: Mapping[str, int]) -> None:
        self.changes = dict(changes)
        self.meanwhile: list[tuple[str, int]] = []
        self.asked = 0

    async def __call__(self, query: Mapping[str, str]) -> Page[Vendor]:
        """One page; then somebody changes a vendor."""
        self.asked += 1
        start, offset = query["page"].split("|") if "page" in query else (query["start"], "0")
        since = datetime.fromisoformat(start)
        rows = sorted(
            (vendor for vendor in self.changes.items() if at(vendor[1]) >= since),
            key=lambda vendor: vendor[1],
        )
        after = int(offset) + SIZE
        items = [
            Vendor(id=name, name=name, updated_time=at(second))
            for name, second in rows[int(offset) : after]
        ]
        if self.meanwhile:
            name, second = self.meanwhile.pop(0)
            self.changes[name] = second
        return Page(items=items, next=f"{start}|{after}" if after < len(rows) else None)

    def since(self, start: datetime) -> Changes[Vendor]:
        """Everything changed since then."""
        return Changes(fetch=self, queries=[lambda now: {"start": now.isoformat()}], since=start)


@given(
    changes=st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 5)),
    meanwhile=st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.integers(6, 9)), max_size=5),
)
async def test_no_change_is_skipped_when_rows_move_between_pages(
    changes: dict[str, int], meanwhile: list[tuple[str, int]]
) -> None:
    """Every vendor is given, with its newest change if that was before the list ended."""
    book = Book(changes)
    # Time goes on: what changes later has a later time.
    book.meanwhile = [(name, 10 + number) for number, (name, _) in enumerate(meanwhile)]

    given_rows = await book.since(T0).all()

    pairs = [(vendor.id, vendor.updated_time) for vendor in given_rows]
    assert len(pairs) == len(set(pairs))
    unmoved = {name for name in changes if name not in {moved for moved, _ in meanwhile}}
    assert {*changes} <= {name for name, _ in pairs} | {moved for moved, _ in book.meanwhile}
    assert {(name, at(changes[name])) for name in unmoved} <= set(pairs)


async def test_more_rows_of_one_instant_than_a_page_has_are_all_given() -> None:
    """Beginning anew at the same instant would never end: there the token goes on."""
    book = Book(dict.fromkeys("abcdefgh", 1) | {"z": 2})
    changes = book.since(T0)

    told = await changes.all()

    assert sorted(vendor.id for vendor in told) == sorted("abcdefghz")
    assert changes.watermark == at(2)


async def test_nothing_changed_costs_one_page_and_has_no_watermark() -> None:
    """The next run begins where this one did."""
    book = Book({})
    changes = book.since(T0)
    assert (await changes.all(), changes.watermark, book.asked) == ([], None, 1)


async def test_a_row_that_does_not_say_when_is_an_error() -> None:
    """It would be lost without a word."""

    async def page(_: Mapping[str, str]) -> Page[Vendor]:
        return Page(items=[Vendor(id="a", name="a")], next=None)

    with pytest.raises(Undecodable, match="does not tell when"):
        await Changes(fetch=page, queries=[lambda _: {}], since=T0).all()


async def test_archived_vendors_are_among_the_changes(
    client: BillClient, bill_server: BillServer
) -> None:
    """Whatever BILL shows unasked; and the watermark goes on to the next run."""
    vendors: Sequence[Mapping[str, object]] = [
        {"name": name, "archived": name == "B", "updatedTime": at(number).isoformat()}
        for number, name in enumerate("ABC")
    ]
    bill_server.seed("vendors", *vendors)
    for shown in (True, False):
        bill_server.control.change_settings(archived_in_unfiltered_lists=shown)
        changes = client.vendors.changed_since(T0, overlap=timedelta(0))
        names = [vendor.name for vendor in await changes.all()]
        assert {"A", "B", "C"} <= {*names}
        assert len(names) == len({*names})
    changes = client.vendors.changed_since(T0, overlap=timedelta(0))
    await changes.all()
    again = client.vendors.changed_since(changes.watermark or T0, overlap=timedelta(0))
    assert "A" not in [vendor.name for vendor in await again.all()]


def test_who_says_which_is_asked_for_those_only() -> None:
    """One query instead of two."""
    assert len(changed_from("vendors", [field("archived") == False])) == 1  # noqa: E712 - a condition
    assert len(changed_from("vendors", [])) == 2


@given(
    seconds=st.integers(1, 10**8),
    microseconds=st.integers(0, 999_999),
    number=st.integers(1, 200),
)
def test_windows_leave_nothing_out_and_nothing_is_in_two(
    seconds: int, microseconds: int, number: int
) -> None:
    """Each begins where the one before ends, to the millisecond in which they are sent."""
    since = T0 + timedelta(microseconds=microseconds)
    until = T0 + timedelta(seconds=seconds + 1)

    found = list(windows(since, until, number))

    assert found[0][0] <= since
    assert found[-1][1] == until
    assert len(found) <= number
    assert all(end == start for (_, end), (start, _) in pairwise(found))
    assert all(start < end for start, end in found)


@pytest.mark.parametrize(
    ("since", "until", "number"),
    [(T0, T0, 1), (at(1), T0, 1), (T0, at(1), 0), (T0.replace(tzinfo=None), at(1), 1)],
)
def test_a_span_that_is_none_is_refused(since: datetime, until: datetime, number: int) -> None:
    """Before anything is sent."""
    with pytest.raises(ValueError, match=r"window|aware"):
        list(windows(since, until, number))


async def test_a_bill_at_a_border_comes_once(client: BillClient, bill_server: BillServer) -> None:
    """Created exactly where two windows meet, and at both ends: the last instant is not in it."""
    rows = [
        {
            "vendorId": "00901FABRIKAMAAAAAAA",
            "invoice": {"invoiceNumber": str(second)},
            "dueDate": "2026-12-31",
            "billLineItems": [{"id": f"bli{second}", "amount": 1}],
            "amount": 1,
            "createdTime": at(second).isoformat(timespec="milliseconds"),
        }
        for second in range(11)
    ]
    bill_server.seed("bills", *rows)

    listed = await client.bills.created_between(T0, at(10), windows=5, side_by_side=3).all()

    numbers = [bill.invoice.invoice_number for bill in listed if bill.invoice]
    assert numbers == [str(second) for second in range(10)]
