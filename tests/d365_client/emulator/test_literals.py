"""Literals of every kind: what a key or a filter says is what it finds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from d365_client.emulator import Emulator, parse_seed, running
from d365_client.emulator.catalog import EntitySet, Field, Kind
from d365_client.emulator.keys import parse_key, parse_resource, row_path
from d365_client.emulator.shipped_catalog import load_catalog
from d365_client.emulator.values import day_text, instant_text, json_to_stored

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

SETS = load_catalog().sets
ATTACHMENTS = "VendorDocumentAttachments"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WIDE = datetime(1900, 1, 1), datetime(2154, 12, 31)  # noqa: DTZ001 - hypothesis wants naive bounds
INSTANTS = st.datetimes(*WIDE).map(lambda naive: naive.replace(tzinfo=UTC))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS,
    Kind.DECIMAL: st.integers(-(10**15), 10**15).map(lambda digits: Decimal(digits).scaleb(-4)),
    Kind.INT32: st.integers(-(2**31), 2**31 - 1),
    Kind.INT64: st.integers(-(2**63), 2**63 - 1),
    Kind.DATE: INSTANTS.map(lambda instant: day_text(instant.date())),
    Kind.INSTANT: INSTANTS.map(instant_text),
    Kind.GUID: st.uuids().map(str),
}


SOMETHING: dict[Kind, object] = {
    Kind.TEXT: "mqus",
    Kind.DECIMAL: 1,
    Kind.INT32: 1,
    Kind.INT64: 1,
    Kind.DATE: "2026-10-01T12:00:00Z",
}


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Everything that a field's JSON may be."""
    if field.enum_type is not None:
        return st.sampled_from([name for name, _ in field.enum_type.members])
    return VALUES[field.kind]


def keys_of(entity_set: EntitySet) -> st.SearchStrategy[dict[str, Any]]:
    """Every key that a row of a set may have, as stored."""
    fields = entity_set.fields
    given_values = st.fixed_dictionaries(
        {name: values_of(fields[name]) for name in entity_set.keys}
    )
    return given_values.map(
        lambda key: {name: json_to_stored(fields[name], value) for name, value in key.items()}
    )


@settings(max_examples=300)
@given(st.data())
def test_any_key_of_any_set_survives_its_path(data: st.DataObject) -> None:
    """Whatever the types of the key fields, a row's path names that row (d365.md §2.5)."""
    entity_set = data.draw(st.sampled_from(list(SETS.values())))
    key = data.draw(keys_of(entity_set))

    resource = parse_resource(unquote(row_path(entity_set, key)))

    assert resource is not None
    assert resource.key is not None
    assert parse_key(resource.key, entity_set, short_form=False) == key


@pytest.fixture(scope="module")
def listening() -> Iterator[httpx.Client]:
    """An authorised client of an emulator that listens, over TLS."""
    client = {"client_id": "c", "client_secret": "s", "user": "u", "default_company": "usmf"}
    seed = parse_seed({"tenant_id": "t", "clients": [client], "rows": {}})
    emulator = Emulator(seed)
    with running(emulator) as server:
        form = {
            "grant_type": "client_credentials",
            "client_id": "c",
            "client_secret": "s",
            "scope": f"{server.url}/.default",
        }
        with httpx.Client(base_url=server.url, verify=server.tls, trust_env=False) as http:
            token = http.post("/t/oauth2/v2.0/token", data=form).json()["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            yield http
    emulator.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_any_text_survives_the_wire(listening: httpx.Client, text: str) -> None:
    """Over a socket: a row with any text for a key is created, read, found and deleted."""
    quoted = text.replace("'", "''")
    created = listening.post("/data/Currencies", json={"CurrencyCode": text})
    location = created.headers["location"]

    read = listening.get(location)
    found = listening.get("/data/Currencies", params={"$filter": f"CurrencyCode eq '{quoted}'"})
    deleted = listening.delete(location)

    assert created.status_code == 201, created.text
    assert read.json()["CurrencyCode"] == text
    assert deleted.status_code == 204
    if "*" not in text:  # which stands for anything in a filter
        assert [row["CurrencyCode"] for row in found.json()["value"]] == [text]


@pytest.mark.parametrize("prefixed", [False, True])
async def test_guids_in_keys_and_filters(api: Api, *, prefixed: bool) -> None:
    """Whether a GUID is written bare or with a prefix is unverified (d365.md §2.3, §12)."""
    await api.set(guid_prefix_is_needed=prefixed)
    guid = str(uuid.UUID(int=2**127 + 10))
    await api.add(ATTACHMENTS, {"dataAreaId": "mqus", "DocumentId": guid})
    await api.add(ATTACHMENTS, {"dataAreaId": "mqus", "DocumentId": str(uuid.UUID(int=11))})

    statuses, hits = [], []
    for literal in (guid, guid.upper(), f"guid'{guid}'"):
        key = f"/data/{ATTACHMENTS}(dataAreaId='mqus',DocumentId={literal})"
        filtered = f"/data/{ATTACHMENTS}?$filter=DocumentId eq {literal}"
        statuses.append((await api.http.get(key)).status_code)
        answer = await api.http.get(filtered)
        hits.append(len(answer.json()["value"]) if answer.status_code == 200 else None)

    assert statuses == ([404, 404, 200] if prefixed else [200, 200, 404])
    assert hits == ([None, None, 1] if prefixed else [1, 1, None])


@pytest.mark.parametrize(
    "expression",
    [
        "DocumentId gt 00000000-0000-0000-0000-000000000001",
        "DocumentId eq '00000000-0000-0000-0000-000000000001'",
        "DocumentId eq 5",
        "Attachment eq 'aGVsbG8='",
        "IsDefaultAttachment has Microsoft.Dynamics.DataEntities.NoYes'Yes'",
    ],
)
async def test_what_cannot_be_compared(api: Api, expression: str) -> None:
    """GUIDs have no order, binaries no comparison, and `has` is not supported (§2.3)."""
    answer = await api.http.get(f"/data/{ATTACHMENTS}?$filter={expression}")

    assert answer.status_code == 400


async def test_booleans_are_true_or_false(api: Api) -> None:
    """Edm.Boolean fields are JSON booleans, and stand alone in a filter."""
    (name, field) = next(
        (entity_set.name, field.name)
        for entity_set in SETS.values()
        for field in entity_set.fields.values()
        if field.kind is Kind.BOOLEAN and not entity_set.is_bi
    )
    fields = SETS[name].fields
    needed = {
        one.name: SOMETHING[one.kind]
        for one in fields.values()
        if one.required and one.enum_type is None
    }
    await api.add(name, {**needed, field: True})

    (row,) = await api.rows(name, **{"$filter": f"{field} eq true"})
    (same,) = await api.rows(name, **{"$filter": field})
    none = await api.rows(name, **{"$filter": f"not {field}"})

    assert row[field] is True
    assert same == row
    assert none == []
