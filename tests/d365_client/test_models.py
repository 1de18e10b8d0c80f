"""The models are those of the reference: every name, type, enum and key."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast, get_args, get_type_hints

import attrs
import pytest

import d365_client
from d365_client import (
    DimensionSegmentDelimiter,
    Entity,
    EntityDraft,
    LedgerTransType,
    NoYes,
    VendorPaymentJournalHeaderDraft,
)
from d365_client._converter import wire_name, wire_names
from d365_client.models.enums import OpenEnum

REFERENCE = json.loads(pathlib.Path(__file__).with_name("fields.json").read_text(encoding="utf-8"))
"""The fields that the models have, from the 2025 metadata in `reference/d365_entities`."""

PLAIN = {"String": str, "Int64": int, "Int32": int, "Decimal": Decimal}


def public(parent: type) -> list[Any]:
    """The public classes below a class."""
    found = (getattr(d365_client, name) for name in d365_client.__all__)
    return [
        item
        for item in found
        if isinstance(item, type) and issubclass(item, parent) and item is not parent
    ]


MODELS: list[type[Entity]] = public(Entity)
DRAFTS: list[type[EntityDraft[Entity]]] = public(EntityDraft)
ENUMS: list[type[OpenEnum]] = public(OpenEnum)


def expected_type(wire: str, edm: str) -> object:
    """What a field of this name and type is in a model."""
    if edm == "DateTimeOffset":
        instant = wire.endswith("DateTime") or wire in {"CreatedOn", "ModifiedOn"}
        return datetime | None if instant else date | None
    return PLAIN.get(edm) or getattr(d365_client, edm) | None


def fields_of(model: type[Entity]) -> Mapping[str, str]:
    """The reference's fields of a model."""
    return cast("Mapping[str, str]", REFERENCE["entity_sets"][model.ENTITY_SET]["fields"])


@pytest.mark.parametrize("model", MODELS)
def test_a_models_fields_are_the_references(model: type[Entity]) -> None:
    """Each field has the wire's name and the Python type of its Edm type; dates are no instants."""
    hints = get_type_hints(model)
    typed = {wire: hints[name] for name, wire in wire_names(model).items()}

    assert typed == {wire: expected_type(wire, edm) for wire, edm in fields_of(model).items()}


@pytest.mark.parametrize("model", MODELS)
def test_a_models_key_is_the_references(model: type[Entity]) -> None:
    """The key is all of the set's key, in its order, and among the model's fields."""
    names = wire_names(model)

    assert [names[name] for name in model.KEY] == REFERENCE["entity_sets"][model.ENTITY_SET]["key"]


def test_there_is_a_model_for_every_set_of_the_reference_file() -> None:
    """No set is left in the file whose model is gone, and no set has two models."""
    assert sorted(model.ENTITY_SET for model in MODELS) == sorted(REFERENCE["entity_sets"])


@pytest.mark.parametrize("enum", ENUMS)
def test_an_enums_members_are_the_references(enum: type[OpenEnum]) -> None:
    """The class is named as the type is on the wire, and each member is one of its members."""
    assert {member.value for member in enum} <= set(REFERENCE["enums"][enum.__name__])


@pytest.mark.parametrize(
    "name", ["NoYes", "CustVendorBlocked", "SettlementType", "FiscalPeriodStatus", "NetCurrent"]
)
def test_an_enum_that_decides_something_is_whole(name: str) -> None:
    """Of these every member is known, so that no case is forgotten."""
    members = {member.value for member in getattr(d365_client, name)}

    assert members == set(REFERENCE["enums"][name])


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_has_fields_of_the_rows_that_it_creates(draft: type[EntityDraft[Entity]]) -> None:
    """What is written is of the same type as what is read, and can be left out but for the key."""
    read, written = get_type_hints(draft.CREATES), get_type_hints(draft)

    for name in wire_names(draft):
        assert set(get_args(written[name]) or (written[name],)) - {type(None)} == (
            set(get_args(read[name]) or (read[name],)) - {type(None)}
        )


@pytest.mark.parametrize("model", [*MODELS, *DRAFTS])
def test_no_amount_is_a_float(model: type) -> None:
    """A float is not money."""
    hints = get_type_hints(model)

    assert not any(float in (hint, *get_args(hint)) for hint in hints.values())


@pytest.mark.parametrize("model", [*MODELS, *DRAFTS])
def test_a_model_is_made_by_names(model: type[Any]) -> None:
    """Twenty fields in a row are told apart by their names only."""
    assert all(item.kw_only for item in attrs.fields(model))


def test_a_row_cannot_be_changed() -> None:
    """What was read is what was read."""
    header = VendorPaymentJournalHeaderDraft(data_area_id="usmf", journal_name="VendPay")

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        header.journal_name = "GenJrn"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("attribute", "wire"),
    [
        ("vendor_account_number", "VendorAccountNumber"),
        ("data_area_id", "dataAreaId"),
        ("amount_mst", "AmountMST"),
        ("settle_amount_cur", "SettleAmountCur"),
        ("address_country_region_iso_code", "AddressCountryRegionISOCode"),
        ("is_reporting_tax_1099", "IsReportingTax1099"),
        ("offset_recid", "OffsetRecid"),
    ],
)
def test_an_attribute_has_its_wire_name(attribute: str, wire: str) -> None:
    """Snake to Pascal, but for one table of irregular names."""
    assert wire_name(attribute) == wire


def test_an_unknown_member_survives_under_its_own_name() -> None:
    """A tenant's own member, or next year's, is a member like the others."""
    partner = LedgerTransType("PartnerSettlement")

    assert isinstance(partner, LedgerTransType)
    assert partner == "PartnerSettlement"
    assert partner.value == partner.name == "PartnerSettlement"
    assert {partner: 1}[LedgerTransType("PartnerSettlement")] == 1
    assert partner != LedgerTransType.PAYMENT


def test_a_known_member_is_itself() -> None:
    """Looking a member up by its value gives the one that the class defines."""
    assert NoYes("Yes") is NoYes.YES


@pytest.mark.parametrize("value", [None, 1, Decimal(1)])
def test_an_enum_is_a_text_on_the_wire(value: Any) -> None:
    """A number is no member's name (`d365.md` §2.7)."""
    with pytest.raises(ValueError, match="not a valid"):
        NoYes(value)


def test_every_delimiter_has_its_text() -> None:
    """All ten delimiters of the reference are known; one that is not says so."""
    texts = {member.value: member.text for member in DimensionSegmentDelimiter}

    assert texts == {
        "Hyphen": "-",
        "Period": ".",
        "Underscore": "_",
        "Bar": "|",
        "Tilde": "~",
        "DoubleHyphen": "--",
        "DoublePeriod": "..",
        "DoubleUnderscore": "__",
        "DoubleBar": "||",
        "DoubleTilde": "~~",
    }
    with pytest.raises(ValueError, match="Slash is a dimension delimiter that is not known"):
        _ = DimensionSegmentDelimiter("Slash").text
