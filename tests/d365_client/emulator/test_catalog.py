"""What the environment knows of entities."""

from __future__ import annotations

import pytest

from d365_client.emulator.catalog import NAMESPACE, Kind
from d365_client.emulator.shipped_catalog import Extension, load_catalog

CATALOG = load_catalog()


def test_names_keep_their_case_and_their_oddities() -> None:
    """Names are copied from the metadata, typing errors included (d365.md §2.1)."""
    assert "invoiceAccount" in CATALOG.sets["VendorPaymentJournalLineSettledInvoices"].fields
    assert "numberSequenceGroup" in CATALOG.sets["VendInvoiceJourBiEntities"].fields
    assert "DefaultProcumentWarehouseId" in CATALOG.sets["VendorsV2"].fields


@pytest.mark.parametrize("name", CATALOG.sets)
def test_a_set_is_whole(name: str) -> None:
    """Keys, ways to other sets and fields with a meaning of their own all exist."""
    entity_set = CATALOG.sets[name]
    ways = entity_set.navigation.values()

    assert entity_set.keys
    assert {*entity_set.keys, *entity_set.assigned, *entity_set.read_only} <= {*entity_set.fields}
    assert entity_set.record_id is None or entity_set.record_id in entity_set.fields
    assert all({*way.join} <= {*entity_set.fields} for way in ways)
    assert all({*way.join.values()} <= {*CATALOG.sets[way.target].fields} for way in ways)


@pytest.mark.parametrize("name", CATALOG.sets)
def test_field_names_differ_in_more_than_case(name: str) -> None:
    """SQLite does not tell names apart by case; the metadata never asks it to."""
    names = [field.casefold() for field in CATALOG.sets[name].fields]

    assert len(names) == len(set(names))


def test_dates_and_instants_are_told_apart() -> None:
    """Both are Edm.DateTimeOffset; the kind tells an AX date from an AX instant (§2.7)."""
    fields = CATALOG.sets["VendTransBiEntities"].fields

    assert {name: fields[name].kind for name in ("TransDate", "Closed", "CreatedOn")} == {
        "TransDate": Kind.DATE,
        "Closed": Kind.DATE,
        "CreatedOn": Kind.INSTANT,
    }
    assert fields["SysModifiedDateTime"].kind is Kind.INSTANT


def test_an_extension_is_a_field_like_any_other() -> None:
    """A customer's field joins its set with its type and its own default."""
    extended = load_catalog(
        [
            Extension(
                entity_set="VendorsV2",
                name="MqaInactive",
                edm_type=f"{NAMESPACE}.NoYes",
                initial="No",
            )
        ]
    )

    assert extended.sets["VendorsV2"].fields["MqaInactive"].null_form == "No"
    assert "MqaInactive" not in CATALOG.sets["VendorsV2"].fields


@pytest.mark.parametrize(
    ("entity_set", "name", "edm_type"),
    [
        ("Vendors", "MqaInactive", "Edm.String"),
        ("VendorsV2", "CurrencyCode", "Edm.String"),
        ("VendorsV2", "MqaInactive", "Edm.Color"),
    ],
)
def test_an_extension_of_what_is_not_there_is_refused(
    entity_set: str, name: str, edm_type: str
) -> None:
    """Unknown sets, unknown types and taken names are refused, each by name."""
    with pytest.raises(ValueError, match=r"Vendors|CurrencyCode|Color"):
        load_catalog([Extension(entity_set=entity_set, name=name, edm_type=edm_type)])
