"""Lists and rows as they come over the wire."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

INVOICES = "VendTransBiEntities"


@pytest.fixture
def many(seed: dict[str, Any], new_invoice: Callable[..., dict[str, object]]) -> None:
    """Twenty-five invoices and nothing else in VendTrans."""
    seed["rows"][INVOICES] = [new_invoice(f"I{number:02}", number + 1) for number in range(25)]


async def test_a_page_has_context_etag_and_all_fields(api: Api) -> None:
    """A collection names its set, each row has an ETag, and no field is left out (§2.7)."""
    answer = await api.http.get("/data/Ledgers")
    page = answer.json()

    assert answer.headers["content-type"] == "application/json; odata.metadata=minimal"
    assert answer.headers["odata-version"] == "4.0"
    assert len(answer.headers["ms-dyn-aid"]) == 36
    assert page["@odata.context"] == "https://d365.test/data/$metadata#Ledgers"
    assert len(page["value"][0]) == 40 + 1


async def test_an_etag_is_made_of_rec_versions_and_rec_ids(api: Api) -> None:
    """Base64 of quoted pairs; RecVersion 1 on a new row; RecIds from 5637144576 on (§2.8)."""
    (header,) = [await api.create("VendorPaymentJournalHeaders", JournalName="BILLPAY")]
    encoded = header["@odata.etag"].removeprefix('W/"').removesuffix('"')

    assert base64.b64decode(encoded).decode() == "'1,5637144576;0,0'"


async def test_select_names_its_fields_in_the_context(api: Api) -> None:
    """With $select the rows have these fields, and the context says so (§2.7)."""
    page = await api.get(INVOICES, **{"$select": "Invoice,AmountCur", "$top": "1"})

    assert page["@odata.context"].endswith("#VendTransBiEntities(Invoice,AmountCur)")
    assert list(page["value"][0]) == ["@odata.etag", "Invoice", "AmountCur"]
    assert page["value"][0]["AmountCur"] == -1284.37


async def test_only_the_default_company_is_in_sight(api: Api) -> None:
    """Without cross-company a list shows the user's default company, and so does a key (§2.4)."""
    mine = await api.get(INVOICES, **{"$filter": "Invoice eq 'INV-1'"})
    theirs = await api.get(INVOICES, **{"$filter": "dataAreaId eq 'mqgs'"})
    both = await api.rows(INVOICES, **{"$filter": "Invoice eq 'INV-1'"})

    assert [row["dataAreaId"] for row in mine["value"]] == ["mqus"]
    assert theirs["value"] == []
    assert [row["dataAreaId"] for row in both] == ["mqus", "mqgs"]


async def test_a_row_of_another_company_needs_cross_company(api: Api) -> None:
    """The same holds for key URLs (d365.md §2.4)."""
    url = "/data/VendorsV2(VendorAccountNumber='V-10001',dataAreaId='MQGS')"

    assert (await api.http.get(url)).status_code == 404
    assert (await api.http.get(f"{url}?cross-company=true")).json()["dataAreaId"] == "mqgs"


async def test_company_codes_are_found_in_any_case(api: Api) -> None:
    """The case of company fields varies from set to set and never matters (d365.md §2.4)."""
    by_key = await api.http.get("/data/Ledgers(LegalEntityId='mqus')")
    by_filter = await api.rows("LegalEntities", **{"$filter": "LegalEntityId eq 'Mqus'"})

    assert by_key.json()["LegalEntityId"] == "MQUS"
    assert [row["LegalEntityId"] for row in by_filter] == ["MQUS"]


async def test_sets_without_company_are_for_all(api: Api) -> None:
    """Main accounts are global (d365.md §2.4)."""
    assert len((await api.get("MainAccounts"))["value"]) == 5


async def test_a_row_is_read_by_its_key(api: Api) -> None:
    """A single row says $entity in its context; quotes and slashes in keys are data."""
    answer = await api.http.get(
        "/data/VendorsV2(dataAreaId='mqus',VendorAccountNumber='O''Hara%20%26%20Sons%2F1')"
        "?$select=VendorOrganizationName"
    )

    assert answer.json() == {
        "@odata.context": "https://d365.test/data/$metadata#VendorsV2(VendorOrganizationName)"
        "/$entity",
        "@odata.etag": answer.json()["@odata.etag"],
        "VendorOrganizationName": "Käse",
    }


