"""The contract of a store, as tests: whoever writes a store runs them over it.

    import pytest
    from syncengine.testing import StoreContract

    class TestMyStore(StoreContract):
        @pytest.fixture
        async def store(self):
            async with my_store(self.CONNECTION) as store:
                yield store

The fixture gives a fresh, empty store of the connection `CONNECTION`, anew for each test.

The tests are asynchronous and run under the pytest plugin that anyio brings, without any setting.
Only tests import this package: it needs pytest, which the engine does not bring.
"""

from __future__ import annotations

import pytest

from syncengine.testing.journal_contract import CONNECTION as _CONNECTION
from syncengine.testing.journal_contract import JournalContract as _JournalContract
from syncengine.testing.lease_contract import LeaseContract as _LeaseContract
from syncengine.testing.state_contract import StateContract as _StateContract

__all__ = ["StoreContract"]


class StoreContract(_JournalContract, _StateContract, _LeaseContract):
    """What `ports.Store` promises, whole."""

    CONNECTION = _CONNECTION

    pytestmark = pytest.mark.anyio
