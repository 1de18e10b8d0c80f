"""Sets by name, and what every set can do beside reading rows of a model."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import httpx
import pytest
import respx

from d365_client import (
    Broken,
    D365Client,
    Metadata,
    MetadataEntity,
    MetadataProperty,
    Outcome,
    PaymentTerm,
    Undecodable,
    Vendor,
    VendorTransaction,
    field,
)
from d365_client._converter import wire_names

BASE = "https://contoso.operations.dynamics.test"
SET = "/data/PaymentTerms"


def asked(call: respx.models.Call) -> dict[str, str]:
    """The query of a request."""
    return dict(call.request.url.params)


async def test_a_set_by_name_has_plain_rows_with_exact_numbers(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Everything is selected, in the order that was asked for, and then of the key."""
    body = b'{"value": [{"Name": "Net30", "Discount": 0.10, "NumberOfDays": 30}]}'
    route = server.get(SET).respond(content=body, content_type="application/json")
    rows = await client.entities["PaymentTerms"].order_by("Name").list().all()

    assert rows == [{"Name": "Net30", "Discount": Decimal("0.10"), "NumberOfDays": 30}]
    assert asked(route.calls.last) == {"cross-company": "true", "$orderby": "Name,dataAreaId"}


async def test_rows_without_an_order_are_not_listed(client: D365Client) -> None:
    """Pages of rows in no order may overlap, so rows would come twice or not at all (§2.6)."""
    with pytest.raises(ValueError, match=r"the key of Unheard is not known.*order_by"):
        client.entities["Unheard"].list()


@pytest.mark.parametrize(
    ("query", "name", "hint"),
    [
        (lambda terms: terms.where(field("NumberofDays") > 1), "NumberofDays", "NumberOfDays"),
        (lambda terms: terms.order_by("Naem"), "Naem", "Name"),
    ],
)
async def test_a_field_that_the_model_does_not_know_is_refused(
    client: D365Client, query: object, name: str, hint: str
) -> None:
    """Before anything is sent, with what was probably meant and how to say otherwise."""
    terms = query(client.entities[PaymentTerm])  # type: ignore[operator]  # a parameter of pytest

    with pytest.raises(ValueError, match=rf"no known field {name}; did you mean {hint}.*select"):
        terms.list()


