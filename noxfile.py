"""The project's tasks: `nox -s demo`, `nox -s tests`; `nox -l` lists the rest."""

from __future__ import annotations

import os

import nox

PINS = "constraints.txt"
PACKAGES = ("api_transport", "d365_client", "bill_client", "syncengine")
EDITABLE = (
    "-e", "packages/api_transport[emulation]",
    "-e", "packages/d365_client[emulator]",
    "-e", "packages/bill_client[emulator]",
    "-e", "packages/syncengine[cli]",
)  # fmt: skip

# What a session installs is pinned, the build backend included; uv fetches no interpreter.
os.environ.setdefault("UV_BUILD_CONSTRAINT", PINS)
os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
# Compiled once at installation: the demo and the tests start dozens of processes.
os.environ.setdefault("UV_COMPILE_BYTECODE", "1")

nox.needs_version = ">=2026.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["tests"]
nox.options.reuse_existing_virtualenvs = True


def _install(session: nox.Session, *extra: str) -> None:
    session.install("-c", PINS, *EDITABLE, *extra)


def _install_development(session: nox.Session) -> None:
    _install(session, "-r", "requirements-development.txt")


@nox.session
def demo(session: nox.Session) -> None:
    """Play a month of payables between both emulators and print the tie-out."""
    _install(session)
    # By default nox sends a program's stderr to stdout, where --json promises JSON alone.
    session.run("python", "-m", "syncengine", "demo", *session.posargs, stderr=None)


@nox.session
def tests(session: nox.Session) -> None:
    """Floors, lint, types, then the tests: all four gate what lands."""
    _install_development(session)
    _lint(session)
    session.run("mypy")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Import floors and ruff."""
    _install_development(session)
    _lint(session)


@nox.session
def types(session: nox.Session) -> None:
    """Mypy, strict, over packages, tests and examples."""
    _install_development(session)
    session.run("mypy", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the clients beside their peers; timings decide nothing."""
    _install(session, "uv")
    session.run("python", "-m", "bench", *session.posargs, stderr=None)


@nox.session
def build(session: nox.Session) -> None:
    """Build the four wheels into dist/."""
    session.install("-c", PINS, "build", "hatchling")
    for package in PACKAGES:
        session.run(
            "python", "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist",
            f"packages/{package}",
        )  # fmt: skip


def _lint(session: nox.Session) -> None:
    session.run("lint-imports")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as a site, in site/; a page or a name that is missing fails it."""
    session.install("-c", "constraints-documents.txt", "-r", "requirements-documents.txt")
    session.run("mkdocs", "build", "--strict", *session.posargs)
