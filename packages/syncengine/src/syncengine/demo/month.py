"""The whole month, in the short way: what people and banks did, the engine's runs, the tie-out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

from syncengine.demo.bill_people import BillPeople
from syncengine.demo.configuration import SETTLE_WINDOW
from syncengine.demo.d365_people import D365People
from syncengine.demo.errors import DemoFailed
from syncengine.demo.facts import EngineRun, Happening
from syncengine.demo.ledger import Ledger, read_ledger
from syncengine.demo.stage import Stage, office_opens, stage
from syncengine.demo.tie_out import TieOut

Tell = Callable[[str], None]
"""Told what goes on, one line at a time."""

Moved = Callable[[int, int], None]
"""Told how many steps of how many are done."""

_AFTER_OFFICE = timedelta(hours=3)
"""When the engine runs, after the day's work in BILL began."""

_SIGN_IN = ("/oauth2/v2.0/token", "/oauth2/token", "/login", "/logout")


@attrs.frozen(kw_only=True)
class Month:
    """A month that was played.

    `second_run_writes` are the writes that both services saw during the last run, when nothing was
    new. `files` are left behind, by what is in them.
    """

    ledger: Ledger
    tie_out: TieOut
    second_run_writes: int
    settle_window: float
    seconds: float
    directory: Path
    files: Mapping[str, Path]

    @property
    def problems(self) -> tuple[str, ...]:
        """What does not tie out, one sentence each; empty if the month is right."""
        again = f"the last run wrote {self.second_run_writes} times though nothing was new"
        return (*self.tie_out.differences, *((again,) if self.second_run_writes else ()))


def play_month(
    directory: Path | None = None,
    *,
    tell: Tell = lambda _: None,
    moved: Moved = lambda _done, _total: None,
    ledger: Ledger | None = None,
) -> Month:
    """Play the month and tie it out; state, books and request logs stay in the directory.

    Without a directory it is `demo-<time>` where we are.

    Raises:
        DemoFailed: a process does not start or the story cannot be played; one clear sentence.
    """
    with played_month(directory, tell=tell, moved=moved, ledger=ledger) as (month, _):
        return month


@contextmanager
def played_month(
    directory: Path | None = None,
    *,
    tell: Tell = lambda _: None,
    moved: Moved = lambda _done, _total: None,
    ledger: Ledger | None = None,
) -> Iterator[tuple[Month, Stage]]:
    """As `play_month`, with both emulators still running, so that their books can be asked."""
    began = time.monotonic()
    facts = ledger or read_ledger()
    place = _prepared(directory)
    tell("loading both emulators")
    with stage(place, facts) as running:
        second_run_writes = _play(running, tell, moved)
        # Before the books are read: what reads them is no part of the month.
        files = running.keep_logs()
        tell("reading both books")
        result = running.tie_out()
        yield (
            Month(
                ledger=facts,
                tie_out=result,
                second_run_writes=second_run_writes,
                settle_window=SETTLE_WINDOW,
                seconds=time.monotonic() - began,
                directory=place,
                files=files,
            ),
            running,
        )


def _prepared(directory: Path | None) -> Path:
    place = directory or Path(f"demo-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise DemoFailed(f"{place} cannot be made: {problem.strerror}") from problem
    if any(place.iterdir()):
        raise DemoFailed(f"{place} is not empty: give a new directory, nothing is overwritten")
    return place.resolve()


def _play(running: Stage, tell: Tell, moved: Moved) -> int:
    """Everything in its order; returns how often the last run wrote."""
    bill = BillPeople(admin=running.bill_admin, ledger=running.ledger)
    d365 = D365People(admin=running.d365_admin, ledger=running.ledger, payment_id=bill.payment_id)
    in_bill = {happening.seq for happening in running.ledger.bill_events}
    today: date | None = None
    writes = 0
    steps = _in_order(running.ledger)
    for done, step in enumerate(steps):
        moved(done, len(steps))
        if step.date != today:
            today = step.date
            running.set_clocks(office_opens(today))
        if isinstance(step, EngineRun):
            writes = _run_engine(running, step, tell)
        elif step.seq in in_bill:
            bill.play(step)
        elif note := d365.play(step):
            tell(f"{step.date}  {note}")
    moved(len(steps), len(steps))
    return writes


def _in_order(ledger: Ledger) -> Sequence[Happening | EngineRun]:
    """Events and the runs that are needed, with a last one when nothing is new."""
    runs = [run for run in ledger.engine_runs if run.needed or run in ledger.engine_runs[-1:]]
    steps: list[Happening | EngineRun] = [*ledger.d365_events, *ledger.bill_events, *runs]
    return sorted(steps, key=lambda step: step.seq)


def _run_engine(running: Stage, step: EngineRun, tell: Tell) -> int:
    now = office_opens(step.date) + _AFTER_OFFICE
    running.set_clocks(now)
    before = _last_calls(running)
    reports = running.engine.run(now)
    for report in reports:
        tell(f"{step.date}  {report['connection']}: {_told(report)}")
    return _writes_after(running, before)


def _told(report: Mapping[str, Any]) -> str:
    done = [
        f"{flow['flow']} {number} {word}"
        for flow in report["flows"]
        for word in ("created", "adopted", "updated", "parked")
        if (number := flow[word])
    ]
    return ", ".join(done) or "nothing to do"


def _last_calls(running: Stage) -> tuple[int, int]:
    """The number of the last call that each service has seen."""
    d365, bill = running.d365_admin.requests(), running.bill_admin.requests()
    return (
        d365[-1]["sequence"] if d365 else 0,
        bill[-1]["sequence"] if bill else 0,
    )


def _writes_after(running: Stage, before: tuple[int, int]) -> int:
    calls = [
        *running.d365_admin.requests(before[0]),
        *running.bill_admin.requests(before[1]),
    ]
    return sum(call["method"] != "GET" and not call["path"].endswith(_SIGN_IN) for call in calls)
