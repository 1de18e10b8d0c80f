"""The models are those of the reference: every name, type, enum and key."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import d365_client.models
from d365_client import (
    DimensionSegmentDelimiter,
    Entity,
    EntityDraft,
    LedgerTransType,
    NoYes,
    OpenEnum,
    VendorPaymentJournalHeaderDraft,
    VendorPaymentJournalLineDraft,
    delimiter_text,
)
from d365_client._converter import wire_names
from d365_client.models.keys import KEYS
from d365_client.models.names import attribute_name, wire_name

SHIPPED = pathlib.Path(__file__).parents[2] / "tools" / "shipped_models"
REFERENCE = SHIPPED / "d365_entities"
ENUM_MEMBERS = {
    name: [member["name"] for member in told["members"]]
    for name, told in json.loads((REFERENCE / "_enums.json").read_text("utf-8")).items()
}

PLAIN = {
    "Edm.Binary": bytes,
    "Edm.Decimal": Decimal,
    "Edm.Guid": UUID,
    "Edm.Int32": int,
    "Edm.Int64": int,
    "Edm.String": str,
}


def public(parent: type) -> list[Any]:
    """The shipped classes below a class."""
    found = (getattr(d365_client.models, name) for name in d365_client.models.__all__)
    return [item for item in found if issubclass(item, parent)]


MODELS: list[type[Entity]] = public(Entity)
DRAFTS: list[type[EntityDraft[Any]]] = public(EntityDraft)
ENUMS: list[type[OpenEnum]] = public(OpenEnum)


def reference(entity_set: str) -> Mapping[str, Mapping[str, Any]]:
    """The fields of a set as the reference has them, by name."""
    rows = json.loads((REFERENCE / f"{entity_set}.json").read_text("utf-8"))
    return {row["name"]: row for row in rows}


def expected_type(field: Mapping[str, Any]) -> object:
    """What a field is in a model."""
    if field["type"] == "Edm.DateTimeOffset":
        name = field["name"]
        instant = name.endswith("DateTime") or name in {"CreatedOn", "ModifiedOn"}
        return datetime | None if instant else date | None
    return PLAIN.get(field["type"]) or getattr(d365_client.models, field.get("enum", "")) | None


def test_the_shipped_models_are_what_the_tool_writes(tmp_path: pathlib.Path) -> None:
    """Written again from the reference, each module is the shipped one, byte for byte."""
    subprocess.run([sys.executable, str(SHIPPED / "write.py"), str(tmp_path)], check=True)
    shipped = pathlib.Path(d365_client.models.__file__).parent

    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    by_hand = {"dates.py", "display_values.py", "entity.py", "names.py", "open_enum.py"}

    assert {path.name for path in shipped.glob("*.py")} - by_hand == {*written}
    for name, source in written.items():
        assert (shipped / name).read_bytes() == source, name


@pytest.mark.parametrize("model", MODELS)
def test_a_models_fields_are_the_references(model: type[Entity]) -> None:
    """Each field has the wire's name and the Python type of its Edm type; dates are no instants."""
    hints = get_type_hints(model)
    typed = {wire: hints[name] for name, wire in wire_names(model).items()}
    fields = reference(model.ENTITY_SET)

    assert typed == {wire: expected_type(fields[wire]) for wire in typed}


@pytest.mark.parametrize("model", MODELS)
def test_a_models_key_is_the_references(model: type[Entity]) -> None:
    """The key is all of the set's key, in its order, and among the model's fields."""
    names = wire_names(model)

    assert [names[name] for name in model.KEY] == [
        name for name, field in reference(model.ENTITY_SET).items() if field["key"]
    ]


def test_the_key_of_every_set_of_the_reference_is_known() -> None:
    """Also of those that have no model, so that their rows have an order."""
    index = json.loads((REFERENCE / "_index.json").read_text("utf-8"))["entities"]

    assert {name: list(key) for name, key in KEYS.items()} == {
        name: told["keys"] for name, told in index.items()
    }
    assert len(KEYS) == 70


