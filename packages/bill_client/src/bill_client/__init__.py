"""A typed async client for the BILL v3 API.

Names are loaded when they are first used, so that `bill_client.emulator` loads none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bill_client._auth import SessionAuth as SessionAuth
    from bill_client._listing import Listing as Listing
    from bill_client._listing import Page as Page
    from bill_client._query import Condition as Condition
    from bill_client._query import field as field
    from bill_client.client import BillClient as BillClient
    from bill_client.errors import BadRequest as BadRequest
    from bill_client.errors import BillError as BillError
    from bill_client.errors import Broken as Broken
    from bill_client.errors import Conflict as Conflict
    from bill_client.errors import Forbidden as Forbidden
    from bill_client.errors import LoginFailed as LoginFailed
    from bill_client.errors import NoAnswer as NoAnswer
    from bill_client.errors import NotFound as NotFound
    from bill_client.errors import Outcome as Outcome
    from bill_client.errors import Refused as Refused
    from bill_client.errors import Throttled as Throttled
    from bill_client.errors import Unauthenticated as Unauthenticated
    from bill_client.errors import Undecodable as Undecodable

_HOME = {
    "BadRequest": "bill_client.errors",
    "BillClient": "bill_client.client",
    "BillError": "bill_client.errors",
    "Broken": "bill_client.errors",
    "Condition": "bill_client._query",
    "Conflict": "bill_client.errors",
    "Forbidden": "bill_client.errors",
    "Listing": "bill_client._listing",
    "LoginFailed": "bill_client.errors",
    "NoAnswer": "bill_client.errors",
    "NotFound": "bill_client.errors",
    "Outcome": "bill_client.errors",
    "Page": "bill_client._listing",
    "Refused": "bill_client.errors",
    "SessionAuth": "bill_client._auth",
    "Throttled": "bill_client.errors",
    "Unauthenticated": "bill_client.errors",
    "Undecodable": "bill_client.errors",
    "field": "bill_client._query",
}

__all__ = [
    "BadRequest",
    "BillClient",
    "BillError",
    "Broken",
    "Condition",
    "Conflict",
    "Forbidden",
    "Listing",
    "LoginFailed",
    "NoAnswer",
    "NotFound",
    "Outcome",
    "Page",
    "Refused",
    "SessionAuth",
    "Throttled",
    "Unauthenticated",
    "Undecodable",
    "field",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
