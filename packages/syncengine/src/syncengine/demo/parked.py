"""What the engine says it did not do: the rows of `syncengine parked --json`.

Only codes and dispositions are taken from here. Every amount of the tie-out comes from the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

LATER = "LATER_"
"""How a code begins that stands for a capability still to come."""

_FIELDS = ("connection", "flow", "key", "code", "disposition", "sentence", "owner")


@attrs.frozen(kw_only=True)
class ParkedRecord:
    """One record that waits, is left out, or needs a person, and why."""

    connection: str
    flow: str
    key: str
    code: str
    disposition: str
    sentence: str = ""
    owner: str = ""

    @property
    def is_exception(self) -> bool:
        """Whether the record went its way and somebody has to look nevertheless."""
        return self.disposition == "exception"


def parked_records(rows: Iterable[Mapping[str, Any]]) -> tuple[ParkedRecord, ...]:
    """The records in the engine's own answer."""
    return tuple(ParkedRecord(**{name: row[name] for name in _FIELDS}) for row in rows)
