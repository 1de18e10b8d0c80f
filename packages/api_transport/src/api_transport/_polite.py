"""The order in which our transports stand, in one place: retry around throttle around the wire."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import anyio
import httpx

from api_transport._retry import RetryTransport
from api_transport._throttle import ThrottleTransport
from api_transport.policy import Gate, Judge, Limits, Pace, RetryPolicy


def polite_transport(
    wire: httpx.AsyncBaseTransport,
    *,
    judge: Judge,
    limits: Limits,
    policy: RetryPolicy,
    logger: logging.Logger,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    monotonic: Callable[[], float] = anyio.current_time,
) -> httpx.AsyncBaseTransport:
    """The wire behind throttle and retry, which share the gate and the pace.

    What a refusal tells one call, it tells all: `Retry-After` shuts the gate for every task, and
    pressure slows every task down. `logger` gets a DEBUG record of each attempt.
    """
    gate, pace = Gate(), Pace(limits)
    throttle = ThrottleTransport(
        wire,
        limits=limits,
        gate=gate,
        pace=pace,
        longest_wait=policy.longest_wait,
        sleep=sleep,
        monotonic=monotonic,
    )
    return RetryTransport(
        throttle,
        judge=judge,
        policy=policy,
        gate=gate,
        pace=pace,
        logger=logger,
        sleep=sleep,
        monotonic=monotonic,
    )
