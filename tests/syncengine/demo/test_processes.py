"""The other processes: what goes wrong is one sentence, and nothing is left running."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from syncengine.demo.errors import DemoFailed
from syncengine.demo.ledger import Ledger
from syncengine.demo.processes import EngineProcess, emulator
from syncengine.demo.stage import stage

NOW = datetime(2026, 10, 1, 15, tzinfo=UTC)


def test_a_bad_seed_is_told_in_one_sentence(tmp_path: Path) -> None:
    """What the emulator says of its seed is what the demo says."""
    seed = tmp_path / "seed.json"
    seed.write_text('{"organizations": [{"id": "1"}]}', encoding="utf-8")

    with (
        pytest.raises(DemoFailed) as failed,
        emulator(
            "bill_client.emulator",
            seed=seed,
            books=tmp_path / "books.sqlite",
            log=tmp_path / "log",
            clock=NOW,
        ),
    ):
        pass

    assert str(failed.value) == (
        "bill_client.emulator did not start: seed.json: organizations[0]: field name is missing"
    )


def test_both_emulators_end_with_the_stage(tmp_path: Path, ledger: Ledger) -> None:
    """Also when the story breaks off in the middle."""
    curtain = RuntimeError("curtain")
    played = stage(tmp_path, ledger)
    running = played.__enter__()

    assert played.__exit__(RuntimeError, curtain, None) is False
    for url in (running.d365.admin, running.bill.admin):
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/clock", verify=False, trust_env=False)  # noqa: S501 - nothing should answer at all


def test_an_engine_that_cannot_begin_says_why(tmp_path: Path) -> None:
    """Its own sentence reaches the demo's."""
    engine = EngineProcess(settings=tmp_path / "nowhere.toml", secrets={})

    with pytest.raises(DemoFailed, match=r"syncengine run .* ended with 2: .*nowhere\.toml"):
        engine.run(NOW)
