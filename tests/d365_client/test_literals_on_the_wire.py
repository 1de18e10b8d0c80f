"""A value survives builder, URL, emulator and row: what was asked for comes, and nothing else."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from d365_client import (
    CustVendorBlocked,
    D365Client,
    Entity,
    SyncD365Client,
    VendorTransaction,
    field,
)
from d365_client.emulator import D365Server, d365_server

ON_THE_WIRE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
COUNTER = itertools.count(1)


@attrs.frozen(kw_only=True)
class Group(Entity):
    """A set whose key and description are texts."""

    ENTITY_SET = "VendorGroups"
    KEY = ("data_area_id", "vendor_group_id")

    data_area_id: str
    vendor_group_id: str
    description: str


@attrs.frozen(kw_only=True)
class Attachment(Entity):
    """A set with a GUID as its key."""

    ENTITY_SET = "VendorDocumentAttachments"
    KEY = ("data_area_id", "document_id")

    data_area_id: str
    document_id: uuid.UUID
    attachment: bytes
    file_name: str


@pytest.fixture(scope="module")
def server() -> Iterator[D365Server]:
    """An environment."""
    with d365_server() as server:
        yield server


@pytest.fixture(scope="module")
def client(server: D365Server) -> Iterator[SyncD365Client]:
    """A client of it."""
    with SyncD365Client(lambda: D365Client.from_environment(server.environ)) as client:
        yield client


def transaction(server: D365Server, **fields: object) -> int:
    """Plant a vendor transaction with these fields, among others that have none of them."""
    number = next(COUNTER)
    row = {"dataAreaId": "usmf", "SourceKey": number, "AccountNum": "V", "CurrencyCode": "USD"}
    server.seed("VendTransBiEntities", {**row, **fields})
    return number


def found(client: SyncD365Client, *conditions: Any) -> list[VendorTransaction]:
    """The transactions for which this holds."""
    return list(client.entities[VendorTransaction].where(*conditions).list())


@ON_THE_WIRE
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), max_size=40))
def test_any_text(client: SyncD365Client, server: D365Server, text: str) -> None:
    """Quotes, ampersands, plus signs, percent signs, other scripts, line breaks, nothing at all."""
    number = transaction(server, Invoice=text)
    rows = found(client, field("Invoice") == text, field("SourceKey") == number)

    assert [(row.source_key, row.invoice) for row in rows] == [(number, text)]
    assert found(client, field("Invoice") != text, field("SourceKey") == number) == []


@ON_THE_WIRE
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_any_text_as_a_key(client: SyncD365Client, text: str) -> None:
    """Created, got, changed and deleted by a key with whatever in it: slashes, quotes, brackets."""
    groups = client.entities[Group]
    key: dict[str, Any] = {"data_area_id": "usmf", "vendor_group_id": text}
    groups.create({**key, "description": "one"})
    try:
        groups.update(key, {"description": "two"})

        assert groups.get(**key).description == "two"
    finally:
        groups.delete(key)


@ON_THE_WIRE
@given(
    st.decimals(min_value=Decimal(-(10**15)), max_value=Decimal(10**15), places=4, allow_nan=False)
)
def test_any_amount(client: SyncD365Client, server: D365Server, amount: Decimal) -> None:
    """To the last digit, in comparisons as well."""
    number = transaction(server, AmountCur=amount)
    mine = field("SourceKey") == number
    smallest = Decimal("0.0001")

    assert [row.amount_cur for row in found(client, field("AmountCur") == amount, mine)] == [amount]
    assert found(client, field("AmountCur") > amount, mine) == []
    assert found(client, field("AmountCur") < amount, mine) == []
    assert len(found(client, field("AmountCur") > amount - smallest, mine)) == 1


@ON_THE_WIRE
@given(st.integers(1, 2**63 - 1))
def test_any_whole_number(client: SyncD365Client, server: D365Server, number: int) -> None:
    """Also beyond what a float can tell apart."""
    transaction(server, OffsetRecid=number)
    rows = found(client, field("OffsetRecid") == number)

    assert {row.offset_recid for row in rows} == {number}


@ON_THE_WIRE
@given(st.dates(date(1900, 1, 2), date(2154, 12, 31)))
def test_any_date(client: SyncD365Client, server: D365Server, day: date) -> None:
    """D365 keeps a date at noon; no zone moves it."""
    number = transaction(server, DueDate=f"{day.isoformat()}T12:00:00Z")
    mine = field("SourceKey") == number

    assert [row.due_date for row in found(client, field("DueDate") == day, mine)] == [day]
    assert len(found(client, field("DueDate") >= day, field("DueDate") <= day, mine)) == 1
    assert found(client, field("DueDate") > day, mine) == []


@ON_THE_WIRE
@given(
    st.datetimes(
        datetime(1900, 1, 2),  # noqa: DTZ001 - the zone is drawn
        datetime(2154, 12, 31),  # noqa: DTZ001 - the zone is drawn
        timezones=st.just(UTC),
    ).map(lambda instant: instant.replace(microsecond=0))
)
def test_any_instant(client: SyncD365Client, server: D365Server, instant: datetime) -> None:
    """To the second, in UTC."""
    number = transaction(server, SysModifiedDateTime=instant.isoformat()[:19] + "Z")
    mine = field("SourceKey") == number
    rows = found(client, field("SysModifiedDateTime") == instant, mine)

    assert [row.sys_modified_date_time for row in rows] == [instant]
    assert found(client, field("SysModifiedDateTime") > instant, mine) == []


@pytest.mark.parametrize("member", list(CustVendorBlocked))
def test_any_member_of_an_enumeration(
    client: SyncD365Client, server: D365Server, member: CustVendorBlocked
) -> None:
    """By its qualified type in a filter, by its bare name in a row."""
    account = f"V-{next(COUNTER)}"
    server.seed(
        "VendorsV2",
        {
            "dataAreaId": "usmf",
            "VendorAccountNumber": account,
            "VendorGroupId": "10",
            "CurrencyCode": "USD",
            "OnHoldStatus": str(member),
        },
    )
    mine = field("VendorAccountNumber") == account
    vendors = client.vendors

    assert [one.on_hold_status for one in vendors.where(mine).list()] == [member]
    assert len(vendors.where(mine, field("OnHoldStatus") == member).list().all()) == 1
    assert vendors.where(mine, field("OnHoldStatus") != member).list().all() == []


@ON_THE_WIRE
@given(st.uuids(), st.binary(max_size=200))
def test_any_guid_and_any_octets(
    client: SyncD365Client, identity: uuid.UUID, content: bytes
) -> None:
    """A document comes back as it went, found by its key."""
    attachments = client.entities[Attachment]
    key: dict[str, Any] = {"data_area_id": "usmf", "document_id": identity}
    attachments.create({**key, "attachment": content, "file_name": "invoice.pdf"})
    try:
        (row,) = attachments.where(field("DocumentId") == identity).list()

        assert row == attachments.get(**key)
        assert (row.document_id, row.attachment) == (identity, content)
    finally:
        attachments.delete(key)


def test_an_asterisk_stands_for_anything(client: SyncD365Client, server: D365Server) -> None:
    """D365 has no way to say a plain one, and no `contains` that can be relied on (§2.3)."""
    for invoice in ("retail-1", "wholesale", "RET*"):
        transaction(server, Invoice=invoice, JournalNum="asterisk")
    rows = found(client, field("Invoice") == "*etail*", field("JournalNum") == "asterisk")

    assert [row.invoice for row in rows] == ["retail-1"]
