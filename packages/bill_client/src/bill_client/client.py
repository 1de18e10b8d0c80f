"""The client: puts authentication, retry, throttle and the resources together."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import ParamSpec, Self
from urllib.parse import urlsplit

import anyio
import httpx

from api_transport import HourlyAllowance, Limits, RetryPolicy, polite_transport, wire_transport
from bill_client._api import Api
from bill_client._judge import judge, patience
from bill_client.environment import Environment
from bill_client.sync_client import SyncBillClient

P = ParamSpec("P")

ENVIRONMENTS = {
    "sandbox": "https://gateway.stage.bill.com/connect/v3",
    "production": "https://gateway.prod.bill.com/connect/v3",
}
"""BILL's own environments (`bill.md` §1.1)."""

LIMITS = Limits(concurrent=3, per_hour=20_000)
"""What BILL allows a developer key: calls at a time in one organisation, calls an hour (§2)."""


def _normalised(environment: str) -> str:
    """The API's root, without a trailing slash.

    Raises:
        ValueError: it is neither an environment's name nor a URL that ends in `/v3`.
    """
    url = ENVIRONMENTS.get(environment, environment).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.path.endswith("/connect/v3"):
        raise ValueError(
            f"environment {environment!r}: give {' or '.join(ENVIRONMENTS)}, or a URL that ends "
            "in /connect/v3"
        )
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(f"environment {environment!r}: http would show the password; use https")
    return url


class BillClient(Environment):
    """One BILL organisation.

    `environment` is `sandbox`, `production` or the API's whole root URL. `auth` is a
    `SessionAuth`, or any `httpx.Auth`. `verify` None trusts what httpx trusts.
    Use it as an async context manager, in one event loop.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, with a default
        self,
        environment: str,
        *,
        auth: httpx.Auth,
        verify: ssl.SSLContext | None = None,
        limits: Limits = LIMITS,
        retry: RetryPolicy | None = None,
        timeout: httpx.Timeout | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self.base_url = _normalised(environment)
        policy = retry or RetryPolicy()
        self._hour, self._now = HourlyAllowance(limits.per_hour), now
        wire = wire_transport(self.base_url, verify=verify, connections=limits.concurrent)
        self._http = httpx.AsyncClient(
            auth=auth,
            timeout=timeout or httpx.Timeout(60.0),
            transport=polite_transport(
                wire,
                judge=judge,
                limits=limits,
                policy=policy,
                logger=logging.getLogger("bill_client"),
                patience=patience,
                hour=self._hour,
                now=now,
                sleep=sleep,
                monotonic=monotonic,
            ),
        )
        super().__init__(Api(http=self._http, base_url=self.base_url, policy=policy, sleep=sleep))

    @classmethod
    def sync(cls: Callable[P, BillClient], *args: P.args, **kwargs: P.kwargs) -> SyncBillClient:
        """The same for callers that cannot await: a script, or a notebook whose loop is running.

        It takes what the class takes, and runs in a thread of its own. Use it as a context manager.

        Raises:
            ValueError: as the class.
        """
        return SyncBillClient(lambda: cls(*args, **kwargs))

    @property
    def calls_left_this_hour(self) -> int | None:
        """How many calls this client may still send in the clock hour (UTC), by its own count.

        Others with the same developer key are not counted. None where `limits` have no number.
        """
        return self._hour.left(self._now())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()
