"""Stages to look at from outside: the whole month played once, and a slice of it in a thread."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime
from decimal import Decimal
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import attrs
import httpx
import msgspec
import pytest

from api_transport.emulation import RequestLog, running
from bill_client.emulator.app import BillEmulator
from d365_client.emulator.emulator import Emulator as D365Emulator
from d365_client.emulator.emulator import running as d365_running
from d365_client.emulator.seed import parse_seed
from syncengine.demo.bill_people import BillPeople
from syncengine.demo.bill_seed import bill_seed
from syncengine.demo.configuration import Services, write_configuration
from syncengine.demo.d365_people import D365People
from syncengine.demo.d365_seed import d365_seed
from syncengine.demo.ledger import Ledger, read_ledger
from syncengine.demo.month import Month, played_month
from syncengine.demo.processes import Emulator, EngineProcess
from syncengine.demo.stage import Cast, Stage, office_opens

ENGINE_SCRIPT = Path(__file__).with_name("engine_process.py")
FIRST_RUN, LAST_DAY = date(2026, 10, 1), date(2026, 10, 14)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Month, Stage]]:
    """The month, played once; both emulators are still running."""
    with played_month(tmp_path_factory.mktemp("month")) as month_and_stage:
        yield month_and_stage


def two_weeks(ledger: Ledger, legal_entity: str = "MQGS") -> Ledger:
    """One legal entity's first two weeks."""
    return attrs.evolve(
        ledger,
        legal_entities=tuple(x for x in ledger.legal_entities if x.id == legal_entity),
        vendors=tuple(x for x in ledger.vendors if legal_entity in x.legal_entities),
        documents=tuple(
            x
            for x in ledger.documents
            if x.legal_entity == legal_entity and x.posting_date <= LAST_DAY
        ),
        opening_items=tuple(x for x in ledger.opening_items if x.legal_entity == legal_entity),
        closed_history=tuple(x for x in ledger.closed_history if x.legal_entity == legal_entity),
        d365_events=tuple(
            x
            for x in ledger.d365_events
            if x.legal_entity == legal_entity and x.date <= LAST_DAY and x.action != "bank_debit"
        ),
        bill_events=tuple(
            x for x in ledger.bill_events if x.legal_entity == legal_entity and x.date <= LAST_DAY
        ),
    )


@attrs.define(kw_only=True)
class SmallStage:
    """Both emulators in threads, loaded with a slice, and engines as processes to kill."""

    stage: Stage
    logs: tuple[RequestLog, RequestLog]
    secrets: Mapping[str, str] = attrs.field(repr=False)
    people: BillPeople
    erp_people: D365People
    runs: int = 0

    @property
    def requests_seen(self) -> int:
        """How many public calls both emulators have seen."""
        return sum(len(log.entries()) for log in self.logs)

    def play(self, *, after: date | None, until: date) -> None:
        """What people and banks did in these days."""
        happenings = [*self.stage.ledger.d365_events, *self.stage.ledger.bill_events]
        in_bill = {x.seq for x in self.stage.ledger.bill_events}
        for happening in sorted(happenings, key=lambda x: x.seq):
            if happening.date > until or (after is not None and happening.date <= after):
                continue
            self.stage.set_clocks(office_opens(happening.date))
            if happening.seq in in_bill:
                self.people.play(happening)
            else:
                self.erp_people.play(happening)
        self.stage.set_clocks(office_opens(until))

    def engine(self, now: datetime, *, point: str = "", after: int = 0) -> EngineRun:
        """Start an engine that kills itself at a named point, or lives."""
        self.runs += 1
        result = self.stage.directory / f"run-{self.runs}.json"
        scene = {
            "settings": str(self.stage.engine.settings),
            "secrets": dict(self.secrets),
            "now": now.isoformat(),
            "point": point,
            "after": after,
            "result": str(result),
        }
        process = _processes().Process(
            target=runpy.run_path,
            args=(str(ENGINE_SCRIPT), {"SCENE": scene}, "__main__"),
            daemon=True,
        )
        process.start()
        return EngineRun(process=process, result=result)

    def run_to_rest(self, now: datetime) -> int:
        """Restart the engine until a run writes nothing and leaves nothing; how many it took."""
        for count in range(1, 8):
            told = self.engine(now).outcome()
            if told["writes"] == 0 and told["complete"]:
                return count
        raise AssertionError("the engine never came to rest")

    def books(self) -> Mapping[str, list[tuple[object, ...]]]:
        """What is in both books, without the ids that depend on the order of creation."""
        organization = self.stage.ledger.legal_entities[0].bill_organization
        admin, erp = self.stage.bill_admin, self.stage.d365_admin
        vendors = {row["id"]: row for row in admin.rows(f"{organization}/vendors")}
        marks = {
            (row["JournalBatchNumber"], Decimal(row["JournalLineNumber"])): row["InvoiceNumber"]
            for row in erp.rows("VendorPaymentJournalLineSettledInvoices")
        }
        return {
            "vendors": sorted((row["shortName"], row["name"]) for row in vendors.values()),
            "bills": sorted(
                (
                    vendors[row["vendorId"]]["shortName"],
                    row["invoice"]["invoiceNumber"],
                    Decimal(row["amount"]),
                    row["dueDate"],
                    len(row["billLineItems"]),
                )
                for row in admin.rows(f"{organization}/bills")
            ),
            "lines": sorted(
                (
                    row["AccountDisplayValue"],
                    marks[row["JournalBatchNumber"], Decimal(row["LineNumber"])],
                    Decimal(row["DebitAmount"]),
                    str(row["TransactionDate"])[:10],
                    row["PaymentMethodName"],
                )
                for row in erp.rows("VendorPaymentJournalLines")
            ),
        }


