"""Seeds: what is accepted, and what is said of one that is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from d365_client.emulator import Emulator, Seed, SeedError, parse_seed, read_seed

NO_AMOUNT = (
    "Cannot convert the value \"a lot\" of property 'AmountCur' to the expected type 'Edm.Decimal'."
)
NO_YES = "Microsoft.Dynamics.DataEntities.NoYes"


def rows(emulator: Emulator, entity_set: str) -> Any:
    """The raw rows of a set."""

    async def read() -> Any:
        transport = httpx.ASGITransport(app=emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://d365.test") as http:
            return (await http.get(f"/_emulator/rows/{entity_set}")).json()["rows"]

    return read()


async def test_a_seed_may_leave_out_what_the_service_gives_out(
    seed: dict[str, Any], opened: Callable[[], Emulator]
) -> None:
    """RecIds, numbers of sequences and timestamps come from the environment."""
    seed["rows"]["VendorPaymentJournalHeaders"] = [
        {"dataAreaId": "MQUS", "JournalName": "BILLPAY"},
        {"dataAreaId": "mqus", "JournalName": "BILLPAY", "JournalBatchNumber": "00002"},
        {"dataAreaId": "mqus", "JournalName": "BILLPAY"},
    ]
    seed["rows"]["VendTransBiEntities"][0]["SourceKey"] = 5637200000
    emulator = opened()

    headers = await rows(emulator, "VendorPaymentJournalHeaders")
    invoices = await rows(emulator, "VendTransBiEntities")

    assert [row["JournalBatchNumber"] for row in headers] == ["00001", "00002", "00003"]
    assert headers[0]["dataAreaId"] == "mqus"
    assert [row["SourceKey"] for row in invoices] == [*range(5637200000, 5637200006)]
    assert {row["CreatedOn"] for row in invoices} == {"2026-10-01T08:00:00Z"}


async def test_an_extension_is_a_column_of_its_set(
    seed: dict[str, Any], opened: Callable[[], Emulator]
) -> None:
    """A customer's field has its default where a row does not name it (d365.md §9, 18)."""
    seed["extensions"] = [
        {"entity_set": "VendorsV2", "name": "MqaInactive", "type": NO_YES, "default": "No"}
    ]
    seed["rows"]["VendorsV2"][0]["MqaInactive"] = "Yes"

    vendors = await rows(opened(), "VendorsV2")

    assert [row["MqaInactive"] for row in vendors] == ["Yes", "No", "No", "No"]


def parsed(seed: dict[str, Any], name: str = "seed") -> Seed:
    """The seed as a file would give it: with exact numbers."""
    return parse_seed(json.loads(json.dumps(seed), parse_float=Decimal), name)


def set_at(value: Any, path: str, new: object) -> None:
    """Put `new` into a nested value; None takes it away."""
    *steps, last = path.split(".")
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    if new is None:
        del value[last]
    else:
        value[last] = new


@pytest.mark.parametrize(
    ("path", "new", "sentence"),
    [
        ("tenant_id", None, "seed.json: field tenant_id is missing"),
        ("tenant_id", "", "seed.json: field tenant_id must be a text that is not empty"),
        ("rows", [], "seed.json: rows must be an object"),
        ("companies", {}, "seed.json: field companies is not known"),
        ("clients.0.user", None, "seed.json: clients[0]: field user is missing"),
        ("clients", {}, "seed.json: clients must be a list"),
        ("rows.Vendors", [], "seed.json: rows: entity set Vendors is not known"),
        ("rows.VendorsV2", {}, "seed.json: rows.VendorsV2 must be a list"),
        (
            "rows.VendorsV2.3.VendorGroupId",
            None,
            "seed.json: rows.VendorsV2[3]: field VendorGroupId is missing",
        ),
        (
            "rows.VendorsV2.0.Name",
            "x",
            "seed.json: rows.VendorsV2[0]: field Name is not known",
        ),
        (
            "rows.VendTransBiEntities.1.AmountCur",
            "a lot",
            f"seed.json: rows.VendTransBiEntities[1]: {NO_AMOUNT}",
        ),
        ("extensions", [{}], "seed.json: extensions[0]: field entity_set is missing"),
        (
            "extensions",
            [{"entity_set": "VendorsV2", "name": "X", "type": "Edm.Color"}],
            "seed.json: extensions: field X has a type that is not known: Edm.Color",
        ),
        (
            "extensions",
            [{"entity_set": "VendorsV2", "name": 'X"', "type": "Edm.String"}],
            "seed.json: extensions[0]: 'X\"' cannot be a name",
        ),
        ("enums", {"NoYes": ["Maybe"]}, "seed.json: enums.NoYes must be an object"),
        (
            "enums",
            {"NoYes": {"Maybe": "2"}},
            "seed.json: enums.NoYes: the value of Maybe must be a whole number",
        ),
        (
            "enums",
            {"NoYes": {"Maybe": 1}},
            "seed.json: enums: enum NoYes has a member Maybe, or its value 1, already",
        ),
        (
            "enums",
            {"NoYes": {"Yes": 2}},
            "seed.json: enums: enum NoYes has a member Yes, or its value 2, already",
        ),
        ("odata_actions", [{}], "seed.json: odata_actions[0]: field binding is missing"),
        ("services", [{}], "seed.json: services[0]: field group is missing"),
    ],
)
def test_a_seed_that_cannot_be_used(
    seed: dict[str, Any], path: str, new: object, sentence: str
) -> None:
    """One sentence: what is wrong, and where."""
    set_at(seed, path, new)

    with pytest.raises(SeedError) as raised:
        parsed(seed, "seed.json")

    assert str(raised.value) == sentence


