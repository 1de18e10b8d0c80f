"""The contract of a store, as tests: whoever writes a store runs them over it.

    from syncengine.testing import StoreContract

    class TestMyStore(StoreContract):
        @pytest.fixture
        async def store(self):
            async with my_store(StoreContract.CONNECTION) as store:
                yield store

The fixture gives a fresh, empty store of one connection. The tests are asynchronous and run under
the pytest plugin that anyio brings. Only tests import this package: it needs pytest.
"""

from __future__ import annotations

import pytest

from syncengine.testing.journal_contract import CONNECTION as _CONNECTION
from syncengine.testing.journal_contract import JournalContract as _JournalContract
from syncengine.testing.lease_contract import LeaseContract as _LeaseContract

__all__ = ["StoreContract"]


class StoreContract(_JournalContract, _LeaseContract):
    """What `ports.Store` promises, whole."""

    CONNECTION = _CONNECTION

    pytestmark = pytest.mark.anyio
