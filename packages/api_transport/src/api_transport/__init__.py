"""How an API client behaves on the wire: wait your turn, ask again politely.

The charter is in the package's README: whatever is not about waiting or asking again does not
belong here. Names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api_transport._polite import polite_transport as polite_transport
    from api_transport._retry import RetryTransport as RetryTransport
    from api_transport._telemetry import Telemetry as Telemetry
    from api_transport._throttle import ThrottleTransport as ThrottleTransport
    from api_transport._wire import wire_transport as wire_transport
    from api_transport.blocking import Blocking as Blocking
    from api_transport.errors import GateShut as GateShut
    from api_transport.policy import Gate as Gate
    from api_transport.policy import HourlyAllowance as HourlyAllowance
    from api_transport.policy import Judge as Judge
    from api_transport.policy import Limits as Limits
    from api_transport.policy import Pace as Pace
    from api_transport.policy import RetryPolicy as RetryPolicy
    from api_transport.policy import Verdict as Verdict
    from api_transport.policy import read_retry_after as read_retry_after

_HOME = {
    "Blocking": "api_transport.blocking",
    "Gate": "api_transport.policy",
    "GateShut": "api_transport.errors",
    "Judge": "api_transport.policy",
    "HourlyAllowance": "api_transport.policy",
    "Limits": "api_transport.policy",
    "Pace": "api_transport.policy",
    "RetryPolicy": "api_transport.policy",
    "RetryTransport": "api_transport._retry",
    "Telemetry": "api_transport._telemetry",
    "ThrottleTransport": "api_transport._throttle",
    "Verdict": "api_transport.policy",
    "polite_transport": "api_transport._polite",
    "read_retry_after": "api_transport.policy",
    "wire_transport": "api_transport._wire",
}

__all__ = [
    "Blocking",
    "Gate",
    "GateShut",
    "HourlyAllowance",
    "Judge",
    "Limits",
    "Pace",
    "RetryPolicy",
    "RetryTransport",
    "Telemetry",
    "ThrottleTransport",
    "Verdict",
    "polite_transport",
    "read_retry_after",
    "wire_transport",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
