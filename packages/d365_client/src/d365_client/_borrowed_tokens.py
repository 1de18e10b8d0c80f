"""Tokens from a credential of somebody else's, such as azure-identity's."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import cast

import anyio.to_thread

from d365_client._credentials import AccessToken, AsyncTokenCredential, TokenCredential
from d365_client._tokens import Token
from d365_client.errors import LoginFailed, Outcome


class BorrowedTokens:
    """Tokens for one scope from a `TokenCredential`, which keeps its own cache and is not closed.

    One that blocks runs in a worker thread.
    """

    def __init__(
        self,
        credential: TokenCredential | AsyncTokenCredential,
        *,
        scope: str,
        wall_time: Callable[[], float] = time.time,
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._wall_time = wall_time

    async def token(self) -> Token:
        """A token that is good now.

        Raises:
            LoginFailed: the credential has none; what it raised is the cause.
        """
        try:
            given = await self._given()
            return Token(value=given.token, expires_in=given.expires_on - self._wall_time())
        except Exception as error:
            kind = type(self._credential).__name__
            raise LoginFailed(
                f"no token from {kind}: {type(error).__name__}", outcome=Outcome.NOT_EXECUTED
            ) from error

    async def forget(self) -> None:
        """Nothing: what the credential remembers is its own; it may give the same token again."""

    async def aclose(self) -> None:
        """Nothing: the credential is its owner's to close."""

    async def _given(self) -> AccessToken:
        get_token = self._credential.get_token
        if inspect.iscoroutinefunction(get_token):
            return cast("AccessToken", await get_token(self._scope))
        given = await anyio.to_thread.run_sync(get_token, self._scope, abandon_on_cancel=True)
        # One that is wrapped, such as by functools.partial, does not look like a coroutine.
        return cast("AccessToken", await given if inspect.isawaitable(given) else given)
