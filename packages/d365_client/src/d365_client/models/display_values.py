"""What separates the segments of a display value (`d365.md` §4.3)."""

from __future__ import annotations

from d365_client.models.ledger_enums import DimensionSegmentDelimiter

_SINGLES = {"Hyphen": "-", "Period": ".", "Underscore": "_", "Bar": "|", "Tilde": "~"}


def delimiter_text(delimiter: DimensionSegmentDelimiter) -> str:
    """The delimiter itself: `-` for `HYPHEN`, `--` for `DOUBLE_HYPHEN`.

    Raises:
        ValueError: a member that we do not know.
    """
    name = delimiter.value.removeprefix("Double")
    if name not in _SINGLES:
        raise ValueError(f"{delimiter.value} is a dimension delimiter that is not known")
    return _SINGLES[name] * (2 if delimiter.value.startswith("Double") else 1)
