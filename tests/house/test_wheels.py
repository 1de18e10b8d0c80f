"""What a wheel brings: everything that is in the source, and nothing that was not asked for."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PACKAGES = ("api_transport", "bill_client", "d365_client", "syncengine")

# Imports packages, resolves each of their public names, and tells what is installed.
IMPORT_ALL = """
import importlib
import importlib.metadata
import json
import sys

for package in map(importlib.import_module, sys.argv[1:]):
    for name in package.__all__:
        getattr(package, name)
print(json.dumps([item.name.lower() for item in importlib.metadata.distributions()]))
"""


def run(*arguments: str | pathlib.Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program outside the source tree and give its output; a failure tells its errors."""
    finished = subprocess.run(
        [*map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **(environment or {})},
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A directory with the four wheels, built as `nox -s build` builds them."""
    directory = tmp_path_factory.mktemp("dist")
    for package in PACKAGES:
        run(
            sys.executable, "-m", "build", "--wheel", "--no-isolation",
            "--outdir", directory, ROOT / "packages" / package,
        )  # fmt: skip
    return directory


def install(wheels: pathlib.Path, environment: pathlib.Path, *requirements: str) -> pathlib.Path:
    """Install what is required from the wheels into a clean environment; gives its interpreter."""
    run(sys.executable, "-m", "uv", "venv", "--python", sys.executable, environment)
    run(
        sys.executable, "-m", "uv", "pip", "install", "--python", environment,
        "--constraints", ROOT / "constraints.txt", "--find-links", wheels, *requirements,
    )  # fmt: skip
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    return scripts / "python"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_wheel_holds_every_file_of_its_source(wheels: pathlib.Path, package: str) -> None:
    """Modules, `py.typed`, the emulators' data and the migrations are all in the wheel."""
    source = ROOT / "packages" / package / "src"
    expected = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    (wheel,) = wheels.glob(f"tieout_{package}-*.whl")

    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert packed == expected


@pytest.mark.parametrize(
    ("requirement", "packages", "strangers"),
    [
        (
            "tieout-api-transport",
            ("api_transport",),
            {"msal", "rich", "sqlalchemy", "starlette", "typer", "uvicorn"},
        ),
        (
            "tieout-d365-client",
            ("api_transport", "d365_client"),
            {"odata-query", "rich", "sqlalchemy", "starlette", "typer", "uvicorn"},
        ),
        (
            "tieout-bill-client",
            ("api_transport", "bill_client"),
            {"msal", "rich", "sqlalchemy", "starlette", "typer", "uvicorn"},
        ),
        ("tieout-syncengine", PACKAGES, {"odata-query", "rich", "starlette", "typer", "uvicorn"}),
    ],
)
def test_a_wheel_brings_what_it_needs_and_no_more(
    wheels: pathlib.Path,
    tmp_path: pathlib.Path,
    requirement: str,
    packages: tuple[str, ...],
    strangers: set[str],
) -> None:
    """In a clean environment every public name resolves, and no extra's package is there."""
    python = install(wheels, tmp_path / "environment", requirement)

    installed = {
        re.sub(r"[-_.]+", "-", name)
        for name in json.loads(run(python, "-I", "-c", IMPORT_ALL, *packages))
    }

    assert requirement in installed
    assert installed & strangers == set()


def test_the_demo_extra_brings_the_command_and_both_emulators(
    wheels: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """`tieout-syncengine[demo]` is enough to run the command line and to start both emulators."""
    python = install(wheels, tmp_path / "environment", "tieout-syncengine[demo]")
    helps = [
        run(python.with_name("syncengine"), "demo", "--help"),
        run(python, "-I", "-m", "d365_client.emulator", "--help"),
        run(python, "-I", "-m", "bill_client.emulator", "--help"),
    ]

    assert ["--json" in helps[0], "--seed" in helps[1], "--seed" in helps[2]] == [True] * 3


CLIENTS = {
    "d365": "SyncD365Client(D365Client.from_environment)",
    "bill": "SyncBillClient(BillClient.from_environment)",
}
"""Each service with what stands in its client's five lines."""


@pytest.fixture(scope="module")
def user(wheels: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The interpreter of somebody who installed both clients, their emulators and pytest."""
    environment = tmp_path_factory.mktemp("user") / "environment"
    clients = [f"tieout-{service}-client[emulator]" for service in CLIENTS]
    return install(wheels, environment, *clients, "pytest")


def block(service: str, part: str) -> str:
    """The Python block of a client's README that has this in it."""
    text = (ROOT / "packages" / f"{service}_client" / "README.md").read_text(encoding="utf-8")
    (found,) = [
        code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if part in code
    ]
    return str(found)


@contextmanager
def emulator(python: pathlib.Path, service: str, lines: int) -> Iterator[Mapping[str, str]]:
    """An emulator that runs as the README says, and the variables that it says to set."""
    command = [str(python), "-m", f"{service}_client.emulator", "--print-environment"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = [process.stdout.readline() for _ in range(lines)]
            found = [re.match(r"(?:export |\$env:)(\w+) ?= ?(.*)", line) for line in told]
            yield {one[1]: one[2].strip("'") for one in found if one}
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("service", "variables", "printed"),
    [
        ("d365", 6, ["US-101 Fabrikam", "US-102 Tailspin Parts"]),
        ("bill", 5, ["00n01FIRSTBILLAAAAAA 42"]),
    ],
)
def test_from_installation_to_rows_in_five_lines(
    user: pathlib.Path, tmp_path: pathlib.Path, service: str, variables: int, printed: list[str]
) -> None:
    """The README's script prints the emulator's rows; that it has five lines is counted."""
    script = tmp_path / "rows.py"
    script.write_text(block(service, CLIENTS[service]), encoding="utf-8")
    with emulator(user, service, variables) as told:
        output = run(user, "-W", "error", script, environment=told)

    assert len(script.read_text(encoding="utf-8").splitlines()) == 5
    assert output.splitlines() == printed


@pytest.mark.parametrize("service", CLIENTS)
def test_a_users_own_test_has_the_emulator(
    user: pathlib.Path, tmp_path: pathlib.Path, service: str
) -> None:
    """The README's test passes with nothing but what was installed, warnings being errors."""
    test = tmp_path / "test_mine.py"
    test.write_text(block(service, "def test_my_"), encoding="utf-8")
    printed = run(user, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", test)

    assert "1 passed" in printed
