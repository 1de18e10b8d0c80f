"""What the engine tells those who look on: progress, logs, tests. Pure."""

from __future__ import annotations

import enum
from typing import Protocol

import attrs


class Point(enum.StrEnum):
    """Where the engine is when it tells its observers."""

    FLOW_STARTED = "flow started"
    RECORDS_READ = "records read"
    BEFORE_INTENT = "before intent"
    INTENT_COMMITTED = "intent committed"
    ATTEMPT_COMMITTED = "attempt committed"
    REPLIED = "replied"
    OPERATION_OVER = "operation over"
    LOOKED_UP = "looked up"
    FLOW_FINISHED = "flow finished"


@attrs.frozen(kw_only=True)
class Notice:
    """One thing that just happened, for progress, logs and tests. Holds no payload and no secret.

    `count` is how many records or operations it is about.
    """

    point: Point
    connection: str
    flow: str
    keys: tuple[str, ...] = ()
    operation: str = ""
    step: str = ""
    detail: str = ""
    count: int = 0


class Observer(Protocol):
    """Is told what happens. Must return at once; what it raises stops the run."""

    def noticed(self, notice: Notice) -> None:
        """Something happened."""
        ...
