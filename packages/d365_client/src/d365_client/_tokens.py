"""Access tokens from Microsoft Entra; the only use of msal (`d365.md` §1).

msal blocks, and its constructor goes to the network: everything runs in a worker thread.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from typing import Any, Protocol

import anyio.to_thread
import attrs
import httpx
import msal

from d365_client._credentials import ClientCertificate, ClientSecret, Cloud
from d365_client.errors import LoginFailed, Outcome

_NO_ANSWER = (httpx.HTTPError, msal.exceptions.MsalError, ValueError, RuntimeError, KeyError)
"""What comes out of msal where the authority does not answer as one; httpx's errors among it."""

# A token is asked for once an hour: a connection kept for so long is lost when it is needed.
_NO_IDLE_CONNECTIONS = httpx.Limits(max_keepalive_connections=0)
_TIMEOUT = 30.0
_LONGEST = 500
_CAUSES = {
    7000215: "client_secret is not the secret's value; it is not the secret's id either",
    7000222: "the secret has expired, make a new one",
    700016: "client_id is not an application of this tenant",
    700027: "the certificate is not registered with the application",
    500011: "the environment's URL is not known in this tenant",
}
"""The codes of what is configured wrongly most often."""


@attrs.frozen(kw_only=True)
class Token:
    """A bearer token and how long it is good for, in seconds from when it was given."""

    value: str = attrs.field(repr=False)
    expires_in: float


class TokenSource(Protocol):
    """Where tokens come from. One call at a time."""

    async def token(self) -> Token:
        """A token that is good now.

        Raises:
            LoginFailed: none can be had; the message never holds the secret.
        """

    async def forget(self) -> None:
        """Drop what is cached: the service has refused it."""

    async def aclose(self) -> None:
        """Close what was opened."""


class _Forms(httpx.Client):
    """An HTTP client as msal wants one: its assertions are bytes, which httpx writes as b'…'."""

    def post(self, url: str, *, data: Mapping[str, object], **more: Any) -> httpx.Response:  # type: ignore[override]  # as msal calls it
        form = {
            name: value.decode("ascii") if isinstance(value, bytes) else value
            for name, value in data.items()
        }
        return super().post(url, data=form, **more)


class EntraTokens:
    """Tokens by client credentials for one environment's scope; nothing is opened before one."""

    def __init__(
        self,
        credential: ClientSecret | ClientCertificate,
        *,
        scope: str,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._verify = verify
        self._http: httpx.Client | None = None
        self._application: msal.ConfidentialClientApplication | None = None
        # A cancelled task leaves its thread behind, which the next one's thread must wait for.
        self._one_at_a_time = threading.Lock()

    async def token(self) -> Token:
        """A token that is good now; msal answers from its cache while it has one."""
        return await anyio.to_thread.run_sync(self._acquire, abandon_on_cancel=True)

    async def forget(self) -> None:
        """Drop msal's cached tokens, or it would hand out the refused one again."""
        await anyio.to_thread.run_sync(self._remove, abandon_on_cancel=True)

    async def aclose(self) -> None:
        """Close the connection to Entra."""
        http, self._http, self._application = self._http, None, None
        if http is not None:
            http.close()

    def _acquire(self) -> Token:
        credential = self._credential
        try:
            with self._one_at_a_time:
                answer = self._opened().acquire_token_for_client(scopes=[self._scope])
        except _NO_ANSWER as error:
            raise self._failed(f"the authority gave no answer: {error}") from error
        if "access_token" not in answer:
            said = str(answer.get("error_description") or answer.get("error") or "it said nothing")
            cause = _cause(answer.get("error_codes"))
            raise self._failed(f"client {credential.client_id} was refused: {cause}{said}")
        return Token(value=answer["access_token"], expires_in=float(answer["expires_in"]))

    def _remove(self) -> None:
        with self._one_at_a_time:
            if self._application is not None:
                self._application.remove_tokens_for_client()

    def _opened(self) -> msal.ConfidentialClientApplication:
        if self._application is None:
            credential = self._credential
            verify = self._verify if self._verify is not None else True
            self._http = self._http or _Forms(
                verify=verify, timeout=_TIMEOUT, limits=_NO_IDLE_CONNECTIONS
            )
            try:
                secret = credential.for_msal()
            except ValueError as error:
                raise self._failed(str(error)) from error
            self._application = msal.ConfidentialClientApplication(
                credential.client_id,
                authority=credential.authority_url,
                client_credential=secret,
                http_client=self._http,
                # Microsoft's list knows its own clouds; another authority is trusted as given.
                instance_discovery=None if credential.authority in (None, *Cloud) else False,
            )
        return self._application

    def _failed(self, why: str) -> LoginFailed:
        sentence = f"no token from {self._credential.authority_url}: {why}"
        for secret in filter(None, self._credential.secrets):
            sentence = sentence.replace(secret, "***")
        return LoginFailed(" ".join(sentence.split())[:_LONGEST], outcome=Outcome.NOT_EXECUTED)


def _cause(codes: object) -> str:
    """What probably is wrong, by the first of Entra's codes that we know; for people to read.

    Entra's codes may change, so nothing else depends on them.
    """
    known = (_CAUSES.get(code) for code in (codes if isinstance(codes, list) else ()))
    cause = next(filter(None, known), "")
    return f"{cause}; " if cause else ""
