"""Labels: the ids that metadata shows, and the texts behind them (d365.md §2.2). Pure.

The reference has no label texts; a name's own words stand for them.
"""

from __future__ import annotations

import re

_FILE = "@Emulator:"
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def label_id(name: str) -> str:
    """The label of a set, a field, an enum type or a member."""
    return f"{_FILE}{name}"


def label_text(wanted: str) -> str:
    """What a label says, in every language; of a label that is not known, its id."""
    if not wanted.startswith(_FILE):
        return wanted
    words = _WORDS.findall(wanted.removeprefix(_FILE))
    return " ".join(words).capitalize()
