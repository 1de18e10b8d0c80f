"""Credentials that lapse and services that ask to wait, seen from the services' own logs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncengine.demo.stage import office_opens

Factory = Callable[[Path], AbstractContextManager[Any]]

FIRST_RUN, LAST_DAY = date(2026, 10, 1), date(2026, 10, 14)
AFTER_OFFICE = timedelta(hours=3)


def ready(stage: Any, until: date, after: date | None = None) -> Any:
    """Play until a day, and return the instant at which the engine runs."""
    stage.play(after=after, until=until)
    now = office_opens(until) + AFTER_OFFICE
    stage.stage.set_clocks(now)
    return now


def post(stage: Any, service: str, path: str, body: object | None = None) -> None:
    """Call an emulator's admin path."""
    admin = getattr(stage.stage, service).admin
    assert stage.stage.client.post(f"{admin}/{path}", json=body).is_success


def logins(stage: Any) -> tuple[int, int]:
    """How many tokens and sessions were asked for, by the services' logs."""
    d365, bill = stage.logs
    return (
        sum("oauth2/v2.0/token" in entry.path for entry in d365.entries()),
        sum(entry.path.endswith("/login") for entry in bill.entries()),
    )


def test_a_token_and_a_session_that_lapse_mid_run_are_renewed_once(
    small_stage: Factory, tmp_path: Path
) -> None:
    """One token request and one login more, whatever was in flight; the run is complete."""
    with small_stage(tmp_path) as stage:
        now = ready(stage, FIRST_RUN)
        engine = stage.engine(now)
        expired = False
        while engine.process.is_alive():
            bill_calls = [x for x in stage.logs[1].entries() if x.path.endswith("/bills")]
            if not expired and sum(entry.method == "POST" for entry in bill_calls) >= 5:
                post(stage, "d365", "credentials/expire")
                post(stage, "bill", "credentials/expire")
                expired = True
        told = engine.outcome()
        assert expired
        assert told["complete"]
        mid_run = logins(stage)

        # D365 was not asked again after the fifth bill of this run, so its token is seen to lapse
        # in a run that reads it throughout.
        now = ready(stage, LAST_DAY, after=FIRST_RUN)
        engine = stage.engine(now)
        expired = False
        while engine.process.is_alive():
            seen = [x for x in stage.logs[0].entries() if "JournalHeaders" in x.path]
            if not expired and seen:
                post(stage, "d365", "credentials/expire")
                expired = True
        assert expired
        assert engine.outcome()["complete"]

        assert mid_run[1] == 1 + 1
        assert logins(stage)[0] - mid_run[0] == 1 + 1


@pytest.mark.parametrize("service", ["d365", "bill"])
def test_a_429_is_waited_out_to_the_second_by_every_task(
    small_stage: Factory, tmp_path: Path, service: str
) -> None:
    """After Retry-After 2 nothing is asked of that service for two seconds; the run is complete."""
    path = "/data/VendTransBiEntities" if service == "d365" else "/connect/v3/bills"
    rule = {
        "match": {"path": path},
        "skip": 0 if service == "d365" else 20,
        "fault": {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}},
    }
    with small_stage(tmp_path) as stage:
        now = ready(stage, FIRST_RUN)
        post(stage, service, "faults", rule)

        assert stage.engine(now).outcome()["complete"]

        log = stage.logs[0] if service == "d365" else stage.logs[1]
        entries = log.entries()
        (refused,) = (entry for entry in entries if entry.status == 429)
        early = [
            entry
            for entry in entries
            if entry.sequence > refused.sequence
            and refused.answered < entry.received < refused.answered + 1.99
            # What was on its way already when the answer came is not held back by it.
            and entry.received > refused.answered + 0.2
        ]

        assert early == []