async def test_a_set_that_is_shipped_has_its_key_as_order(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Its name is enough: pages of it do not overlap."""
    route = server.get("/data/ExchangeRates").respond(json={"value": []})
    await client.entities["ExchangeRates"].select("Rate").list().all()

    assert asked(route.calls.last) == {
        "cross-company": "true",
        "$select": "RateTypeName,FromCurrency,ToCurrency,StartDate,Rate",
        "$orderby": "RateTypeName,FromCurrency,ToCurrency,StartDate",
    }


async def test_the_metadata_say_which_fields_there_are(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Every field of the environment, a tenant's own among them, and no other."""
    fields = {name: MetadataProperty(name=name) for name in ("MqaKey", "MqaFee")}
    metadata = Metadata(
        entities={
            "MqaFees": MetadataEntity(name="MqaFee", key=("MqaKey",), properties=fields),
            "VendorsV2": MetadataEntity(
                name="VendorV2",
                properties={
                    name: MetadataProperty(name=name)
                    for name in (*wire_names(Vendor).values(), "MqaFee")
                },
            ),
        }
    )
    route = server.get(path__startswith="/data/").respond(json={"value": []})
    entities = client.entities.described_by(metadata)
    await entities["MqaFees"].where(field("MqaFee") > 2).list().all()
    await entities[Vendor].where(field("MqaFee") > 2).list().all()

    assert asked(route.calls[0])["$orderby"] == "MqaKey"
    assert asked(route.calls[1])["$filter"] == "MqaFee gt 2"
    for query in (entities["MqaFees"].select("MqaFe"), entities[Vendor].select("MqaFe")):
        with pytest.raises(ValueError, match="has no known field MqaFe; did you mean MqaFee"):
            query.list()
    with pytest.raises(ValueError, match=r"entity set MqaFes is not in the metadata.*MqaFees"):
        entities["MqaFes"]


async def test_a_field_of_the_tenant_may_be_asked_about_once_it_is_selected(
    client: D365Client, server: respx.MockRouter
) -> None:
    """It comes in `extra`, so that nobody asks about what they cannot see."""
    route = server.get("/data/VendorsV2").respond(json={"value": []})
    await client.vendors.select("MqaFee").where(field("MqaFee") > 2).list().all()

    assert asked(route.calls.last)["$filter"] == "MqaFee gt 2"


async def test_an_expansion_comes_with_its_fields(
    client: D365Client, server: respx.MockRouter
) -> None:
    """One level, and of it what was asked for; the rows are in `extra`, with exact numbers."""
    row = {
        "dataAreaId": "usmf",
        "JournalBatchNumber": "00282",
        "JournalName": "VendPay",
        "Description": "",
        "IsPosted": "No",
    }
    text = json.dumps({"value": [{**row, "Lines": [{"DebitAmount": "#"}]}]}).replace('"#"', "0.10")
    route = server.get("/data/VendorPaymentJournalHeaders").respond(
        content=text.encode(), content_type="application/json"
    )
    headers = client.vendor_payment_journal_headers.expand("Lines", "DebitAmount", "Voucher")
    (header,) = await headers.list().all()

    assert header.extra == {"Lines": [{"DebitAmount": Decimal("0.10")}]}
    assert asked(route.calls.last)["$expand"] == "Lines($select=DebitAmount,Voucher)"


async def test_a_company_narrows_rows_and_completes_keys(
    client: D365Client, server: respx.MockRouter
) -> None:
    """One word for both, and a key that names a company keeps it."""
    listed = server.get("/data/VendorsV2").respond(json={"value": []})
    deleted = server.delete(path__startswith="/data/VendorsV2(").respond(204)
    vendors = client.vendors.in_company("usmf")
    await vendors.list().all()
    await vendors.delete({"vendor_account_number": "1"})
    await vendors.delete({"data_area_id": "gbsi", "vendor_account_number": "1"})

    assert asked(listed.calls.last)["$filter"] == "dataAreaId eq 'usmf'"
    assert [call.request.url.path for call in deleted.calls] == [
        f"/data/VendorsV2(dataAreaId='{company}',VendorAccountNumber='1')"
        for company in ("usmf", "gbsi")
    ]


async def test_options_go_with_every_call_of_the_set(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Seconds to wait for an answer, and headers; the client's own stay where none are given."""
    route = server.route(path__startswith="/data/").respond(json={"value": []})
    patient = client.vendors.with_options(timeout=900, headers={"Prefer": "odata.maxpagesize=50"})
    await patient.with_options(headers={"X-Trace": "7"}).list().all()
    await client.vendors.list().all()
    first, second = (call.request for call in route.calls)

    assert (first.headers["Prefer"], first.headers["X-Trace"]) == ("odata.maxpagesize=50", "7")
    assert "Prefer" not in second.headers
    assert [one.extensions["timeout"]["read"] for one in (first, second)] == [900, 120]
    assert first.extensions["timeout"]["connect"] == second.extensions["timeout"]["connect"]


async def test_rows_are_counted_by_d365(client: D365Client, server: respx.MockRouter) -> None:
    """A plain number, which may begin with a byte order mark."""
    route = server.get("/data/VendorsV2/$count").respond(
        content="\ufeff1234".encode(), content_type="text/plain"
    )
    count = await client.vendors.where(field("VendorGroupId") == "10").count()

    assert count == 1234
    assert asked(route.calls.last) == {
        "cross-company": "true",
        "$filter": "VendorGroupId eq '10'",
    }


async def test_what_is_no_number_is_no_count(client: D365Client, server: respx.MockRouter) -> None:
    """A page in HTML is not zero rows."""
    server.get("/data/VendorsV2/$count").respond(html="<html></html>")

    with pytest.raises(Undecodable, match="not a number of rows"):
        await client.vendors.count()


async def test_a_listing_that_counts_asks_for_the_number_with_its_first_page(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Fewer rows than that are an error, not a shorter list."""
    route = server.get("/data/VendorsV2").respond(json={"value": [], "@odata.count": 3})

    with pytest.raises(Undecodable, match="3 rows were counted and 0 came"):
        await client.vendors.list(count=True).all()

    assert asked(route.calls.last)["$count"] == "true"


async def test_windows_are_asked_for_by_number(
    client: D365Client, server: respx.MockRouter
) -> None:
    """In the order of the key, none larger than D365 gives, none beyond what is wanted."""
    route = server.get("/data/VendTransBiEntities").respond(json={"value": []})
    wanted = client.entities[VendorTransaction].top(25_000)
    await wanted.list(concurrency=2, page_size=50_000, count=True).all()
    queries = [asked(call) for call in route.calls]

    assert [(one.get("$skip"), one["$top"], one.get("$count")) for one in queries] == [
        (None, "10000", "true"),
        ("10000", "10000", None),
    ]
    assert {one["$orderby"] for one in queries} == {"dataAreaId,SourceKey"}


async def test_a_link_that_skips_rows_that_did_not_come_is_an_error(
    client: D365Client, server: respx.MockRouter
) -> None:
    """The page is read again, and where it stays short the list is no shorter list but an error."""
    link = f"{BASE}{SET}?$skip=3"
    route = server.get(SET).respond(json={"value": [{"Name": "A"}] * 2, "@odata.nextLink": link})
    terms = client.entities["PaymentTerms"].order_by("Name")

    with pytest.raises(Undecodable, match="2 rows after the first 0, and the next one begins aft"):
        await terms.list().all()

    assert route.call_count == 5


async def test_answers_may_be_had_as_they_are(client: D365Client, server: respx.MockRouter) -> None:
    """Page by page to the last, with status and headers."""
    pages = [
        httpx.Response(200, json={"value": [{}], "@odata.nextLink": f"{BASE}{SET}?$skip=1"}),
        httpx.Response(200, json={"value": []}, headers={"OData-Version": "4.0"}),
    ]
    server.get(SET).mock(side_effect=pages)
    terms = client.entities["PaymentTerms"].order_by("Name")
    answers = [answer async for answer in terms.raw_pages()]

    assert [answer.content for answer in answers] == [page.content for page in pages]
    assert answers[1].headers["odata-version"] == "4.0"
    assert answers[1].json() == {"value": []}


async def test_a_plain_row_is_created_changed_and_got_by_wire_names(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Numbers are exact both ways, dates are written as D365 keeps them."""
    created = server.post("/data/MqaRates").respond(201, json={"Rate": 1})
    server.get(path__startswith="/data/MqaRates(").respond(
        content=b'{"Rate": 1.0835}', content_type="application/json"
    )
    rates = client.entities["MqaRates"]
    await rates.create({"Rate": Decimal("1.0835"), "StartDate": date(2026, 3, 1)})
    row = await rates.get(FromCurrency="EUR", ToCurrency="USD")

    assert created.calls.last.request.content == (
        b'{"Rate":1.0835,"StartDate":"2026-03-01T12:00:00Z"}'
    )
    assert row == {"Rate": Decimal("1.0835")}


async def test_a_row_of_a_set_that_we_know_nothing_of_needs_a_key(client: D365Client) -> None:
    """Which fields are the key is the caller's to say; none of them is no key."""
    with pytest.raises(ValueError, match="MqaRates: give the fields of the key"):
        await client.entities["MqaRates"].get()


@pytest.mark.parametrize(
    ("body", "returned"),
    [
        ({"@odata.context": "x#Edm.String", "value": "10.0.47"}, "10.0.47"),
        ({"@odata.context": "x#Edm.String", "value": {"value": "id-7"}}, "id-7"),
        ({"value": [1, 2]}, [1, 2]),
        ({"BlobId": "1", "value": "2"}, {"BlobId": "1", "value": "2"}),
    ],
)
async def test_an_action_returns_its_value_however_deep(
    client: D365Client, server: respx.MockRouter, body: object, returned: object
) -> None:
    """The documentation shows both shapes of a scalar result (`d365.md` §7)."""
    server.post(path__startswith="/data/").respond(json=body)

    assert await client.invoke("GetApplicationVersion") == returned


async def test_actions_are_of_a_set_of_a_row_or_of_nothing(
    client: D365Client, server: respx.MockRouter
) -> None:
    """Each has its path; parameters are JSON with exact numbers (`d365.md` §2.12)."""
    route = server.post(path__startswith="/data/").respond(204)
    await client.entities["BatchJobs"].invoke("SetBatchJobToWaiting", {"batchJobId": 123})
    await client.vendors.invoke(
        "Rate",
        {"rate": Decimal("0.10")},
        key={"data_area_id": "usmf", "vendor_account_number": "1"},
    )
    await client.invoke("Ping")
    namespace = "Microsoft.Dynamics.DataEntities"

    assert [call.request.url.path for call in route.calls] == [
        f"/data/BatchJobs/{namespace}.SetBatchJobToWaiting",
        f"/data/VendorsV2(dataAreaId='usmf',VendorAccountNumber='1')/{namespace}.Rate",
        f"/data/{namespace}.Ping",
    ]
    assert [call.request.content for call in route.calls] == [
        b'{"batchJobId":123}',
        b'{"rate":0.10}',
        b"{}",
    ]


@pytest.mark.parametrize(("calls", "outcome"), [(1, Outcome.UNCERTAIN), (5, Outcome.NOT_EXECUTED)])
async def test_only_an_action_that_reads_is_asked_again(
    client: D365Client, server: respx.MockRouter, calls: int, outcome: Outcome
) -> None:
    """It is a POST: what it did before it broke, nobody knows, unless its author says so."""
    route = server.post(path__startswith="/data/").respond(503)

    with pytest.raises(Broken) as caught:
        await client.invoke("Post", reads=calls > 1)

    assert (route.call_count, caught.value.outcome) == (calls, outcome)


async def test_a_custom_service_is_called_by_its_three_names(
    client: D365Client, server: respx.MockRouter
) -> None:
    """What it returns is bare JSON, a failure that it handled included (`d365.md` §8)."""
    route = server.post(path__startswith="/api/services/").respond(
        content=b'{"StatusCode": "Failed", "Amount": 0.10}', content_type="application/json"
    )
    told = await client.services.call("Mqa", "Posting", "post journal", {"_request": {"id": 7}})

    assert told == {"StatusCode": "Failed", "Amount": Decimal("0.10")}
    assert route.calls.last.request.url.raw_path == b"/api/services/Mqa/Posting/post%20journal"


async def test_what_is_not_modelled_is_asked_for_raw(
    client: D365Client, server: respx.MockRouter
) -> None:
    """With our headers, our errors and exact numbers."""
    route = server.get("/metadata/DataEntities").respond(
        content=b'{"value": 0.10}', content_type="application/json"
    )
    answer = await client.raw.request("get", "/metadata/DataEntities", query={"$top": "1"})

    assert (answer.status, answer.json()) == (200, {"value": Decimal("0.10")})
    assert route.calls.last.request.headers["Authorization"] == "Bearer preset"


@pytest.mark.parametrize("path", ["data/X", "//evil.test/data", "https://evil.test/data"])
async def test_a_raw_request_never_leaves_the_environment(client: D365Client, path: str) -> None:
    """It carries our token."""
    with pytest.raises(ValueError, match="what comes after the environment's URL"):
        await client.raw.request("GET", path)


async def test_long_values_are_spread_over_more_requests(
    client: D365Client, server: respx.MockRouter
) -> None:
    """A URL has a limit, and a percent-encoded letter takes up to twelve characters of it."""
    route = server.get("/data/VendorsV2").respond(json={"value": []})
    names = [f"{'漢' * 30}{number}" for number in range(6)]
    await client.entities[Vendor].where(field("VendorGroupId").in_(names)).list().all()

    assert [asked(call)["$filter"].count(" eq ") for call in route.calls] == [3, 3]
