"""All transports together, as both clients have them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
import attrs
import httpx
import pytest

from api_transport import GateShut, Limits, RetryPolicy, Verdict, polite_transport

URL = "https://service.test/things"
LOGGER = logging.getLogger("test_client")


def judge(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """A service that refuses by 429."""
    del headers, body
    if status == 429:
        return Verdict.REFUSED_UNREAD
    return Verdict.TRANSIENT if status >= 500 else Verdict.FINAL


@attrs.define
class Crowded:
    """A service that bears so many calls at a time, and says so to the rest with `status`."""

    bears: int
    status: int = 429
    says: int = 200
    now: int = 0
    seen: list[int] = attrs.field(factory=list)
    refused: int = 0

    async def __call__(self, _request: httpx.Request) -> httpx.Response:
        """An answer after some turns of the loop, during which others come."""
        self.now += 1
        self.seen.append(self.now)
        try:
            too_many = self.now > self.bears
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
            self.refused += too_many
            return httpx.Response(self.status if too_many else self.says)
        finally:
            self.now -= 1


@attrs.define
class Time:
    """A clock that sleeping moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Sleep in no time, but for a turn of the loop."""
        self.now += seconds
        await anyio.lowlevel.checkpoint()


@asynccontextmanager
async def polite(
    service: Crowded | httpx.MockTransport,
    limits: Limits,
    *,
    policy: RetryPolicy | None = None,
    time: Time | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service."""
    clock = time or Time()
    wire = service if isinstance(service, httpx.MockTransport) else httpx.MockTransport(service)
    transport = polite_transport(
        wire,
        judge=judge,
        limits=limits,
        policy=policy or RetryPolicy(attempts=1000),
        logger=LOGGER,
        sleep=clock.sleep,
        monotonic=clock,
    )
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


async def ask(client: httpx.AsyncClient, times: int) -> list[int]:
    """So many calls at once; their statuses."""
    statuses: list[int] = []

    async def one() -> None:
        statuses.append((await client.get(URL)).status_code)

    async with anyio.create_task_group() as tasks:
        for _ in range(times):
            tasks.start_soon(one)
    return statuses


@pytest.mark.parametrize("status", [429, 503])
async def test_a_pressed_service_is_asked_by_fewer_at_a_time(status: int) -> None:
    """Of 16 calls at a time a service that bears 5 soon gets no more than about that."""
    service = Crowded(bears=5, status=status)
    async with polite(service, Limits(concurrent=16, adaptive=True)) as client:
        statuses = await ask(client, 400)
        at_first, service.refused = service.refused, 0
        service.seen.clear()
        statuses += await ask(client, 400)

    assert statuses == [200] * 800
    assert at_first >= 11
    assert max(service.seen) <= 7
    assert service.refused <= 400 / 8


class Held(httpx.AsyncByteStream):
    """A body that ends when it is told to."""

    def __init__(self, end: anyio.Event) -> None:
        self.end = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await self.end.wait()
        yield b"too many"


async def test_a_refusal_is_heard_before_its_slot_is_used_again() -> None:
    """One of eight is refused: four slots from now on, and seven in use, so nobody follows it."""
    ends = list[anyio.Event]()

    async def refuse(_request: httpx.Request) -> httpx.Response:
        ends.append(anyio.Event())
        return httpx.Response(429, stream=Held(ends[-1]))

    limits, policy = Limits(concurrent=8, adaptive=True), RetryPolicy(attempts=1)
    async with (
        polite(httpx.MockTransport(refuse), limits, policy=policy) as client,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(20):
            tasks.start_soon(client.get, URL)
        await anyio.wait_all_tasks_blocked()
        ends[0].set()
        await anyio.wait_all_tasks_blocked()
        sent = len(ends)
        tasks.cancel_scope.cancel()

    assert sent == 8


async def test_a_service_that_recovers_gets_all_calls_again() -> None:
    """The pace comes back when nothing is refused any more."""
    service = Crowded(bears=1)
    async with polite(service, Limits(concurrent=8, adaptive=True)) as client:
        await ask(client, 20)
        service.bears = 100
        await ask(client, 60)
        service.seen.clear()
        await ask(client, 20)

    assert max(service.seen) == 8


async def test_a_refusal_for_good_is_no_pressure() -> None:
    """A service that says 404 had the time to look: the pace comes back by it."""
    service = Crowded(bears=1)
    async with polite(service, Limits(concurrent=8, adaptive=True)) as client:
        await ask(client, 20)
        service.bears, service.says = 100, 404
        await ask(client, 60)
        service.seen.clear()
        statuses = await ask(client, 20)

    assert set(statuses) == {404}
    assert max(service.seen) == 8


async def test_a_fixed_number_stays_whatever_is_refused() -> None:
    """A published quota is neither more nor less than it says."""
    service = Crowded(bears=1)
    async with polite(service, Limits(concurrent=3)) as client:
        await ask(client, 30)
        service.bears = 100
        service.seen.clear()
        await ask(client, 30)

    assert max(service.seen) == 3
    assert len(service.seen) == 30


async def test_a_wait_beyond_the_longest_holds_back_every_call_until_it_is_over() -> None:
    """The refused call gets the answer; later ones fail without being sent, and then go through."""
    answers = [httpx.Response(429, headers={"retry-after": "600"}), httpx.Response(200)]
    asked: list[float] = []
    time = Time()

    def wire(_request: httpx.Request) -> httpx.Response:
        asked.append(time.now)
        return answers.pop(0)

    policy = RetryPolicy(longest_wait=120.0)
    async with polite(
        httpx.MockTransport(wire), Limits(concurrent=3), policy=policy, time=time
    ) as client:
        refused = await client.get(URL)
        with pytest.raises(GateShut, match="left alone for 600 seconds more") as at_once:
            await client.post(URL)
        time.now += 400.0
        with pytest.raises(GateShut) as later:
            await client.get(URL)
        time.now += 100.0
        served = await client.get(URL)

    assert (refused.status_code, served.status_code) == (429, 200)
    assert (at_once.value.retry_after, later.value.retry_after) == (600.0, 200.0)
    assert asked == [1000.0, 1600.0]


async def test_the_gate_and_the_pace_are_one_clients_own() -> None:
    """What one server asks of us is not asked of another."""
    async with (
        polite(
            httpx.MockTransport(lambda _: httpx.Response(429, headers={"retry-after": "600"})),
            Limits(concurrent=1),
        ) as pressed,
        polite(Crowded(bears=1), Limits(concurrent=1)) as other,
    ):
        await pressed.get(URL)
        response = await other.get(URL)

    assert response.status_code == 200
