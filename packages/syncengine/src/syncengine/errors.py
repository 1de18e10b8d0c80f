"""What a target's answer means to the engine, and what stops a run.

    EngineError
    ├── Rejected          the other side said no, for good: the record is parked
    ├── Busy              refused before execution, or never sent: may be attempted again
    ├── OutcomeUnknown    it may have been done: resolved by looking, never sent again blindly
    ├── FenceLost         another engine holds the lease: nothing was appended
    ├── ClaimTaken        the record already belongs to another operation: nothing was appended
    └── Misconfigured     settings, mapping or credentials cannot work: the run does not start

Adapters translate their client's errors into the first three (`design.md`, *On the wire*).
Imports nothing of ours.
"""

from __future__ import annotations


class EngineError(Exception):
    """Something the engine tells its caller."""


class Rejected(EngineError):
    """The other side refused the write. `code` is the park code that fits.

    The same payload is not sent again, unless `retry` says that what refused it is over there and
    may pass (an invoice marked by another journal).
    """

    def __init__(
        self, message: str, *, code: str = "REJECTED", field: str = "", retry: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.retry = retry


class Busy(EngineError):
    """The write was not executed and may be attempted again, after `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class OutcomeUnknown(EngineError):
    """The write may have been executed: its reply was lost, broken or unreadable."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FenceLost(EngineError):
    """The lease was taken by another engine; this one must stop without writing anything more."""


class ClaimTaken(EngineError):
    """An open or finished operation already owns this record in this generation."""


class Misconfigured(EngineError):
    """What was configured cannot work. The message names the place, the value and what to do."""
