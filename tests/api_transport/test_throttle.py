"""The throttle: slots until the body is closed, calls per hour, and the gate."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import anyio
import attrs
import httpx
import pytest

from api_transport import (
    Gate,
    GateShut,
    Limits,
    RetryPolicy,
    RetryTransport,
    ThrottleTransport,
    Verdict,
)
from api_transport._exchange import Exchange

URL = "https://service.test/things"


@attrs.define
class Body(httpx.AsyncByteStream):
    """A body whose end waits for `end`."""

    end: anyio.Event

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"first"
        await self.end.wait()
        yield b"last"


@attrs.define
class Wire:
    """A server that counts who it is working for: from the request to the end of the body."""

    end: anyio.Event = attrs.field(factory=anyio.Event)
    calls: int = 0

    async def __call__(self, _request: httpx.Request) -> httpx.Response:
        """An answer whose body does not end yet."""
        self.calls += 1
        return httpx.Response(200, stream=Body(self.end))


@asynccontextmanager
async def throttled(
    wire: httpx.MockTransport, limits: Limits, gate: Gate | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose calls are throttled."""
    transport = ThrottleTransport(wire, limits=limits, gate=gate or Gate())
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


async def test_three_are_in_flight_and_never_four() -> None:
    """While three bodies are open the other seven callers wait, and all are served in the end."""
    wire = Wire()
    async with (
        throttled(httpx.MockTransport(wire), Limits(concurrent=3)) as client,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(10):
            tasks.start_soon(client.get, URL)
        await anyio.wait_all_tasks_blocked()
        while_open = wire.calls
        wire.end.set()

    assert while_open == 3
    assert wire.calls == 10


async def test_a_slot_is_held_until_the_stream_closes() -> None:
    """Headers free nothing; closing does, though half of the body was never read."""
    wire = Wire()
    async with throttled(httpx.MockTransport(wire), Limits(concurrent=1)) as client:
        first = await client.send(client.build_request("GET", URL), stream=True)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.get, URL)
            await anyio.wait_all_tasks_blocked()
            while_open = wire.calls
            await first.aclose()
            await anyio.wait_all_tasks_blocked()
            after_close = wire.calls
            wire.end.set()

    assert (while_open, after_close) == (1, 2)


async def test_closing_twice_gives_one_slot_back() -> None:
    """A response that is closed again does not make room for two."""
    wire = Wire()
    transport = ThrottleTransport(
        httpx.MockTransport(wire), limits=Limits(concurrent=1), gate=Gate()
    )
    response = await transport.handle_async_request(httpx.Request("GET", URL))
    assert isinstance(response.stream, httpx.AsyncByteStream)
    await response.stream.aclose()
    await response.stream.aclose()
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(transport.handle_async_request, httpx.Request("GET", URL))
        await anyio.wait_all_tasks_blocked()
        calls = wire.calls
        tasks.cancel_scope.cancel()

    assert calls == 2


async def test_an_answer_that_is_already_read_holds_no_slot() -> None:
    """A mock's answer has its body from the start; nobody will close it, and nobody waits."""
    wire = httpx.MockTransport(lambda _: httpx.Response(200, text="all of it"))
    async with throttled(wire, Limits(concurrent=1)) as client:
        with anyio.fail_after(5):
            texts = [(await client.get(URL)).text for _ in range(3)]

    assert texts == ["all of it"] * 3


async def test_the_throttle_reads_no_body() -> None:
    """The first piece of a download reaches the caller before the second exists."""
    wire = Wire()
    async with (
        throttled(httpx.MockTransport(wire), Limits(concurrent=1)) as client,
        client.stream("GET", URL) as response,
    ):
        with anyio.fail_after(5):
            first = await anext(response.aiter_raw())

    assert first == b"first"


