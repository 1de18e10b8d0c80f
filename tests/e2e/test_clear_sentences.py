"""What cannot work is told in one sentence that names what and where, and nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

Factory = Callable[[Path], AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def stage(small_stage: Factory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Emulators that stay as they were loaded: nothing here may write to them."""
    with small_stage(tmp_path_factory.mktemp("sentences")) as running:
        yield running
        assert written(running) == []


def written(stage: Any) -> list[str]:
    """Every call that changed something, by the services' logs."""
    return [
        entry.path
        for log in stage.logs
        for entry in log.entries()
        if entry.method != "GET" and not entry.path.endswith(("/token", "/login"))
    ]


def run(settings: Path, secrets: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`syncengine run --once`, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "syncengine", "run", "--once", "--settings", str(settings)],
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence, and nothing like a traceback."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.fixture
def settings(stage: Any, tmp_path: Path) -> Path:
    """Settings and mapping that work, to be spoilt."""
    folder = stage.stage.engine.settings.parent
    for name in ("settings.toml", "mapping.toml"):
        (tmp_path / name).write_text((folder / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / "settings.toml"


def spoil(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_wrong_d365_secret(stage: Any, settings: Path) -> None:
    """The sentence names the authority and the client, not the secret."""
    secrets = {**stage.secrets, "TIEOUT_D365_SECRET": "not-the-secret"}

    sentence = said(run(settings, secrets))

    assert "tieout-engine" in sentence
    assert "not-the-secret" not in sentence


def test_a_wrong_bill_password(stage: Any, settings: Path) -> None:
    """The sentence names the organisation, not the password."""
    secrets = {**stage.secrets, "TIEOUT_BILL_PASSWORD_MQGS": "not-the-password"}

    sentence = said(run(settings, secrets))

    assert "00801MARLOWEQUAYGS01" in sentence
    assert "not-the-password" not in sentence


def test_a_secret_that_is_not_set(stage: Any, settings: Path) -> None:
    """The variable is named."""
    secrets = {k: v for k, v in stage.secrets.items() if k != "TIEOUT_BILL_DEV_KEY"}

    assert "TIEOUT_BILL_DEV_KEY is not set" in said(run(settings, secrets))


def test_an_unreachable_host(stage: Any, settings: Path) -> None:
    """The sentence says that there was no answer, and where."""
    spoil(settings, stage.stage.bill.url, "http://localhost:9/connect/v3")

    assert "localhost:9" in said(run(settings, stage.secrets))


def test_a_mapping_with_an_account_that_bill_does_not_have(stage: Any, settings: Path) -> None:
    """File, key and value are named."""
    spoil(settings.with_name("mapping.toml"), '"607100" = "607100"', '"607100" = "999999"')

    sentence = said(run(settings, stage.secrets))

    assert "mapping.toml" in sentence
    assert "accounts.607100" in sentence
    assert "999999" in sentence


def test_a_mapping_with_a_main_account_that_d365_does_not_have(stage: Any, settings: Path) -> None:
    """File and key are named."""
    spoil(settings.with_name("mapping.toml"), '"607100" = "607100"', '"607199" = "607100"')

    assert "accounts.607199" in said(run(settings, stage.secrets))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[engine]", "[engine]\nlease_secs = 1", ("engine", "lease_secs")),
        ("cut_over = 2026-10-01", 'cut_over = "1 October"', ("connections", "cut_over")),
        (
            'client_secret = {env = "TIEOUT_D365_SECRET"}',
            'client_secret = "abc"',
            ("client_secret",),
        ),
        ('payment_journal = "BILLPAY"', "", ("connections", "payment_journal")),
        ("lookup_times = [0.0, 1.0, 2.0]", "lookup_times = [2.0, 1.0]", ("lookup_times",)),
        ("base_url = ", "base_url = = ", ("settings.toml", "TOML")),
    ],
    ids=["unknown key", "no date", "secret in the file", "missing key", "times", "no TOML"],
)
def test_settings_that_do_not_fit(
    stage: Any, settings: Path, old: str, new: str, told: Sequence[str]
) -> None:
    """File and key are named; a secret in the file is not repeated."""
    spoil(settings, old, new)

    sentence = said(run(settings, stage.secrets))

    assert all(part in sentence for part in told)
    assert '"abc"' not in sentence


def test_settings_that_are_not_there(stage: Any, tmp_path: Path) -> None:
    """The path is named."""
    assert "nowhere.toml" in said(run(tmp_path / "nowhere.toml", stage.secrets))


@pytest.mark.parametrize(
    ("module", "seed", "told"),
    [
        (
            "bill_client.emulator",
            {"organizations": [{"id": "008", "name": "x"}]},
            ("seed.json", "organizations[0]", "currency"),
        ),
        (
            "d365_client.emulator",
            {
                "tenant_id": "t",
                "clients": [],
                "rows": {"VendorsV2": [{"dataAreaId": "mqus", "VendorAccountNumber": "V-1"}]},
            },
            ("seed.json", "VendorsV2[0]", "is missing"),
        ),
    ],
)
def test_a_seed_with_a_missing_field(
    tmp_path: Path, module: str, seed: object, told: Sequence[str]
) -> None:
    """An emulator says which field of which row is missing, and does not start."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", module, "--port", "0", "--seed", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    (sentence,) = done.stderr.strip().splitlines()
    assert all(part in sentence for part in told)
