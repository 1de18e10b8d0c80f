"""BILL's limits, kept against a BILL that enforces them, over real sockets (`bill.md` §2)."""

from __future__ import annotations

import anyio
import pytest

from api_transport import Limits, RetryPolicy
from bill_client import BillClient, Throttled
from bill_client.emulator.server import BillServer


def logins(server: BillServer) -> int:
    """How often somebody has logged in."""
    return sum(entry["path"] == "/connect/v3/login" for entry in server.control.requests)


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
        bill_server.environ, limits=Limits(concurrent=3, per_hour=5)
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
