"""Entity sets: the request that each sentence sends, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import attrs
import httpx
import pytest
import respx

from d365_client import (
    D365Client,
    Entity,
    FinancialDimensionValue,
    NotFound,
    PaymentTerm,
    SettledInvoice,
    Undecodable,
    Vendor,
    field,
)
from d365_client._converter import wire_names
from d365_client._odata import VALUES_A_REQUEST

BASE = "https://contoso.operations.dynamics.test"
SET = "/data/PaymentTerms"
SELECTED = ",".join(wire_names(PaymentTerm).values())


@attrs.frozen(kw_only=True)
class VendorGroup(Entity):
    """A model that a user writes."""

    ENTITY_SET = "VendorGroups"
    KEY = ("data_area_id", "vendor_group_id")

    data_area_id: str
    vendor_group_id: str


def term(name: str, company: str = "usmf", **more: object) -> dict[str, object]:
    """A payment term on the wire."""
    return {
        "dataAreaId": company,
        "Name": name,
        "Description": "",
        "NumberOfDays": 30,
        "NumberOfMonths": 0,
        "PaymentMethodType": "Net",
        "CutoffDayOfMonth": 0,
        "IsCashPayment": "No",
        **more,
    }


def page(rows: Sequence[object], link: str | None = None) -> httpx.Response:
    """A page of rows on the wire."""
    told = {"@odata.context": f"{BASE}/data/$metadata#PaymentTerms", "value": rows}
    return httpx.Response(200, json=told | ({"@odata.nextLink": link} if link else {}))


def asked(call: respx.models.Call) -> dict[str, str]:
    """The query of a request."""
    return dict(call.request.url.params)


def chained(*links: str) -> Callable[[httpx.Request], httpx.Response]:
    """A server whose n-th page has one row and the n-th link; the last has none."""
    remaining = [*links, None]

    def answer(_: httpx.Request) -> httpx.Response:
        return page([term(f"T{len(remaining)}")], remaining.pop(0))

    return answer


async def test_a_list_asks_for_everything_in_the_order_of_the_key(
    client: D365Client, server: respx.MockRouter
) -> None:
    """All companies, the model's fields, the key as order; the rows are the model's."""
    route = server.get(SET).mock(return_value=page([term("Net30"), term("Net60")]))
    terms = await client.entities[PaymentTerm].list().all()

    assert [one.name for one in terms] == ["Net30", "Net60"]
    assert asked(route.calls.last) == {
        "cross-company": "true",
        "$select": SELECTED,
        "$orderby": "dataAreaId,Name",
    }


async def test_a_query_sends_what_it_says(client: D365Client, server: respx.MockRouter) -> None:
    """Conditions with `and`, the given order before the key, the first rows only, more fields."""
    route = server.get(SET).mock(return_value=page([term("Net30", MqaFee=2)]))
    terms = (
        client.entities[PaymentTerm]
        .where(field("dataAreaId") == "usmf", field("NumberOfDays") >= 30)
        .where((field("Name") == "A&B") | (field("Name") == "C'D"))
        .select("MqaFee", "Name")
        .order_by(field("NumberOfDays").descending(), "Name")
        .top(5)
    )
    (only,) = await terms.list().all()

    assert only.extra == {"MqaFee": 2}
    assert asked(route.calls.last) == {
        "cross-company": "true",
        "$filter": (
            "dataAreaId eq 'usmf' and NumberOfDays ge 30 and (Name eq 'A&B' or Name eq 'C''D')"
        ),
        "$select": f"{SELECTED},MqaFee",
        "$orderby": "NumberOfDays desc,Name,dataAreaId",
        "$top": "5",
    }


async def test_a_query_is_a_value(client: D365Client, server: respx.MockRouter) -> None:
    """Narrowing gives a new one; what it was made from asks for what it asked for."""
    route = server.get(SET).mock(return_value=page([]))
    everything = client.entities[PaymentTerm]
    everything.where(field("Name") == "Net30").top(1)
    await everything.list().all()

    assert set(asked(route.calls.last)) == {"cross-company", "$select", "$orderby"}


@pytest.mark.parametrize("names", [{"order": "Name desc"}, {"extra": "A,B"}, {"extra": "A)"}])
async def test_a_name_cannot_be_an_expression(client: D365Client, names: dict[str, str]) -> None:
    """Order and selection take names, nothing that could be more."""
    terms = client.entities[PaymentTerm]

    with pytest.raises(ValueError, match="not a property's name"):
        terms.order_by(names["order"]) if "order" in names else terms.select(*names.values())


async def test_pages_are_read_to_the_end(client: D365Client, server: respx.MockRouter) -> None:
    """A next link is followed as it is; what it carries is not ours to change."""
    second = f"{BASE}{SET}?cross-company=true&$skip=1&$select=a%2Cb&x=%27a+b%27"
    route = server.get(SET).mock(side_effect=chained(second, f"{BASE}{SET}?$skiptoken=u%3D"))
    terms = await client.entities[PaymentTerm].list().all()

    assert len(terms) == 3
    assert [call.request.url.raw_path.decode() for call in route.calls][1:] == [
        f"{SET}?cross-company=true&$skip=1&$select=a%2Cb&x=%27a+b%27",
        f"{SET}?$skiptoken=u%3D",
    ]


@pytest.mark.parametrize(
    "link",
    [
        f"https://CONTOSO.operations.dynamics.test:443{SET}?$skip=1",
        f"http://contoso.operations.dynamics.test{SET}?$skip=1",
        f"{SET}?$skip=1",
    ],
)
async def test_a_next_link_is_rebased(
    client: D365Client, server: respx.MockRouter, link: str
) -> None:
    """Another spelling of our host is our host: what is called is the base URL that was given."""
    route = server.get(SET).mock(side_effect=chained(link))
    await client.entities[PaymentTerm].list().all()

    assert str(route.calls.last.request.url) == f"{BASE}{SET}?$skip=1"


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (f"https://evil.test{SET}?$skip=1", "on another host, evil.test"),
        (f"//evil.test{SET}?$skip=1", "on another host, evil.test"),
        (
            f"{BASE}.evil.test{SET}?$skip=1",
            "on another host, contoso.operations.dynamics.test.evil",
        ),
        (f"https://contoso.operations.dynamics.test@evil.test{SET}", "on another host, evil.test"),
        (f"{BASE}/api/services/X", "not below /data/"),
        (f"{BASE}/data/../api/services/X", "not below /data/"),
        ("PaymentTerms?$skip=1", "not below /data/"),
        ("https://x:port/data/X", "no URL"),
    ],
)
async def test_a_next_link_that_leads_away_is_refused(
    client: D365Client, server: respx.MockRouter, link: str, message: str
) -> None:
    """Following it would give our token away; the rows before it are not a whole list."""
    route = server.get(SET).mock(side_effect=chained(link))

    with pytest.raises(Undecodable, match=message):
        await client.entities[PaymentTerm].list().all()

    assert route.call_count == 1


async def test_a_page_that_names_itself_is_refused_at_once(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Even where the link spells the same request in another way."""

    def answer(request: httpx.Request) -> httpx.Response:
        return page([term("Net30")], str(request.url).replace("$select", "%24select"))

    route = server.get(SET).mock(side_effect=answer)

    with pytest.raises(Undecodable, match="a page names itself"):
        await client.entities[PaymentTerm].list().all()

    assert route.call_count == 1


