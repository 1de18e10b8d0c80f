"""Generated models: every entity of the reference survives metadata, text and import."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any, get_type_hints
from uuid import UUID
from xml.sax.saxutils import quoteattr

import attrs
import pytest

from d365_client import Entity, EntityDraft, Metadata, OpenEnum
from d365_client._converter import structure, wire_names
from d365_client._metadata_files import read_files
from d365_client._model_plan import Wanted, plan
from d365_client._model_source import plan_source

ROOT = pathlib.Path(__file__).parents[2]
REFERENCE = ROOT / "tools" / "shipped_models" / "d365_entities"
SETS = sorted(path.stem for path in REFERENCE.glob("[!_]*.json"))
NAMESPACE = "Microsoft.Dynamics.DataEntities"
TERMS = "Microsoft.Dynamics.OData.Core.V1"

PYTHON = {
    "Edm.Binary": bytes,
    "Edm.Boolean": bool,
    "Edm.Decimal": Decimal,
    "Edm.Guid": UUID,
    "Edm.Int32": int,
    "Edm.Int64": int,
    "Edm.String": str,
}


def load(name: str) -> Any:
    """A file of the reference."""
    return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))


ENUMS: Mapping[str, Mapping[str, Any]] = load("_enums")


def qualified(field: Mapping[str, Any]) -> str:
    """A field's type as metadata write it."""
    return f"{NAMESPACE}.{field['enum']}" if "enum" in field else str(field["type"])


def csdl() -> str:
    """The reference as `$metadata` would have it, without any annotation."""
    types, sets = [], []
    for name in SETS:
        fields = load(name)
        key = "".join(f'<PropertyRef Name="{field["name"]}"/>' for field in fields if field["key"])
        properties = "".join(
            f'<Property Name="{field["name"]}" Type={quoteattr(qualified(field))}/>'
            for field in fields
        )
        types.append(f'<EntityType Name="{name}Row"><Key>{key}</Key>{properties}</EntityType>')
        sets.append(f'<EntitySet Name="{name}" EntityType="{NAMESPACE}.{name}Row"/>')
    for name, told in ENUMS.items():
        members = "".join(
            f'<Member Name="{member["name"]}" Value="{member["value"]}"/>'
            for member in told["members"]
        )
        types.append(f'<EnumType Name="{name}">{members}</EnumType>')
    return (
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        f'<edmx:DataServices><Schema Namespace="{NAMESPACE}" '
        f'xmlns="http://docs.oasis-open.org/odata/ns/edm">{"".join(types)}'
        f'<EntityContainer Name="Resources">{"".join(sets)}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    )


def public_entities() -> str:
    """The reference as `/metadata/PublicEntities` would have it."""
    rows = [
        {
            "Name": f"{name}Row",
            "EntitySetName": name,
            "Properties": [
                {
                    "Name": field["name"],
                    "TypeName": qualified(field),
                    "IsKey": field["key"],
                    "IsMandatory": field["required"],
                }
                for field in load(name)
            ],
        }
        for name in SETS
    ]
    return json.dumps({"value": rows})


def public_enumerations() -> str:
    """The reference as `/metadata/PublicEnumerations` would have it."""
    rows = [
        {
            "Name": name,
            "Members": [{"Name": item["name"], "Value": item["value"]} for item in told["members"]],
        }
        for name, told in ENUMS.items()
    ]
    return json.dumps({"value": rows})


def written(folder: pathlib.Path, documents: Mapping[str, str]) -> list[pathlib.Path]:
    """Documents as files."""
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in documents]


def imported(path: pathlib.Path, source: str) -> ModuleType:
    """A generated module, imported from a file."""
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def models_of(metadata: Metadata, wanted: Iterable[Wanted]) -> str:
    """The module of what is wanted."""
    return plan_source(plan(metadata, wanted), doc="Models.")


