"""The innermost of our transports: so many calls at a time, so many an hour, and the gate."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import cast

import anyio
import httpx

from api_transport._exchange import exchange_of
from api_transport._slots import Slots
from api_transport.errors import GateShut
from api_transport.policy import Gate, HourlyAllowance, Limits, Pace


class _SlotStream(httpx.AsyncByteStream):
    """A response body that gives its slot back once, when it is closed."""

    def __init__(self, stream: httpx.AsyncByteStream, slots: Slots) -> None:
        self._stream = stream
        self._held: Slots | None = slots

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        held, self._held = self._held, None
        try:
            await self._stream.aclose()
        finally:
            if held is not None:
                held.release()


class ThrottleTransport(httpx.AsyncBaseTransport):
    """Lets so many calls through at a time as the pace allows, each until its body is closed.

    Waiting here does not count against httpx's timeouts. It reads no body. One event loop only.
    `pace` is what a `RetryTransport` around this one slows down; a used-up `hour` shuts the gate to
    its end; `longest_wait` are the seconds for which anybody waits at the gate.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, with a default
        self,
        wrapped: httpx.AsyncBaseTransport,
        *,
        limits: Limits,
        gate: Gate,
        pace: Pace | None = None,
        hour: HourlyAllowance | None = None,
        longest_wait: float = math.inf,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._wrapped, self._gate, self._sleep, self._monotonic = wrapped, gate, sleep, monotonic
        self._longest_wait = longest_wait
        self._pace = pace or Pace(limits)
        self._slots = Slots(self._pace)
        self._hour, self._now = hour or HourlyAllowance(limits.per_hour), now

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, once there is a slot, the gate is open and the hour allows it.

        Raises:
            GateShut: the gate stays shut for longer than the longest wait.
        """
        came = self._monotonic()
        self._refuse_long_waits()
        await self._slots.acquire()
        try:
            # With the slot in hand: a gate shut while others queued for slots holds them too.
            await self._pass_gate()
            while to_the_next_hour := self._hour.spend(self._now()):
                self._gate.shut_until(self._monotonic() + to_the_next_hour)
                await self._pass_gate()
            exchange = exchange_of(request.extensions)
            exchange.throttled += self._monotonic() - came
            exchange.attempts += 1
            sent = self._pace.sent()
            response = await self._wrapped.handle_async_request(request)
        except BaseException:  # also where it is cancelled; it is raised again
            self._slots.release()
            raise
        response.extensions["sent_at_pace"] = sent
        if response.is_closed:  # all of it was there from the start, as with a mock
            self._slots.release()
        else:
            stream = cast("httpx.AsyncByteStream", response.stream)  # the wire is asynchronous
            response.stream = _SlotStream(stream, self._slots)
        return response

    async def aclose(self) -> None:
        """Close what is wrapped."""
        await self._wrapped.aclose()

    async def _pass_gate(self) -> None:
        while left := self._gate.left(self._monotonic()):
            self._refuse_long_waits()
            await self._sleep(left)

    def _refuse_long_waits(self) -> None:
        left = self._gate.left(self._monotonic())
        if left > self._longest_wait:
            raise GateShut(left)
