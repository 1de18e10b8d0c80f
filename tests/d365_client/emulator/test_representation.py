"""How much a row says of itself, and what comes with it: metadata levels and $expand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

BASE = "https://d365.test/data"
RATES = "ExchangeRates"


def asked(level: str) -> dict[str, str]:
    """The header that asks for a metadata level."""
    return {"Accept": f"application/json;odata.metadata={level}"}


async def page(api: Api, path: str, level: str, **options: str) -> Any:
    """A page at a metadata level."""
    answer = await api.http.get(f"/data/{path}", params=options, headers=asked(level))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"application/json; odata.metadata={level}"
    return answer.json()


async def test_without_metadata_a_row_is_its_fields(api: Api) -> None:
    """With `none` there is no context and no ETag; count and nextLink stay (d365.md §2.7)."""
    await api.set(page_size=1)

    found = await page(api, "VendorGroups", "none", **{"$count": "true", "cross-company": "true"})

    assert found.keys() == {"@odata.count", "value", "@odata.nextLink"}
    assert not [name for name in found["value"][0] if "@" in name]


async def test_minimal_metadata_is_the_default(api: Api) -> None:
    """A context and ETags, whether asked for or not (d365.md §2.7)."""
    answer = await api.http.get("/data/VendorGroups", headers={"Accept": "application/json"})
    found = await page(api, "VendorGroups", "minimal")

    assert answer.json() == found
    assert found["@odata.context"] == f"{BASE}/$metadata#VendorGroups"
    assert [name for name in found["value"][0] if "@" in name] == ["@odata.etag"]


async def test_full_metadata_names_types_and_places(api: Api) -> None:
    """`full` adds the row's type, its place, and the types that JSON does not tell (§2.7)."""
    found = await page(api, RATES, "full")

    (row,) = found["value"]
    assert row["@odata.type"] == "#Microsoft.Dynamics.DataEntities.ExchangeRate"
    assert row["@odata.id"].startswith(f"{BASE}/ExchangeRates(RateTypeName='Default',")
    assert row["@odata.editLink"] == row["@odata.id"]
    assert row["Rate@odata.type"] == "#Decimal"
    assert row["StartDate@odata.type"] == "#DateTimeOffset"
    assert row["ConversionFactor@odata.type"] == (
        "#Microsoft.Dynamics.DataEntities.ExchangeRateDisplayFactor"
    )
    assert "FromCurrency@odata.type" not in row
    assert row["FromCurrencies@odata.navigationLink"] == f"{row['@odata.id']}/FromCurrencies"
    assert row["FromCurrencies@odata.associationLink"] == (
        f"{row['@odata.id']}/FromCurrencies/$ref"
    )


async def test_full_metadata_knows_the_place_of_a_row_without_its_key(api: Api) -> None:
    """The place needs the key, whether it is selected or not."""
    found = await page(api, RATES, "full", **{"$select": "Rate"})
    answer = await api.http.get(found["value"][0]["@odata.id"], headers=asked("full"))

    assert answer.json()["Rate"] == 128.5
    assert "FromCurrency" not in found["value"][0]


async def test_a_created_row_is_written_as_asked_for(api: Api) -> None:
    """The answer to a create obeys Accept as a read does."""
    answer = await api.http.post(
        "/data/VendorGroups", json={"VendorGroupId": "20"}, headers=asked("none")
    )

    assert answer.status_code == 201
    assert not [name for name in answer.json() if "@" in name]


@pytest.fixture
def documents(seed: dict[str, Any]) -> None:
    """Documents with lines: a pending invoice, a purchase order, a vendor's bank accounts."""
    company = {"dataAreaId": "mqus"}
    invoice = {**company, "HeaderReference": "R-1"}
    order = {**company, "PurchaseOrderNumber": "PO-1"}
    lines = [{"InvoiceLineNumber": number} for number in (1, 2)]
    seed["rows"] |= {
        "VendorInvoiceHeaders": [{**invoice, "InvoiceAccount": "V-10001", "Currency": "USD"}],
        "VendorInvoiceLines": [{**invoice, **line} for line in lines],
        "PurchaseOrderHeadersV2": [{**order, "OrderVendorAccountNumber": "V-10001"}],
        "PurchaseOrderLinesV2": [{**order, "LineNumber": number} for number in (1, 2, 3)],
    }


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize(
    ("entity_set", "way", "lines"),
    [
        ("VendorInvoiceHeaders", "VendorInvoiceLine", 2),
        ("PurchaseOrderHeadersV2", "PurchaseOrderLinesV2", 3),
    ],
)
async def test_a_document_comes_with_its_lines(
    api: Api, entity_set: str, way: str, lines: int
) -> None:
    """$expand follows the ways that the metadata names, one level deep (d365.md §2.3)."""
    (document,) = await api.rows(entity_set, **{"$expand": way})

    assert len(document[way]) == lines
    assert all(line["@odata.etag"] for line in document[way])