@pytest.mark.parametrize(
    "second",
    [
        httpx.Response(200, html="<html>Service is starting</html>"),
        httpx.Response(200, text='{"value": []}'),
        httpx.Response(200, json={"rows": []}),
        httpx.Response(200, json={"value": {}}),
        httpx.Response(
            200,
            content=b'{"value": [{"dataAreaId": "us',
            headers={"Content-Type": "application/json"},
        ),
        httpx.Response(404),
    ],
)
async def test_a_list_is_whole_or_an_error(
    client: D365Client, server: respx.MockRouter, second: httpx.Response
) -> None:
    """What cannot be had of a later page is an error, never a shorter list."""
    first = page([term("Net30")], f"{BASE}{SET}?$skip=1")
    server.get(SET).mock(side_effect=[first, *[second] * 5])
    listing = client.entities[PaymentTerm].list()

    with pytest.raises((Undecodable, NotFound)):
        await listing.all()


async def test_many_values_are_asked_for_in_several_requests(
    client: D365Client, server: respx.MockRouter
) -> None:
    """D365 has no `in` and its URLs end: each request names some, and a row comes once."""
    names = [f"T{number}" for number in range(VALUES_A_REQUEST + 1)]
    route = server.get(SET).mock(
        side_effect=[
            page([term("T0")], f"{BASE}{SET}?$skip=1"),
            page([term("T1")]),
            page([term("T1"), term("T8")]),
        ]
    )
    terms = await client.entities[PaymentTerm].where(field("Name").in_(names)).list().all()
    filters = [asked(call).get("$filter", "") for call in route.calls]

    assert [one.name for one in terms] == ["T0", "T1", "T8"]
    assert [text.count(" eq ") for text in filters] == [VALUES_A_REQUEST, 0, 1]


