"""What a wheel brings: everything that is in the source, and nothing that was not asked for."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
import zipfile

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


def run(*arguments: str | pathlib.Path) -> str:
    """Run a program outside the source tree and give its output; a failure tells its errors."""
    finished = subprocess.run(
        [*map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )

    assert finished.returncode == 0, finished.stderr
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


def install(wheels: pathlib.Path, environment: pathlib.Path, requirement: str) -> pathlib.Path:
    """Install `requirement` from the wheels into a clean environment and give its interpreter."""
    run(sys.executable, "-m", "uv", "venv", "--python", sys.executable, environment)
    run(
        sys.executable, "-m", "uv", "pip", "install", "--python", environment,
        "--constraints", ROOT / "constraints.txt", "--find-links", wheels, requirement,
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
