"""The client: puts authentication, retry, throttle and the entity sets together."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import ParamSpec, Self, TypedDict, Unpack
from urllib.parse import urlsplit

import anyio
import httpx

from api_transport import Limits, RetryPolicy, polite_transport, wire_transport
from d365_client._api import Api
from d365_client._auth import BearerAuth, Credential, bearer_auth
from d365_client._credentials import ClientSecret
from d365_client._judge import judge
from d365_client.environment import Environment
from d365_client.sync_client import SyncD365Client

P = ParamSpec("P")

TIMEOUT = httpx.Timeout(30.0, read=120.0)
"""Seconds; the first answers after servicing are slow (`d365.md` §9, 16)."""

LIMITS = Limits(concurrent=8, adaptive=True)
"""D365 has no published quota and refuses by its own load: we ask less while it does (§3)."""

_LOGGER = logging.getLogger("d365_client")


_VARIABLES = ("D365_URL", "D365_TENANT_ID", "D365_CLIENT_ID", "D365_CLIENT_SECRET")


class ClientOptions(TypedDict, total=False):
    """What a `D365Client` may be given beside its URL and its credential; see there."""

    verify: ssl.SSLContext | None
    timeout: httpx.Timeout
    limits: Limits
    retry: RetryPolicy | None
    write_exception_is_rejection: bool
    allow_http: bool
    sleep: Callable[[float], Awaitable[None]]
    monotonic: Callable[[], float]


class D365Client(Environment):
    """A Dynamics 365 Finance and Operations environment.

    `base_url` is the environment's whole URL; it is never made from a name (`d365.md` §1.2).
    `auth` is a `ClientSecret`, a `ClientCertificate`, a credential of azure-identity, or any
    `httpx.Auth`. `verify` None trusts what httpx trusts.
    `write_exception_is_rejection` takes a 500 that names `AxODataWriteException` for a *rejected*
    write, which is *uncertain* otherwise (§2.11). `allow_http` is for test servers: over http
    the token can be read on the way. Use it as an async context manager, in one event loop.

    Raises:
        ValueError: `base_url` is not the URL of an environment.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, with a default
        self,
        base_url: str,
        *,
        auth: Credential | httpx.Auth,
        verify: ssl.SSLContext | None = None,
        timeout: httpx.Timeout = TIMEOUT,
        limits: Limits = LIMITS,
        retry: RetryPolicy | None = None,
        write_exception_is_rejection: bool = False,
        allow_http: bool = False,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self.base_url = _normalised(base_url, allow_http=allow_http)
        self._own_auth: BearerAuth | None = None
        if not isinstance(auth, httpx.Auth):
            auth = self._own_auth = bearer_auth(auth, self.base_url, verify=verify)
        wire = wire_transport(self.base_url, verify=verify, connections=limits.concurrent)
        policy = retry or RetryPolicy()
        transport = polite_transport(
            wire,
            judge=judge,
            limits=limits,
            policy=policy,
            logger=_LOGGER,
            sleep=sleep,
            monotonic=monotonic,
        )
        self._http = httpx.AsyncClient(auth=auth, timeout=timeout, transport=transport)
        api = Api(
            http=self._http,
            base_url=self.base_url,
            write_exception_is_rejection=write_exception_is_rejection,
            policy=policy,
            sleep=sleep,
        )
        super().__init__(api)

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, **options: Unpack[ClientOptions]
    ) -> D365Client:
        """A client with the secret of an application, both told by environment variables.

        `D365_URL`, `D365_TENANT_ID`, `D365_CLIENT_ID` and `D365_CLIENT_SECRET` are needed;
        `D365_AUTHORITY` is for a sovereign cloud or an emulator, `D365_CA_FILE` names the file
        of an authority to trust instead of the public ones. `options` are those of the class.

        Raises:
            ValueError: variables are missing; the message names each.
        """
        missing = [name for name in _VARIABLES if not environ.get(name)]
        if missing:
            raise ValueError(f"environment variables are missing: {', '.join(missing)}")
        url, tenant_id, client_id, client_secret = (environ[name] for name in _VARIABLES)
        secret = ClientSecret(
            tenant_id=tenant_id,
            client_id=client_id,
            client_secret=client_secret,
            authority=environ.get("D365_AUTHORITY") or None,
        )
        ca_file = environ.get("D365_CA_FILE")
        if ca_file:
            options = {"verify": ssl.create_default_context(cafile=ca_file), **options}
        return cls(url, auth=secret, **options)

    @classmethod
    def sync(cls: Callable[P, D365Client], *args: P.args, **kwargs: P.kwargs) -> SyncD365Client:
        """The same for callers that cannot await: a script, or a notebook whose loop is running.

        It takes what the class takes, and runs in a thread of its own. Use it as a context manager.

        Raises:
            ValueError: as the class.
        """
        return SyncD365Client(lambda: cls(*args, **kwargs))

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
        """Close every connection; an `auth` that was given is its owner's to close."""
        await self._http.aclose()
        if self._own_auth is not None:
            await self._own_auth.aclose()


def _normalised(base_url: str, *, allow_http: bool) -> str:
    """The environment's URL as Entra's audience wants it: lower case, no trailing slash (§1.3).

    Raises:
        ValueError: it is not an https URL, or has more than a host and a path.
    """
    url = base_url.strip().lower().rstrip("/")
    parts = urlsplit(url)
    schemes = ("https", "http") if allow_http else ("https",)
    unwanted = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in schemes or not parts.hostname or unwanted:
        told = "" if unwanted else f" {base_url!r}"  # what is unwanted there may be a secret
        raise ValueError(
            f"base_url{told}: give the environment's whole https URL, such as "
            "https://contoso.operations.dynamics.com"
        )
    return url
