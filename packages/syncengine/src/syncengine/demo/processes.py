"""The other processes of the demo: both emulators, and the engine, once for each run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from syncengine.demo.errors import DemoFailed

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 10.0
_SECONDS_TO_RUN = 600.0


@attrs.frozen(kw_only=True)
class Emulator:
    """A running emulator: the base URL that a client takes, its admin path, its books."""

    url: str
    admin: str
    books: str
    ca_file: str = ""


@contextmanager
def emulator(
    module: str,
    *,
    seed: Path,
    books: Path,
    log: Path,
    clock: datetime,
    arguments: Sequence[str] = (),
) -> Iterator[Emulator]:
    """An emulator as a process of its own, stopped at the end whatever happens.

    What it writes to stderr is in `log`.

    Raises:
        DemoFailed: it did not come up; the sentence quotes what it said last.
    """
    command = [
        *(sys.executable, "-m", module, "--port", "0"),
        *("--seed", str(seed), "--books", str(books), "--clock", clock.isoformat()),
        *arguments,
    ]
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)  # noqa: S603 - our own interpreter and module
        try:
            yield _ready(process, module, log)
        finally:
            _stop(process)


def _ready(process: subprocess.Popen[str], module: str, log: Path) -> Emulator:
    # A process that neither answers nor ends is ended, so that the read below comes back.
    timer = threading.Timer(_SECONDS_TO_START, process.kill)
    timer.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        timer.cancel()
    if not line:
        process.wait()
        told = log.read_text(encoding="utf-8").strip().splitlines()
        why = told[-1] if told else f"it ended with {process.returncode}"
        raise DemoFailed(f"{module} did not start: {why}")
    ready = json.loads(line)
    return Emulator(
        url=ready["url"],
        admin=ready["admin"],
        books=ready["books"],
        ca_file=ready.get("ca_file", ""),
    )


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


@attrs.frozen(kw_only=True)
class EngineProcess:
    """The product, run as its users run it: by its command line and settings."""

    settings: Path
    secrets: Mapping[str, str] = attrs.field(repr=False)

    def run(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        """One run that begins at `now`; its report, one entry a connection.

        Raises:
            DemoFailed: it could not begin, or left something open.
        """
        return self._json("run", "--once", "--now", now.isoformat())

    def parked(self) -> Sequence[Mapping[str, Any]]:
        """What waits, is left out, or needs a person.

        Raises:
            DemoFailed: the engine's state cannot be read.
        """
        return self._json("parked")

    def _json(self, *arguments: str) -> Sequence[Mapping[str, Any]]:
        command = (sys.executable, "-m", "syncengine", *arguments)
        options = ("--settings", str(self.settings), "--json")
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [*command, *options],
                env={**os.environ, **self.secrets, **_SURROUNDINGS},
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=_SECONDS_TO_RUN,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise DemoFailed(
                f"syncengine {arguments[0]} did not end within {_SECONDS_TO_RUN:.0f} seconds"
            ) from problem
        if done.returncode != 0:
            sys.stderr.write(done.stderr)
            raise DemoFailed(
                f"syncengine {' '.join(arguments)} ended with {done.returncode}: "
                f"{_why(done.stdout, done.stderr)}"
            )
        told: Sequence[Mapping[str, Any]] = json.loads(done.stdout)
        return told


# The emulators are on this machine, so no proxy is asked for them; the answer is read as UTF-8.
_SURROUNDINGS = {
    "NO_PROXY": "localhost,127.0.0.1",
    "no_proxy": "localhost,127.0.0.1",
    "PYTHONUTF8": "1",
}


def _why(stdout: str, stderr: str) -> str:
    """What a run left open, if it got so far as to tell; else the last it said."""
    try:
        reports = json.loads(stdout)
    except ValueError:
        reports = []
    left = [
        f"{report['connection']} {flow['flow']}: {what}"
        for report in reports
        for flow in report["flows"]
        for what in (*flow["left_open"], *filter(None, [flow["problem"]]))
    ]
    return "; ".join(left) or next(iter(reversed(stderr.strip().splitlines())), "no word of why")
