"""Each floor holds: what a contract in the root `pyproject.toml` forbids is found when planted."""

from __future__ import annotations

import ast
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PACKAGES = ("api_transport", "bill_client", "d365_client", "syncengine")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]

# The contract meant, the module that breaks it, and the line that does.
VIOLATIONS = [
    ("house", "api_transport/policy.py", "import d365_client"),
    ("house", "d365_client/errors.py", "import bill_client"),
    ("house", "bill_client/errors.py", "from syncengine import model"),
    ("transport", "api_transport/policy.py", "from api_transport import _retry"),
    ("transport", "api_transport/utils.py", "ANYTHING = 1"),
    ("clients", "bill_client/errors.py", "from bill_client import client"),
    ("clients", "d365_client/_odata.py", "from d365_client._api import Api"),
    ("clients", "d365_client/models/vendor.py", "from d365_client import resources"),
    ("clients", "bill_client/helpers.py", "ANYTHING = 1"),
    ("engine", "syncengine/model.py", "from syncengine import engine"),
    ("engine", "syncengine/engine.py", "from syncengine import stores"),
    ("engine", "syncengine/adapters/d365.py", "from syncengine import flows"),
    ("engine", "syncengine/common.py", "ANYTHING = 1"),
    ("core", "syncengine/engine.py", "import d365_client"),
    ("core", "syncengine/decide.py", "from bill_client import Vendor"),
    ("core", "syncengine/operations.py", "import httpx"),
    ("adapters", "syncengine/payables.py", "from d365_client import Vendor"),
    ("adapters", "syncengine/demo/stage.py", "import bill_client"),
    ("httpx", "bill_client/resources/bills.py", "import httpx"),
    ("httpx", "syncengine/adapters/chunks.py", "from httpx import Response"),
    ("emulators", "d365_client/emulator/__main__.py", "from d365_client import D365Client"),
    ("emulators", "bill_client/emulator/__main__.py", "from bill_client.errors import BillError"),
    ("wire", "d365_client/emulator/__main__.py", "from api_transport import RetryPolicy"),
    ("emulation", "api_transport/_retry.py", "import api_transport.emulation.clock"),
    ("emulation", "d365_client/client.py", "from api_transport import emulation"),
    (
        "emulation-alone",
        "api_transport/emulation/clock.py",
        "from api_transport.policy import Verdict",
    ),
    ("clients-without-emulators", "d365_client/client.py", "import d365_client.emulator"),
    ("clients-without-emulators", "bill_client/_api.py", "from bill_client import emulator"),
    ("clients-without-emulators", "syncengine/__main__.py", "import bill_client.emulator"),
    ("pure", "api_transport/policy.py", "import httpx"),
    ("pure", "bill_client/_judge.py", "import anyio"),
    ("pure", "d365_client/_odata.py", "from api_transport import RetryTransport"),
    ("pure", "d365_client/emulator/filters.py", "import sqlalchemy"),
    ("pure", "syncengine/decide.py", "import sqlite3"),
    ("pure", "syncengine/flows/bills.py", "import anyio"),
    ("msal", "d365_client/_auth.py", "import msal"),
    ("opentelemetry", "api_transport/_telemetry.py", "from opentelemetry import trace"),
    ("cattrs", "bill_client/_api.py", "import cattrs"),
    ("circles", "bill_client/emulator/money.py", "import bill_client.emulator.bills"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the packages, side by side, under the contracts of the root."""
    directory = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", directory)
    for package in PACKAGES:
        shutil.copytree(ROOT / "packages" / package / "src" / package, directory / package)
    return directory


def lint(tree: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Check the contracts over `tree`, whose packages go before the installed ones."""
    program = (
        "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-logo", *arguments],
        cwd=tree, capture_output=True, text=True, check=False,
    )  # fmt: skip


def docstrings() -> Iterator[tuple[str, str]]:
    """Every module of the packages with its docstring."""
    for source in sorted(ROOT.glob("packages/*/src")):
        for path in sorted(source.rglob("*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield ".".join(parts).removesuffix(".__init__"), ast.get_docstring(tree) or ""


def test_every_contract_has_a_violation_here() -> None:
    """No contract is there that nothing shows to be able to fail."""
    assert {contract["id"] for contract in CONTRACTS} == {contract for contract, *_ in VIOLATIONS}


def test_what_calls_itself_pure_is_held_to_it() -> None:
    """A module whose docstring says `Pure.` stands, or its package does, under that contract."""
    (held,) = (contract["source_modules"] for contract in CONTRACTS if contract["id"] == "pure")
    free = [
        module
        for module, docstring in docstrings()
        if re.search(r"\bPure[.:]", docstring)
        and not any(f"{module}.".startswith(f"{name}.") for name in held)
    ]

    assert free == []


def test_the_floors_hold(tree: pathlib.Path) -> None:
    """The packages as they stand break no contract."""
    checked = lint(tree)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_planted_violation_is_found(
    tree: pathlib.Path, contract: str, module: str, line: str
) -> None:
    """One forbidden line breaks the contract that is meant to forbid it."""
    path = tree / module
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        checked = lint(tree, "--contract", contract)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")

    assert "0 kept, 1 broken" in checked.stdout, checked.stdout
