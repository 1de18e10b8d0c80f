"""`python -m d365_client.emulator`, as a process of its own."""

from __future__ import annotations

import json
import shlex
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api_transport.emulation import shell_lines


@pytest.fixture
def seed_file(tmp_path: Path, seed: dict[str, Any]) -> Path:
    """The seed in a file."""
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(seed), encoding="utf-8")
    return path


@contextmanager
def started(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A running emulator and the line that it printed."""
    command = [sys.executable, "-m", "d365_client.emulator", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def assigned(line: str) -> tuple[str, str]:
    """The variable that a shell's line sets."""
    (assignment,) = shlex.split(
        line.replace("$env:", "").replace(" = ", "=").removeprefix("export")
    )
    name, _, value = assignment.partition("=")
    return name, value


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A run that does not get as far as listening."""
    command = [sys.executable, "-m", "d365_client.emulator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_listens_and_stops_on_a_signal(tmp_path: Path, seed_file: Path) -> None:
    """One line of JSON says where; the clock, books and CA file are where they were wanted."""
    books, ca_file = tmp_path / "books.sqlite", tmp_path / "ca.pem"
    clock = "2026-10-01T08:00:00Z"
    options = ("--seed", seed_file, "--books", books, "--ca-file", ca_file, "--clock", clock)

    with started(*options) as (process, told):
        tls = ssl.create_default_context(cafile=ca_file)
        now = httpx.get(f"{told['admin']}/clock", verify=tls, trust_env=False).json()["now"]
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=10)

    assert told == {
        "url": told["url"],
        "admin": f"{told['url']}/_emulator",
        "ca_file": str(ca_file),
        "books": str(books),
    }
    assert told["url"].startswith("https://localhost:")
    assert now.startswith("2026-10-01T08:00:")
    assert sys.platform == "win32" or code == 0
    assert books.stat().st_size > 0


@pytest.mark.parametrize(
    ("path", "new", "sentence"),
    [
        ("VendorGroupId", None, "seed.json: rows.VendorsV2[3]: field VendorGroupId is missing\n"),
        ("CurrencyCode", 5, "seed.json: rows.VendorsV2[3]: Cannot convert the value 5"),
    ],
)
def test_a_bad_seed_is_one_sentence_and_exit_code_2(
    seed: dict[str, Any], seed_file: Path, path: str, new: object, sentence: str
) -> None:
    """What and where, on stderr; nothing on stdout."""
    row = seed["rows"]["VendorsV2"][3]
    row.pop(path) if new is None else row.update({path: new})
    seed_file.write_text(json.dumps(seed), encoding="utf-8")

    finished = run("--port", "0", "--seed", seed_file)

    assert finished.returncode == 2
    assert finished.stderr.startswith(sentence)
    assert finished.stderr.count("\n") == 1
    assert finished.stdout == ""


def test_a_seed_without_a_client_has_no_environment_to_print(
    seed: dict[str, Any], seed_file: Path
) -> None:
    """It is a sentence, and nothing listens."""
    seed_file.write_text(json.dumps({**seed, "clients": []}), encoding="utf-8")
    finished = run("--port", "0", "--seed", seed_file, "--print-environment")

    assert finished.returncode == 2
    assert finished.stderr.startswith("seed.json: no client is there")


def test_without_a_seed_it_is_a_small_company_that_a_shell_is_told_of() -> None:
    """The lines set what a program needs, its token included, and there are vendors to read."""
    command = [sys.executable, "-m", "d365_client.emulator", "--print-environment"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(6)]
        variables = dict(assigned(line) for line in lines)
        tls = ssl.create_default_context(cafile=variables["D365_CA_FILE"])
        told = httpx.get(
            f"{variables['D365_URL']}/_emulator/rows/VendorsV2", verify=tls, trust_env=False
        ).json()
        process.kill()

    assert [*variables] == [
        "D365_URL",
        "D365_TENANT_ID",
        "D365_CLIENT_ID",
        "D365_CLIENT_SECRET",
        "D365_AUTHORITY",
        "D365_CA_FILE",
    ]
    assert [row["VendorAccountNumber"] for row in told["rows"]] == ["US-101", "US-102"]


@pytest.mark.parametrize(
    ("platform", "line"),
    [("linux", "export A='it'\"'\"'s'\n"), ("win32", "$env:A = 'it''s'\n")],
)
def test_lines_are_written_as_the_shell_reads_them(platform: str, line: str) -> None:
    """A quote in a value ends nothing, in a POSIX shell and in PowerShell."""
    assert shell_lines({"A": "it's"}, platform=platform) == line


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--clock", "2026-10-01T08:00:00", "has no UTC offset"),
        ("--clock", "soon", "invalid"),
        ("--seed", "nothing.json", "nothing.json: "),
    ],
)
def test_an_option_that_makes_no_sense(
    seed_file: Path, option: str, value: str, sentence: str
) -> None:
    """The option is named, or the file."""
    finished = run("--port", "0", "--seed", seed_file, option, value)

    assert finished.returncode == 2
    assert sentence in finished.stderr


def test_a_port_that_is_taken(seed_file: Path) -> None:
    """One sentence, and exit code 1."""
    with started("--seed", seed_file) as (_, told):
        port = told["url"].rpartition(":")[2]
        finished = run("--port", port, "--seed", seed_file)

    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
