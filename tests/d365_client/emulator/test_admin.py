"""The admin path: raw rows and settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

INVOICES = "/_emulator/rows/VendTransBiEntities"


async def test_rows_are_read_raw_and_of_all_companies(api: Api) -> None:
    """Every stored row in wire form, with neither paging nor company."""
    await api.set(page_size=1)

    rows = (await api.http.get(INVOICES)).json()["rows"]

    assert [row["Invoice"] for row in rows] == ["INV-1", "INV-2", "LON-1", "CN-1", "OLD-1", "INV-1"]
    assert (rows[0]["AmountCur"], rows[0]["Closed"]) == (-1284.37, "1900-01-01T12:00:00Z")


async def test_the_admin_path_asks_for_no_token(api: Api) -> None:
    """Nobody but tests and demonstrations calls it."""
    answer = await api.http.get(INVOICES, headers={"Authorization": ""})

    assert answer.status_code == 200


async def test_a_row_is_changed_without_any_rule(api: Api) -> None:
    """No timestamp moves, no validation runs: this is for tampering."""
    await api.http.put("/_emulator/clock", json={"now": "2026-12-01T08:00:00Z"})
    body = {"key": {"dataAreaId": "MQUS", "Invoice": "INV-1"}, "changes": {"AmountCur": -1}}

    answer = await api.http.patch(INVOICES, json=body)

    row = answer.json()["row"]
    (seen,) = await api.rows("VendTransBiEntities", **{"$filter": "AmountCur eq -1"})
    assert (row["AmountCur"], row["AmountMST"]) == (-1, -1284.37)
    assert row["SysModifiedDateTime"] == "2026-10-01T08:00:00Z"
    assert seen["Invoice"] == "INV-1"


async def test_rows_are_added_as_a_seed_would(
    api: Api, new_invoice: Callable[..., dict[str, object]]
) -> None:
    """RecIds are given out, timestamps are the clock's."""
    await api.http.put("/_emulator/clock", json={"now": "2026-10-02T08:00:00Z"})

    await api.add("VendTransBiEntities", new_invoice("NEW", 5))

    (row,) = await api.rows("VendTransBiEntities", **{"$filter": "Invoice eq 'NEW'"})
    assert row["SourceKey"] > 5637144576
    assert row["CreatedOn"] == row["SysModifiedDateTime"] == "2026-10-02T08:00:00Z"


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("GET", "/_emulator/rows/Vendors", None, "entity set Vendors is not known"),
        ("POST", "/_emulator/rows/VendorGroups", {}, "field rows is missing"),
        (
            "POST",
            "/_emulator/rows/VendorGroups",
            {"rows": [{"dataAreaId": "mqus"}]},
            "rows.VendorGroups[0]: field VendorGroupId is missing",
        ),
        (
            "POST",
            "/_emulator/rows/VendorGroups",
            {"rows": [{"dataAreaId": "mqus", "VendorGroupId": "10"}]},
            "rows.VendorGroups[0]: a row with this key is there already",
        ),
        ("PATCH", INVOICES, {"key": {}, "changes": {}}, "must be objects that are not empty"),
        (
            "PATCH",
            INVOICES,
            {"key": {"Invoice": "NONE"}, "changes": {"Txt": "x"}},
            "0 rows of VendTransBiEntities have this key",
        ),
        (
            "PATCH",
            INVOICES,
            {"key": {"Invoice": "INV-1"}, "changes": {"Txt": "x"}},
            "2 rows of VendTransBiEntities have this key",
        ),
        (
            "PATCH",
            INVOICES,
            {"key": {"Invoice": "INV-2"}, "changes": {"Text": "x"}},
            "VendTransBiEntities has no field Text",
        ),
        (
            "PATCH",
            INVOICES,
            {"key": {"Invoice": "INV-2"}, "changes": {"AmountCur": "x"}},
            "AmountCur",
        ),
        ("PUT", "/_emulator/settings", {"page_sise": 5}, "setting page_sise is not known"),
        ("PUT", "/_emulator/settings", {"page_size": "5"}, "must be of type int, not '5'"),
        ("PUT", "/_emulator/settings", {"page_size": -5}, "page_size must not be negative"),
        ("PUT", "/_emulator/settings", {"put_is_supported": 1}, "must be of type bool"),
        ("PUT", "/_emulator/settings", {"stale_if_match_status": 200}, "must be 412 or 409"),
        ("PUT", "/_emulator/settings", [], "must be an object"),
    ],
)
async def test_what_makes_no_sense_is_said_in_one_sentence(
    api: Api, method: str, path: str, body: Any, sentence: str
) -> None:
    """400 and what is wrong, where."""
    answer = await api.http.request(method, path, json=body)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


async def test_settings_are_merged(api: Api) -> None:
    """What is not named stays as it was, and one wrong name changes nothing."""
    before = (await api.http.get("/_emulator/settings")).json()

    merged = await api.http.put("/_emulator/settings", json={"page_size": 7})
    refused = await api.http.put("/_emulator/settings", json={"page_size": 8, "nothing": 1})

    after = (await api.http.get("/_emulator/settings")).json()
    assert merged.json() == after == before | {"page_size": 7}
    assert refused.status_code == 400
