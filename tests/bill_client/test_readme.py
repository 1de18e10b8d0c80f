"""The package's README does what it says, against the emulator."""

from __future__ import annotations

import pathlib
import re
import textwrap
from typing import Any

import pytest

from bill_client.emulator.server import BillServer

README = pathlib.Path(__file__).parents[2] / "packages" / "bill_client" / "README.md"


async def test_the_examples_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bill_server: BillServer
) -> None:
    """Every block runs after the others, and prints what a reader expects of it."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    # What defines a test for pytest is run as one by tests/house/test_wheels.py.
    source = "\n".join(block for block in blocks if "def test_" not in block)
    namespace: dict[str, Any] = {}
    exec(f"async def readme():\n{textwrap.indent(source, '    ')}", namespace)  # noqa: S102 - the page is ours
    for name, value in bill_server.environ.items():
        monkeypatch.setenv(name, value)

    await namespace["readme"]()

    printed = capsys.readouterr().out
    assert "00n01FIRSTBILLAAAAAA 42" in printed
    assert "1 bills of a year, read three at a time" in printed
    assert "100.1" in printed
    assert "rejected ['billLineItems" in printed
