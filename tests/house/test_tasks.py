"""The two commands do what the README says of them."""

from __future__ import annotations

import importlib.util
import pathlib
import subprocess
from collections.abc import Iterator
from types import ModuleType

import pytest

ROOT = pathlib.Path(__file__).parents[2]


class Session:
    """Stands for a nox session: keeps what it is asked to run, and where errors would go."""

    def __init__(self, *posargs: str) -> None:
        self.posargs = list(posargs)
        self.installed: list[str] = []
        self.programs: list[tuple[str, ...]] = []
        self.errors: list[int | None] = []

    def install(self, *arguments: str) -> None:
        """Keep what would be installed."""
        self.installed += arguments

    def run(self, *arguments: str, stderr: int | None = subprocess.STDOUT) -> None:
        """Keep what would run; a program's errors go to its output unless told otherwise."""
        self.programs.append(arguments)
        self.errors.append(stderr)


@pytest.fixture(scope="module")
def noxfile() -> Iterator[ModuleType]:
    """The project's tasks, loaded without leaving anything in the environment."""
    spec = importlib.util.spec_from_file_location("noxfile", ROOT / "noxfile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("UV_BUILD_CONSTRAINT", "")
        environment.setenv("UV_PYTHON_DOWNLOADS", "never")
        environment.setenv("UV_COMPILE_BYTECODE", "1")
        spec.loader.exec_module(module)
        yield module


def test_the_tests_gate_by_floors_lint_types_and_tests_in_that_order(noxfile: ModuleType) -> None:
    """`nox -s tests` runs import-linter, ruff, mypy and pytest, and pytest gets the arguments."""
    session = Session("-k", "listing")
    noxfile.tests(session)

    assert [" ".join(program) for program in session.programs] == [
        "lint-imports",
        "ruff check",
        "ruff format --check",
        "mypy",
        "pytest -k listing",
    ]


def test_the_demo_gets_the_arguments_and_keeps_errors_out_of_its_output(
    noxfile: ModuleType,
) -> None:
    """`nox -s demo -- --json` prints on stdout what the demo prints there, and nothing else."""
    session = Session("--json")
    noxfile.demo(session)

    assert session.programs == [("python", "-m", "syncengine", "demo", "--json")]
    assert session.errors == [None]


def test_the_benchmark_gets_the_arguments(noxfile: ModuleType) -> None:
    """`nox -s bench -- --out FILE` writes where it is told to."""
    session = Session("--out", "figures.json")
    noxfile.bench(session)

    assert session.programs == [("python", "-m", "bench", "--out", "figures.json")]


@pytest.mark.parametrize("task", ["demo", "tests", "lint", "types", "bench", "build"])
def test_every_task_installs_what_is_pinned(noxfile: ModuleType, task: str) -> None:
    """No task installs anything without the pins."""
    session = Session()
    getattr(noxfile, task)(session)

    assert session.installed[:2] == ["-c", "constraints.txt"]


def test_what_gates_a_change_is_the_command_of_the_readme() -> None:
    """`.ci/run` ends in `nox -s tests`, which the README names, and runs no other check."""
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [line for line in gate if "nox " in line] == ["exec .ci/venv/bin/nox -s tests"]
    assert 'pip install "nox[uv]" && nox -s tests' in readme
