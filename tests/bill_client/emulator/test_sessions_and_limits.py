"""Logins, sessions, the prefix, and how much may be asked (`bill.md` §1 and §2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bill_client.emulator import limits

if TYPE_CHECKING:
    from tests.bill_client.emulator.conftest import Api

ROOT = "/connect/v3"
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

LAPSED = [("BDC_1109", "Session is invalid.  Please log in.")]
UNKNOWN = [("BDC_1121", "Requested API is not supported.")]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "wrong"}, "BDC_1101"),
        ({"username": "nobody"}, "BDC_1101"),
        ({"devKey": "wrong"}, "BDC_1102"),
        ({"organizationId": "00801NONE"}, "BDC_1102"),
    ],
)
async def test_a_wrong_login_is_refused_by_its_code(
    api: Api, changed: dict[str, str], code: str
) -> None:
    """401, and the code says which half was wrong."""
    ((told_code, _),) = api.refusal(await api.login(**changed), 401)

    assert code == told_code


async def test_a_login_with_blanks_names_each(api: Api) -> None:
    """One element a field."""
    answer = await api.login(username="", devKey="")

    assert [
        (None, "username: must not be blank"),
        (None, "devKey: must not be blank"),
    ] == api.refusal(answer, 400)


async def test_a_session_lapses_after_thirty_five_idle_minutes(api: Api) -> None:
    """Every call begins the time anew; the message has two blanks, as BILL writes it."""
    for minutes in (34, 68, 102):
        await api.clock(NOW + timedelta(minutes=minutes))
        await api.get("vendors")

    await api.clock(NOW + timedelta(minutes=102 + 35, seconds=1))

    assert LAPSED == api.refusal(await api.http.get(f"{ROOT}/vendors"), 401)


@pytest.mark.parametrize("header", ["sessionId", "devKey"])
async def test_a_session_is_good_only_with_its_key(api: Api, header: str) -> None:
    """Another key or no session at all is no session."""
    answer = await api.http.get(f"{ROOT}/vendors", headers={header: "other"})

    assert LAPSED == api.refusal(answer, 401)


async def test_a_session_that_was_logged_out_is_none(api: Api) -> None:
    """Logging out ends it."""
    assert 200 == (await api.http.post(f"{ROOT}/logout")).status_code

    assert LAPSED == api.refusal(await api.http.get(f"{ROOT}/vendors"), 401)


async def test_every_session_can_be_made_to_lapse(api: Api) -> None:
    """The admin path ends them all."""
    await api.http.post("/_emulator/credentials/expire")

    assert LAPSED == api.refusal(await api.http.get(f"{ROOT}/vendors"), 401)


async def test_an_organisation_sees_its_own_objects_alone(api: Api) -> None:
    """A session of another organisation lists and finds none of them."""
    session = api.told(await api.login(organizationId="00801MQGS"))
    other = {"sessionId": session["sessionId"]}

    listed = await api.http.get(f"{ROOT}/vendors", headers=other)
    found = await api.http.get(f"{ROOT}/vendors/00901USD", headers=other)

    assert [] == listed.json()["results"]
    message = "No data found for object with given ID 00901USD."
    assert [("BDC_1205", message)] == api.refusal(found, 404)


@pytest.mark.parametrize(
    "path",
    ["/vendors", "/connect/v3/connect/v3/vendors", "/connect/v3/v3/vendors", "/connect/v3/orders"],
)
async def test_a_missing_or_doubled_prefix_is_no_api(api: Api, path: str) -> None:
    """The commonest mistake is answered as BILL answers it (§1.1)."""
    assert UNKNOWN == api.refusal(await api.http.get(path), 404)


@pytest.mark.parametrize("path", ["payments", "payments/stp01/cancel"])
async def test_money_is_not_moved_by_an_untrusted_session(api: Api, path: str) -> None:
    """That takes a second factor: BDC_1361 (§1.6); a payment that is not there is 404 first."""
    answer = await api.http.post(f"{ROOT}/{path}", json={})

    assert answer.status_code in (403, 404)
    assert answer.json()[0]["code"] == ("BDC_1361" if path == "payments" else "BDC_1205")


async def test_a_payment_is_cancelled_without_trust(api: Api) -> None:
    """Trust is asked for where money begins to move; undoing is not among it (`bill.md` §1.6)."""
    bill = await api.bill()
    payment = await api.act("pay", **api.payment_of(bill["id"]))

    answer = await api.http.post(f"{ROOT}/payments/{payment['id']}/cancel", json={})

    assert api.told(answer)["singleStatus"] == "CANCELED"


@pytest.mark.parametrize("status", [429, 422])
async def test_the_fourth_call_at_a_time_is_refused(api: Api, status: int) -> None:
    """Three calls of one key and organisation may be in flight; the status is a setting (§2)."""
    await api.set(limit_status=status)
    slow = {"fault": {"kind": "delay", "seconds": 0.3}, "times": None}
    api.told(await api.http.post("/_emulator/faults", json=slow))
    answers: list[httpx.Response] = []

    async def ask() -> None:
        answers.append(await api.http.get(f"{ROOT}/vendors"))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(ask)

    good = [answer for answer in answers if answer.status_code == 200]
    (refused,) = [answer for answer in answers if answer.status_code != 200]
    assert 3 == len(good)
    ((code, _),) = api.refusal(refused, status)
    assert "BDC_1322" == code


async def test_an_hour_has_so_many_calls(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is BDC_1144; the next hour begins anew."""
    monkeypatch.setattr(limits, "CALLS_PER_HOUR", 2)
    await api.get("vendors")
    await api.get("vendors")

    ((code, _),) = api.refusal(await api.http.get(f"{ROOT}/vendors"), 429)
    await api.clock(NOW + timedelta(minutes=30))
    still = await api.http.get(f"{ROOT}/vendors")
    await api.clock(NOW + timedelta(minutes=60))
    await api.get("vendors")

    assert ("BDC_1144", 429) == (code, still.status_code)


async def test_an_hour_has_so_many_logins(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logins are counted apart from calls."""
    monkeypatch.setattr(limits, "LOGINS_PER_HOUR", 2)
    api.told(await api.login())

    ((code, _),) = api.refusal(await api.login(), 429)

    assert "BDC_1144" == code
    await api.get("vendors")


async def test_the_log_keeps_no_secret(api: Api) -> None:
    """Password and key of a login are blanked, and no header is kept."""
    await api.get("vendors")

    requests = await api.http.get("/_emulator/requests")

    assert "00801MQUS" in requests.text
    assert "the-password" not in requests.text
    assert "the-key" not in requests.text
