"""Both shipped stores keep the contract that is shipped for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from syncengine.ports import Store
from syncengine.stores.memory import MemoryStore
from syncengine.stores.sql import SqlStores
from syncengine.testing import StoreContract


class TestMemoryStore(StoreContract):
    """The store in memory."""

    @pytest.fixture
    def store(self) -> Store:
        """A fresh one."""
        return MemoryStore(self.CONNECTION)


class TestSqlStoreOnSqlite(StoreContract):
    """The SQL store in a SQLite file, beside another connection's events."""

    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        """A fresh one."""
        async with await SqlStores.open(tmp_path / "state.sqlite") as stores:
            yield stores.connection(self.CONNECTION)
