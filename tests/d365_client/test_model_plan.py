"""What cannot become a model is refused, with what to do about it."""

from __future__ import annotations

import pytest

from d365_client import Metadata, MetadataEntity, MetadataProperty
from d365_client._model_plan import Wanted, is_instant, plan

NAMESPACE = "Microsoft.Dynamics.DataEntities"


def things(*properties: MetadataProperty, key: str = "Id") -> Metadata:
    """An environment with one entity set."""
    listed = [MetadataProperty(name="Id", is_key=True), *properties]
    entity = MetadataEntity(
        name="Thing",
        entity_set="Things",
        key=(key,) if key else (),
        properties={item.name: item for item in listed},
    )
    return Metadata(entities={"Things": entity})


WANTED = Wanted(entity_set="Things")


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        (
            things(MetadataProperty(name="AmountMST"), MetadataProperty(name="AmountMst")),
            "AmountMST and AmountMst would both be amount_mst; name the fields .* --field",
        ),
        (
            things(MetadataProperty(name="Kind", type=f"{NAMESPACE}.ThingKind")),
            "Things: the members of ThingKind are not in the metadata; .*PublicEnumerations",
        ),
        (things(MetadataProperty(name="a b")), "'a b' is no name of a property; leave it out"),
        (things(key=""), "Things has no key in the metadata"),
        (
            things(MetadataProperty(name="Tags", type="Collection(Edm.String)"), key="Tags"),
            "a model cannot have its key's",
        ),
    ],
    ids=["two become one", "no members", "no name", "no key", "a list for a key"],
)
def test_what_cannot_be_a_model_is_refused(metadata: Metadata, why: str) -> None:
    """The error names the set, the field and what to do."""
    with pytest.raises(ValueError, match=why):
        plan(metadata, [WANTED])


def test_fields_that_are_named_leave_the_others_out() -> None:
    """So one of two that would become one can be had, and one without members be left."""
    metadata = things(
        MetadataProperty(name="AmountMST"),
        MetadataProperty(name="AmountMst"),
        MetadataProperty(name="Kind", type=f"{NAMESPACE}.ThingKind"),
    )
    (model,) = plan(metadata, [Wanted(entity_set="Things", fields=["AmountMST"])]).models

    assert [(item.attribute, item.wire) for item in model.fields] == [
        ("id", "Id"),
        ("amount_mst", "AmountMST"),
    ]


@pytest.mark.parametrize("name", ["Decimal", "OpenEnum", "Entity"])
def test_a_class_hides_nothing_that_the_module_imports(name: str) -> None:
    """A model called Decimal would make every amount a row."""
    with pytest.raises(ValueError, match=f"several classes would be called {name}; rename"):
        plan(things(), [Wanted(entity_set="Things", class_name=name)])


@pytest.mark.parametrize(
    ("name", "ax_type", "instant"),
    [
        ("TransDate", "", False),
        ("Closed", "", False),
        ("SysModifiedDateTime", "", True),
        ("CreatedOn", "", True),
        ("ModifiedOn", "", True),
        ("AddressValidFrom", "", True),
        ("CreatedOn", "Date", False),
        ("Closed", "UtcDateTime", True),
    ],
)
def test_a_date_is_told_from_an_instant(name: str, ax_type: str, instant: bool) -> None:  # noqa: FBT001 - a row of the table
    """By what the tenant says, else by the name (`d365.md` §2.7)."""
    item = MetadataProperty(name=name, type="Edm.DateTimeOffset", ax_type=ax_type)

    assert is_instant(item) is instant
