"""Keeps two systems in agreement: every effect once, every step in a journal.

The engine knows neither side: sources, mappers and targets are given to it. Names are loaded when
they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncengine.clock import ShiftedClock as ShiftedClock
    from syncengine.clock import SystemClock as SystemClock
    from syncengine.engine import Engine as Engine
    from syncengine.engine import LeaseHeld as LeaseHeld
    from syncengine.engine import Unobserved as Unobserved
    from syncengine.errors import Busy as Busy
    from syncengine.errors import ClaimTaken as ClaimTaken
    from syncengine.errors import EngineError as EngineError
    from syncengine.errors import FenceLost as FenceLost
    from syncengine.errors import Misconfigured as Misconfigured
    from syncengine.errors import OutcomeUnknown as OutcomeUnknown
    from syncengine.errors import Rejected as Rejected
    from syncengine.events import Event as Event
    from syncengine.events import EventType as EventType
    from syncengine.events import RecordedEvent as RecordedEvent
    from syncengine.events import first_broken as first_broken
    from syncengine.flow import Combined as Combined
    from syncengine.flow import Flow as Flow
    from syncengine.flow import Keyed as Keyed
    from syncengine.model import Cursor as Cursor
    from syncengine.model import Disposition as Disposition
    from syncengine.model import Fence as Fence
    from syncengine.model import Lease as Lease
    from syncengine.model import Link as Link
    from syncengine.model import Operation as Operation
    from syncengine.model import OperationRecord as OperationRecord
    from syncengine.model import OperationState as OperationState
    from syncengine.model import Park as Park
    from syncengine.model import Purpose as Purpose
    from syncengine.model import Ref as Ref
    from syncengine.observation import Notice as Notice
    from syncengine.observation import Observer as Observer
    from syncengine.observation import Point as Point
    from syncengine.ports import Absent as Absent
    from syncengine.ports import Clock as Clock
    from syncengine.ports import Draft as Draft
    from syncengine.ports import Found as Found
    from syncengine.ports import Head as Head
    from syncengine.ports import Journal as Journal
    from syncengine.ports import LeaseStore as LeaseStore
    from syncengine.ports import Lookup as Lookup
    from syncengine.ports import Mapper as Mapper
    from syncengine.ports import Reason as Reason
    from syncengine.ports import Several as Several
    from syncengine.ports import Source as Source
    from syncengine.ports import SourceRecord as SourceRecord
    from syncengine.ports import Standing as Standing
    from syncengine.ports import StateStore as StateStore
    from syncengine.ports import Store as Store
    from syncengine.ports import Target as Target
    from syncengine.report import FlowReport as FlowReport
    from syncengine.report import RunReport as RunReport
    from syncengine.resolution import Caution as Caution
    from syncengine.stores.memory import MemoryStore as MemoryStore
    from syncengine.stores.sql import SqlStore as SqlStore
    from syncengine.stores.sql import SqlStores as SqlStores

_HOME = {
    "Absent": "syncengine.ports",
    "Busy": "syncengine.errors",
    "Caution": "syncengine.resolution",
    "ClaimTaken": "syncengine.errors",
    "Clock": "syncengine.ports",
    "Combined": "syncengine.flow",
    "Cursor": "syncengine.model",
    "Disposition": "syncengine.model",
    "Draft": "syncengine.ports",
    "Engine": "syncengine.engine",
    "EngineError": "syncengine.errors",
    "Event": "syncengine.events",
    "EventType": "syncengine.events",
    "Fence": "syncengine.model",
    "FenceLost": "syncengine.errors",
    "Flow": "syncengine.flow",
    "FlowReport": "syncengine.report",
    "Found": "syncengine.ports",
    "Head": "syncengine.ports",
    "Journal": "syncengine.ports",
    "Keyed": "syncengine.flow",
    "Lease": "syncengine.model",
    "LeaseHeld": "syncengine.engine",
    "LeaseStore": "syncengine.ports",
    "Link": "syncengine.model",
    "Lookup": "syncengine.ports",
    "Mapper": "syncengine.ports",
    "MemoryStore": "syncengine.stores.memory",
    "Misconfigured": "syncengine.errors",
    "Notice": "syncengine.observation",
    "Observer": "syncengine.observation",
    "Operation": "syncengine.model",
    "OperationRecord": "syncengine.model",
    "OperationState": "syncengine.model",
    "OutcomeUnknown": "syncengine.errors",
    "Park": "syncengine.model",
    "Point": "syncengine.observation",
    "Purpose": "syncengine.model",
    "Reason": "syncengine.ports",
    "RecordedEvent": "syncengine.events",
    "Ref": "syncengine.model",
    "Rejected": "syncengine.errors",
    "RunReport": "syncengine.report",
    "Several": "syncengine.ports",
    "ShiftedClock": "syncengine.clock",
    "Source": "syncengine.ports",
    "SourceRecord": "syncengine.ports",
    "SqlStore": "syncengine.stores.sql",
    "SqlStores": "syncengine.stores.sql",
    "Standing": "syncengine.ports",
    "StateStore": "syncengine.ports",
    "Store": "syncengine.ports",
    "SystemClock": "syncengine.clock",
    "Target": "syncengine.ports",
    "Unobserved": "syncengine.engine",
    "first_broken": "syncengine.events",
}

__all__ = [
    "Absent",
    "Busy",
    "Caution",
    "ClaimTaken",
    "Clock",
    "Combined",
    "Cursor",
    "Disposition",
    "Draft",
    "Engine",
    "EngineError",
    "Event",
    "EventType",
    "Fence",
    "FenceLost",
    "Flow",
    "FlowReport",
    "Found",
    "Head",
    "Journal",
    "Keyed",
    "Lease",
    "LeaseHeld",
    "LeaseStore",
    "Link",
    "Lookup",
    "Mapper",
    "MemoryStore",
    "Misconfigured",
    "Notice",
    "Observer",
    "Operation",
    "OperationRecord",
    "OperationState",
    "OutcomeUnknown",
    "Park",
    "Point",
    "Purpose",
    "Reason",
    "RecordedEvent",
    "Ref",
    "Rejected",
    "RunReport",
    "Several",
    "ShiftedClock",
    "Source",
    "SourceRecord",
    "SqlStore",
    "SqlStores",
    "Standing",
    "StateStore",
    "Store",
    "SystemClock",
    "Target",
    "Unobserved",
    "first_broken",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
