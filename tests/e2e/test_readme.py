"""The README's example runs as it stands."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from syncengine.app.settings import read_settings

ROOT = Path(__file__).parents[2]
Factory = Callable[[Path], AbstractContextManager[Any]]


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_of_the_first_screen_runs(small_stage: Factory, tmp_path: Path) -> None:
    """Fifteen lines run a connection and tell what was done."""
    (example,) = blocks(ROOT / "README.md", "python")
    assert len(example.splitlines()) <= 15
    with small_stage(tmp_path) as stage:
        stage.play(after=None, until=date(2026, 10, 1))
        stage.stage.set_clocks(datetime.now().astimezone())
        done = subprocess.run(
            [sys.executable, "-c", example],
            cwd=tmp_path,
            env={**os.environ, **stage.secrets, "NO_PROXY": "localhost,127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert "  bills: 20 created, 1 parked" in done.stdout.splitlines()


def test_the_settings_of_the_engines_page_can_be_read(tmp_path: Path) -> None:
    """The example of a settings file has no unknown key and lacks none."""
    (example,) = blocks(ROOT / "packages" / "syncengine" / "README.md", "toml")
    (tmp_path / "settings.toml").write_text(example, encoding="utf-8")
    (tmp_path / "bill-password.txt").write_text("secret\n", encoding="utf-8")
    secrets = {"D365_CLIENT_SECRET": "secret", "BILL_DEVELOPER_KEY": "secret"}
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        settings = read_settings(tmp_path / "settings.toml", environment=secrets)

        assert ["USMF"] == [connection.name for connection in settings.connections]
        assert "secret" not in repr(settings).replace("client_secret", "")
