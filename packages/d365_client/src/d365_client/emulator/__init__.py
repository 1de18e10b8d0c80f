"""An emulator of Dynamics 365 Finance and Operations, to test clients against.

A stateful HTTP server on localhost: `python -m d365_client.emulator --port 0 --seed FILE`, or
`with d365_server() as server:`; pytest has a fixture, `def test_x(d365_server)`. It is built from
the reference and knows nothing of the client beside it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from d365_client.emulator.emulator import Emulator as Emulator
    from d365_client.emulator.emulator import RunningEmulator as RunningEmulator
    from d365_client.emulator.emulator import running as running
    from d365_client.emulator.seed import Seed as Seed
    from d365_client.emulator.seed import parse_seed as parse_seed
    from d365_client.emulator.seed import read_seed as read_seed
    from d365_client.emulator.seed_values import SeedError as SeedError
    from d365_client.emulator.server import D365Server as D365Server
    from d365_client.emulator.server import d365_server as d365_server
    from d365_client.emulator.settings import Settings as Settings

_HOME = {
    "D365Server": "d365_client.emulator.server",
    "Emulator": "d365_client.emulator.emulator",
    "RunningEmulator": "d365_client.emulator.emulator",
    "Seed": "d365_client.emulator.seed",
    "SeedError": "d365_client.emulator.seed_values",
    "Settings": "d365_client.emulator.settings",
    "d365_server": "d365_client.emulator.server",
    "parse_seed": "d365_client.emulator.seed",
    "read_seed": "d365_client.emulator.seed",
    "running": "d365_client.emulator.emulator",
}
__all__ = [
    "D365Server",
    "Emulator",
    "RunningEmulator",
    "Seed",
    "SeedError",
    "Settings",
    "d365_server",
    "parse_seed",
    "read_seed",
    "running",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
