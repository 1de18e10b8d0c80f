"""`python -m bill_client.emulator`: an organisation that listens until a signal ends it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from api_transport.emulation import SettableClock, serve, shell_lines
from bill_client.emulator.access import environment_variables
from bill_client.emulator.api import ROOT
from bill_client.emulator.app import BillEmulator
from bill_client.emulator.seed import BadSeed, read_seed
from bill_client.emulator.small_organization import small_seed


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal ends it; returns the exit code.

    When it listens it prints one line of JSON: `url`, `admin` and `books`; or, if it is asked to,
    lines that tell a shell the environment variables of its first organisation. Exit code 2, and
    one sentence on stderr, when the seed cannot be loaded or the port is taken.
    """
    told = _arguments().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bill-emulator-") as folder:
        books = told.books or Path(folder) / "bill.sqlite"
        try:
            seed = read_seed(told.seed) if told.seed else small_seed()
            emulator = BillEmulator(seed, books=books, clock=SettableClock(told.clock))
        except BadSeed as error:
            sys.stderr.write(f"{error}\n")
            return 2

        def ready(port: int) -> None:
            url = f"http://localhost:{port}"
            line = {"url": f"{url}{ROOT}", "admin": f"{url}/_emulator", "books": str(books)}
            told_json = json.dumps(line) + "\n"
            sys.stdout.write(_variables(seed, line["url"]) if told.print_environment else told_json)
            sys.stdout.flush()

        try:
            serve(emulator, port=told.port, tls=None, ready=ready)
        except OSError as error:
            sys.stderr.write(f"port {told.port}: {error.strerror}\n")
            return 2
        finally:
            emulator.close()
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bill_client.emulator", description="An emulator of BILL v3 on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--seed", type=Path, help="organisations and objects, JSON; else a small one"
    )
    parser.add_argument("--books", type=Path, help="the SQLite file to keep (else a temporary one)")
    parser.add_argument("--clock", type=_instant, help="the instant to begin at, ISO 8601")
    parser.add_argument(
        "--print-environment",
        action="store_true",
        help="print environment variables for a shell, secrets included, instead of JSON",
    )
    return parser


def _variables(seed: Mapping[str, Any], url: str) -> str:
    """The lines for a shell: of the first user of the first organisation."""
    organization = seed["organizations"][0]
    variables = environment_variables(
        url=url,
        organization_id=organization["id"],
        username=organization["users"][0]["username"],
        password=organization["users"][0]["password"],
        dev_key=organization["dev_keys"][0],
    )
    return shell_lines(variables, platform=sys.platform)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no UTC offset; write 2026-10-01T08:00:00Z")
    return instant


if __name__ == "__main__":
    sys.exit(main())