@pytest.mark.usefixtures("many")
async def test_pages_follow_each_other_by_skip(api: Api) -> None:
    """A nextLink repeats the query with $skip, until there are no more rows (d365.md §2.6)."""
    await api.set(page_size=10)
    url = f"/data/{INVOICES}?cross-company=true&$orderby=Invoice desc&$select=Invoice"
    seen: list[str] = []
    skips = []
    while url:
        page = (await api.http.get(url)).json()
        seen += [row["Invoice"] for row in page["value"]]
        url = page.get("@odata.nextLink", "")
        skips.append(parse_qs(urlsplit(url).query).get("$skip"))

    assert seen == [f"I{number:02}" for number in reversed(range(25))]
    assert skips == [["10"], ["20"], None]


@pytest.mark.usefixtures("many")
async def test_a_page_that_ends_with_the_rows_has_no_next(api: Api) -> None:
    """25 rows in pages of 25 are one page."""
    await api.set(page_size=25)

    assert "@odata.nextLink" not in await api.get(INVOICES)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("top", "sizes", "tops"),
    [("8", [8], [None]), ("10", [10], [None]), ("23", [10, 10, 3], ["13", "3", None])],
)
async def test_top_bounds_the_rows_over_all_pages(
    api: Api, top: str, sizes: list[int], tops: list[str | None]
) -> None:
    """$top up to the page size gives no nextLink, a larger one goes on counting down (§2.6)."""
    await api.set(page_size=10)
    url = f"/data/{INVOICES}?$top={top}"
    seen, links = [], []
    while url:
        page = (await api.http.get(url)).json()
        seen.append(len(page["value"]))
        url = page.get("@odata.nextLink", "")
        links.append(parse_qs(urlsplit(url).query).get("$top", [None])[0])

    assert (seen, links) == (sizes, tops)


@pytest.mark.usefixtures("many")
async def test_skip_leaves_rows_out(api: Api) -> None:
    """$skip and $top page by hand (d365.md §2.6)."""
    rows = await api.rows(INVOICES, **{"$orderby": "Invoice", "$skip": "23", "$top": "5"})

    assert [row["Invoice"] for row in rows] == ["I23", "I24"]


@pytest.mark.usefixtures("many")
async def test_count_ignores_top(api: Api) -> None:
    """@odata.count is the size of the filtered set, and /$count its plain text (§2.6)."""
    page = await api.get(INVOICES, **{"$count": "true", "$top": "3", "$filter": "AmountCur lt -5"})
    counted = await api.http.get(f"/data/{INVOICES}/$count?$filter=AmountCur lt -5")

    assert (page["@odata.count"], len(page["value"])) == (20, 3)
    assert (counted.text, counted.headers["content-type"]) == ("20", "text/plain")


@pytest.mark.usefixtures("many")
async def test_amounts_are_ordered_as_numbers(api: Api) -> None:
    """-9 comes after -10, though the texts are the other way round."""
    rows = await api.rows(INVOICES, **{"$orderby": "AmountCur desc", "$top": "11"})

    assert [row["AmountCur"] for row in rows] == [*range(-1, -12, -1)]


@pytest.mark.usefixtures("many")
async def test_pages_without_an_order_overlap_if_so_switched(api: Api) -> None:
    """Without $orderby on a unique key pages may overlap or skip; with it they do not (§2.6)."""
    await api.set(page_size=10, unordered_lists_shuffle=True)

    async def read(order: str) -> list[str]:
        seen = []
        for skip in ("0", "10", "20"):
            query = {"$skip": skip, "$top": "10", "$select": "Invoice"} | (
                {"$orderby": order} if order else {}
            )
            seen += [row["Invoice"] for row in await api.rows(INVOICES, **query)]
        return seen

    assert len(set(await read(""))) < 25
    assert len(set(await read("dataAreaId,SourceKey"))) == 25


