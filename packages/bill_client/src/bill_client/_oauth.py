"""An access token instead of a session: OAuth 2 client credentials (`bill.md` §1.4)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import anyio
import attrs
import httpx

from bill_client.errors import LoginFailed, Outcome

_MARGIN = timedelta(minutes=1)
_LOCAL = ("localhost", "127.0.0.1", "::1")


@attrs.frozen(kw_only=True)
class _Token:
    value: str = attrs.field(repr=False)
    renew_at: datetime | None


class OAuthClientCredentials(httpx.Auth):
    """Puts an access token on every request, in place of developer key and session.

    BILL documents the path `/authx/token` and the form of the request. The host of `token_url`,
    how long a token lives and what a refusal looks like are unverified: so the URL is yours to
    give, `expires_in` is believed where it is told (RFC 6749 §5.1), and a 401 renews the token,
    once. Single flight. Webhooks cannot be called with it.

    Raises:
        ValueError: `token_url` is not https; the secret could be read on the way.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        token_url: str,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> None:
        parts = urlsplit(token_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise ValueError(f"token_url {token_url!r}: give BILL's https URL")
        self._form = urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": client_secret,
            }
        )
        self._client_id, self._token_url, self._now = client_id, token_url, now
        self._lock = anyio.Lock()
        self._token: _Token | None = None

    def __repr__(self) -> str:
        return f"OAuthClientCredentials(client_id={self._client_id!r})"

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Fetch a token if need be, attach, send; after a 401 fetch and send again, once.

        Raises:
            LoginFailed: there is no token to be had.
        """
        refused: _Token | None = None
        for _ in range(2):
            async with self._lock:
                if self._token is refused or not self._good():
                    response = yield self._asking()
                    self._token = await self._granted(response)
                token = self._token
            if token is None:
                raise LoginFailed("no token was granted", outcome=Outcome.NOT_EXECUTED)
            request.headers["Authorization"] = f"Bearer {token.value}"
            response = yield request
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                return
            refused = token

    def _good(self) -> bool:
        token = self._token
        return token is not None and (token.renew_at is None or self._now() < token.renew_at)

    def _asking(self) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._token_url,
            content=self._form,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            extensions={"repeatable": True, "operation": "POST /authx/token"},
        )

    async def _granted(self, response: httpx.Response) -> _Token:
        body = await response.aread()
        if not response.is_success:
            raise LoginFailed(
                f"no token for client {self._client_id}: {_error(body)}",
                outcome=Outcome.NOT_EXECUTED,
                status=response.status_code,
                request_line="POST /authx/token",
            )
        try:
            told = json.loads(body)
            value, lives = str(told["access_token"]), told.get("expires_in")
            lifetime = None if lives is None else timedelta(seconds=float(lives))
        except (ValueError, KeyError, TypeError, AttributeError):
            # What came instead may hold a token, so it is not shown.
            raise LoginFailed(
                "the answer to the token request has no token", outcome=Outcome.NOT_EXECUTED
            ) from None
        if lifetime is None:
            return _Token(value=value, renew_at=None)
        # A token that lives shorter than the margin is used for half of its life.
        return _Token(value=value, renew_at=self._now() + lifetime - min(_MARGIN, lifetime / 2))


def _error(body: bytes) -> str:
    """The error's code, as RFC 6749 §5.2 has it; nothing else of the answer is shown."""
    try:
        told = json.loads(body)
    except ValueError:
        return "the answer is no JSON"
    code = told.get("error") if isinstance(told, dict) else None
    return code[:100] if isinstance(code, str) else "without a reason"
