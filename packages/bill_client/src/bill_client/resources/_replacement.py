"""What a PUT would dropping without being told: checked before anything is sent. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol


class Line(Protocol):
    """A line that BILL stored."""

    @property
    def id(self) -> str:
        """Its id."""


def keeps_lines(
    lines: Sequence[Line], replacement: Sequence[object], dropping: Collection[str]
) -> None:
    """Refuse a replacement that loses lines which nobody said were to be dropped.

    BILL removes a line whose id a PUT does not name, and gives a line without id a new one
    (`bill.md` §5.2).

    Raises:
        ValueError: it does, or `dropping` names a line that is not there or that stays.
    """
    stored = {line.id for line in lines}
    named = {getattr(line, "id", None) for line in replacement} - {None}
    unknown = sorted({*dropping} - stored | {*dropping} & named)
    if unknown:
        raise ValueError(f"dropping: {', '.join(unknown)} is no line that goes")
    lost = sorted(stored - named - {*dropping})
    if lost:
        raise ValueError(
            f"the replacement would remove the lines {', '.join(lost)}: name each by its id, or "
            "give its id in dropping"
        )
