"""What is uploaded: bytes, a file, or whatever can be opened again.

A refused call is sent again, so its body must be there again: it is opened anew for each attempt,
read piece by piece, and never held in memory as a whole.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import anyio
import attrs

Source: TypeAlias = bytes | Path | Callable[[], AsyncIterator[bytes]]
"""Bytes, a file's path, or a function that begins a new reading each time it is called."""

Progress: TypeAlias = Callable[[int, int | None], Awaitable[None] | None]
"""Told the bytes so far and all bytes (None: not known); it begins again with each attempt."""

_PIECE = 64 * 1024


@attrs.frozen(eq=False)
class Content:
    """A body that can be read again from its beginning, as often as it is sent."""

    _source: Source = attrs.field(repr=False)
    _progress: Progress | None = attrs.field(default=None, repr=False)

    @property
    def length(self) -> int | None:
        """How many bytes there are, None where only reading tells.

        Raises:
            OSError: the file is not there.
        """
        match self._source:
            case bytes():
                return len(self._source)
            case Path():
                return self._source.stat().st_size
            case _:
                return None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes, piece by piece, from the beginning."""
        total, sent = self.length, 0
        async for piece in _pieces(self._source):
            yield piece
            sent += len(piece)
            await told(self._progress, sent, total)


async def told(progress: Progress | None, done: int, total: int | None) -> None:
    """Tell how far it is, and wait if that takes waiting."""
    waits = progress(done, total) if progress else None
    if inspect.isawaitable(waits):
        await waits


async def _pieces(source: Source) -> AsyncIterator[bytes]:
    match source:
        case bytes():
            for start in range(0, len(source), _PIECE):
                yield source[start : start + _PIECE]
        case Path():
            async with await anyio.open_file(source, "rb") as file:
                while piece := await file.read(_PIECE):
                    yield piece
        case _:
            async for piece in source():
                yield piece
