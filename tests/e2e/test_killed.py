"""The engine is killed with SIGKILL, the emulators live on: the books come out the same."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncengine.demo.stage import office_opens

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL, which POSIX has")

Books = Mapping[str, list[tuple[object, ...]]]
Factory = Callable[[Path], AbstractContextManager[Any]]
Kill = Callable[[Any, datetime], bool]

FIRST_RUN, LAST_DAY = date(2026, 10, 1), date(2026, 10, 14)
AFTER_OFFICE = timedelta(hours=3)


def play(small_stage: Factory, directory: Path, *, kill_first: Kill, kill_second: Kill) -> Books:
    """Two weeks with two runs; a run that is killed is run again until it comes to rest."""
    with small_stage(directory) as stage:
        for after, until, kill in (
            (None, FIRST_RUN, kill_first),
            (FIRST_RUN, LAST_DAY, kill_second),
        ):
            stage.play(after=after, until=until)
            now = office_opens(until) + AFTER_OFFICE
            stage.stage.set_clocks(now)
            if kill(stage, now):
                stage.run_to_rest(now)
        books: Books = stage.books()
        return books


def let_live(stage: Any, now: datetime) -> bool:
    """A run that nobody kills."""
    assert stage.engine(now).outcome()["complete"]
    return False


def killed_at_request(number: int) -> Kill:
    """Killed when the emulators have seen so many requests of this run."""

    def kill(stage: Any, now: datetime) -> bool:
        before = stage.requests_seen
        engine = stage.engine(now)
        assert engine.kill_when(lambda: stage.requests_seen - before >= number)
        return True

    return kill


def killed_at(point: str, after: int) -> Kill:
    """Killed by itself at the n-th time that it comes to a named point."""

    def kill(stage: Any, now: datetime) -> bool:
        engine = stage.engine(now, point=point, after=after)
        engine.process.join(60)
        assert engine.process.exitcode == -9
        return True

    return kill


@pytest.fixture(scope="module")
def unkilled(
    small_stage: Factory, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Books, list[int]]:
    """The books of a run that nobody kills, and how many requests each of its runs takes."""
    counts: list[int] = []

    def counted(stage: Any, now: datetime) -> bool:
        before = stage.requests_seen
        let_live(stage, now)
        counts.append(stage.requests_seen - before)
        return False

    directory = tmp_path_factory.mktemp("unkilled")
    books = play(small_stage, directory, kill_first=counted, kill_second=counted)

    assert len(books["bills"]) == 20
    assert len(books["lines"]) == 5
    return books, counts


@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_request_the_books_come_out_the_same(
    small_stage: Factory, unkilled: tuple[Books, list[int]], tmp_path: Path, seed: int
) -> None:
    """Nothing twice, nothing lost, wherever the engine was when it died."""
    books, counts = unkilled
    number = random.Random(seed).randint(1, sum(counts) - 4)  # noqa: S311 - no secret
    first = number < counts[0]
    kill = killed_at_request(number if first else number - counts[0] + 1)

    after = play(
        small_stage,
        tmp_path,
        kill_first=kill if first else let_live,
        kill_second=let_live if first else kill,
    )

    assert books == after


@pytest.mark.parametrize("point", ["before intent", "intent committed", "replied"])
@pytest.mark.parametrize("run", ["bills", "payments"])
def test_killed_at_a_named_point_the_books_come_out_the_same(
    small_stage: Factory,
    unkilled: tuple[Books, list[int]],
    tmp_path: Path,
    point: str,
    run: str,
) -> None:
    """Before the intent, between intent and attempt, between reply and outcome."""
    books, _ = unkilled
    kill = killed_at(point, after=3 if run == "bills" else 1)

    after = play(
        small_stage,
        tmp_path,
        kill_first=kill if run == "bills" else let_live,
        kill_second=kill if run == "payments" else let_live,
    )

    assert books == after


@pytest.mark.parametrize(
    ("service", "path"),
    [("bill", "/connect/v3/bills"), ("d365", "/data/$batch")],
    ids=["bill", "journal lines"],
)
def test_killed_with_a_request_on_the_wire_the_books_come_out_the_same(
    small_stage: Factory,
    unkilled: tuple[Books, list[int]],
    tmp_path: Path,
    service: str,
    path: str,
) -> None:
    """The service goes on with what it was sent, and answers nobody."""
    books, _ = unkilled
    delay = {
        "match": {"method": "POST", "path": path},
        "fault": {"kind": "delay", "seconds": 0.5},
    }

    def kill(stage: Any, now: datetime) -> bool:
        admin = getattr(stage.stage, service)
        answer = stage.stage.client.post(f"{admin.admin}/faults", json=delay)
        assert answer.is_success
        (log,) = (
            x for x, name in zip(stage.logs, ("d365", "bill"), strict=True) if name == service
        )
        engine = stage.engine(now)
        return bool(
            engine.kill_when(
                lambda: any(
                    entry.path == path and entry.method == "POST" and entry.answered is None
                    for entry in log.entries()
                )
            )
        )

    after = play(
        small_stage,
        tmp_path,
        kill_first=kill if service == "bill" else let_live,
        kill_second=kill if service == "d365" else let_live,
    )

    assert books == after
