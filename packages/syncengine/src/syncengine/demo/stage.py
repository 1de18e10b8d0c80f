"""The stage of the demo: both emulators loaded and running, the engine configured for them."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import attrs
import httpx
import msgspec

from syncengine.demo.bill_books import read_bill_books
from syncengine.demo.bill_seed import BillCredentials, bill_seed
from syncengine.demo.configuration import Services, write_configuration
from syncengine.demo.d365_books import read_d365_books
from syncengine.demo.d365_seed import D365Credentials, d365_seed
from syncengine.demo.emulator_admin import EmulatorAdmin
from syncengine.demo.errors import DemoFailed
from syncengine.demo.ledger import Ledger
from syncengine.demo.parked import parked_records
from syncengine.demo.processes import Emulator, EngineProcess, emulator
from syncengine.demo.sent_bills import sent_bills
from syncengine.demo.tie_out import Books, Setup, TieOut, tie_out

_OFFICE_OPENS = time(15, tzinfo=UTC)
"""Eight in the morning in Denver, where the firm is."""

_TENANT = "c0ffee00-0000-4000-8000-00000000da7a"
_SECONDS_TO_ANSWER = 60.0
_encode = msgspec.json.Encoder(decimal_format="number").encode


def office_opens(day: date) -> datetime:
    """When people begin to work on a day."""
    return datetime.combine(day, _OFFICE_OPENS)


@attrs.frozen(kw_only=True)
class Cast:
    """Who signs in where: the engine, and the controller who reads the books by herself."""

    engine: D365Credentials
    controller: D365Credentials
    engine_users: Sequence[BillCredentials]
    controller_users: Sequence[BillCredentials]

    @classmethod
    def of(cls, ledger: Ledger) -> Cast:
        """Made up for one performance; the secrets end with it."""
        engine_key, controller_key = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        return cls(
            engine=_application("engine"),
            controller=_application("controller"),
            engine_users=_users(ledger, "engine", engine_key),
            controller_users=_users(ledger, "controller", controller_key),
        )


def _application(name: str) -> D365Credentials:
    return D365Credentials(
        tenant_id=_TENANT,
        client_id=f"tieout-{name}",
        client_secret=secrets.token_urlsafe(24),
        user=f"tieout.{name}",
    )


def _users(ledger: Ledger, name: str, dev_key: str) -> Sequence[BillCredentials]:
    return tuple(
        BillCredentials(
            legal_entity=entity.id,
            organization_id=entity.bill_organization,
            username=f"{name}.{entity.id.lower()}@marlowequay.example",
            password=secrets.token_urlsafe(18),
            dev_key=dev_key,
        )
        for entity in ledger.legal_entities
    )


@attrs.frozen(kw_only=True)
class Stage:
    """Two emulators, their admin paths, and the engine as a process to start."""

    directory: Path
    ledger: Ledger
    cast: Cast
    client: httpx.Client
    d365: Emulator
    bill: Emulator
    engine: EngineProcess

    @property
    def d365_admin(self) -> EmulatorAdmin:
        """What the real D365 does not have."""
        return EmulatorAdmin(self.client, self.d365.admin)

    @property
    def bill_admin(self) -> EmulatorAdmin:
        """What the real BILL does not have."""
        return EmulatorAdmin(self.client, self.bill.admin)

    def set_clocks(self, now: datetime) -> None:
        """It is `now` in both services."""
        self.d365_admin.set_clock(now)
        self.bill_admin.set_clock(now)

    def tie_out(self) -> TieOut:
        """Read both books over HTTP, and compare them.

        Raises:
            DemoFailed: a service cannot be read, or the engine's state cannot.
        """
        return tie_out(self._books(), self._setup())

    def keep_logs(self) -> Mapping[str, Path]:
        """Write both request logs into the directory; returns every file that is left behind."""
        logs = {
            "d365_requests": (self.directory / "d365-requests.json", self.d365_admin),
            "bill_requests": (self.directory / "bill-requests.json", self.bill_admin),
        }
        for path, admin in logs.values():
            path.write_bytes(_encode(admin.requests()))
        return {
            "state": self.directory / "state.sqlite",
            "settings": self.engine.settings,
            "d365_books": Path(self.d365.books),
            "bill_books": Path(self.bill.books),
            **{name: path for name, (path, _) in logs.items()},
        }

    def _books(self) -> Books:
        try:
            return Books(
                d365=read_d365_books(self.client, self.d365.url, self.cast.controller),
                bill=tuple(
                    read_bill_books(self.client, self.bill.url, user)
                    for user in self.cast.controller_users
                ),
                parked=parked_records(self.engine.parked()),
                sent=sent_bills(self.bill_admin.requests()),
            )
        except httpx.HTTPError as problem:
            raise DemoFailed(f"the books cannot be read: {problem}") from problem

    def _setup(self) -> Setup:
        roles = self.ledger.account_roles
        touched = ("clearing", "bill_balance", "payables", "card_liability", "cash_discount", "fx")
        return Setup(
            cut_over=self.ledger.cut_over,
            payables=roles["payables"],
            clearing=roles["clearing"],
            payment_accounts=sorted(roles[role] for role in touched),
            numbers={
                (document.legal_entity, document.voucher): document.document
                for document in self.ledger.every_document
            },
        )


@contextmanager
def stage(directory: Path, ledger: Ledger) -> Iterator[Stage]:
    """Load and start both emulators, and configure the engine; all is stopped at the end.

    Raises:
        DemoFailed: an emulator does not come up.
    """
    cast = Cast.of(ledger)
    days = [happening.date for happening in (*ledger.d365_events, *ledger.bill_events)]
    begins = office_opens(min(days, default=ledger.cut_over))
    with ExitStack() as stack:
        d365 = stack.enter_context(
            _start(
                "d365",
                directory,
                d365_seed(ledger, [cast.engine, cast.controller]),
                begins,
                arguments=("--ca-file", str(directory / "ca.pem")),
            )
        )
        users = [*cast.engine_users, *cast.controller_users]
        bill = stack.enter_context(_start("bill", directory, bill_seed(ledger, users), begins))
        services = Services(
            d365_url=d365.url,
            ca_file=d365.ca_file,
            application=cast.engine,
            bill_url=bill.url,
            users=cast.engine_users,
        )
        settings = write_configuration(directory, ledger, services)
        verify = ssl.create_default_context(cafile=d365.ca_file)
        yield Stage(
            directory=directory,
            ledger=ledger,
            cast=cast,
            client=stack.enter_context(
                httpx.Client(verify=verify, trust_env=False, timeout=_SECONDS_TO_ANSWER)
            ),
            d365=d365,
            bill=bill,
            engine=EngineProcess(settings=settings, secrets=services.secrets),
        )


@contextmanager
def _start(
    name: str,
    directory: Path,
    seed: Mapping[str, Any],
    begins: datetime,
    arguments: Sequence[str] = (),
) -> Iterator[Emulator]:
    seed_file = directory / f"{name}-seed.json"
    seed_file.write_bytes(_encode(seed))
    with emulator(
        f"{name}_client.emulator",
        seed=seed_file,
        books=directory / f"{name}-books.sqlite",
        log=directory / f"{name}-emulator.log",
        clock=begins,
        arguments=arguments,
    ) as running:
        seed_file.unlink()  # it has been read, and has the secrets of everybody in it
        yield running
