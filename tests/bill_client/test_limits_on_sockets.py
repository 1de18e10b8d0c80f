"""BILL's limits, kept against a BILL that enforces them, over real sockets (`bill.md` §2)."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from api_transport import Limits, RetryPolicy
from bill_client import (
    BankAccountDraft,
    BankAccountOwnerType,
    BankAccountType,
    BillClient,
    FileSessionStore,
    LoginFailed,
    MfaRequired,
    Outcome,
    SessionAuth,
    SessionStore,
    Throttled,
)
from bill_client.emulator.server import BillServer

LOGIN = "/connect/v3/login"
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 10, 5, 9, 10, tzinfo=UTC)
READ_A_VENDOR = """
import asyncio, os, pathlib, sys
from bill_client import BillClient, FileSessionStore, SessionAuth

async def main():
    auth = SessionAuth(
        username=os.environ["BILL_USERNAME"],
        password=os.environ["BILL_PASSWORD"],
        organization_id=os.environ["BILL_ORGANIZATION_ID"],
        dev_key=os.environ["BILL_DEV_KEY"],
        store=FileSessionStore(pathlib.Path(sys.argv[1])),
    )
    async with BillClient(os.environ["BILL_URL"], auth=auth) as client:
        print(len(await client.vendors.list().all()))

asyncio.run(main())
"""


class Clock:
    """A clock that goes when a test says so, for the client and for BILL."""

    def __init__(self, server: BillServer) -> None:
        self._server = server
        self.set(NOW)

    def set(self, now: datetime) -> None:
        """Let it be that time."""
        self._now = now
        self._server.control.set_clock(now)

    def __call__(self) -> datetime:
        """The present."""
        return self._now


def user(server: BillServer, clock: Clock, store: SessionStore | None = None) -> SessionAuth:
    """The user's authentication, in no hurry for the minute's allowance."""
    return SessionAuth(
        username=server.username,
        password=server.password,
        organization_id=server.organization_id,
        dev_key=server.dev_key,
        store=store,
        logins_per_minute=100_000,
        now=clock,
    )


def logins(server: BillServer) -> int:
    """How often somebody has logged in."""
    return sum(entry["path"] == LOGIN for entry in server.control.requests)


async def at_once(client: BillClient, count: int) -> None:
    """So many reads side by side."""
    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(client.vendors.list().all)


async def test_sixty_tasks_never_make_a_fourth_call(
    client: BillClient, bill_server: BillServer
) -> None:
    """Answers take a while, so that calls do overlap: three at a time, and no refusal."""
    await client.session.details()
    bill_server.control.forget_requests()
    bill_server.control.add_fault("delay", seconds=0.02, times=None)
    await at_once(client, 60)

    calls = bill_server.control.requests
    assert len(calls) == 60
    assert max(int(str(call["in_flight"])) for call in calls) == 3
    assert {call["status"] for call in calls} == {200}


async def test_forty_tasks_with_a_lapsed_session_log_in_once(
    client: BillClient, bill_server: BillServer
) -> None:
    """Single flight, at the beginning and when the session has been ended."""
    await at_once(client, 40)
    assert logins(bill_server) == 1
    bill_server.expire_sessions()
    await at_once(client, 40)
    assert logins(bill_server) == 2


@pytest.mark.parametrize("status", [422, 429])
async def test_a_refusal_at_a_limit_is_known_by_its_code(
    bill_server: BillServer, status: int
) -> None:
    """Which status goes with it nobody knows: the calls succeed with either, later."""
    bill_server.control.change_settings(limit_status=status)
    bill_server.control.add_fault("delay", seconds=0.05, times=None)
    async with BillClient.from_environment(
        bill_server.environ, limits=Limits(concurrent=6), retry=RetryPolicy(attempts=20, base=0.05)
    ) as greedy:
        await at_once(greedy, 12)

    refused = [call for call in bill_server.control.requests if call["status"] == status]
    assert refused


async def test_an_hour_that_is_used_up_is_told_at_once(bill_server: BillServer) -> None:
    """What is left is to be seen; the call after the last is not sent."""
    async with BillClient.from_environment(
        bill_server.environ, limits=Limits(concurrent=3, per_hour=5), now=lambda: NOON
    ) as client:
        assert client.calls_left_this_hour == 5
        for _ in range(4):  # the login is a call as well
            await client.session.details()
        assert client.calls_left_this_hour == 0
        sent = len(bill_server.control.requests)
        with pytest.raises(Throttled) as refused:
            await client.session.details()

    assert len(bill_server.control.requests) == sent
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 3600


async def test_a_session_without_trust_causes_no_login(bill_server: BillServer) -> None:
    """BDC_1361 is not a lapsed session: forty refusals, and the one login that there was."""
    draft = BankAccountDraft(
        name_on_account="Contoso",
        type=BankAccountType.CHECKING,
        owner_type=BankAccountOwnerType.BUSINESS,
        bank_name="First",
        routing_number="074000010",
        account_number="123456789",
    )
    refused: list[MfaRequired] = []

    async def create(client: BillClient) -> None:
        with pytest.raises(MfaRequired) as told:
            await client.bank_accounts.create(draft)
        refused.append(told.value)

    auth = user(bill_server, Clock(bill_server))
    async with (
        BillClient(bill_server.url, auth=auth) as client,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(40):
            tasks.start_soon(create, client)

    assert {error.code for error in refused} == {"BDC_1361"}
    assert len(refused) == 40
    assert logins(bill_server) == 1


async def test_the_201st_login_of_an_hour_never_reaches_bill(bill_server: BillServer) -> None:
    """BILL sees 200 and refuses none; the next waits here until the first is an hour old."""
    clock = Clock(bill_server)
    async with BillClient(bill_server.url, auth=user(bill_server, clock), now=clock) as client:
        for _ in range(200):
            await client.session.details()
            bill_server.expire_sessions()
        assert logins(bill_server) == 200
        with pytest.raises(LoginFailed) as failed:
            await client.session.details()
        assert failed.value.outcome is Outcome.NOT_EXECUTED
        assert "3601 seconds" in failed.value.message
        assert logins(bill_server) == 200

        clock.set(NOW + timedelta(hours=1))
        await client.session.details()

    answers = [one["status"] for one in bill_server.control.requests if one["path"] == LOGIN]
    assert answers == [200] * 201


async def test_clients_with_one_folder_log_in_once_again_when_the_session_is_ended(
    bill_server: BillServer, tmp_path: Path
) -> None:
    """Whoever is refused second finds the session that the first has opened."""
    clock = Clock(bill_server)
    ours, theirs = (user(bill_server, clock, FileSessionStore(tmp_path)) for _ in range(2))
    async with (
        BillClient(bill_server.url, auth=ours) as first,
        BillClient(bill_server.url, auth=theirs) as second,
    ):
        for expected in (1, 2):
            await at_once(first, 10)
            await at_once(second, 10)
            assert logins(bill_server) == expected
            bill_server.expire_sessions()


async def test_processes_with_one_folder_log_in_once(
    bill_server: BillServer, tmp_path: Path
) -> None:
    """What is kept is read by another process, and can be read by its owner alone."""
    folder = tmp_path / "sessions"
    for _ in range(2):
        done = await anyio.run_process(
            [sys.executable, "-c", READ_A_VENDOR, str(folder)],
            env={**os.environ, **bill_server.environ},
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert (done.returncode, done.stdout.decode().strip()) == (0, "1")
    assert logins(bill_server) == 1