@pytest.fixture(scope="module", params=["csdl", "json"])
def generated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> ModuleType:
    """Models of all 70 sets, once from CSDL and once from the JSON of `/metadata`."""
    folder = tmp_path_factory.mktemp(request.param)
    documents = {
        "csdl": {"metadata.xml": csdl()},
        "json": {"entities.json": public_entities(), "enums.json": public_enumerations()},
    }
    metadata = read_files(written(folder, documents[request.param]))
    source = models_of(metadata, [Wanted(entity_set=name) for name in SETS])
    return imported(folder / f"all_models_{request.param}.py", source)


def expected_type(module: ModuleType, field: Mapping[str, Any]) -> object:
    """What a field is in a generated model."""
    name = str(field["name"])
    if field["type"] == "Edm.DateTimeOffset":
        instant = name.endswith(("DateTime", "ValidFrom", "ValidTo")) or name == "CreatedOn"
        return datetime | None if instant else date | None
    if "enum" in field:
        return getattr(module, field["enum"]) | None
    return PYTHON[field["type"]]


@pytest.mark.parametrize("entity_set", SETS)
def test_every_entity_of_the_reference_survives(generated: ModuleType, entity_set: str) -> None:
    """Set, key, names, types and the members of every enumeration are the reference's."""
    model: type[Entity] = getattr(generated, f"{entity_set}Row")
    fields = load(entity_set)
    names, hints = wire_names(model), get_type_hints(model)

    assert model.ENTITY_SET == entity_set
    assert [names[name] for name in model.KEY] == [
        field["name"] for field in fields if field["key"]
    ]
    assert {wire: hints[name] for name, wire in names.items()} == {
        field["name"]: expected_type(generated, field) for field in fields
    }
    for name in {field["enum"] for field in fields if "enum" in field}:
        enum: type[OpenEnum] = getattr(generated, name)
        assert [item.value for item in enum] == [item["name"] for item in ENUMS[name]["members"]]


@pytest.mark.parametrize("entity_set", SETS)
def test_every_row_of_the_reference_is_read(generated: ModuleType, entity_set: str) -> None:
    """A row in the wire's null forms becomes the model, with nothing left over."""
    forms = {
        "Edm.Binary": "AAE=",
        "Edm.Boolean": False,
        "Edm.DateTimeOffset": "1900-01-01T12:00:00Z",
        "Edm.Decimal": 0,
        "Edm.Guid": "00000000-0000-0000-0000-000000000000",
        "Edm.Int32": 0,
        "Edm.Int64": 2**62,
        "Edm.String": "",
    }
    row = {field["name"]: forms.get(field["type"]) for field in load(entity_set)}

    read = structure(getattr(generated, f"{entity_set}Row"), row)

    assert read.extra == {}


def test_a_draft_needs_what_is_mandatory(generated: ModuleType) -> None:
    """And the company, which would otherwise be the service user's own (`d365.md` §2.4)."""
    draft: type[EntityDraft[Any]] = generated.VendorPaymentJournalLinesRowDraft
    names = wire_names(draft)
    fields = attrs.fields(draft)
    required = {names[item.name] for item in fields if item.default is attrs.NOTHING}
    mandatory = {field["name"] for field in load("VendorPaymentJournalLines") if field["required"]}

    # CSDL without annotations says nothing of what is mandatory.
    assert required == (mandatory if "json" in generated.__name__ else {"dataAreaId"})


def test_raw_tables_have_no_drafts(generated: ModuleType) -> None:
    """Bi entities are to be treated as read-only (`d365.md` §4.2)."""
    drafts = [name for name in vars(generated) if name.endswith("Draft")]

    assert not [name for name in drafts if "BiEntities" in name]
    assert "VendorsV2RowDraft" in drafts


