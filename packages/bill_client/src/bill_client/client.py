"""The client: puts authentication, retry, throttle and the resources together."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import ParamSpec, Self, TypedDict, Unpack
from urllib.parse import urlsplit

import anyio
import httpx

from api_transport import HourlyAllowance, Limits, RetryPolicy, polite_transport, wire_transport
from bill_client._api import Api
from bill_client._auth import SessionAuth
from bill_client._judge import judge, patience
from bill_client._oauth import OAuthClientCredentials
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


class ClientOptions(TypedDict, total=False):
    """What a `BillClient` may be given beside its environment and its credential; see there."""

    verify: ssl.SSLContext | None
    limits: Limits
    retry: RetryPolicy | None
    timeout: httpx.Timeout | None
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    monotonic: Callable[[], float]


_OF_A_USER = ("BILL_USERNAME", "BILL_PASSWORD", "BILL_ORGANIZATION_ID", "BILL_DEV_KEY")
_OF_AN_APPLICATION = ("BILL_CLIENT_ID", "BILL_CLIENT_SECRET", "BILL_TOKEN_URL")


def _auth_from(environ: Mapping[str, str]) -> httpx.Auth:
    """The credential that the environment tells.

    Raises:
        ValueError: variables are missing.
    """
    names = _OF_AN_APPLICATION if environ.get("BILL_CLIENT_ID") else _OF_A_USER
    missing = [name for name in names if not environ.get(name)]
    if missing:
        raise ValueError(f"environment variables are missing: {', '.join(missing)}")
    if names is _OF_AN_APPLICATION:
        client_id, client_secret, token_url = (environ[name] for name in names)
        return OAuthClientCredentials(
            client_id=client_id, client_secret=client_secret, token_url=token_url
        )
    username, password, organization_id, dev_key = (environ[name] for name in names)
    return SessionAuth(
        username=username, password=password, organization_id=organization_id, dev_key=dev_key
    )


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
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, **options: Unpack[ClientOptions]
    ) -> BillClient:
        """A client whose environment and credential are told by environment variables.

        `BILL_URL` is `sandbox`, which it is if left out, `production`, or the API's whole root.
        A user logs in by `BILL_USERNAME`, `BILL_PASSWORD`, `BILL_ORGANIZATION_ID` and
        `BILL_DEV_KEY`; a sync token's name and token stand in the first two. An application of
        BILL's OAuth is told by `BILL_CLIENT_ID`, `BILL_CLIENT_SECRET` and `BILL_TOKEN_URL`
        instead. `options` are those of the class.

        Raises:
            ValueError: variables are missing; the message names each.
        """
        url = environ.get("BILL_URL") or "sandbox"
        return cls(url, auth=_auth_from(environ), **options)

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
