"""The command line: `syncengine run`, `parked`, `audit show`, `demo`.

Exit codes: 0 all is done, 1 something was left open, 2 it could not begin.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import anyio
import typer
from rich.console import Console

import bill_client
import d365_client
from syncengine.app.compose import run_once
from syncengine.app.history import history
from syncengine.app.printing import (
    events_json,
    parked_json,
    print_events,
    print_parked,
    print_runs,
    run_json,
)
from syncengine.app.progress import ProgressObserver
from syncengine.app.settings import Settings, read_settings
from syncengine.clock import ShiftedClock, SystemClock
from syncengine.errors import EngineError
from syncengine.events import RecordedEvent
from syncengine.model import Park
from syncengine.payables import APPROVALS, BILLS, PAYMENTS, VENDORS
from syncengine.ports import Clock
from syncengine.stores.sql import SqlStores

T = TypeVar("T")

application = typer.Typer(
    help="Keeps accounts payable in agreement between Dynamics 365 F&O and BILL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
audit = typer.Typer(help="The journal's history.", no_args_is_help=True)
application.add_typer(audit, name="audit")

SettingsFile = Annotated[Path, typer.Option("--settings", help="The settings file (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")]

_STDERR = Console(stderr=True)


@application.command()
def run(
    settings: SettingsFile = Path("settings.toml"),
    *,
    once: Annotated[bool, typer.Option("--once", help="One run, then stop.")] = False,
    every: Annotated[float, typer.Option(help="Seconds from run to run.", min=1)] = 300.0,
    now: Annotated[
        str | None, typer.Option(help="Begin at this instant (ISO 8601), to play another month.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run every connection: vendors, bills, payments."""
    clock = _clock(now)

    async def work() -> bool:
        told = read_settings(settings)
        complete = await _run_once(told, clock, as_json=as_json)
        while not once:
            await clock.sleep(every)
            complete = await _run_once(told, clock, as_json=as_json)
        return complete

    if not _carried_out(work):
        raise typer.Exit(1)


@application.command()
def parked(settings: SettingsFile = Path("settings.toml"), *, as_json: AsJson = False) -> None:
    """What waits, is held or excluded, or needs a person."""

    async def work() -> list[tuple[str, Park]]:
        told = read_settings(settings)
        async with await SqlStores.open(told.state.path) as stores:
            return [
                (connection.name, park)
                for connection in told.connections
                for flow in (VENDORS, BILLS, PAYMENTS, APPROVALS)
                for park in await stores.connection(connection.name).parked(flow)
            ]

    found = _carried_out(work)
    if as_json:
        _print_json(parked_json(found))
    else:
        print_parked(Console(), found)


@audit.command("show")
def audit_show(
    record: Annotated[str, typer.Argument(help="A key, voucher, vendor account or BILL id.")],
    settings: SettingsFile = Path("settings.toml"),
    *,
    as_json: AsJson = False,
) -> None:
    """Everything that the journal knows of a record, in order."""

    async def work() -> list[tuple[str, RecordedEvent]]:
        told = read_settings(settings)
        async with await SqlStores.open(told.state.path) as stores:
            return [
                (connection.name, item)
                for connection in told.connections
                for item in await history(stores.connection(connection.name), record)
            ]

    found = _carried_out(work)
    if not found:
        _STDERR.print(f"the journal has no record {record!r}", highlight=False)
        raise typer.Exit(1)
    if as_json:
        _print_json(events_json(found))
    else:
        print_events(Console(), found)


@application.command()
def demo(
    *,
    directory: Annotated[
        Path | None, typer.Option(help="Where state, books and logs are left.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play a month of an invented firm between both emulators, and print the tie-out."""
    try:
        from syncengine.demo.errors import DemoFailed  # noqa: PLC0415 - another extra
        from syncengine.demo.month import play_month  # noqa: PLC0415 - same
        from syncengine.demo.printing import (  # noqa: PLC0415 - same
            Screen,
            print_month,
            print_month_json,
        )
    except ModuleNotFoundError as error:
        _stop(f'the demo needs an extra: pip install "tieout-syncengine[demo]" ({error})')
    try:
        with Screen(_STDERR) as screen:
            month = play_month(directory, tell=screen.tell, moved=screen.moved)
    except DemoFailed as error:
        _stop(str(error))
    if as_json:
        print_month_json(month)
    else:
        print_month(Console(), month)
    if month.problems:
        raise typer.Exit(1)


async def _run_once(settings: Settings, clock: Clock, *, as_json: bool) -> bool:
    with ProgressObserver(_STDERR) as observer:
        reports = await run_once(settings, clock=clock, observer=observer)
    if as_json:
        _print_json(run_json(reports))
    else:
        print_runs(Console(), reports)
    return all(report.complete for report in reports)


def _clock(now: str | None) -> Clock:
    if now is None:
        return SystemClock()
    try:
        return ShiftedClock(datetime.fromisoformat(now))
    except ValueError as error:
        raise typer.BadParameter(f"{now!r}: {error}", param_hint="--now") from error


def _carried_out(work: Callable[[], Awaitable[T]]) -> T:
    """The work's result; what stops it is told in one sentence, with exit code 2."""
    try:
        return anyio.run(work)
    except (EngineError, bill_client.BillError, d365_client.D365Error) as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    _STDERR.print(f"syncengine: {sentence}", style="red", highlight=False, soft_wrap=True)
    raise typer.Exit(2)


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