@pytest.mark.usefixtures("many")
async def test_the_next_page_may_be_on_another_host(api: Api) -> None:
    """The host of a nextLink may differ from the one that was called (d365.md §2.6)."""
    await api.set(page_size=10, next_link_base="https://elsewhere.test")

    link = (await api.get(INVOICES))["@odata.nextLink"]

    assert link.startswith("https://elsewhere.test/data/VendTransBiEntities?")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("honoured", "size"), [(False, 25), (True, 4)])
async def test_maxpagesize_counts_if_so_switched(api: Api, *, honoured: bool, size: int) -> None:
    """Whether F&O honours `Prefer: odata.maxpagesize` is unverified (d365.md §2.6)."""
    await api.set(maxpagesize_is_honoured=honoured)

    answer = await api.http.get(f"/data/{INVOICES}", headers={"Prefer": "odata.maxpagesize=4"})

    assert len(answer.json()["value"]) == size
    assert ("@odata.nextLink" in answer.json()) == honoured


async def test_one_level_is_expanded(api: Api) -> None:
    """Lines come with their header, with nested $select, and to-one ways give one row (§2.3)."""
    journal = await api.header()
    await api.line(journal, 100)
    await api.line(journal, 200)

    (header,) = await api.rows(
        "VendorPaymentJournalHeaders",
        **{"$expand": "VendorPaymentJournalLine($select=DebitAmount)", "$select": "JournalName"},
    )
    line, _ = await api.rows(
        "VendorPaymentJournalLines", **{"$expand": "VendorPaymentJournalHeader,Currency"}
    )

    assert header.keys() == {"@odata.etag", "JournalName", "VendorPaymentJournalLine"}
    assert [row["DebitAmount"] for row in header["VendorPaymentJournalLine"]] == [100, 200]
    assert line["VendorPaymentJournalHeader"]["JournalBatchNumber"] == journal
    assert line["Currency"] is None


@pytest.mark.parametrize(
    "query",
    [
        "$filter=Nothing eq 1",
        "$filter=Invoice in ('a')",
        "$filter=AmountCur div 0 eq 1",
        "$filter=AmountCur mod 0 eq 1&$count=true&$top=0",
        "$orderby=Nothing",
        "$orderby=Invoice up",
        "$select=Nothing",
        "$top=-1",
        "$skip=x",
        "$count=maybe",
        "$expand=Nothing",
        "$search=x",
        "$apply=aggregate(AmountCur)",
        "$top=1&$top=2",
        "cross-company=1",
    ],
)
async def test_a_bad_query_is_a_400_with_an_innererror(api: Api, query: str) -> None:
    """What cannot be understood is refused in the error envelope (d365.md §2.11)."""
    answer = await api.http.get(f"/data/{INVOICES}?{query}")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "An error has occurred."
    assert answer.json()["error"]["innererror"]["message"]


@pytest.mark.parametrize(
    "expand",
    [
        "VendorPaymentJournalLine($expand=Currency)",
        "VendorPaymentJournalLine($filter=DebitAmount gt 1)",
        "VendorPaymentJournalLine($select=Voucher;$top=1)",
        "VendorPaymentJournalLine/Currency",
    ],
)
async def test_expand_is_one_level_with_select_only(api: Api, expand: str) -> None:
    """Nested expand is not supported (d365.md §2.3)."""
    answer = await api.http.get(f"/data/VendorPaymentJournalHeaders?$expand={expand}")

    assert answer.status_code == 400


@pytest.mark.parametrize(("refused", "status"), [(True, 400), (False, 200)])
async def test_an_unknown_field_in_select(api: Api, *, refused: bool, status: int) -> None:
    """That $select of an unknown field fails is unverified (d365.md §4)."""
    await api.set(unknown_select_is_refused=refused)

    answer = await api.http.get(f"/data/{INVOICES}?$select=Nothing,Invoice")

    nothing_known = await api.http.get(f"/data/{INVOICES}?$select=Nothing")

    assert answer.status_code == nothing_known.status_code == status
    assert refused or set(answer.json()["value"][0]) == {"@odata.etag", "Invoice"}
    assert refused or len(nothing_known.json()["value"][0]) > 100
