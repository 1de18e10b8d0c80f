"""The metadata service below `/metadata`, and what a customer's additions make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from d365_client.emulator.shipped_catalog import load_catalog

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
NO_YES = "Microsoft.Dynamics.DataEntities.NoYes"


async def got(api: Api, path: str) -> Any:
    """The JSON of a metadata URL."""
    answer = await api.http.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_data_entities_lists_every_set(api: Api) -> None:
    """Each row names the entity, its public name and its collection (d365.md §2.2)."""
    listed = await got(api, "/metadata/DataEntities")

    assert listed["@odata.context"] == "https://d365.test/metadata/$metadata#DataEntities"
    assert {row["PublicCollectionName"] for row in listed["value"]} == {*load_catalog().sets}
    assert listed["value"][0].keys() == {
        "Name",
        "PublicEntityName",
        "PublicCollectionName",
        "LabelId",
        "DataServiceEnabled",
        "DataManagementEnabled",
        "EntityCategory",
        "IsReadOnly",
    }


async def test_a_public_entity_tells_what_its_fields_allow(api: Api) -> None:
    """IsMandatory and AllowEdit are told here (d365.md §2.2)."""
    entity = await got(api, "/metadata/PublicEntities('VendorPaymentJournalLine')")

    fields = {field["Name"]: field for field in entity["Properties"]}
    assert entity["EntitySetName"] == "VendorPaymentJournalLines"
    assert len(fields) == 97
    assert {name for name, field in fields.items() if field["IsKey"]} == {
        "dataAreaId",
        "JournalBatchNumber",
        "LineNumber",
    }
    assert fields["CurrencyCode"]["IsMandatory"]
    assert fields["TransactionDate"]["DataType"] == "Date"
    assert fields["TransactionDate"]["TypeName"] == "Edm.DateTimeOffset"
    assert [
        (fields[name]["AllowEdit"], fields[name]["AllowEditOnCreate"])
        for name in ("TransactionText", "JournalBatchNumber", "Voucher")
    ] == [(True, True), (False, True), (False, False)]
    assert fields["AccountDisplayValue"]["DimensionRelation"] == (
        "VendorPaymentJournalLineAccountCombination"
    )
    assert not fields["TransactionText"]["IsDimension"]


async def test_a_public_entity_tells_its_ways(api: Api) -> None:
    """A navigation has its target, its way back, and the fields that it joins by (§2.2)."""
    entity = await got(api, "/metadata/PublicEntities('PurchaseOrderHeaderV2')")

    ways = {way["Name"]: way for way in entity["NavigationProperties"]}
    assert ways["PurchaseOrderLinesV2"] == {
        "Name": "PurchaseOrderLinesV2",
        "RelatedEntity": "PurchaseOrderLineV2",
        "RelatedRelationName": "PurchaseOrderHeader",
        "Cardinality": "Multiple",
        "Constraints": [
            {"Property": "dataAreaId", "ReferencedProperty": "dataAreaId"},
            {"Property": "PurchaseOrderNumber", "ReferencedProperty": "PurchaseOrderNumber"},
        ],
    }


async def test_two_ways_to_one_set_have_a_way_back_each(api: Api) -> None:
    """The way back joins by the same fields, not merely from the same set (§2.2)."""
    entity = await got(api, "/metadata/PublicEntities('VendorGroup')")

    ways = {way["Name"]: way for way in entity["NavigationProperties"]}
    assert ways["DefaultPaymentTerm"]["RelatedRelationName"] == "DefaultAssignedVendorGroups"
    assert ways["ClearingPeriodPaymentTerm"]["RelatedRelationName"] == (
        "ClearingPeriodAssignedVendorGroups"
    )


async def test_the_list_of_public_entities_has_them_whole(api: Api) -> None:
    """The list has what the single URL has; $top and $skip narrow it."""
    one = await got(api, "/metadata/PublicEntities('BankAccount')")
    listed = await got(api, "/metadata/PublicEntities?$skip=1&$top=1&$count=true")

    del one["@odata.context"]
    assert listed["@odata.count"] == len(load_catalog().sets)
    assert listed["value"] == [one]


async def test_an_enumeration_lists_its_members(api: Api) -> None:
    """Members with names, values and labels (d365.md §2.2)."""
    found = await got(api, "/metadata/PublicEnumerations('SettlementType')")
    listed = await got(api, "/metadata/PublicEnumerations")

    assert [(member["Name"], member["Value"]) for member in found["Members"]] == [
        ("None", 0),
        ("OpenTransact", 1),
        ("SelectedTransact", 2),
    ]
    assert {row["Name"] for row in listed["value"]} == {*load_catalog().enums}


async def test_a_label_has_a_text_in_every_language(api: Api) -> None:
    """Label ids of the metadata lead to texts; an unknown id is its own text (§2.2)."""
    entity = await got(api, "/metadata/PublicEntities('VendorGroup')")
    known = await got(api, f"/metadata/Labels(Id='{entity['LabelId']}',Language='en-US')")
    unknown = await got(api, "/metadata/Labels(Id='@SYS1',Language='fr')")

    assert (known["Value"], known["Language"]) == ("Vendor group", "en-US")
    assert (unknown["Id"], unknown["Value"]) == ("@SYS1", "@SYS1")


async def test_the_route_is_known_in_upper_case_too(api: Api) -> None:
    """Both `/metadata` and `/Metadata` are in use."""
    assert await got(api, "/Metadata/PublicEntities('VendorGroup')")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/metadata/PublicEntities('Nothing')", 404),
        ("GET", "/metadata/PublicEnumerations('Nothing')", 404),
        ("GET", "/metadata/PublicEntities(VendorGroup)", 404),
        ("GET", "/metadata/DataEntities('VendVendorGroupEntity')", 404),
        ("GET", "/metadata/Labels(Id='@SYS1')", 404),
        ("GET", "/metadata/Labels", 404),
        ("GET", "/metadata/Nothing", 404),
        ("POST", "/metadata/PublicEntities", 405),
        ("GET", "/metadata/PublicEntities?$top=x", 400),
        ("GET", "/metadata/PublicEntities?$filter=Name eq 'x'", 501),
    ],
)
async def test_what_metadata_does_not_have(api: Api, method: str, path: str, status: int) -> None:
    """Unknown names, forms and options are refused, never ignored."""
    answer = await api.http.request(method, path)

    assert answer.status_code == status
    assert answer.json()


async def test_metadata_needs_a_token(api: Api) -> None:
    """Bearer on every call, metadata included (d365.md §1.1)."""
    answer = await api.http.get("/metadata/DataEntities", headers={"Authorization": ""})

    assert answer.status_code == 401


@pytest.fixture
def customised(seed: dict[str, Any]) -> None:
    """A tenant with its own fields, a wider enum and an enum of its own."""
    own = "Microsoft.Dynamics.DataEntities.MqaRating"
    seed["enums"] = {"CustVendorBlocked": {"MqaReview": 100}, "MqaRating": {"A": 0, "B": 1}}
    seed["extensions"] = [
        {"entity_set": "VendorsV2", "name": "MqaRating", "type": own, "default": "B"},
        {"entity_set": "VendorsV2", "name": "MqaScore", "type": "Edm.Decimal", "read_only": True},
        {"entity_set": "VendorGroups", "name": "MqaCode", "type": "Edm.String", "mandatory": True},
    ]
    for row in seed["rows"]["VendorGroups"]:
        row["MqaCode"] = "x"
    seed["rows"]["VendorsV2"][0] |= {"OnHoldStatus": "MqaReview", "MqaScore": 7.5}


@pytest.mark.usefixtures("customised")
async def test_a_customers_fields_are_in_metadata_and_rows(api: Api) -> None:
    """Extension fields widen entities, enums have members of one's own (d365.md §9, 8, 18)."""
    vendor = await got(api, "/metadata/PublicEntities('VendorV2')")
    group = await got(api, "/metadata/PublicEntities('VendorGroup')")
    status = await got(api, "/metadata/PublicEnumerations('CustVendorBlocked')")
    document = await api.http.get("/data/$metadata")
    (row,) = await api.rows(
        "VendorsV2",
        **{
            "$filter": "OnHoldStatus eq "
            "Microsoft.Dynamics.DataEntities.CustVendorBlocked'MqaReview' and MqaScore gt 7"
        },
    )

    fields = {field["Name"]: field for field in vendor["Properties"]}
    schema = ET.fromstring(document.text)  # noqa: S314 - our own document
    types = {entry.get("Name"): entry for entry in schema.iter(f"{EDM}EnumType")}
    assert fields["MqaRating"]["TypeName"] == "Microsoft.Dynamics.DataEntities.MqaRating"
    assert not fields["MqaScore"]["AllowEdit"]
    assert [field["Name"] for field in group["Properties"] if field["IsMandatory"]] == [
        "dataAreaId",
        "VendorGroupId",
        "MqaCode",
    ]
    assert {"Name": "MqaReview", "Value": 100}.items() <= status["Members"][-1].items()
    assert [member.get("Name") for member in types["MqaRating"].iter(f"{EDM}Member")] == ["A", "B"]
    assert (row["MqaRating"], row["MqaScore"]) == ("B", 7.5)


@pytest.mark.usefixtures("customised")
async def test_a_customers_fields_are_validated_like_any_other(api: Api) -> None:
    """A mandatory field is asked for, a read-only one refused."""
    missing = await api.refused("VendorGroups", VendorGroupId="30")
    fixed = await api.refused(
        "VendorsV2", VendorOrganizationName="x", VendorGroupId="10", MqaScore=1
    )

    assert "Field 'MqaCode' must be filled in" in missing
    assert "Field 'MqaScore' does not allow editing" in fixed


@pytest.mark.parametrize("annotated", [True, False])
async def test_ax_types_are_annotated_in_some_tenants(api: Api, *, annotated: bool) -> None:
    """Whether a tenant's $metadata tells dates from instants varies (d365.md §2.1)."""
    await api.set(axtype_annotations=annotated)

    document = (await api.http.get("/data/$metadata")).text

    assert ("Core.V1.AXType" in document) == annotated
    assert "Core.V1.AllowEditOnCreate" in document
    assert "Core.V1.DimensionRelation" in document
    assert "Core.V1.IsReadOnly" in document
    assert 'Core.V1.LabelId" String="@Emulator:VendorGroupId"' in document
