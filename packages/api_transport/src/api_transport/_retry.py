"""Outside the throttle: asks the judge and the policy, and asks again when they say so."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

import anyio
import httpx

from api_transport._exchange import exchange_of
from api_transport._telemetry import log_attempt
from api_transport.errors import GateShut
from api_transport.policy import (
    Gate,
    Judge,
    Limits,
    Pace,
    Patience,
    RetryPolicy,
    Verdict,
    retry_after,
)

_LOGGER = logging.getLogger("api_transport")
_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class RetryTransport(httpx.AsyncBaseTransport):
    """Asks again what may be asked again, and nothing else.

    A request is repeatable by its method, or by `extensions["repeatable"]`. One that is not is
    repeated only if it never left or was refused unread: never after a lost reply or a 5xx
    (`domain.md` §3). What `patience` reads from a refusal, such as `Retry-After`, shuts `gate` for
    every task of the client; a refusal or a 503 slows `pace` down. The body of an answer that is
    not 2xx is read, for the judge. A request's body is bytes, or begins anew each time that it is
    iterated.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, with a default
        self,
        wrapped: httpx.AsyncBaseTransport,
        *,
        judge: Judge,
        policy: RetryPolicy,
        gate: Gate,
        pace: Pace | None = None,
        patience: Patience = retry_after,
        logger: logging.Logger = _LOGGER,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        draw: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._wrapped, self._judge, self._policy, self._gate = wrapped, judge, policy, gate
        self._pace = pace or Pace(Limits(concurrent=1))
        self._patience, self._logger = patience, logger
        self._sleep, self._draw, self._now, self._monotonic = sleep, draw, now, monotonic

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The last answer there was.

        Raises:
            GateShut: the server wants to be left alone for longer than the policy waits.
            httpx.TransportError: there was none, and asking again was not allowed any more.
        """
        exchange = exchange_of(request.extensions)
        attempt = 1
        while True:
            began = self._monotonic()
            outcome = await self._outcome(request)
            seconds = self._monotonic() - began
            wait = self._wait(request, outcome, attempt)
            log_attempt(self._logger, request, outcome, seconds=seconds, wait=wait)
            if wait is None:
                if isinstance(outcome, httpx.TransportError):
                    raise outcome
                return outcome
            exchange.throttled += wait
            await self._sleep(wait)
            attempt += 1

    async def aclose(self) -> None:
        """Close what is wrapped."""
        await self._wrapped.aclose()

    async def _outcome(self, request: httpx.Request) -> httpx.Response | httpx.TransportError:
        try:
            response = await self._wrapped.handle_async_request(request)
            if not response.is_success:
                try:
                    await response.aread()
                finally:  # a cancelled read does not close, and would keep its slot for ever
                    await response.aclose()
        except GateShut:  # nothing was attempted, and nobody may ask again
            raise
        except httpx.TransportError as error:
            return error
        return response

    def _wait(
        self, request: httpx.Request, outcome: httpx.Response | httpx.TransportError, attempt: int
    ) -> float | None:
        """Seconds until the next attempt, or None where this was the last; tells gate and pace."""
        asked = None
        if isinstance(outcome, httpx.TransportError):
            never_left = isinstance(outcome, _NEVER_LEFT)
            verdict = Verdict.REFUSED_UNREAD if never_left else Verdict.TRANSIENT
        elif outcome.is_success:
            self._pace.eased(_pace_when_sent(outcome))
            return None
        else:
            verdict = self._judge(outcome.status_code, outcome.headers, outcome.content)
            asked = self._patience(
                outcome.status_code, outcome.headers, outcome.content, self._now()
            )
            self._learn(outcome, verdict, asked)
        repeatable = request.extensions.get("repeatable", request.method in _READING_METHODS)
        return self._policy.wait(
            verdict, repeatable=bool(repeatable), attempt=attempt, asked=asked, draw=self._draw()
        )

    def _learn(self, response: httpx.Response, verdict: Verdict, asked: float | None) -> None:
        """Let every task of the client heed what one was told, also when this one gives up."""
        refused = verdict is Verdict.REFUSED_UNREAD
        if refused and asked is not None:
            self._gate.shut_until(self._monotonic() + asked)
        # 503 is overload in any API (RFC 9110 §15.6.4); what else is, the judge says.
        if refused or response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            self._pace.pressed(_pace_when_sent(response))
        elif verdict is Verdict.FINAL:
            self._pace.eased(_pace_when_sent(response))


def _pace_when_sent(response: httpx.Response) -> int:
    sent: int = response.extensions.get("sent_at_pace", 0)
    return sent
