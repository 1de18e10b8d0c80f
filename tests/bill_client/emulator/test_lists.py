"""Lists: filters, sort, pages and what is not shown (`bill.md` §4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill_client.emulator import lists

if TYPE_CHECKING:
    from tests.bill_client.emulator.conftest import Api

ROOT = "/connect/v3"
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
ADDRESS = {"line1": "1 Pier", "city": "Boston", "zipOrPostalCode": "02110", "country": "US"}


async def names(api: Api, **query: str) -> list[str]:
    """The names of one page of vendors."""
    return [vendor["name"] for vendor in (await api.get("vendors", **query))["results"]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ('name:eq:"Kumo"', ["Kumo"]),
        ('name:sw:"D"', ["Dilmun"]),
        ("id:in:00901USD", ["Orrin"]),
        ('id:in:"00901USD,00901BHD"', ["Orrin", "Dilmun"]),
        ("id:ne:00901USD", ["Kumo", "Dilmun"]),
        ('billCurrency:in:"USD,JPY",name:sw:"K"', ["Kumo"]),
        ("billCurrency:nin:USD", ["Kumo", "Dilmun"]),
        ("address.country:eq:US,archived:eq:false", ["Orrin", "Kumo", "Dilmun"]),
        ("archived:eq:true", []),
        ('createdTime:gt:"2026-10-01T09:00:00.000+00:00"', []),
        ('createdTime:gte:"2026-10-01T08:00:00.000+00:00"', ["Orrin", "Kumo", "Dilmun"]),
    ],
)
async def test_a_documented_filter_holds(api: Api, filters: str, expected: list[str]) -> None:
    """Commas between filters mean and; a quoted value may have commas."""
    assert expected == await names(api, filters=filters)


@pytest.mark.parametrize(
    ("resource", "filters"),
    [
        ("bills", "invoiceNumber:eq:INV-1"),
        ("bills", "amount:gt:5"),
        ("bills", "approvalStatus:eq:APPROVED"),
        ("vendors", "name:in:Kumo"),
        ("payments", "updatedTime:gt:2026-10-01T08:00:00Z"),
        ("vendors", "name"),
        ("vendors", 'name:eq:"Kumo";id:eq:1'),
    ],
)
async def test_what_is_not_documented_is_not_filtered_by(
    api: Api, resource: str, filters: str
) -> None:
    """A client that leans on such a filter would be found out."""
    answer = await api.http.get(f"{ROOT}/{resource}", params={"filters": filters})

    assert 1 == len(api.refusal(answer, 400))


async def test_lists_are_sorted_both_ways(api: Api) -> None:
    """By a documented field only."""
    assert ["Dilmun", "Kumo", "Orrin"] == await names(api, sort="name:asc")
    assert ["Orrin", "Kumo", "Dilmun"] == await names(api, sort="name:desc")
    refused = await api.http.get(f"{ROOT}/vendors", params={"sort": "accountNumber:asc"})
    assert 1 == len(api.refusal(refused, 400))


@pytest.mark.parametrize("largest", ["0", "101", "-1", "ten"])
async def test_a_page_has_one_to_a_hundred(api: Api, largest: str) -> None:
    """Anything else is refused."""
    assert 1 == len(
        api.refusal(await api.http.get(f"{ROOT}/vendors", params={"max": largest}), 400)
    )


async def test_a_page_token_carries_the_filter(api: Api) -> None:
    """The next page is asked for by the token alone; a token that is none is refused."""
    first = await api.get("vendors", max="1", filters="id:ne:00901JPY", sort="name:asc")
    second = await api.get("vendors", max="1", page=first["nextPage"])

    assert "prevPage" not in first
    assert "nextPage" not in second
    assert ["Dilmun", "Orrin"] == [page["results"][0]["name"] for page in (first, second)]
    back = await api.get("vendors", max="1", page=second["prevPage"])
    assert first["results"] == back["results"]
    assert 1 == len(api.refusal(await api.http.get(f"{ROOT}/vendors", params={"page": "x"}), 400))


@given(count=st.integers(0, 60), largest=st.integers(1, 100), descending=st.booleans())
def test_all_pages_together_are_the_list(count: int, largest: int, descending: bool) -> None:  # noqa: FBT001 - hypothesis
    """Whatever the size of a page, every object comes once and in order."""
    objects: list[dict[str, Any]] = [
        {"id": str(number), "name": f"{number % 7}"} for number in range(count)
    ]
    sort = "name:desc" if descending else "name:asc"
    query: dict[str, str] = {"max": str(largest), "sort": sort}
    read: list[Any] = []
    while True:
        asked = lists.asked(query)
        page = lists.cut(lists.found("vendors", objects, asked, archived=True), asked)
        read += page["results"] if isinstance(page["results"], list) else []
        if "nextPage" not in page:
            break
        query = {"max": str(largest), "page": str(page["nextPage"])}

    assert sorted(objects, key=lambda item: item["name"], reverse=descending) == read


async def test_archived_vendors_show_as_the_setting_says(api: Api) -> None:
    """Whether an unfiltered list has them is unverified; one that asks for them always has."""
    await api.http.post(f"{ROOT}/vendors/00901USD/archive")
    assert "Orrin" in await names(api)

    await api.set(archived_in_unfiltered_lists=False)

    assert "Orrin" not in await names(api)
    assert ["Orrin"] == await names(api, filters="archived:eq:true")
    await api.http.post(f"{ROOT}/vendors/00901USD/restore")
    assert "Orrin" in await names(api)


async def test_a_new_object_may_stay_out_of_lists_for_a_while(api: Api) -> None:
    """It is found by its id at once (W10)."""
    await api.set(list_lag_seconds=30)
    made = await api.post("vendors", {"name": "New", "address": ADDRESS})

    assert "New" not in await names(api)
    assert "New" == (await api.get(f"vendors/{made['id']}"))["name"]
    await api.clock(NOW + timedelta(seconds=31))
    assert "New" in await names(api)


@pytest.mark.parametrize("change", [{"limit_status": 500}, {"list_lag_seconds": "5"}, {"speed": 9}])
async def test_a_switch_that_does_not_fit_changes_nothing(
    api: Api, change: dict[str, object]
) -> None:
    """All or none, and the answer names it."""
    before = api.told(await api.http.get("/_emulator/settings"))
    answer = await api.http.put(
        "/_emulator/settings", json={"reissue_keeps_payment_id": False, **change}
    )

    assert answer.status_code == 400
    assert next(iter(change)) in answer.json()["error"]
    assert before == api.told(await api.http.get("/_emulator/settings"))