@attrs.frozen(kw_only=True)
class EngineRun:
    """One engine process."""

    process: BaseProcess
    result: Path

    def outcome(self) -> Mapping[str, Any]:
        """Its report, when it has ended by itself."""
        self.process.join(120)
        if self.process.exitcode != 0:
            raise AssertionError(f"the engine ended with {self.process.exitcode}")
        told: Mapping[str, Any] = msgspec.json.decode(self.result.read_bytes())
        return told

    def kill_when(self, due: Callable[[], bool]) -> bool:
        """SIGKILL it when `due` says so; False when it ended before."""
        while self.process.is_alive():
            if due():
                self.kill()
                return True
            time.sleep(0.001)
        return False

    def kill(self) -> None:
        """SIGKILL, or what Windows has in its place."""
        self.process.kill()
        self.process.join()


def _processes() -> Any:  # the contexts of the platforms share no useful type
    """Engines are forked from a process that has imported everything: they start at once.

    Where there is no fork they start anew, and take their time.
    """
    if os.name != "posix":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["syncengine.app.compose", "d365_client.client", "msal"])
    return context


@contextmanager
def _small_stage(directory: Path, ledger: Ledger) -> Iterator[SmallStage]:
    cast = Cast.of(ledger)
    clock = office_opens(FIRST_RUN)
    seed = parse_seed(_plain(d365_seed(ledger, [cast.engine])))
    with ExitStack() as stack:
        erp = D365Emulator(seed, books=directory / "d365.sqlite", clock=clock)
        stack.callback(erp.close)
        bill = BillEmulator(
            msgspec.json.decode(msgspec.json.encode(bill_seed(ledger, cast.engine_users))),
            books=directory / "bill.sqlite",
        )
        stack.callback(bill.close)
        d365 = stack.enter_context(d365_running(erp))
        bill_port = stack.enter_context(running(bill))
        bill_url = f"http://localhost:{bill_port}"
        services = Services(
            d365_url=d365.url,
            ca_file=str(d365.ca_file),
            application=cast.engine,
            bill_url=f"{bill_url}/connect/v3",
            users=cast.engine_users,
        )
        settings = write_configuration(directory, ledger, services)
        told = settings.read_text(encoding="utf-8")
        settings.write_text(
            told.replace("[engine]\n", "[engine]\nlease_seconds = 0.3\n"), encoding="utf-8"
        )
        client = stack.enter_context(
            httpx.Client(
                verify=ssl.create_default_context(cafile=str(d365.ca_file)),
                trust_env=False,
                timeout=30,
            )
        )
        stage = Stage(
            directory=directory,
            ledger=ledger,
            cast=cast,
            client=client,
            d365=Emulator(url=d365.url, admin=d365.admin, books="", ca_file=str(d365.ca_file)),
            bill=Emulator(url=services.bill_url, admin=f"{bill_url}/_emulator", books=""),
            engine=EngineProcess(settings=settings, secrets=services.secrets),
        )
        people = BillPeople(admin=stage.bill_admin, ledger=ledger)
        yield SmallStage(
            stage=stage,
            logs=(erp.app.log, bill.log),  # type: ignore[attr-defined]  # the app is the wire middleware
            secrets=services.secrets,
            people=people,
            erp_people=D365People(
                admin=stage.d365_admin, ledger=ledger, payment_id=people.payment_id
            ),
        )


def _plain(seed: object) -> object:
    """A seed as a file would hold it."""
    encoded = msgspec.json.Encoder(decimal_format="number").encode(seed)
    return msgspec.json.Decoder(float_hook=Decimal).decode(encoded)


SmallStageFactory = Callable[[Path], AbstractContextManager[SmallStage]]


@pytest.fixture(scope="session")
def small_stage() -> SmallStageFactory:
    """A function that sets up a stage with one legal entity's first two weeks."""
    ledger = two_weeks(read_ledger())
    return lambda directory: _small_stage(directory, ledger)
