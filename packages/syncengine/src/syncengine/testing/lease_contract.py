"""What `ports.LeaseStore` promises, as tests."""

from __future__ import annotations

from datetime import timedelta

import anyio
import pytest

from syncengine.errors import FenceLost
from syncengine.model import Lease
from syncengine.ports import Store
from syncengine.testing.samples import NOW, SECONDS, intent, taken_lease


class LeaseContract:
    """One engine at a time, and nothing from one that lost its turn."""

    async def test_one_engine_at_a_time_has_the_lease(self, store: Store) -> None:
        """Another owner gets it only when it has expired; the epoch grows each time."""
        first = await store.acquire("one", now=NOW, seconds=SECONDS)
        refused = await store.acquire("two", now=NOW + timedelta(seconds=59), seconds=SECONDS)
        second = await store.acquire("two", now=NOW + timedelta(seconds=61), seconds=SECONDS)

        assert first is not None
        assert refused is None
        assert second is not None
        assert second.epoch == first.epoch + 1

    async def test_of_fifty_that_ask_at_once_one_gets_it(self, store: Store) -> None:
        """The lease is taken in one transaction."""
        taken: list[Lease] = []

        async def ask(owner: str) -> None:
            lease = await store.acquire(owner, now=NOW, seconds=SECONDS)
            if lease is not None:
                taken.append(lease)

        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(ask, f"engine{number}")

        assert 1 == len(taken)

    async def test_a_renewed_lease_does_not_expire(self, store: Store) -> None:
        """Renewing moves the expiry, and leaves no event."""
        fence = await taken_lease(store)
        before = await store.head()
        await store.renew(fence, now=NOW + timedelta(seconds=50), seconds=SECONDS)

        assert await store.acquire("two", now=NOW + timedelta(seconds=100), seconds=1.0) is None
        assert before == await store.head()

    async def test_who_lost_the_lease_appends_and_renews_nothing(self, store: Store) -> None:
        """An engine that was frozen past its lease wakes up and is refused (I-10)."""
        fence = await taken_lease(store)
        await store.acquire("two", now=NOW + timedelta(seconds=61), seconds=SECONDS)
        before = await store.head()
        with pytest.raises(FenceLost):
            await store.append([intent("a")], fence=fence)
        with pytest.raises(FenceLost):
            await store.renew(fence, now=NOW + timedelta(seconds=62), seconds=SECONDS)
        await store.release(fence, now=NOW + timedelta(seconds=62))

        assert before == await store.head()
        assert [] == list(await store.open_operations("bills"))

    async def test_a_released_lease_is_free_and_its_epoch_stays(self, store: Store) -> None:
        """The next owner has it at once, under a newer epoch."""
        fence = await taken_lease(store)
        await store.release(fence, now=NOW)
        lease = await store.acquire("two", now=NOW, seconds=SECONDS)

        assert lease is not None
        assert lease.epoch == fence.epoch + 1
