"""A bearer token on every request: fetched once for all, renewed before it lapses or on a 401."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncGenerator, Callable, Generator
from http import HTTPStatus
from typing import TypeAlias

import anyio
import httpx

from d365_client._borrowed_tokens import BorrowedTokens
from d365_client._credentials import (
    AsyncTokenCredential,
    ClientCertificate,
    ClientSecret,
    TokenCredential,
)
from d365_client._token_claims import privilege_cause, refusal_cause
from d365_client._tokens import EntraTokens, Token, TokenSource

CAUSE = "d365_client.cause"
"""The extension of a response that says why it probably refuses; it may be empty."""

_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_RENEW_BEFORE = 120.0
"""Seconds: a token that is about to lapse is renewed before it is used."""


class BearerAuth(httpx.Auth):
    """Puts a token on each request; after a 401 renews it, once.

    Single flight: however many requests wait or fail together, one token is asked for. A task
    that is cancelled while it renews leaves the way free for the next. A 401 is an answer before
    execution, so a write is sent again too. What `cause` makes of a refused token and the status
    is left in the response's extensions: the answer itself says little (`d365.md` §1.5).
    """

    def __init__(
        self,
        tokens: TokenSource,
        *,
        cause: Callable[[str, int], str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = tokens
        self._cause = cause
        self._monotonic = monotonic
        self._lock = anyio.Lock()
        self._token: Token | None = None
        self._renew_at = 0.0

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Attach, send, and on a 401 renew and send again.

        Raises:
            LoginFailed: there is no token to be had.
        """
        token = await self._current()
        request.headers["Authorization"] = f"Bearer {token.value}"
        response = yield request
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            token = await self._instead_of(token)
            request.headers["Authorization"] = f"Bearer {token.value}"
            response = yield request
        if response.status_code in _REFUSALS and self._cause is not None:
            response.extensions[CAUSE] = self._cause(token.value, response.status_code)

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Refuse a synchronous client.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(f"BearerAuth is for httpx.AsyncClient: {request.url.host}")

    async def aclose(self) -> None:
        """Close the token source."""
        await self._tokens.aclose()

    async def _current(self) -> Token:
        async with self._lock:
            if self._token is None or self._monotonic() >= self._renew_at:
                return await self._renewed()
            return self._token

    async def _instead_of(self, refused: Token) -> Token:
        async with self._lock:
            if self._token is not refused and self._token is not None:
                # Another task has renewed it since this one was sent.
                return self._token
            self._token = None
            await self._tokens.forget()
            return await self._renewed()

    async def _renewed(self) -> Token:
        token = await self._tokens.token()
        # A token that lives shorter than the margin is used for half of its life.
        margin = min(_RENEW_BEFORE, token.expires_in / 2)
        self._renew_at = self._monotonic() + token.expires_in - margin
        self._token = token
        return token


Credential: TypeAlias = ClientSecret | ClientCertificate | TokenCredential | AsyncTokenCredential
"""Who we are: a registered application, or what azure-identity knows us by."""


def bearer_auth(
    credential: Credential, base_url: str, *, verify: ssl.SSLContext | None = None
) -> BearerAuth:
    """The authentication of a credential for the environment at `base_url`.

    `verify` is whom to trust when a token is asked for. Close it when it is not needed any more.

    Raises:
        TypeError: that is no credential.
    """
    # One slash more before .default, and every call is answered 401 (`d365.md` §1.3).
    scope = f"{base_url}/.default"
    tenant_id: str | None = None
    tokens: TokenSource
    if isinstance(credential, ClientSecret | ClientCertificate):
        tokens, tenant_id = (
            EntraTokens(credential, scope=scope, verify=verify),
            credential.tenant_id,
        )
    elif hasattr(credential, "get_token"):
        tokens = BorrowedTokens(credential, scope=scope)
    else:
        raise TypeError(
            f"auth is {type(credential).__name__}: give a ClientSecret, a ClientCertificate, a "
            "credential of azure-identity, or an httpx.Auth"
        )

    def cause(token: str, status: int) -> str:
        if status == HTTPStatus.FORBIDDEN:
            return privilege_cause(token)
        return refusal_cause(token, base_url=base_url, tenant_id=tenant_id)

    return BearerAuth(tokens, cause=cause)