def test_two_rows_with_one_key(seed: dict[str, Any], opened: Callable[[], Emulator]) -> None:
    """A key is there once."""
    seed["rows"]["VendorGroups"].append({"dataAreaId": "MQUS", "VendorGroupId": "10"})

    with pytest.raises(SeedError) as raised:
        opened()

    assert str(raised.value) == ("seed: rows.VendorGroups[2]: a row with this key is there already")


def test_an_amount_that_went_through_a_float(seed: dict[str, Any]) -> None:
    """Whoever hands over Python values hands over exact ones."""
    with pytest.raises(SeedError, match=r"rows\.ExchangeRates\[0\]: .* 128\.5 "):
        parse_seed(seed)


@pytest.mark.parametrize("text", ["{", '{"rows": NaN}'])
def test_a_file_that_is_no_json(tmp_path: Path, text: str) -> None:
    """The file is named, and what a reader stumbled over."""
    path = tmp_path / "seed.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SeedError, match=r"^seed\.json: .+"):
        read_seed(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The same for a file that cannot be read."""
    with pytest.raises(SeedError, match=r"^nothing\.json: .+"):
        read_seed(tmp_path / "nothing.json")


async def test_books_that_exist_keep_their_rows(seed: dict[str, Any], tmp_path: Path) -> None:
    """A second start with the same books goes on where the first one stopped."""
    books = tmp_path / "books.sqlite"
    clock = datetime(2026, 10, 1, tzinfo=UTC)
    for expected in (["10", "10"], ["10", "10", "20"]):
        emulator = Emulator(parsed(seed), books=books, clock=clock)
        try:
            assert [
                row["VendorGroupId"] for row in await rows(emulator, "VendorGroups")
            ] == expected
            transport = httpx.ASGITransport(app=emulator.app)
            async with httpx.AsyncClient(transport=transport, base_url="https://x.test") as http:
                added = {"rows": [{"dataAreaId": "mqus", "VendorGroupId": "20"}]}
                await http.post("/_emulator/rows/VendorGroups", json=added)
        finally:
            emulator.close()


def test_books_of_another_seed_are_refused(seed: dict[str, Any], tmp_path: Path) -> None:
    """Books that lack an extension are of no use, nor is a file that holds no database."""
    books, text = tmp_path / "books.sqlite", tmp_path / "notes.txt"
    text.write_text("no database, but long enough to be taken for one" * 30, encoding="utf-8")
    Emulator(parsed(seed), books=books).close()
    seed["extensions"] = [{"entity_set": "VendorsV2", "name": "X", "type": "Edm.String"}]

    for file in (books, text, tmp_path / "no folder" / "books.sqlite"):
        with pytest.raises(OSError, match="cannot be used for the books"):
            Emulator(parsed(seed), books=file)


def test_secrets_do_not_show(seed: dict[str, Any]) -> None:
    """A client secret is in no repr."""
    seed["clients"][0]["client_secret"] = "do-not-show"

    assert "do-not-show" not in repr(parsed(seed))