def test_no_set_has_two_models() -> None:
    """A set has one definition."""
    sets = [model.ENTITY_SET for model in MODELS]

    assert sorted(sets) == sorted(set(sets))


@pytest.mark.parametrize("enum", ENUMS)
def test_an_enums_members_are_the_references(enum: type[OpenEnum]) -> None:
    """The class is named as the type is on the wire, and its members are all of its members."""
    assert [member.value for member in enum] == ENUM_MEMBERS[enum.__name__]


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_has_fields_of_the_rows_that_it_creates(draft: type[EntityDraft[Entity]]) -> None:
    """What is written is of the same type as what is read, and can be left out but for the key."""
    read, written = get_type_hints(draft.CREATES), get_type_hints(draft)

    for name in wire_names(draft):
        assert set(get_args(written[name]) or (written[name],)) - {type(None)} == (
            set(get_args(read[name]) or (read[name],)) - {type(None)}
        )


@pytest.mark.parametrize(
    ("draft", "required"),
    [
        ("VendorDraft", {"data_area_id", "vendor_group_id"}),
        ("VendorPaymentJournalHeaderDraft", {"data_area_id", "journal_name"}),
        (
            "VendorPaymentJournalLineDraft",
            {
                "data_area_id",
                "journal_batch_number",
                "line_number",
                "transaction_date",
                "account_display_value",
                "currency_code",
            },
        ),
        ("PendingInvoiceDraft", {"data_area_id", "invoice_account", "currency"}),
        ("MainAccountDraft", {"chart_of_accounts", "main_account_id", "name"}),
    ],
)
def test_a_draft_needs_what_d365_does_not_make_up(draft: str, required: set[str]) -> None:
    """Mandatory fields, the company, and what of the key no number sequence gives (§2.9)."""
    fields = attrs.fields(getattr(d365_client.models, draft))

    assert {item.name for item in fields if item.default is attrs.NOTHING} == required


def test_a_draft_has_no_field_that_d365_fills_in() -> None:
    """A voucher is given at creation, and nobody posts by writing a field (§4.4, §5.2)."""
    header = {item.name for item in attrs.fields(VendorPaymentJournalHeaderDraft)}
    line = {item.name for item in attrs.fields(VendorPaymentJournalLineDraft)}

    assert "is_posted" not in header
    assert line.isdisjoint({"voucher", "settle_voucher", "new_journal_batch_number"})


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
    ("wire", "attribute"),
    [
        ("VendorAccountNumber", "vendor_account_number"),
        ("dataAreaId", "data_area_id"),
        ("AmountMST", "amount_mst"),
        ("SettleAmountCur", "settle_amount_cur"),
        ("AddressCountryRegionISOCode", "address_country_region_iso_code"),
        ("IsReportingTax1099", "is_reporting_tax_1099"),
        ("Tax1099FederalTaxId", "tax_1099_federal_tax_id"),
        ("OffsetRecid", "offset_recid"),
        ("NatureCode_BR", "nature_code_br"),
        ("invoiceAccount", "invoice_account"),
        ("IBAN", "iban"),
        ("Date", "date_"),
        ("Class", "class_"),
        ("Extra", "extra_"),
        ("1099Box", "n_1099_box"),
    ],
)
def test_an_attribute_is_the_wires_name_in_snake_case(wire: str, attribute: str) -> None:
    """One rule, and an underscore where Python or the model has that name itself."""
    assert attribute_name(wire) == attribute


@given(st.from_regex(r"[A-Z][a-z]{1,8}([A-Z][a-z]{1,8}){0,4}", fullmatch=True))
def test_the_rule_gives_the_wires_name_back(wire: str) -> None:
    """Where there are no abbreviations, no table is needed."""
    assert wire_name(attribute_name(wire)) == wire


def test_the_company_needs_no_table() -> None:
    """Nearly every set has it, so a model of one's own need not say how it is written."""
    assert wire_name("data_area_id") == "dataAreaId"


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
    texts = {member.value: delimiter_text(member) for member in DimensionSegmentDelimiter}

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
        delimiter_text(DimensionSegmentDelimiter("Slash"))
