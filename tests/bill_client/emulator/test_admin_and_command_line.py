"""The admin path, the file of the books, and the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api_transport.emulation import SettableClock
from bill_client.emulator.__main__ import main
from bill_client.emulator.app import BillEmulator
from bill_client.emulator.books import Books

if TYPE_CHECKING:
    from tests.bill_client.emulator.conftest import Api

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

VENDORS = "/_emulator/rows/00801MQUS/vendors"


async def test_rows_are_changed_past_every_rule(api: Api) -> None:
    """No time moves and nothing is checked: this is for tampering."""
    before = (await api.get("vendors/00901USD"))["updatedTime"]
    await api.http.put("/_emulator/clock", json={"now": "2026-10-01T08:20:00Z"})

    change = {"key": {"id": "00901USD"}, "changes": {"name": ""}}
    api.told(await api.http.patch(VENDORS, json=change))

    seen = await api.get("vendors/00901USD")
    assert ("", before) == (seen["name"], seen["updatedTime"])


async def test_rows_are_added_and_read_raw(api: Api) -> None:
    """Of any resource, with or without an id."""
    api.told(
        await api.http.post(VENDORS, json={"rows": [{"name": "Raw"}, {"id": "009X", "name": "X"}]})
    )

    rows = api.told(await api.http.get(VENDORS))["rows"]

    assert ["Raw", "X"] == [row["name"] for row in rows[-2:]]
    assert "009X" == rows[-1]["id"]


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("GET", "/_emulator/rows/00801MQUS/orders", None, "orders"),
        ("PATCH", VENDORS, {"key": {"id": "none"}, "changes": {}}, "none"),
        ("POST", "/_emulator/actions/dance", {}, "dance"),
        ("POST", "/_emulator/actions/approve", {"organizationId": "x"}, "organizationId"),
        ("POST", "/_emulator/actions/approve", {"organizationId": "00801MQUS"}, "bill_ids"),
    ],
)
async def test_the_admin_path_says_what_is_wrong(
    api: Api, method: str, path: str, body: dict[str, object] | None, named: str
) -> None:
    """400 and one sentence that names it."""
    answer = await api.http.request(method, path, json=body)

    assert answer.status_code == 400
    assert named in answer.json()["error"]


async def test_people_approve_and_deny(api: Api) -> None:
    """An approval is a state of the bill, and moves its time."""
    one, two = await api.bill("INV-1"), await api.bill("INV-2")
    await api.act("assign", bill_ids=[one["id"], two["id"]])
    await api.act("approve", bill_ids=[one["id"]])
    await api.act("deny", bill_id=two["id"])

    rows = (await api.get("bills"))["results"]

    assert ["APPROVED", "DENIED"] == [row["approvalStatus"] for row in rows]


async def test_an_edit_by_hand_must_come_out_as_said(api: Api) -> None:
    """A line that a person adds changes the bill's amount."""
    bill = await api.bill(amount=100)

    done = await api.act(
        "edit_bill", bill_id=bill["id"], add_lines=[{"amount": 5}], amount_after=105
    )

    assert 105 == done["amount"]


def test_an_old_file_goes_on(seed: dict[str, Any], tmp_path: Path) -> None:
    """It is not seeded twice, and no id is given out again."""
    file = tmp_path / "kept.sqlite"
    first = BillEmulator(seed, books=file, clock=SettableClock(NOW))
    issued = {first.books.new_id("vendors") for _ in range(50)}
    made = first.books.add("00801MQUS", "vendors", {"name": "Last"})["id"]
    first.close()

    second = BillEmulator(seed, books=file, clock=SettableClock(NOW))
    names = [row["name"] for row in second.books.all("00801MQUS", "vendors")]
    fresh = {second.books.new_id("vendors") for _ in range(50)}
    second.close()

    assert ["Orrin", "Kumo", "Dilmun", "Last"] == names
    assert set() == fresh & (issued | {made})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"organizations": None}, "organizations: must be an array"),
        ({"organizations": [{"id": "1"}]}, "organizations[0]: field name is missing"),
        ({"resources": []}, "resources: must be an object"),
        ({"resources": {"1": {}}}, "resources.1: is no organization of this seed"),
        ({"resources": {"00801MQUS": {"orders": []}}}, "resources.00801MQUS.orders: is unknown"),
        (
            {"resources": {"00801MQUS": {"vendors": [{}]}}},
            "resources.00801MQUS.vendors[0]: field name is missing",
        ),
    ],
)
def test_a_seed_that_cannot_be_loaded_is_told_by_its_place(
    seed: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    place: str,
) -> None:
    """One sentence on stderr, exit code 2, and no file of books."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps({**seed, **change}), encoding="utf-8")

    code = main(["--seed", str(file), "--books", str(tmp_path / "books.sqlite")])

    assert (2, "") == (code, capsys.readouterr().out)
    assert not (tmp_path / "books.sqlite").exists()
    _tell(capsys, file, place)


@pytest.mark.parametrize("content", [None, "{", "[]"], ids=["no file", "no JSON", "an array"])
def test_a_seed_that_cannot_be_read_is_told_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """Exit code 2 and no traceback."""
    file = tmp_path / "seed.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    code = main(["--seed", str(file)])

    told_error = capsys.readouterr().err
    assert 2 == code
    assert told_error.startswith("seed.json: ")
    assert 1 == len(told_error.splitlines())


def _tell(capsys: pytest.CaptureFixture[str], file: Path, place: str) -> None:
    """The sentence can be had again, and names the place."""
    main(["--seed", str(file)])
    assert f"seed.json: {place}" in capsys.readouterr().err


def test_ids_are_twenty_characters_and_told_apart(tmp_path: Path) -> None:
    """Opaque but for their beginning."""
    books = Books(tmp_path / "books.sqlite", lambda: NOW)
    ids = {books.new_id("bills") for _ in range(300)}
    books.close()

    assert 300 == len(ids)
    assert {("00n", 20)} == {(one[:3], len(one)) for one in ids}
