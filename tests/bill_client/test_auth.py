"""Sessions: one login for all, one more when it lapsed, none for a session without trust."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import anyio
import httpx
import pytest

from bill_client import BillClient, LoginFailed, SessionAuth, Unauthenticated
from bill_client.errors import Forbidden

URL = "http://localhost:1/connect/v3"
LAPSED = [{"code": "BDC_1109", "message": "Session is invalid.  Please log in."}]
UNTRUSTED = [{"code": "BDC_1361", "message": "Untrusted session."}]


class Bill:
    """A BILL of one function: counts logins, and lets sessions lapse."""

    def __init__(self) -> None:
        self.logins = 0
        self.calls = 0
        self.good: set[str] = set()
        self.refusal: tuple[int, object] | None = None
        self.login_answer: httpx.Response | None = None
        self.at_login: Callable[[], None] = lambda: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        await anyio.lowlevel.checkpoint()
        if request.url.path.endswith("/login"):
            self.logins += 1
            self.at_login()
            await anyio.lowlevel.checkpoint()
            if self.login_answer is not None:
                return self.login_answer
            session = f"session{self.logins}"
            self.good.add(session)
            return httpx.Response(200, json={"sessionId": session})
        self.calls += 1
        if self.refusal is not None:
            status, body = self.refusal
            return httpx.Response(status, json=body)
        if request.headers.get("sessionId") not in self.good:
            return httpx.Response(401, json=LAPSED)
        return httpx.Response(200, json={"id": "009", "name": "Orrin"})


class Stopwatch:
    """A clock that goes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The present."""
        return self.now


def client(bill: Bill, watch: Stopwatch | None = None) -> BillClient:
    """A client of that BILL."""
    auth = SessionAuth(
        username="u",
        password="the-password",
        organization_id="008",
        dev_key="the-key",
        now=watch or Stopwatch(),
        logins_per_minute=1000,
    )
    made = BillClient(URL, auth=auth)
    made._http._transport = httpx.MockTransport(bill)
    return made


async def all_at_once(bill: BillClient, count: int) -> None:
    """So many calls side by side."""
    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(bill.vendors.get, "009")


async def test_twenty_tasks_log_in_once_and_once_more_when_it_lapses() -> None:
    """Single flight, both times; every call succeeds."""
    bill = Bill()
    async with client(bill) as told:
        await all_at_once(told, 20)
        assert 1 == bill.logins

        bill.good.clear()
        await all_at_once(told, 20)

    assert 2 == bill.logins


async def test_a_session_that_is_refused_again_is_not_renewed_for_ever() -> None:
    """One new login, then the error (logins are counted by the hour)."""
    bill = Bill()
    bill.refusal = (401, LAPSED)
    async with client(bill) as told:
        with pytest.raises(Unauthenticated):
            await told.vendors.get("009")

    assert (2, 2) == (bill.logins, bill.calls)


async def test_a_session_without_trust_is_not_a_lapsed_one() -> None:
    """BDC_1361 never logs in again (`bill.md` §1.5)."""
    bill = Bill()
    bill.refusal = (403, UNTRUSTED)
    async with client(bill) as told:
        with pytest.raises(Forbidden):
            await told.vendors.get("009")

    assert (1, 1) == (bill.logins, bill.calls)


async def test_thirty_five_idle_minutes_are_known() -> None:
    """A session that must have lapsed is renewed before it is used; a used one goes on."""
    bill, watch = Bill(), Stopwatch()
    async with client(bill, watch) as told:
        began = watch.now
        for minutes in (0, 30, 60, 90):
            watch.now = began + timedelta(minutes=minutes)
            await told.vendors.get("009")
        assert 1 == bill.logins

        watch.now += timedelta(minutes=35)
        await told.vendors.get("009")

    assert (2, 5) == (bill.logins, bill.calls)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json=[{"code": "BDC_1101", "message": "do not match"}]),
        httpx.Response(200, json={"token": "the-password"}),
        httpx.Response(200, text="<html>the-password</html>"),
    ],
    ids=["refused", "no session", "no JSON"],
)
async def test_a_failed_login_is_one_sentence_without_the_secret(answer: httpx.Response) -> None:
    """The organisation is named, password and key are not, and nothing was asked."""
    bill = Bill()
    bill.login_answer = answer
    async with client(bill) as told:
        with pytest.raises(LoginFailed) as failed:
            await told.vendors.get("009")

    told_all = f"{failed.value!r} {failed.value.__cause__!r} {told!r}"
    assert 0 == bill.calls
    assert "the-password" not in told_all
    assert "the-key" not in told_all


async def test_a_cancelled_login_leaves_the_way_free() -> None:
    """The next task logs in; nothing waits for a lock that nobody gives back."""
    bill = Bill()
    async with client(bill) as told:
        async with anyio.create_task_group() as tasks:
            bill.at_login = tasks.cancel_scope.cancel
            tasks.start_soon(told.vendors.get, "009")
        bill.at_login = lambda: None
        with anyio.fail_after(5):
            await told.vendors.get("009")

    assert 2 == bill.logins


async def test_the_password_goes_to_the_login_alone() -> None:
    """Every other call carries the key and the session, and no credential is in a repr."""
    seen: list[httpx.Request] = []
    bill = Bill()

    async def watched(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return await bill(request)

    told = client(bill)
    told._http._transport = httpx.MockTransport(watched)
    async with told:
        await told.vendors.get("009")

    login, call = seen
    assert {
        "username": "u",
        "password": "the-password",
        "organizationId": "008",
        "devKey": "the-key",
    } == json.loads(login.content)
    assert "/connect/v3/login" == login.url.path
    assert ("the-key", "session1") == (call.headers["devKey"], call.headers["sessionId"])
    assert "the-password" not in str(call.headers)
