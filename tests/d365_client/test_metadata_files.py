"""Metadata documents are read as they come: in any pieces, flat in memory, whole or not at all."""

from __future__ import annotations

import json
import pathlib
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import Metadata, Undecodable
from d365_client._csdl import CsdlReader
from d365_client._metadata import Part, assembled
from d365_client._metadata_files import Reader, read_files
from d365_client._public_entities import LONGEST_ROW, PublicReader
from d365_client.emulator.metadata import csdl
from d365_client.emulator.shipped_catalog import load_catalog

NAMESPACE = "Microsoft.Dynamics.DataEntities"

VENDOR = {
    "Name": "Vendor",
    "EntitySetName": "Vendors",
    "LabelId": "@SYS1",
    "IsReadOnly": False,
    "ConfigurationEnabled": True,
    "Properties": [
        {
            "Name": "Id",
            "TypeName": "Edm.String",
            "DataType": "String",
            "IsKey": True,
            "IsMandatory": True,
            "AllowEdit": False,
            "Heard": {"of": ["never", None, 1.5]},
        },
        {"Name": "Blocked", "TypeName": f"{NAMESPACE}.NoYes", "DataType": "Enum"},
        {"Name": "Since", "TypeName": None, "DataType": "UtcDateTime"},
        {"Name": "Größe", "TypeName": "Edm.Decimal", "DataType": "Real", "LabelId": 'a "]}'},
    ],
    "NavigationProperties": [
        {
            "Name": "Bills",
            "RelatedEntity": "Bill",
            "Cardinality": "Multiple",
            "Constraints": [{"Property": "Id", "ReferencedProperty": "VendorId"}, {"Value": 1}],
        }
    ],
    "PropertyGroups": [],
    "Actions": [
        {
            "Name": "Merge",
            "BindingKind": "BoundToEntityInstance",
            "Parameters": [
                {"Name": "into", "Type": {"TypeName": "Edm.String", "IsCollection": True}}
            ],
            "ReturnType": None,
            "FieldLookup": None,
        }
    ],
}
NO_YES = {
    "Name": "NoYes",
    "LabelId": "@SYS2",
    "Members": [
        {"Name": "No", "LabelId": "@SYS3", "Value": 0, "ConfigurationEnabled": True},
        {"Name": "Yes", "Value": 1},
    ],
}
PAGES = b"\n".join(
    json.dumps(page, ensure_ascii=False).encode()
    for page in (
        {"@odata.context": "…", "@odata.count": 12, "value": [VENDOR], "@odata.nextLink": "next"},
        {"value": [NO_YES]},
    )
)
CSDL = csdl(load_catalog(), [])


def read(reader: Reader, document: bytes, size: int) -> Metadata:
    """A document, read in pieces of this size."""
    parts: list[Part] = []
    for start in range(0, len(document), size):
        parts += reader.feed(document[start : start + size])
    return assembled([*parts, *reader.close()])


@given(st.integers(1, len(PAGES)))
def test_json_is_read_in_any_pieces(size: int) -> None:
    """Where a piece ends, be it inside a number or a letter, makes no difference."""
    metadata = read(PublicReader(), PAGES, size)

    assert metadata == read(PublicReader(), PAGES, len(PAGES))
    assert [*metadata.entities] == ["Vendors"]
    assert metadata.enums["NoYes"].members == {"No": 0, "Yes": 1}


@pytest.mark.parametrize("size", [1000, 4093, 1 << 16])
def test_csdl_is_read_in_any_pieces(size: int) -> None:
    """Where a piece ends makes no difference."""
    assert read(CsdlReader(), CSDL, size) == read(CsdlReader(), CSDL, len(CSDL))


def test_a_public_entity_is_read_whole() -> None:
    """Types, key, what is mandatory and what may be written, ways to other rows, actions (§2.2)."""
    vendor = read(PublicReader(), PAGES, 4096).entities["Vendors"]
    (bills,), (merge,) = vendor.navigation, vendor.actions

    assert (vendor.name, vendor.key, vendor.label) == ("Vendor", ("Id",), "@SYS1")
    assert {item.name: item.type for item in vendor.properties.values()} == {
        "Id": "Edm.String",
        "Blocked": f"{NAMESPACE}.NoYes",
        "Since": "Edm.DateTimeOffset",
        "Größe": "Edm.Decimal",
    }
    assert vendor.properties["Blocked"].enum == "NoYes"
    assert [item.is_mandatory for item in vendor.properties.values()] == [True, False, False, False]
    assert [item.allow_edit for item in vendor.properties.values()] == [False, True, True, True]
    assert (bills.target, bills.is_many, bills.constraints) == ("Bill", True, {"Id": "VendorId"})
    assert (merge.entity, merge.parameters) == ("Vendor", {"into": "Collection(Edm.String)"})


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"[1, 2]", "not a JSON object"),
        (b"<html></html>", "not a JSON object"),
        (b'{"value": [1]} ', "is int, not an object"),
        (b'{"value": [{"Name": "A"}, {"Na', "stops short"),
        (b'{"value": [{"Name": "A"}]', "stops short"),
        (b'{"value": [{"Name": }]}', "stops short, or is none"),
        (b"", "stops short"),
        (b'{"value": [{"Name": "\xff"}]}', "not UTF-8"),
    ],
)
def test_json_that_is_not_whole_is_refused(document: bytes, why: str) -> None:
    """A document that stops short is no short list."""
    with pytest.raises(Undecodable, match=why):
        read(PublicReader(), document, 4)


