"""The order in which our transports stand, in one place: retry around throttle around the wire."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio
import httpx

from api_transport._retry import RetryTransport
from api_transport._throttle import ThrottleTransport
from api_transport.policy import (
    Gate,
    HourlyAllowance,
    Judge,
    Limits,
    Pace,
    Patience,
    RetryPolicy,
    retry_after,
)


def polite_transport(  # noqa: PLR0913 - each is a setting of its own, with a default
    wire: httpx.AsyncBaseTransport,
    *,
    judge: Judge,
    limits: Limits,
    policy: RetryPolicy,
    logger: logging.Logger,
    patience: Patience = retry_after,
    hour: HourlyAllowance | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    monotonic: Callable[[], float] = anyio.current_time,
) -> httpx.AsyncBaseTransport:
    """The wire behind throttle and retry, which share the gate and the pace.

    What a refusal tells one call, it tells all: what it asks to wait shuts the gate for every
    task, and pressure slows every task down. `hour` is what the hour's calls are counted by.
    `logger` gets a DEBUG record of each attempt.
    """
    gate, pace = Gate(), Pace(limits)
    throttle = ThrottleTransport(
        wire,
        limits=limits,
        gate=gate,
        pace=pace,
        hour=hour,
        longest_wait=policy.longest_wait,
        now=now,
        sleep=sleep,
        monotonic=monotonic,
    )
    return RetryTransport(
        throttle,
        judge=judge,
        policy=policy,
        gate=gate,
        pace=pace,
        patience=patience,
        logger=logger,
        now=now,
        sleep=sleep,
        monotonic=monotonic,
    )