def test_the_text_is_checked_and_formatted(generated: ModuleType) -> None:
    """Mypy --strict has nothing to say about all 70 models, and ruff would change nothing."""
    path = str(generated.__file__)
    commands: Sequence[Sequence[str]] = [
        ("ruff", "format", "--check", "--isolated", "--line-length", "100", path),
        ("mypy", "--strict", "--config-file", "", path),
    ]

    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", *command], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_metadata_give_the_same_text(tmp_path: pathlib.Path) -> None:
    """So that a difference in version control is one of the tenant."""
    (file,) = written(tmp_path, {"metadata.xml": csdl()})
    wanted = [Wanted(entity_set=name) for name in ("VendorsV2", "PaymentTerms")]

    first, second = (models_of(read_files([file]), wanted) for _ in range(2))

    assert first == second


WEIRD = f"""<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"
  xmlns:isv="http://isv.test/ns">
 <edmx:Reference Uri="https://isv.test/vocabulary.xml"><edmx:Include Namespace="Isv.V1"/>
 </edmx:Reference>
 <edmx:DataServices>
  <Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">
   <EntityType Name="Thing" isv:since="10.0.99">
    <Key><PropertyRef Name="Id"/></Key>
    <Property Name="Id" Type="Edm.String" Nullable="false"><isv:Note>unheard of</isv:Note></Property>
    <Property Name="Date" Type="Edm.DateTimeOffset">
     <Annotation Term="{TERMS}.AXType" EnumMember="{TERMS}.AXType/Date"/>
     <Annotation Term="Isv.V1.Color" String="blue"><Annotation Term="Isv.V1.Deep" Int="1"/></Annotation>
     <Annotation Term="Isv.V1.Table"><Record><PropertyValue Property="X" String="y"/></Record></Annotation>
    </Property>
    <Property Name="TransDateTime" Type="Edm.DateTimeOffset">
     <Annotation Term="{TERMS}.AXType" EnumMember="{TERMS}.AXType/Date"/>
    </Property>
    <Property Name="Seen" Type="Edm.DateTimeOffset">
     <Annotation Term="{TERMS}.AXType" EnumMember="{TERMS}.AXType/UtcDateTime"/>
    </Property>
    <Property Name="Rate" Type="Edm.Double"/>
    <Property Name="Tags" Type="Collection(Edm.String)"/>
    <Property Name="Place" Type="{NAMESPACE}.GeoPlace_NoEnum" isv:hidden="yes"/>
    <Property Name="class" Type="Edm.String"/>
    <Property Name="MqaInactive" Type="{NAMESPACE}.MqaState"/>
    <Property Name="Total" Type="Edm.Decimal" Precision="32" Scale="6" MaxLength="max">
     <Annotation Term="{TERMS}.AllowEditOnCreate" Bool="false"/>
    </Property>
    <NavigationProperty Name="Lines" Type="Collection({NAMESPACE}.Line)" ContainsTarget="true">
     <ReferentialConstraint Property="Id" ReferencedProperty="ThingId"/><OnDelete Action="Cascade"/>
    </NavigationProperty>
    <Annotation Term="{TERMS}.LabelId" String="Things &amp; &quot;&quot;&quot; others\\"/>
   </EntityType>
   <ComplexType Name="GeoPlace"><Property Name="Latitude" Type="Edm.Double"/></ComplexType>
   <EnumType Name="MqaState" IsFlags="false" UnderlyingType="Edm.Int32">
    <Member Name="Active"/><Member Name="None" Value="7"><Annotation Term="Isv.V1.Old"/></Member>
    <Member Name="Gone_ZA"/><Member Name="GoneZA"/><Member Name="2ndChance" Value="40"/>
   </EnumType>
   <Action Name="Settle" IsBound="true"><Parameter Name="thing" Type="{NAMESPACE}.Thing"/>
    <Parameter Name="amount" Type="Edm.Decimal"/><ReturnType Type="Edm.String"/></Action>
   <Action Name="Sweep"/>
   <Function Name="Count"><ReturnType Type="Edm.Int32"/></Function>
   <EntityContainer Name="Resources"><EntitySet Name="Things" EntityType="{NAMESPACE}.Thing">
    <NavigationPropertyBinding Path="Lines" Target="Lines"/></EntitySet>
    <Singleton Name="Me" Type="{NAMESPACE}.Thing"/></EntityContainer>
  </Schema>
  <Schema Namespace="Isv.V1" xmlns="http://docs.oasis-open.org/odata/ns/edm"><Term Name="Color"/></Schema>
 </edmx:DataServices>
</edmx:Edmx>
"""  # noqa: E501 - a document as others write it