def test_a_row_that_does_not_end_is_refused() -> None:
    """What is not a row is not kept for ever."""
    reader = PublicReader()
    reader.feed(b'{"value": [{"Name": "')

    with pytest.raises(Undecodable, match="one does not end"):
        reader.feed(b"a" * LONGEST_ROW)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<!DOCTYPE html><html><body>Signing in</body></html>", "has a document type"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Schema>&a;</Schema>', "has a document type"),
        (b"<html><body>Starting</body></html>", "no CSDL"),
        (b'{"error": {}}', "not whole XML"),
        (b"", "not whole XML"),
        (CSDL[:-100], "not whole XML"),
        (CSDL[:-1], "not whole XML"),
    ],
)
def test_what_is_no_whole_csdl_is_refused(document: bytes, why: str) -> None:
    """A page for people, an attack, and a document that stops short are no metadata."""
    with pytest.raises(Undecodable, match=why):
        read(CsdlReader(), document, 1000)


def test_only_the_sets_that_are_asked_for_are_kept(tmp_path: pathlib.Path) -> None:
    """With their enumerations, and none of the others, from either kind of document."""
    xml, pages = tmp_path / "metadata.xml", tmp_path / "entities.json"
    xml.write_bytes(CSDL)
    pages.write_bytes(PAGES)

    metadata = read_files([xml, pages], only=["PaymentTerms", "Vendors"])

    assert {*metadata.entities} == {"PaymentTerms", "Vendors"}
    assert {*metadata.enums} >= {"NetCurrent", "NoYes"}
    assert "CustVendorBlocked" not in metadata.enums
    assert metadata.entities["PaymentTerms"] == read_files([xml]).entities["PaymentTerms"]


@pytest.mark.parametrize("document", [CSDL, PAGES])
def test_a_misspelt_set_has_close_ones(tmp_path: pathlib.Path, document: bytes) -> None:
    """Names are case-sensitive (§2.1), so the error says which there are."""
    file = tmp_path / "saved"
    file.write_bytes(document)

    with pytest.raises(ValueError, match=r"entity set vendors\w* is not .* close: Vendors"):
        read_files([file], only=["vendorsv2" if document is CSDL else "vendors"])


@pytest.mark.parametrize(("content", "why"), [(b"", "is neither"), (b"key,value", "is neither")])
def test_another_file_is_refused_by_name(tmp_path: pathlib.Path, content: bytes, why: str) -> None:
    """The error says which file it is."""
    file = tmp_path / "vendors.csv"
    file.write_bytes(content)

    with pytest.raises(Undecodable, match=rf"vendors\.csv {why}"):
        read_files([file])


def big_csdl(megabytes: int) -> Iterator[bytes]:
    """A `$metadata` as large as a real one: thousands of entity types of eighty properties."""
    yield (
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        f'<edmx:DataServices><Schema Namespace="{NAMESPACE}" '
        'xmlns="http://docs.oasis-open.org/odata/ns/edm">'
    ).encode()
    term = "Microsoft.Dynamics.OData.Core.V1"
    properties = "".join(
        f'<Property Name="Field{number}" Type="Edm.String">'
        f'<Annotation Term="{term}.AXType" EnumMember="{term}.AXType/String"/></Property>'
        for number in range(80)
    )
    size = count = 0
    while size < megabytes * 1_000_000:
        entity = (
            f'<EntityType Name="Thing{count}"><Key><PropertyRef Name="Field0"/></Key>'
            f"{properties}</EntityType>"
        ).encode()
        size, count = size + len(entity), count + 1
        yield entity
    yield b'<EntityContainer Name="Resources">'
    for number in range(count):
        yield (
            f'<EntitySet Name="Things{number}" EntityType="{NAMESPACE}.Thing{number}"/>'
        ).encode()
    yield b"</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"


def big_json(megabytes: int) -> Iterator[bytes]:
    """A `/metadata/PublicEntities` of this size."""
    size = count = 0
    yield b'{"value": ['
    while size < megabytes * 1_000_000:
        row: dict[str, Any] = {**VENDOR, "EntitySetName": f"Things{count}", "Name": f"Thing{count}"}
        text = ("," if count else "") + json.dumps(row)
        size, count = size + len(text), count + 1
        yield text.encode()
    yield b"]}"


@pytest.mark.parametrize(("document", "megabytes"), [(big_csdl, 30), (big_json, 10)])
def test_memory_is_flat(
    tmp_path: pathlib.Path, document: Callable[[int], Iterator[bytes]], megabytes: int
) -> None:
    """Two sets cost what a few pieces do; the names of the others are kept, and no fields."""
    file = tmp_path / "saved"
    with file.open("wb") as target:
        target.writelines(document(megabytes))
    tracemalloc.start()
    try:
        metadata = read_files([file], only=["Things0", "Things7"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert {*metadata.entities} == {"Things0", "Things7"}
    assert file.stat().st_size > megabytes * 1_000_000
    assert peak < 5_000_000
