"""Pages are read fast, and as the converter would read them row by row."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import CustVendorBlocked, Entity, OpenEnum, Undecodable, VendorTransaction
from d365_client._converter import decode, structure
from d365_client._fast_rows import fast_reading
from d365_client._rows import model_reader, plain_reader


@attrs.frozen(kw_only=True)
class Sample(Entity):
    """One field of every kind."""

    ENTITY_SET = "Samples"
    KEY = ("source_key",)
    WIRE_NAMES = {"amount_mst": "AmountMST"}  # noqa: RUF012 - as the page on models shows it

    source_key: int
    amount_mst: Decimal
    name: str
    day: date | None
    created_on: datetime | None
    blocked: CustVendorBlocked | None
    flag: bool
    identity: uuid.UUID
    content: bytes


ROW: dict[str, Any] = {
    "@odata.etag": 'W/"JzEsNTYzNzE0NDU3Nic="',
    "SourceKey": 5637144576,
    "AmountMST": 6800,
    "Name": "Fabrikam",
    "Day": "2026-03-31T12:00:00Z",
    "CreatedOn": "2026-03-31T23:59:58.1234567Z",
    "Blocked": "No",
    "Flag": True,
    "Identity": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "Content": base64.b64encode(b"%PDF").decode(),
}

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(float),
    st.text(max_size=8),
    st.sampled_from(["NaN", "1.10", "2026-02-29T12:00:00Z", "1900-01-01T00:00:00Z", "Invoice"]),
    st.dates().map(lambda day: f"{day.isoformat()}T12:00:00Z"),
    st.lists(st.none(), max_size=1),
)


def page(*rows: object, **more: object) -> bytes:
    """The body of a page."""
    return json.dumps({"@odata.context": "…", "value": rows, **more}).encode()


def by_the_converter(row: dict[str, Any]) -> Sample | None:
    """A row as the converter reads it; None where it does not fit."""
    try:
        return structure(Sample, decode(json.dumps(row).encode()))
    except Undecodable:
        return None


def by_the_page(row: dict[str, Any]) -> Sample | None:
    """A row as a page of one is read; None where it does not fit."""
    try:
        (only,) = model_reader(Sample).page(page(row)).rows
    except Undecodable:
        return None
    return only


def test_a_page_is_read_the_fast_way() -> None:
    """Every kind of field has a fast way, and so has every shipped model's."""
    fast = fast_reading(Sample, ())
    told = fast(page(ROW, ROW)) if fast else None

    assert told == ([by_the_converter(ROW)] * 2, None, None)
    assert fast_reading(VendorTransaction, ()) is not None


@given(st.sampled_from(sorted(ROW)), ANYTHING)
def test_whatever_a_field_holds_both_ways_agree(name: str, value: object) -> None:
    """The fast way never bends what the converter refuses, nor refuses what it takes."""
    row = {**ROW, name: value}

    assert by_the_converter(row) == by_the_page(row)


@given(st.dictionaries(st.sampled_from(["MqaOne", "MqaTwo", "MqaOne@odata.type"]), ANYTHING))
def test_fields_that_nobody_named_are_kept(more: dict[str, object]) -> None:
    """They come in `extra`, whether they were selected or came by themselves."""
    row = {**ROW, **more}
    (selected,) = model_reader(Sample, ("MqaOne", "MqaTwo")).page(page(row)).rows

    assert by_the_converter(row) == by_the_page(row) == selected


def test_selected_fields_are_read_the_fast_way_with_exact_numbers() -> None:
    """A field of the tenant is as exact as ours, and so is what an expansion brings."""
    fast = fast_reading(Sample, ("MqaRate", "Lines"))
    body = page({**ROW, "MqaRate": 0, "Lines": []}).replace(b'"MqaRate": 0', b'"MqaRate": 12.50')
    told = fast(body.replace(b'"Lines": []', b'"Lines": [{"Amount": 0.10}]')) if fast else None

    assert told is not None
    assert [row.extra for row in told[0]] == [
        {"MqaRate": Decimal("12.50"), "Lines": [{"Amount": Decimal("0.10")}]}
    ]


def test_rows_share_nothing_that_can_be_changed() -> None:
    """What somebody writes into one row's `extra` is not in another's."""
    one, other = model_reader(Sample).page(page(ROW, ROW)).rows

    assert one == other
    assert one.extra is not other.extra


def test_link_and_count_come_with_the_rows() -> None:
    """Of both kinds of rows."""
    body = page(
        ROW, **{"@odata.nextLink": "https://x.test/data/Samples?$skip=1", "@odata.count": 7}
    )

    for reader in (model_reader(Sample), plain_reader()):
        told = reader.page(body)

        assert (told.link, told.count) == ("https://x.test/data/Samples?$skip=1", 7)


def test_plain_rows_have_exact_numbers() -> None:
    """And are otherwise as the wire has them."""
    body = (
        b'{"value": [{"Amount": 0.10, "RecId": 9007199254740993, "Day": "2026-01-01T12:00:00Z"}]}'
    )

    assert plain_reader().page(body).rows == [
        {"Amount": Decimal("0.10"), "RecId": 9007199254740993, "Day": "2026-01-01T12:00:00Z"}
    ]


@pytest.mark.parametrize("body", [b"[]", b'{"rows": []}', b'{"value": {}}', b'{"value": [7]}'])
@pytest.mark.parametrize("reader", [model_reader(Sample), plain_reader()])
def test_what_is_no_page_is_told(reader: Any, body: bytes) -> None:
    """It is JSON, so asking again gives the same: `garbled` is False."""
    with pytest.raises(Undecodable, match="not a page of rows") as caught:
        reader.page(body)

    assert not caught.value.garbled


@pytest.mark.parametrize("body", [b"", b'{"value": [{"SourceKey": 1', b"<html>"])
@pytest.mark.parametrize("reader", [model_reader(Sample), plain_reader()])
def test_what_is_cut_short_is_garbled(reader: Any, body: bytes) -> None:
    """So that a read of it is made again."""
    with pytest.raises(Undecodable, match="not JSON") as caught:
        reader.page(body)

    assert caught.value.garbled


class Unlisted(OpenEnum):
    """An enumeration whose members nobody knows."""


@attrs.frozen(kw_only=True)
class Unlisting(Entity):
    """A model with such a field."""

    ENTITY_SET = "Samples"
    KEY = ("source_key",)

    source_key: int
    kind: Unlisted | None


def test_an_enumeration_without_members_has_no_fast_way() -> None:
    """Msgspec knows none without; the model can be used all the same."""
    (row,) = model_reader(Unlisting).page(b'{"value": [{"SourceKey": 7, "Kind": null}]}').rows

    assert fast_reading(Unlisting, ()) is None
    assert row.kind is None


def test_a_model_with_rules_of_its_own_is_made_by_its_constructor() -> None:
    """Validators, converters and defaults are attrs' business, and hold for every row."""

    @attrs.frozen(kw_only=True)
    class Strict(Entity):
        ENTITY_SET = "Samples"
        KEY = ("source_key",)

        source_key: int = attrs.field(validator=attrs.validators.gt(0))
        name: str = "none"

    (row,) = model_reader(Strict).page(b'{"value": [{"SourceKey": 7}]}').rows

    assert (row.source_key, row.name) == (7, "none")
    with pytest.raises(Undecodable, match="does not fit Strict"):
        model_reader(Strict).page(b'{"value": [{"SourceKey": 0}]}')