@pytest.mark.usefixtures("documents")
async def test_a_line_comes_with_its_document_and_a_row_with_both(api: Api) -> None:
    """To-one ways give a row; a single row is expanded like a page."""
    options = {"$expand": "PurchaseOrderLinesV2($select=LineNumber),VendorV2"}
    key = "PurchaseOrderHeadersV2(dataAreaId='mqus',PurchaseOrderNumber='PO-1')"

    order = await api.get(key, **options)
    line = (await api.rows("PurchaseOrderLinesV2", **{"$expand": "PurchaseOrderHeader"}))[0]

    assert [row.keys() for row in order["PurchaseOrderLinesV2"]] == [
        {"@odata.etag", "LineNumber"}
    ] * 3
    assert order["VendorV2"]["VendorOrganizationName"] == "Vendor V-10001"
    assert line["PurchaseOrderHeader"]["PurchaseOrderNumber"] == "PO-1"


async def test_settled_invoices_and_fees_come_with_their_line(api: Api) -> None:
    """A payment line leads to what it settles and to its fees (d365.md §4.4)."""
    journal = await api.header()
    line = await api.line(journal, 100, MarkedInvoice="INV-1")
    await api.add(
        "VendorPaymentJournalFees",
        {
            "dataAreaId": "mqus",
            "SourceJournalBatchNumber": journal,
            "SourceJournalLineNumber": line["LineNumber"],
            "PaymentFeeId": "WIRE",
            "CurrencyCode": "USD",
        },
    )

    (expanded,) = await api.rows(
        "VendorPaymentJournalLines",
        **{"$expand": "VendorPaymentJournalLineEntityRole,VendorPaymentJournalFee"},
    )

    (settled,) = expanded["VendorPaymentJournalLineEntityRole"]
    assert settled["InvoiceNumber"] == "INV-1"
    assert [fee["PaymentFeeId"] for fee in expanded["VendorPaymentJournalFee"]] == ["WIRE"]


async def test_an_expand_that_ends_with_a_comma_is_refused(api: Api) -> None:
    """What cannot be understood is never ignored."""
    answer = await api.http.get("/data/VendorPaymentJournalLines?$expand=Currency,")

    assert answer.status_code == 400


async def test_enums_sort_by_their_numbers(api: Api) -> None:
    """Underneath an enum is a number, and $orderby goes by it."""
    await api.act("change_vendor", **changed("V-10001", "Payment"))
    await api.act("change_vendor", **changed("V-10010", "All"))

    rows = await api.rows(
        "VendorsV2",
        **{"$orderby": "OnHoldStatus desc", "$filter": "dataAreaId eq 'mqus'"},
    )

    assert [row["OnHoldStatus"] for row in rows] == ["Payment", "All", "No"]


def changed(account: str, status: str) -> dict[str, object]:
    """The action that puts a vendor on hold."""
    return {
        "dataAreaId": "mqus",
        "VendorAccountNumber": account,
        "changes": {"OnHoldStatus": status},
    }


async def test_the_third_vendor_entity_shows_the_rows_of_the_second(api: Api) -> None:
    """VendorsV3 is VendorsV2 without some fields (d365.md §4.1)."""
    created = await api.create("VendorsV3", VendorOrganizationName="New", VendorGroupId="10")

    account = created["VendorAccountNumber"]
    key = f"(dataAreaId='mqus',VendorAccountNumber='{account}')"
    older = await api.get(f"VendorsV2{key}")
    changed = await api.http.patch(f"/data/VendorsV2{key}", json={"VendorSearchName": "x"})
    newer = await api.get(f"VendorsV3{key}")

    assert changed.status_code == 204
    assert older["VendorOrganizationName"] == "New"
    assert newer["VendorSearchName"] == "x"
    assert {*newer} < {*older}


async def test_attachments_have_guids_and_contents(api: Api) -> None:
    """A GUID is given out where none was sent; binaries are base64 (d365.md §2.7)."""
    created = await api.create(
        "VendorDocumentAttachments",
        VendorAccountNumber="V-10001",
        Attachment="aGVsbG8=",
        FileName="a.pdf",
    )

    key = f"VendorDocumentAttachments(dataAreaId='mqus',DocumentId={created['DocumentId']})"
    assert len(created["DocumentId"]) == 36
    assert (await api.get(key))["Attachment"] == "aGVsbG8="


@pytest.mark.parametrize(
    "fields",
    [
        {"Attachment": "not base64"},
        {"Attachment": 5},
        {"DocumentId": "{00000000-0000-0000-0000-000000000001}"},
        {"DocumentId": "00000000000000000000000000000001"},
        {"DocumentId": "x"},
    ],
)
async def test_what_is_no_guid_or_binary(api: Api, fields: dict[str, object]) -> None:
    """A GUID is 36 characters, a binary is base64."""
    answer = await api.http.post("/data/VendorDocumentAttachments", json=fields)

    assert answer.status_code == 400
    assert "Cannot convert the value" in answer.json()["error"]["innererror"]["message"]
