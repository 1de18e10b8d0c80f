"""A bearer token on every request: fetched once for all, renewed before it lapses or on a 401."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator
from http import HTTPStatus

import anyio
import httpx

from d365_client._tokens import Token, TokenSource

_RENEW_BEFORE = 120.0
"""Seconds: a token that is about to lapse is renewed before it is used."""


class BearerAuth(httpx.Auth):
    """Puts a token on each request; after a 401 renews it, once.

    Single flight: however many requests wait or fail together, one token is asked for. A task
    that is cancelled while it renews leaves the way free for the next. A 401 is an answer before
    execution, so a write is sent again too.
    """

    def __init__(
        self, tokens: TokenSource, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._tokens = tokens
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
            yield request

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
