"""`python -m bill_client.emulator --port N --seed FILE`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from api_transport.emulation import SettableClock, serve
from bill_client.emulator.api import ROOT
from bill_client.emulator.app import BillEmulator
from bill_client.emulator.seed import BadSeed, read_seed


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal ends it. Prints one line of JSON when it listens.

    Exit code 2, and one sentence on stderr, when the seed cannot be loaded.
    """
    told = _arguments().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bill-emulator-") as folder:
        books = told.books or Path(folder) / "bill.sqlite"
        try:
            emulator = BillEmulator(
                read_seed(told.seed), books=books, clock=SettableClock(told.clock)
            )
        except BadSeed as error:
            sys.stderr.write(f"{error}\n")
            return 2

        def ready(port: int) -> None:
            url = f"http://localhost:{port}"
            line = {"url": f"{url}{ROOT}", "admin": f"{url}/_emulator", "books": str(books)}
            sys.stdout.write(json.dumps(line) + "\n")
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
    parser.add_argument("--seed", type=Path, required=True, help="organisations and objects, JSON")
    parser.add_argument("--books", type=Path, help="the SQLite file to keep (else a temporary one)")
    parser.add_argument("--clock", type=_instant, help="the instant to begin at, ISO 8601")
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no UTC offset; write 2026-10-01T08:00:00Z")
    return instant


if __name__ == "__main__":
    sys.exit(main())
