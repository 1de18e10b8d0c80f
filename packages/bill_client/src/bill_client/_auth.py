"""A BILL session on every request: logged in once for all, again when it has lapsed."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable

import anyio
import attrs
import httpx
from aiolimiter import AsyncLimiter

from bill_client._envelopes import problem
from bill_client.errors import LoginFailed, Outcome

_IDLE = 35 * 60.0
"""Seconds without a call after which a session lapses; every call begins them anew (§1.4)."""

_MARGIN = 60.0
_SUCCESS = range(200, 300)
_SESSION_LAPSED = "BDC_1109"
_LOGINS_PER_HOUR = 200
_LOGINS_PER_MINUTE = 5


@attrs.frozen(kw_only=True)
class Session:
    """A session, good only with the developer key it was made with."""

    id: str = attrs.field(repr=False)


class SessionAuth(httpx.Auth):
    """Logs in with a user (or a sync token's name) and password, for one organisation.

    The session's 35 idle minutes are known, and it is renewed before they are over. It is renewed
    once after BDC_1109, and never after BDC_1361, which is a session without trust (`bill.md`
    §1.5). Single flight: however many tasks need one, one logs in. Logins are held to BILL's 5 a
    minute and 200 an hour before BILL locks the key.
    """

    def __init__(
        self,
        *,
        username: str,
        password: str,
        organization_id: str,
        dev_key: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._organization_id = organization_id
        self._credentials = {
            "username": username,
            "password": password,
            "organizationId": organization_id,
            "devKey": dev_key,
        }
        self._dev_key = dev_key
        self._monotonic = monotonic
        self._lock = anyio.Lock()
        self._session: Session | None = None
        self._used = 0.0
        self._logins: tuple[AsyncLimiter, AsyncLimiter] | None = None

    def __repr__(self) -> str:
        return f"SessionAuth(organization_id={self._organization_id!r})"

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Log in if need be, attach, send; after a lapsed session log in and send again, once."""
        session: Session | None = None
        for _ in range(2):
            async with self._lock:
                if session is not None and self._session is session:
                    self._session = None
                if not self._good():
                    response = yield await self._login(request)
                    self._session = await self._opened(response)
                session = self._session
                self._used = self._monotonic()
            self._attach(request, session)
            response = yield request
            if response.status_code in _SUCCESS:
                return
            await response.aread()
            if not _lapsed(response):
                return

    def _good(self) -> bool:
        return self._session is not None and self._monotonic() - self._used < _IDLE - _MARGIN

    def _attach(self, request: httpx.Request, session: Session | None) -> None:
        if session is None:
            raise LoginFailed("no session is open", outcome=Outcome.NOT_EXECUTED)
        request.headers["devKey"] = self._dev_key
        request.headers["sessionId"] = session.id

    async def _login(self, asking: httpx.Request) -> httpx.Request:
        if self._logins is None:
            # Bound to the running loop, so they are made on first use.
            self._logins = (
                AsyncLimiter(_LOGINS_PER_HOUR, 3600),
                AsyncLimiter(_LOGINS_PER_MINUTE, 60),
            )
        for limiter in self._logins:
            await limiter.acquire()
        # Asked again when it fails: a second login leaves nothing behind but an idle session.
        return httpx.Request(
            "POST",
            f"{_root(asking)}/login",
            content=json.dumps(self._credentials),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            extensions={"repeatable": True, "operation": "POST /login"},
        )

    async def _opened(self, response: httpx.Response) -> Session:
        body = await response.aread()
        if response.status_code not in _SUCCESS:
            said = problem(response.status_code, body)
            raise LoginFailed(
                f"BILL refused the login to organization {self._organization_id}: {said.message}",
                outcome=Outcome.NOT_EXECUTED,
                status=response.status_code,
                code=said.code,
                request_line="POST /login",
            )
        try:
            return Session(id=str(json.loads(body)["sessionId"]))
        except (ValueError, KeyError, TypeError):
            # What came instead may hold a session, so it is not shown.
            raise LoginFailed(
                "BILL's answer to the login has no session", outcome=Outcome.NOT_EXECUTED
            ) from None


def _root(request: httpx.Request) -> str:
    """The API's root: told by the client, since not every call goes below it."""
    told = request.extensions.get("api_root")
    if told:
        return str(told)
    head, version, _ = request.url.path.partition("/v3")
    return str(request.url.copy_with(path=head + version, query=None))


def _lapsed(response: httpx.Response) -> bool:
    return problem(response.status_code, response.content).code == _SESSION_LAPSED
