"""What a slice's payload looks like: a journal's header and its lines, frozen. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from syncengine.model import Payload

HEADER, LINES = "header", "lines"
"""The steps of a slice: the journal's header, then all its lines in one changeset."""


def lines_of(payload: Payload) -> Iterator[Payload]:
    """The lines of a slice's payload, in the order of their numbers."""
    yield from cast("Sequence[Payload]", payload["lines"])
