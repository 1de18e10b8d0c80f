"""Sessions that are shared, and logins that are counted before BILL counts them."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import httpx
import pytest

from bill_client import (
    BillClient,
    FileSessionStore,
    LoginFailed,
    MemorySessionStore,
    Outcome,
    SessionAuth,
    SessionStore,
)

URL = "http://localhost:1/connect/v3"
BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)


class Bill:
    """A BILL that opens sessions, counts them, and knows which are good."""

    def __init__(self) -> None:
        self.logins: list[dict[str, object]] = []
        self.good: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        if request.url.path.endswith("/login"):
            self.logins.append(httpx.Response(200, content=request.content).json())
            session = f"session{len(self.logins)}"
            self.good.add(session)
            told = {"sessionId": session, "trusted": "rememberMeId" in self.logins[-1]}
            return httpx.Response(200, json=told)
        if request.headers.get("sessionId") not in self.good:
            return httpx.Response(401, json=[{"code": "BDC_1109", "message": "Invalid."}])
        return httpx.Response(200, json={"id": "009", "name": "Orrin"})


class Clock:
    """A clock that goes when a test says so."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        """The present."""
        return self.now


def auth(store: SessionStore | None = None, clock: Clock | None = None) -> SessionAuth:
    """The authentication of one user."""
    return SessionAuth(
        username="sync@example.com",
        password="the-password",
        organization_id="008",
        dev_key="the-key",
        store=store,
        logins_per_minute=1_000,
        now=clock or Clock(),
    )


def client(bill: Callable[[httpx.Request], httpx.Response], auth: SessionAuth) -> BillClient:
    """A client of that BILL."""
    made = BillClient(URL, auth=auth)
    made._http._transport = httpx.MockTransport(bill)
    return made


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SessionStore:
    """A store of each kind."""
    folder = tmp_path / "sessions"
    return MemorySessionStore() if request.param == "memory" else FileSessionStore(folder)


async def test_clients_with_one_store_log_in_once(store: SessionStore) -> None:
    """The second client uses the session of the first, also when the first is gone."""
    bill = Bill()
    async with client(bill, auth(store)) as first:
        await first.vendors.get("009")
    async with client(bill, auth(store)) as second:
        await second.vendors.get("009")

    assert len(bill.logins) == 1


async def test_who_is_refused_looks_whether_another_has_logged_in_already(
    store: SessionStore,
) -> None:
    """Of two clients whose session was ended, one logs in, and the other takes its session."""
    bill = Bill()
    async with client(bill, auth(store)) as first, client(bill, auth(store)) as second:
        await first.vendors.get("009")
        await second.vendors.get("009")
        bill.good.clear()
        await first.vendors.get("009")
        await second.vendors.get("009")

    assert len(bill.logins) == 2


async def test_the_201st_login_of_an_hour_is_not_sent(store: SessionStore) -> None:
    """BILL would lock the key: it is refused here, until the first is an hour old."""
    bill, clock = Bill(), Clock()
    async with client(bill, auth(store, clock)) as told:
        for _ in range(200):
            bill.good.clear()
            await told.vendors.get("009")
        bill.good.clear()
        clock.now = BEGAN + timedelta(minutes=30)
        with pytest.raises(LoginFailed, match="200 logins") as refused:
            await told.vendors.get("009")

        assert (len(bill.logins), refused.value.outcome) == (200, Outcome.NOT_EXECUTED)
        assert "allowed again in 1801 seconds" in str(refused.value)

        clock.now = BEGAN + timedelta(hours=1)
        await told.vendors.get("009")
    assert len(bill.logins) == 201


async def test_two_hundred_logins_around_the_full_hour_are_two_hundred() -> None:
    """Whether BILL counts by the clock is not said: any sixty minutes are kept to."""
    bill, clock = Bill(), Clock()
    clock.now = BEGAN + timedelta(minutes=59)
    async with client(bill, auth(clock=clock)) as told:
        for number in range(200):
            clock.now = BEGAN + timedelta(minutes=59, seconds=number)
            bill.good.clear()
            await told.vendors.get("009")
        bill.good.clear()
        with pytest.raises(LoginFailed, match="200 logins"):
            await told.vendors.get("009")

        clock.now = BEGAN + timedelta(minutes=119, seconds=1)
        await told.vendors.get("009")
    assert len(bill.logins) == 201


async def test_logins_are_counted_for_all_who_share_the_store() -> None:
    """The key is locked for all of them, whoever logged in last."""
    bill, store = Bill(), MemorySessionStore()
    async with client(bill, auth(store)) as first, client(bill, auth(store)) as second:
        for who in [first, second] * 100:
            bill.good.clear()
            await who.vendors.get("009")
        bill.good.clear()
        with pytest.raises(LoginFailed, match="200 logins"):
            await first.vendors.get("009")


async def test_a_sync_token_is_a_name_and_a_password_that_live_for_two_days() -> None:
    """47 idle hours are no reason to log in again, 48 are (`bill.md` §1.4)."""
    bill, clock = Bill(), Clock()
    token = SessionAuth.with_sync_token(
        name="the-token-name", token="the-token", organization_id="008", dev_key="k", now=clock
    )
    async with client(bill, token) as told:
        await told.vendors.get("009")
        clock.now += timedelta(hours=47)
        await told.vendors.get("009")
        assert len(bill.logins) == 1
        clock.now += timedelta(hours=48)
        await told.vendors.get("009")

    assert [("the-token-name", "the-token")] * 2 == [
        (login["username"], login["password"]) for login in bill.logins
    ]


async def test_a_remembered_device_makes_the_session_trusted() -> None:
    """What an MFA challenge gave goes into the login, and whether it worked is told."""
    bill = Bill()
    remembered = SessionAuth(
        username="u",
        password="p",
        organization_id="008",
        dev_key="k",
        remember_me_id="the-remembered",
        device="the-laptop",
    )
    assert remembered.trusted is None
    async with client(bill, remembered) as told:
        await told.vendors.get("009")

    assert remembered.trusted is True
    assert ("the-remembered", "the-laptop") == (
        bill.logins[0]["rememberMeId"],
        bill.logins[0]["device"],
    )


async def test_a_stored_session_shows_nothing_of_the_credentials(tmp_path: Path) -> None:
    """Neither the file's name nor its text has the password or the key; only its owner reads it."""
    folder = tmp_path / "sessions"
    async with client(Bill(), auth(FileSessionStore(folder))) as told:
        await told.vendors.get("009")

    files = sorted(folder.iterdir())
    assert len(files) == 2
    for file in files:
        text = f"{file.name} {file.read_text('utf-8')}"
        assert not any(secret in text for secret in ("the-password", "the-key", "sync@example.com"))
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": 1}', '{"id": "s", "used": "today"}'])
async def test_a_stored_text_that_tells_no_session_is_as_good_as_none(text: str) -> None:
    """A file of another version, or half of one, costs a login and nothing else."""

    class Garbled(MemorySessionStore):
        async def load(self, key: str) -> str | None:
            return await super().load(key) or text

    bill = Bill()
    async with client(bill, auth(Garbled())) as told:
        await told.vendors.get("009")

    assert len(bill.logins) == 1


async def test_forty_tasks_with_a_lapsed_session_log_in_once() -> None:
    """Single flight: each of them gets the one new session."""
    bill = Bill()
    async with client(bill, auth()) as told:
        await told.vendors.get("009")
        bill.good.clear()
        async with anyio.create_task_group() as tasks:
            for _ in range(40):
                tasks.start_soon(told.vendors.get, "009")

    assert len(bill.logins) == 2
