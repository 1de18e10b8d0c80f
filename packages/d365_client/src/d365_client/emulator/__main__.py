"""`python -m d365_client.emulator`: an environment that listens until a signal ends it."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from api_transport.emulation import certificate, serve, shell_lines
from d365_client.emulator.access import environment_variables
from d365_client.emulator.emulator import Emulator
from d365_client.emulator.seed import Seed, read_seed
from d365_client.emulator.seed_values import SeedError
from d365_client.emulator.small_environment import FIRST_ROWS, small_seed


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal ends it; returns the exit code.

    When it listens it prints one line of JSON: `url`, `admin`, `ca_file` and `books`; or, if it is
    asked to, lines that tell a shell the environment variables of its first application. 2: the
    seed, the clock or the books cannot be used, 1: the port is taken; one sentence on stderr says
    why.
    """
    given = _parser().parse_args(arguments)
    try:
        seed = _seed(given)
        emulator = Emulator(seed, books=given.books, clock=given.clock)
    except (SeedError, OSError) as problem:
        return _refuse(problem, 2)
    try:
        with tempfile.TemporaryDirectory(prefix="d365-emulator-") as directory:
            _serve(emulator, seed, given, Path(directory))
    except OSError as problem:
        return _refuse(problem, 1)
    finally:
        emulator.close()
    return 0


def _seed(given: argparse.Namespace) -> Seed:
    seed = small_seed(FIRST_ROWS) if given.seed is None else read_seed(given.seed)
    if given.print_environment and not seed.applications:
        raise SeedError(f"{given.seed.name}: no client is there whose environment could be printed")
    return seed


def _serve(emulator: Emulator, seed: Seed, given: argparse.Namespace, directory: Path) -> None:
    context, ca_file = certificate(directory)
    if given.ca_file is not None:
        ca_file = Path(shutil.copy(ca_file, given.ca_file))

    def ready(port: int) -> None:
        url = f"https://localhost:{port}"
        told = {"url": url, "admin": f"{url}/_emulator"}
        files = {"ca_file": str(ca_file), "books": str(emulator.books_file)}
        line = json.dumps({**told, **files}) + "\n"
        sys.stdout.write(_variables(seed, url, ca_file) if given.print_environment else line)
        sys.stdout.flush()

    serve(emulator.app, port=given.port, tls=context, ready=ready)


def _variables(seed: Seed, url: str, ca_file: Path) -> str:
    application = next(iter(seed.applications.values()))
    variables = environment_variables(
        url=url,
        ca_file=str(ca_file.absolute()),
        tenant_id=seed.tenant_id,
        client_id=application.client_id,
        client_secret=application.client_secret,
    )
    return shell_lines(variables, platform=sys.platform)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m d365_client.emulator",
        description="An emulator of Dynamics 365 Finance and Operations on localhost.",
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--seed", type=Path, help="what it starts with, as JSON; else company usmf with two vendors"
    )
    parser.add_argument("--books", type=Path, help="the SQLite file; else a temporary one")
    parser.add_argument("--ca-file", type=Path, help="where to write the CA's certificate")
    parser.add_argument("--clock", type=_instant, help="what time it is, as 2026-10-01T08:00:00Z")
    parser.add_argument(
        "--print-environment",
        action="store_true",
        help="print environment variables for a shell, its secret included, instead of JSON",
    )
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no UTC offset")
    return instant


def _refuse(problem: Exception, code: int) -> int:
    sys.stderr.write(f"{problem}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