async def test_the_first_rows_of_several_requests_are_refused(client: D365Client) -> None:
    """Each request has first rows of its own; which come first of all, nobody knows."""
    many = field("Name").in_([f"T{number}" for number in range(VALUES_A_REQUEST + 1)])

    with pytest.raises(ValueError, match=r"top\(3\) of 2 requests"):
        client.entities[PaymentTerm].where(many).top(3).list()


async def test_a_row_is_got_by_its_whole_key(client: D365Client, server: respx.MockRouter) -> None:
    """In the order of the key, whatever order it was given in; any company, any characters."""
    route = server.route(method="GET", path__startswith="/data/").mock(
        return_value=httpx.Response(200, json=term("50/50 O'Hara"))
    )
    one = await client.entities[PaymentTerm].get(name="50/50 O'Hara", data_area_id="usmf")

    assert one.name == "50/50 O'Hara"
    assert route.calls.last.request.url.raw_path.decode() == (
        "/data/PaymentTerms(dataAreaId=%27usmf%27,Name=%2750%2F50%20O%27%27Hara%27)"
        f"?cross-company=true&$select={SELECTED}"
    )


@pytest.mark.parametrize(
    "key", [{}, {"name": "N"}, {"data_area_id": "usmf", "name": "N", "description": ""}]
)
async def test_a_key_that_is_not_the_key_is_refused(client: D365Client, key: Any) -> None:
    """D365 would answer 404, as if the row were missing (`d365.md` §2.5)."""
    with pytest.raises(ValueError, match="the key of PaymentTerm is data_area_id, name, not"):
        await client.entities[PaymentTerm].get(**key)


async def test_a_row_that_is_not_there_is_not_found(
    client: D365Client, server: respx.MockRouter
) -> None:
    """The body may be empty (`d365.md` §2.5)."""
    server.route(method="GET").respond(404)

    with pytest.raises(NotFound):
        await client.entities[FinancialDimensionValue].get(
            financial_dimension="CostCenter", legal_entity_id="", dimension_value="007"
        )


async def test_an_update_sends_the_changes_only(
    client: D365Client, server: respx.MockRouter
) -> None:
    """By attributes, or by the wire's names where the model has none; the company's row."""
    route = server.patch(path__regex=r"^/data/VendorsV2\(.*\)$").respond(204)
    await client.vendors.update(
        {"data_area_id": "usmf", "vendor_account_number": "US-1"},
        {"our_account_number": "7", "MqaInactive": "Yes", "MQA_Rate": Decimal("1.10")},
    )
    request = route.calls.last.request

    assert request.content == b'{"OurAccountNumber":"7","MqaInactive":"Yes","MQA_Rate":1.10}'
    assert "If-Match" not in request.headers
    assert request.url.raw_path.decode() == (
        "/data/VendorsV2(dataAreaId=%27usmf%27,VendorAccountNumber=%27US-1%27)?cross-company=true"
    )


async def test_an_update_may_depend_on_what_was_read(
    client: D365Client, server: respx.MockRouter
) -> None:
    """The etag of the row goes into `If-Match`."""
    route = server.patch(path__startswith="/data/").respond(204)
    await client.vendors.update(
        {"data_area_id": "usmf", "vendor_account_number": "1"}, {}, etag='W/"x"'
    )

    assert route.calls.last.request.headers["If-Match"] == 'W/"x"'


async def test_a_row_is_deleted_by_its_key(client: D365Client, server: respx.MockRouter) -> None:
    """Decimals of a key are bare, dates at noon."""
    route = server.delete(path__startswith="/data/").respond(204)
    await client.vendor_payment_journal_lines.delete(
        {"data_area_id": "usmf", "journal_batch_number": "00282", "line_number": Decimal(1)}
    )

    assert route.calls.last.request.url.raw_path.decode() == (
        "/data/VendorPaymentJournalLines"
        "(dataAreaId=%27usmf%27,JournalBatchNumber=%2700282%27,LineNumber=1)?cross-company=true"
    )


async def test_the_named_sets_are_those_of_their_models(client: D365Client) -> None:
    """`client.vendors` is `client.entities[Vendor]`, and so on."""
    assert client.vendors == client.entities[Vendor]
    assert client.settled_invoices == client.entities[SettledInvoice]


async def test_a_model_of_ones_own_works_like_ours(
    client: D365Client, server: respx.MockRouter
) -> None:
    """A set that we do not model is read by a class that the user writes."""
    server.get("/data/VendorGroups").respond(
        json={"value": [{"dataAreaId": "usmf", "VendorGroupId": "10"}]}
    )
    groups = await client.entities[VendorGroup].list().all()

    assert groups == [VendorGroup(data_area_id="usmf", vendor_group_id="10")]
