"""Service document and `$metadata`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from d365_client.emulator.shipped_catalog import load_catalog

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
TERMS = "Microsoft.Dynamics.OData.Core.V1"


async def schema(api: Api) -> ET.Element:
    """The only schema of the metadata document."""
    answer = await api.http.get("/data/$metadata")
    assert answer.headers["content-type"] == "application/xml"
    found = ET.fromstring(answer.text).find(f".//{EDM}Schema")  # noqa: S314 - our own document
    assert found is not None
    return found


async def test_the_service_document_lists_the_sets(api: Api) -> None:
    """`/data` names every entity set (d365.md §2.1)."""
    document = await api.get("")

    assert {entry["name"] for entry in document["value"]} == {*load_catalog().sets}
    assert document["@odata.context"] == "https://d365.test/data/$metadata"


async def test_the_metadata_describes_every_set(api: Api) -> None:
    """Container, types, keys and properties are those of the catalogue (d365.md §2.1)."""
    found = await schema(api)
    types = {entry.get("Name"): entry for entry in found.findall(f"{EDM}EntityType")}
    container = found.find(f"{EDM}EntityContainer")
    assert container is not None

    described = {}
    for entry in container.findall(f"{EDM}EntitySet"):
        name, _, short = str(entry.get("EntityType")).rpartition(".")
        assert name == found.get("Namespace") == "Microsoft.Dynamics.DataEntities"
        keys = [ref.get("Name") for ref in types[short].iter(f"{EDM}PropertyRef")]
        fields = [
            (field.get("Name"), field.get("Type"))
            for field in types[short].findall(f"{EDM}Property")
        ]
        described[entry.get("Name")] = (keys, fields)

    assert container.get("Name") == "Resources"
    assert described == {
        name: (
            list(entity_set.keys),
            [(field.name, field.edm_type) for field in entity_set.fields.values()],
        )
        for name, entity_set in load_catalog().sets.items()
    }


async def test_the_metadata_tells_dates_from_instants(api: Api) -> None:
    """Both are DateTimeOffset; the annotation AXType tells them apart (d365.md §2.7)."""
    found = await schema(api)
    properties = {
        field.get("Name"): {
            note.get("Term"): note.get("EnumMember") or note.get("Bool")
            for note in field.findall(f"{EDM}Annotation")
        }
        for entry in found.findall(f"{EDM}EntityType")
        if entry.get("Name") in {"VendTransBiEntity", "VendorPaymentJournalHeader"}
        for field in entry.findall(f"{EDM}Property")
    }

    assert properties["TransDate"][f"{TERMS}.AXType"] == f"{TERMS}.AXType/Date"
    assert properties["CreatedOn"][f"{TERMS}.AXType"] == f"{TERMS}.AXType/UtcDateTime"
    assert properties["IsPosted"][f"{TERMS}.AllowEdit"] == "false"
    assert properties["JournalName"][f"{TERMS}.IsRequired"] == "true"


async def test_the_metadata_lists_enum_members(api: Api) -> None:
    """Members with the values that the reference records."""
    (found,) = [
        entry
        for entry in (await schema(api)).findall(f"{EDM}EnumType")
        if entry.get("Name") == "SettlementType"
    ]

    members = {member.get("Name"): member.get("Value") for member in found.findall(f"{EDM}Member")}
    assert members == {"None": "0", "OpenTransact": "1", "SelectedTransact": "2"}
