"""Outside the throttle: asks the judge and the policy, and asks again when they say so."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio
import httpx

from api_transport.policy import Gate, Judge, RetryPolicy, Verdict, read_retry_after

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class RetryTransport(httpx.AsyncBaseTransport):
    """Asks again what may be asked again, and nothing else.

    A request is repeatable by its method, or by `extensions["repeatable"]`. One that is not is
    repeated only if it never left or was refused unread: never after a lost reply or a 5xx
    (`domain.md` §3). `Retry-After` on a refusal shuts `gate` for every task of the client. The
    body of an answer that is not 2xx is read, for the judge. A request's body must be bytes.
    """

    def __init__(
        self,
        wrapped: httpx.AsyncBaseTransport,
        *,
        judge: Judge,
        policy: RetryPolicy,
        gate: Gate,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        draw: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._wrapped, self._judge, self._policy, self._gate = wrapped, judge, policy, gate
        self._sleep, self._draw, self._now, self._monotonic = sleep, draw, now, monotonic

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The last answer there was.

        Raises:
            httpx.TransportError: there was none, and asking again was not allowed any more.
        """
        attempt = 1
        while True:
            try:
                response = await self._answer(request)
            except httpx.TransportError as error:
                never_left = isinstance(error, _NEVER_LEFT)
                verdict = Verdict.REFUSED_UNREAD if never_left else Verdict.TRANSIENT
                wait = self._wait(request, verdict, attempt, None)
                if wait is None:
                    raise
            else:
                if response.is_success:
                    return response
                verdict = self._judge(response.status_code, response.headers, response.content)
                asked = read_retry_after(response.headers.get("retry-after"), now=self._now())
                wait = self._wait(request, verdict, attempt, asked)
                if wait is None:
                    return response
            await self._sleep(wait)
            attempt += 1

    async def aclose(self) -> None:
        """Close what is wrapped."""
        await self._wrapped.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        response = await self._wrapped.handle_async_request(request)
        if not response.is_success:
            try:
                await response.aread()
            finally:  # a cancelled read does not close, and would keep its slot for ever
                await response.aclose()
        return response

    def _wait(
        self, request: httpx.Request, verdict: Verdict, attempt: int, asked: float | None
    ) -> float | None:
        refused = verdict is Verdict.REFUSED_UNREAD
        if refused and asked is not None and asked <= self._policy.longest_wait:
            # Also when this request gives up: the server asked to be left alone by all.
            self._gate.shut_until(self._monotonic() + asked)
        repeatable = request.extensions.get("repeatable", request.method in _READING_METHODS)
        return self._policy.wait(
            verdict, repeatable=bool(repeatable), attempt=attempt, asked=asked, draw=self._draw()
        )
