"""A BILL session on every request: logged in once for all, again when it has lapsed."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta

import anyio
import attrs
import httpx
from aiolimiter import AsyncLimiter

from bill_client._envelopes import problem
from bill_client._sessions import (
    MemorySessionStore,
    Session,
    SessionStore,
    logins_of,
    session_of,
    store_key,
    text_of,
    text_of_logins,
)
from bill_client.errors import LoginFailed, Outcome

IDLE = timedelta(minutes=35)
"""A user's session lapses after this long without a call (`bill.md` §1.4)."""

IDLE_OF_SYNC_TOKENS = timedelta(hours=48)
"""A sync token's session does; whether it is idle time or age is unverified: 1109 tells."""

LOGINS_PER_HOUR = 200
"""What BILL allows a developer key in an hour, before it locks it (§2).

Whether it counts by the clock or over the last sixty minutes is not said. Who keeps to any sixty
minutes keeps to both.
"""

_HOUR = timedelta(hours=1)
_TOLD_AGAIN = timedelta(minutes=1)
_SUCCESS = range(200, 300)
_SESSION_LAPSED = "BDC_1109"


class SessionAuth(httpx.Auth):
    """Logs in with a user's name and password, for one organisation.

    The session's 35 idle minutes are known, and it is renewed before they are over. It is renewed
    once after BDC_1109, and never after BDC_1361, which is a session without trust (`bill.md`
    §1.5). Single flight: however many tasks need one, one logs in. Logins wait for BILL's 5 a
    minute; the 201st of an hour is refused here, before BILL locks the key.

    `remember_me_id` and `device`, from an earlier `mfa.validate`, make the session a trusted one.
    With a `store` that several clients or processes share, they share one session and one count.
    `idle` is how long a session lives without a call.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        *,
        username: str,
        password: str,
        organization_id: str,
        dev_key: str,
        remember_me_id: str | None = None,
        device: str | None = None,
        store: SessionStore | None = None,
        idle: timedelta = IDLE,
        logins_per_minute: int = 5,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> None:
        told = {
            "username": username,
            "password": password,
            "organizationId": organization_id,
            "devKey": dev_key,
            "rememberMeId": remember_me_id,
            "device": device,
        }
        self._credentials = {name: value for name, value in told.items() if value is not None}
        self._organization_id, self._dev_key = organization_id, dev_key
        self._store = store or MemorySessionStore()
        self._session_key = store_key(dev_key, organization_id, username, remember_me_id or "")
        self._logins_key = store_key(dev_key)
        self._idle, self._now = idle, now
        self._lock = anyio.Lock()
        self._session: Session | None = None
        self._told = datetime.min.replace(tzinfo=UTC)
        self._logins_per_minute = logins_per_minute
        self._pace: AsyncLimiter | None = None

    @classmethod
    def with_sync_token(
        cls,
        *,
        name: str,
        token: str,
        organization_id: str,
        dev_key: str,
        store: SessionStore | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> SessionAuth:
        """Logs in with a sync token and its name; the session lives 48 hours without a call.

        It can neither pay nor do what multi-factor authentication guards (`bill.md` §1.4).
        """
        return cls(
            username=name,
            password=token,
            organization_id=organization_id,
            dev_key=dev_key,
            store=store,
            idle=IDLE_OF_SYNC_TOKENS,
            now=now,
        )

    def __repr__(self) -> str:
        return f"SessionAuth(organization_id={self._organization_id!r})"

    @property
    def trusted(self) -> bool | None:
        """Whether BILL said at login that the session is trusted; None before the first call."""
        return self._session.trusted if self._session else None

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Log in if need be, attach, send; after a lapsed session log in and send again, once.

        Raises:
            LoginFailed: there is no session to be had.
        """
        refused: set[str] = set()
        renewed = False
        while True:
            async with self._lock:
                session = await self._usable(refused)
                if session is None:
                    if renewed:
                        return  # the new session was refused too: that is the answer
                    await self._count_login()
                    response = yield self._login(request)
                    session = await self._opened(response)
                    renewed = bool(refused)
                await self._keep(attrs.evolve(session, used=self._now()))
            request.headers["devKey"] = self._dev_key
            request.headers["sessionId"] = session.id
            response = yield request
            if response.status_code in _SUCCESS:
                return
            await response.aread()
            if problem(response.status_code, response.content).code != _SESSION_LAPSED:
                return
            refused.add(session.id)

    async def _usable(self, refused: set[str]) -> Session | None:
        """A session that is not known to have lapsed: ours, or one that another client opened."""
        if self._good(self._session, refused):
            return self._session
        stored = session_of(await self._store.load(self._session_key))
        return stored if self._good(stored, refused) else None

    def _good(self, session: Session | None, refused: set[str]) -> bool:
        return (
            session is not None
            and session.id not in refused
            and not session.lapses(self._idle, self._now())
        )

    async def _keep(self, session: Session) -> None:
        """Remember the session; a new one is stored at once, its use from time to time."""
        known = self._session is not None and self._session.id == session.id
        self._session = session
        if not known or session.used - self._told >= _TOLD_AGAIN:
            await self._store.save(self._session_key, text_of(session))
            self._told = session.used

    async def _count_login(self) -> None:
        """Count a login, and wait for the minute's allowance.

        Raises:
            LoginFailed: the last hour's logins are used up.
        """
        now = self._now()
        logins = logins_of(await self._store.load(self._logins_key), now - _HOUR)
        if len(logins) >= LOGINS_PER_HOUR:
            left = logins[0] + _HOUR.total_seconds() - now.timestamp()
            raise LoginFailed(
                f"{LOGINS_PER_HOUR} logins with this developer key in an hour: BILL would lock "
                f"it. Nothing was sent; one is allowed again in {int(left) + 1} seconds",
                outcome=Outcome.NOT_EXECUTED,
                request_line="POST /login",
            )
        await self._store.save(self._logins_key, text_of_logins([*logins, now.timestamp()]))
        if self._pace is None:  # bound to the running loop, so it is made on first use
            self._pace = AsyncLimiter(self._logins_per_minute, 60)
        await self._pace.acquire()

    def _login(self, asking: httpx.Request) -> httpx.Request:
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
            told = json.loads(body)
            return Session(
                id=str(told["sessionId"]),
                used=self._now(),
                user_id=str(told.get("userId", "")),
                trusted=told.get("trusted") is True,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
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
