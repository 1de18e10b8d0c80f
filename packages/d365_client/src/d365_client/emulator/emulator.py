"""An environment, put together: books, clock, identity, and the ASGI app over them."""

from __future__ import annotations

import random
import secrets
import ssl
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import anyio
import attrs
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.types import ASGIApp

from api_transport.emulation import (
    FaultRules,
    RequestLog,
    SettableClock,
    WireMiddleware,
    admin_routes,
    certificate,
)
from api_transport.emulation import running as serving
from d365_client.emulator.actions import Actions
from d365_client.emulator.admin import Admin
from d365_client.emulator.answers import fault_body
from d365_client.emulator.app import Service, blank_secrets
from d365_client.emulator.behaviour_admin import BehaviourAdmin
from d365_client.emulator.books import Books
from d365_client.emulator.callables import Callables
from d365_client.emulator.cold_start import ColdStart
from d365_client.emulator.identity import Identity
from d365_client.emulator.line_inserts import BusyHeaders
from d365_client.emulator.seed import Seed, plant
from d365_client.emulator.settings import Settings, Switches
from d365_client.emulator.throttling import Throttle


class Emulator:
    """One Dynamics 365 F&O environment.

    `app` is the ASGI app: the service itself and the admin path `/_emulator`. Close the emulator
    when nothing serves it any more.

    Args:
        seed: what it starts with. Books that exist already keep their rows instead.
        books: the SQLite file; a temporary one if left away.
        clock: what time it is when it starts; the present if left away.
        settings: the switches to start with.
        sleep: how calls, inserts of journal lines and cold starts take their time.
        rng: where RecVersions come from.
        wall_time: seconds since 1970, for tokens: they live in real time.

    Raises:
        SeedError: two rows of the seed have the same key.
        OSError: the books cannot be opened, or were made with other extensions.
    """

    def __init__(
        self,
        seed: Seed,
        *,
        books: Path | None = None,
        clock: datetime | None = None,
        settings: Settings | None = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        rng: random.Random | None = None,
        wall_time: Callable[[], float] = time.time,
    ) -> None:
        self._clock = SettableClock(clock)
        self._switches = Switches(settings)
        self._identity = Identity(
            seed.tenant_id,
            seed.applications,
            self._switches,
            key=secrets.token_bytes(32),
            wall_time=wall_time,
        )
        with ExitStack() as stack:
            self.books_file = books or stack.enter_context(_temporary()) / "books.sqlite"
            self._books = Books(
                self.books_file,
                seed.catalog,
                now=self._clock.now,
                rng=rng or random.Random(),  # noqa: S311 - RecVersions are no secrets
            )
            stack.callback(self._books.close)
            if self._books.is_new:
                plant(self._books, seed.rows)
            self._to_close = stack.pop_all()
        actions = Actions(self._books, self._switches)
        self._callables = Callables(actions, seed.odata_actions, seed.services)
        throttle = Throttle(self._switches, now=self._clock.now, sleep=sleep)
        self.app = self._app(actions, BusyHeaders(sleep), ColdStart(sleep), throttle)

    def close(self) -> None:
        """Give the books back; temporary ones are deleted."""
        self._to_close.close()

    def _app(
        self, actions: Actions, busy: BusyHeaders, cold_start: ColdStart, throttle: Throttle
    ) -> ASGIApp:
        log, faults, part_faults = RequestLog(self._clock.now), FaultRules(), FaultRules()
        service = Service(
            self._books,
            self._identity,
            self._switches,
            busy,
            self._callables,
            part_faults,
            cold_start,
            throttle,
        )
        admin = Admin(self._books, self._identity, actions)
        behaviour = BehaviourAdmin(
            self._books.catalog, self._switches, self._callables, part_faults, cold_start
        )
        routes = [
            *admin_routes(self._clock, log, faults),
            *admin.routes(),
            *behaviour.routes(),
            *service.routes(),
        ]
        return WireMiddleware(
            app=Starlette(routes=routes),
            log=log,
            faults=faults,
            scope_of=self._scope,
            fault_body=self._fault_body,
            redact=blank_secrets,
        )

    def _fault_body(self, status: int) -> object:
        as_odata_error = self._switches.current.throttled_has_odata_error
        return fault_body(status, as_odata_error=as_odata_error)

    def _scope(self, headers: Headers, _path: str) -> str:
        return self._identity.scope(headers.get("authorization", ""))


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="d365-emulator-") as directory:
        yield Path(directory)


@attrs.frozen(kw_only=True)
class RunningEmulator:
    """An emulator that listens.

    Attributes:
        url: the environment's base URL, without a trailing slash.
        admin: the admin path.
        ca_file: the certificate authority that its certificate is from.
        tls: for clients: trusts that authority and no other.
    """

    url: str
    admin: str
    ca_file: Path
    tls: ssl.SSLContext


@contextmanager
def running(emulator: Emulator) -> Iterator[RunningEmulator]:
    """Serve an emulator on a free port of localhost, in a thread, for as long as this lasts."""
    with _temporary() as directory:
        context, ca_file = certificate(directory)
        with serving(emulator.app, tls=context) as port:
            url = f"https://localhost:{port}"
            yield RunningEmulator(
                url=url,
                admin=f"{url}/_emulator",
                ca_file=ca_file,
                tls=ssl.create_default_context(cafile=ca_file),
            )
