"""A store of one's own, and the shipped contract run over it.

It keeps everything as `MemoryStore` does and writes each event to a file besides, for a tool that
reads along. Whatever a store does, it passes the contract: `pytest examples/custom_store.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import pytest

from syncengine import Event, Fence, MemoryStore, RecordedEvent
from syncengine.testing import StoreContract


class ReadAlongStore(MemoryStore):
    """Journal and state in memory; a line of JSON for each event that was appended."""

    def __init__(self, connection: str, lines: TextIO) -> None:
        super().__init__(connection)
        self._lines = lines

    async def append(self, events: Sequence[Event], *, fence: Fence) -> Sequence[RecordedEvent]:
        """Append, then tell: what was refused is not told."""
        recorded = await super().append(events, fence=fence)
        for item in recorded:
            told = {"sequence": item.sequence, "type": item.event.type, "hash": item.hash}
            self._lines.write(json.dumps(told) + "\n")
        return recorded


class TestReadAlongStore(StoreContract):
    """Everything that `ports.Store` promises, over this store."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        """The engine runs on asyncio."""
        return "asyncio"

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[ReadAlongStore]:
        """A fresh store with a file of its own."""
        with (tmp_path / "events.jsonl").open("w", encoding="utf-8") as lines:
            yield ReadAlongStore(self.CONNECTION, lines)
