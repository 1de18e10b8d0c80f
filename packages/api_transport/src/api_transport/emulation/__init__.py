"""What both emulators stand on: a clock that can be set, faults, a request log, a byte proxy.

It knows neither API, and nothing of the transports that clients use: they meet on the wire only.
Names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api_transport.emulation.admin import admin_routes as admin_routes
    from api_transport.emulation.clock import SettableClock as SettableClock
    from api_transport.emulation.control import ControlError as ControlError
    from api_transport.emulation.control import RemoteControl as RemoteControl
    from api_transport.emulation.faults import BadRule as BadRule
    from api_transport.emulation.faults import Fault as Fault
    from api_transport.emulation.faults import FaultKind as FaultKind
    from api_transport.emulation.faults import FaultRule as FaultRule
    from api_transport.emulation.faults import FaultRules as FaultRules
    from api_transport.emulation.faults import Match as Match
    from api_transport.emulation.middleware import ADMIN_PATH as ADMIN_PATH
    from api_transport.emulation.middleware import WireMiddleware as WireMiddleware
    from api_transport.emulation.middleware import logged as logged
    from api_transport.emulation.proxy import Proxy as Proxy
    from api_transport.emulation.request_log import Entry as Entry
    from api_transport.emulation.request_log import RequestLog as RequestLog
    from api_transport.emulation.serving import certificate as certificate
    from api_transport.emulation.serving import running as running
    from api_transport.emulation.serving import serve as serve
    from api_transport.emulation.shell import shell_lines as shell_lines

_HOME = {
    "ADMIN_PATH": "api_transport.emulation.middleware",
    "BadRule": "api_transport.emulation.faults",
    "ControlError": "api_transport.emulation.control",
    "Entry": "api_transport.emulation.request_log",
    "Fault": "api_transport.emulation.faults",
    "FaultKind": "api_transport.emulation.faults",
    "FaultRule": "api_transport.emulation.faults",
    "FaultRules": "api_transport.emulation.faults",
    "Match": "api_transport.emulation.faults",
    "Proxy": "api_transport.emulation.proxy",
    "RemoteControl": "api_transport.emulation.control",
    "RequestLog": "api_transport.emulation.request_log",
    "SettableClock": "api_transport.emulation.clock",
    "WireMiddleware": "api_transport.emulation.middleware",
    "admin_routes": "api_transport.emulation.admin",
    "certificate": "api_transport.emulation.serving",
    "logged": "api_transport.emulation.middleware",
    "running": "api_transport.emulation.serving",
    "serve": "api_transport.emulation.serving",
    "shell_lines": "api_transport.emulation.shell",
}

__all__ = [
    "ADMIN_PATH",
    "BadRule",
    "ControlError",
    "Entry",
    "Fault",
    "FaultKind",
    "FaultRule",
    "FaultRules",
    "Match",
    "Proxy",
    "RemoteControl",
    "RequestLog",
    "SettableClock",
    "WireMiddleware",
    "admin_routes",
    "certificate",
    "logged",
    "running",
    "serve",
    "shell_lines",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
