"""Every example runs as its first lines say."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def run(*arguments: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Run Python as a user would."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_embed_writes_once_and_parks_what_waits() -> None:
    """The engine as a library: one write, then none, and one record that waits."""
    done = run(EXAMPLES / "embed.py")

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "wrote 1, complete: True",
        "wrote 0, complete: True",
        "EX-2 waits: RECEIPT_MISSING, 1250.00 USD",
    ]


def test_a_custom_store_passes_the_shipped_contract() -> None:
    """The contract class runs over a store of one's own, with nothing but pytest."""
    done = run("-m", "pytest", EXAMPLES / "custom_store.py", "-q", "-p", "no:cacheprovider")

    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d\d passed", done.stdout, re.MULTILINE)


def test_every_example_is_run_here() -> None:
    """A new example comes with a test."""
    here = pathlib.Path(__file__).read_text(encoding="utf-8")

    assert [path.name for path in EXAMPLES.glob("*.py") if path.name not in here] == []