async def test_an_error_gives_the_slot_back() -> None:
    """A call that fails on the wire makes room for the next."""

    def fail(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("connection reset")

    async with throttled(httpx.MockTransport(fail), Limits(concurrent=1)) as client:
        for _ in range(3):
            with anyio.fail_after(5), pytest.raises(httpx.ReadError):
                await client.get(URL)


async def test_a_cancelled_waiter_gives_its_place_back() -> None:
    """Callers that are cancelled in the queue, or on the wire, are not waited for."""
    wire = Wire()
    async with throttled(httpx.MockTransport(wire), Limits(concurrent=2)) as client:
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(client.get, URL)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        before = wire.calls
        wire.end.set()
        with anyio.fail_after(5):
            async with anyio.create_task_group() as tasks:
                for _ in range(5):
                    tasks.start_soon(client.get, URL)

    assert (before, wire.calls) == (2, 7)


async def test_a_caller_that_is_cancelled_at_the_gate_gives_its_slot_back() -> None:
    """Those who wait for the gate hold slots; a cancelled one does not keep his."""
    wire, gate = Wire(), Gate()
    wire.end.set()
    gate.shut_until(anyio.current_time() + 0.2)
    async with throttled(httpx.MockTransport(wire), Limits(concurrent=1), gate) as client:
        with anyio.move_on_after(0.01):
            await client.get(URL)
        at_the_gate = wire.calls
        with anyio.fail_after(5):
            await client.get(URL)

    assert (at_the_gate, wire.calls) == (0, 1)


class Hours:
    """A clock whose hours pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, 8, 59, tzinfo=UTC)
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def within_the_hour(wire: Wire, hours: Hours, *, longest_wait: float) -> ThrottleTransport:
    """Two calls in a clock hour."""
    return ThrottleTransport(
        httpx.MockTransport(wire),
        limits=Limits(concurrent=5, per_hour=2),
        gate=Gate(),
        longest_wait=longest_wait,
        now=lambda: hours.now,
        sleep=hours.sleep,
        monotonic=lambda: hours.now.timestamp(),  # noqa: PLW0108 - the present moves
    )


async def test_a_used_up_hour_fails_at_once_unless_told_to_wait() -> None:
    """Of three calls where two an hour are allowed, the third is not sent, and nobody sleeps."""
    wire, hours = Wire(), Hours()
    wire.end.set()
    transport = within_the_hour(wire, hours, longest_wait=30)
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(URL)
        await client.get(URL)
        with pytest.raises(GateShut) as shut:
            await client.get(URL)

    assert (wire.calls, hours.slept, shut.value.retry_after) == (2, [], 60.0)


async def test_who_is_told_to_wait_goes_on_with_the_next_clock_hour() -> None:
    """The third call is sent at nine, one minute later, and not an hour after the first."""
    wire, hours = Wire(), Hours()
    wire.end.set()
    transport = within_the_hour(wire, hours, longest_wait=3600)
    async with httpx.AsyncClient(transport=transport) as client:
        for _ in range(3):
            await client.get(URL)

    assert (wire.calls, hours.slept) == (3, [60.0])


async def test_a_shut_gate_holds_every_task_to_the_second() -> None:
    """After one refusal with `Retry-After: 1` nobody calls, queued or new, until it is over."""
    calls: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        calls.append(anyio.current_time())
        if len(calls) == 1:
            return httpx.Response(429, headers={"retry-after": "1"})
        return httpx.Response(200)

    def judge(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
        del headers, body
        return Verdict.REFUSED_UNREAD if status == 429 else Verdict.FINAL

    gate = Gate()
    throttle = ThrottleTransport(
        httpx.MockTransport(answer), limits=Limits(concurrent=1), gate=gate
    )
    transport = RetryTransport(throttle, judge=judge, policy=RetryPolicy(), gate=gate)
    async with (
        httpx.AsyncClient(transport=transport) as client,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(5):
            tasks.start_soon(client.post, URL)
        await anyio.sleep(0.3)
        tasks.start_soon(client.post, URL)

    assert len(calls) == 7
    assert min(calls[1:]) - calls[0] >= 1.0
    assert max(calls) - calls[0] < 2.0


async def test_the_gate_is_asked_again_after_the_wait() -> None:
    """A timer that rings early, or a gate that is shut anew meanwhile, lets nobody through."""
    wire, gate, slept = Wire(), Gate(), list[float]()
    wire.end.set()
    time = 100.0

    async def sleep(seconds: float) -> None:
        nonlocal time
        slept.append(seconds)
        if len(slept) == 1:
            gate.shut_until(120.0)
        time += seconds - (1.0 if len(slept) == 2 else 0.0)

    gate.shut_until(110.0)
    transport = ThrottleTransport(
        httpx.MockTransport(wire),
        limits=Limits(concurrent=1),
        gate=gate,
        sleep=sleep,
        monotonic=lambda: time,
    )
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(URL)

    assert slept == [10.0, 10.0, 1.0]


async def test_who_waits_at_the_gate_is_let_go_when_the_wait_grows_too_long() -> None:
    """A refusal that asks for an hour does not hold those who wait for ten seconds already."""
    wire, gate, slept = Wire(), Gate(), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        gate.shut_until(100.0 + 3600.0)

    gate.shut_until(110.0)
    transport = ThrottleTransport(
        httpx.MockTransport(wire),
        limits=Limits(concurrent=1),
        gate=gate,
        longest_wait=120.0,
        sleep=sleep,
        monotonic=lambda: 100.0,
    )
    async with httpx.AsyncClient(transport=transport) as client:
        for _ in range(2):  # the first one keeps no slot
            with pytest.raises(GateShut):
                await client.get(URL)

    assert slept == [10.0]
    assert wire.calls == 0


async def test_who_is_turned_away_at_the_gate_has_spent_none_of_the_hour() -> None:
    """Two calls an hour, and five that a shut gate turns away: both are there when it opens."""
    wire, gate, time = Wire(), Gate(), 100.0
    wire.end.set()
    gate.shut_until(3700.0)
    transport = ThrottleTransport(
        httpx.MockTransport(wire),
        limits=Limits(concurrent=5, per_hour=2),
        gate=gate,
        longest_wait=60.0,
        monotonic=lambda: time,
    )
    async with httpx.AsyncClient(transport=transport) as client:
        for _ in range(5):
            with anyio.fail_after(5), pytest.raises(GateShut):
                await client.get(URL)
        time = 3700.0
        for _ in range(2):
            with anyio.fail_after(5):
                await client.get(URL)

    assert wire.calls == 2


async def test_the_time_at_the_gate_is_noted() -> None:
    """Whoever asks where the time went finds the wait, and the attempt that followed it."""
    wire, gate, time = Wire(), Gate(), 100.0
    wire.end.set()

    async def sleep(seconds: float) -> None:
        nonlocal time
        time += seconds

    gate.shut_until(110.0)
    transport = ThrottleTransport(
        httpx.MockTransport(wire),
        limits=Limits(concurrent=1),
        gate=gate,
        sleep=sleep,
        monotonic=lambda: time,
    )
    exchange = Exchange()
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(URL, extensions={"exchange": exchange})

    assert (exchange.throttled, exchange.attempts) == (10.0, 1)
