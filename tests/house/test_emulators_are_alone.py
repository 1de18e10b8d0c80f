"""An emulator runs without its client: they meet on the wire, and nowhere in memory."""

from __future__ import annotations

import json
import pathlib
import ssl
import subprocess
import sys
from collections.abc import Mapping

import httpx
import pytest

# Runs a module as `python -m` does and writes down each module that is looked for on the way,
# whether by an import statement or by `importlib`, and at whatever time.
RUN_AND_RECORD = """
import runpy
import sys

record = open(sys.argv[1], "a", buffering=1, encoding="utf-8")


class Recorder:
    def find_spec(self, name, path=None, target=None):
        print(name, file=record)


sys.meta_path.insert(0, Recorder())
sys.argv = sys.argv[2:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""

SEEDS: Mapping[str, Mapping[str, object]] = {
    "d365_client": {
        "tenant_id": "11111111-2222-3333-4444-555555555555",
        "clients": [
            {
                "client_id": "66666666-7777-8888-9999-000000000000",
                "client_secret": "invented",
                "user": "sync",
                "default_company": "USMF",
            }
        ],
        "extensions": [],
        "rows": {},
    },
    "bill_client": {
        "organizations": [
            {
                "id": "00801ABCDEFGHIJKLMNO",
                "name": "Invented",
                "currency": "USD",
                "currencies": ["USD"],
                "users": [{"username": "sync", "password": "invented", "id": "00601A"}],
                "dev_keys": ["invented"],
            }
        ],
        "resources": {},
    },
}


def command(client: str, record: pathlib.Path, *arguments: str) -> list[str]:
    """How to run a client's emulator so that `record` tells what it imports."""
    return [sys.executable, "-c", RUN_AND_RECORD, str(record), f"{client}.emulator", *arguments]


def strangers(client: str, record: pathlib.Path) -> list[str]:
    """The recorded modules that an emulator has no business with."""
    allowed = (client, f"{client}.emulator", "api_transport", "api_transport.emulation")
    return sorted(
        name
        for name in set(record.read_text(encoding="utf-8").split())
        if name.partition(".")[0]
        in {"api_transport", "bill_client", "d365_client", "msal", "syncengine"}
        and name not in allowed
        and not name.startswith((f"{client}.emulator.", "api_transport.emulation."))
    )


@pytest.mark.parametrize("client", [*SEEDS])
def test_help_loads_nothing_of_the_client(client: str, tmp_path: pathlib.Path) -> None:
    """`python -m <client>.emulator --help` looks for no module of its client, nor for msal."""
    record = tmp_path / "imports"

    subprocess.run(command(client, record, "--help"), check=True, capture_output=True, timeout=60)

    assert f"{client}.emulator.__main__" in record.read_text(encoding="utf-8").split()
    assert strangers(client, record) == []


@pytest.mark.parametrize("client", [*SEEDS])
def test_serving_loads_nothing_of_the_client(client: str, tmp_path: pathlib.Path) -> None:
    """An emulator that answers on a socket has looked for no module of its client, nor for msal."""
    record, seed = tmp_path / "imports", tmp_path / "seed.json"
    seed.write_text(json.dumps(SEEDS[client]), encoding="utf-8")
    arguments = command(client, record, "--port", "0", "--seed", str(seed))

    with (
        (tmp_path / "errors").open("w+", encoding="utf-8") as errors,
        subprocess.Popen(
            arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as emulator,
    ):
        try:
            assert emulator.stdout is not None
            line = emulator.stdout.readline()
            assert line, (tmp_path / "errors").read_text(encoding="utf-8")
            ready = json.loads(line)
            trust = (
                ssl.create_default_context(cafile=ready["ca_file"]) if "ca_file" in ready else True
            )
            clock = httpx.get(f"{ready['admin']}/clock", verify=trust, trust_env=False)
        finally:
            emulator.terminate()

    assert clock.json().keys() == {"now"}
    assert strangers(client, record) == []