@pytest.fixture
def weird(tmp_path: pathlib.Path) -> Metadata:
    """A metadata file that has much of what nobody asked for."""
    return read_files(written(tmp_path, {"weird.xml": WEIRD}))


def test_unknown_annotations_and_elements_change_nothing(weird: Metadata) -> None:
    """What we know of an entity is what D365 says of it, whatever else stands there."""
    thing = weird.entities["Things"]

    assert thing.key == ("Id",)
    assert thing.properties["Date"].ax_type == "Date"
    assert thing.properties["Seen"].ax_type == "UtcDateTime"
    assert not thing.properties["Id"].is_nullable
    assert not thing.properties["Total"].allow_edit_on_create
    assert [(way.name, way.target, way.is_many) for way in thing.navigation] == [
        ("Lines", "Line", True)
    ]
    assert thing.navigation[0].constraints == {"Id": "ThingId"}
    assert weird.enums["MqaState"].members == {
        "Active": 0,
        "None": 7,
        "Gone_ZA": 8,
        "GoneZA": 9,
        "2ndChance": 40,
    }


def test_actions_are_told_by_what_they_are_bound_to(weird: Metadata) -> None:
    """A bound one is the entity's, without the row itself among what its caller gives."""
    (settle,), (sweep,) = weird.entities["Things"].actions, weird.actions

    assert (settle.name, settle.parameters, settle.returns) == (
        "Settle",
        {"amount": "Edm.Decimal"},
        "Edm.String",
    )
    assert settle.binding.value == "BoundToEntityInstance"
    assert (sweep.name, sweep.binding.value) == ("Sweep", "Unbound")


def test_models_of_a_weird_file_read_its_rows(weird: Metadata, tmp_path: pathlib.Path) -> None:
    """AXType decides over names, unknown members and fields survive, lists stay in `extra`."""
    wanted = [name for name in weird.entities["Things"].properties if name != "Place"]
    source = models_of(weird, [Wanted(entity_set="Things", fields=wanted)])
    module = imported(tmp_path / "weird_models.py", source)
    row = {
        "Id": "1",
        "Date": "2026-03-31T12:00:00Z",
        "TransDateTime": "2026-03-31T12:00:00Z",
        "Seen": "2026-03-31T08:00:00Z",
        "Rate": Decimal("1.1"),
        "Tags": ["a"],
        "class": "x",
        "MqaInactive": "Retired",
        "Total": 1,
        "Unheard": "of",
    }

    thing: Any = structure(module.Thing, row)

    assert thing.date_ == thing.trans_date_time == date(2026, 3, 31)
    assert isinstance(thing.seen, datetime)
    assert (thing.rate, thing.class_, thing.mqa_inactive) == (Decimal("1.1"), "x", "Retired")
    assert isinstance(thing.mqa_inactive, module.MqaState)
    assert thing.extra == {"Tags": ["a"], "Unheard": "of"}
    assert [*module.MqaState.__members__] == [
        "ACTIVE",
        "NONE",
        "GONE_ZA",
        "GONE_ZA_2",
        "N_2_ND_CHANCE",
    ]
    assert module.Thing.__doc__ == "Things & ''' others/ (`Things`)."
    assert "total" not in {item.name for item in attrs.fields(module.ThingDraft)}


def test_what_a_model_cannot_have_is_told(weird: Metadata) -> None:
    """The plan names each property that it leaves to `extra`, and its type."""
    (model,) = plan(weird, [Wanted(entity_set="Things", fields=["Tags"])]).models

    assert model.left_out == {"Tags": "Collection(Edm.String)"}
