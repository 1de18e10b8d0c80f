"""What `ports.LeaseStore` promises, as tests."""

from __future__ import annotations

from datetime import timedelta

import anyio
import attrs
import pytest

from syncengine.errors import FenceLost
from syncengine.events import EventType
from syncengine.model import Fence, Lease
from syncengine.ports import Store
from syncengine.testing.samples import NOW, SECONDS, intent, taken_lease

AFTERWARDS = NOW + timedelta(seconds=SECONDS + 1)
"""When a lease that was taken at `NOW` has expired."""


class LeaseContract:
    """One engine at a time, and nothing from one that lost its turn."""

    async def test_one_engine_at_a_time_has_the_lease(self, store: Store) -> None:
        """Another owner gets it only when it has expired; the epoch grows each time."""
        first = await store.acquire("one", now=NOW, seconds=SECONDS)
        refused = await store.acquire("two", now=NOW + timedelta(seconds=59), seconds=SECONDS)
        second = await store.acquire("two", now=NOW + timedelta(seconds=60), seconds=SECONDS)

        assert first is not None
        assert NOW + timedelta(seconds=60) == first.expires_at
        assert refused is None
        assert second is not None
        assert second.epoch == first.epoch + 1

    async def test_of_fifty_that_ask_at_once_one_gets_it(self, store: Store) -> None:
        """The lease is taken in one transaction, which leaves one event."""
        taken: list[Lease] = []

        async def ask(owner: str) -> None:
            lease = await store.acquire(owner, now=NOW, seconds=SECONDS)
            if lease is not None:
                taken.append(lease)

        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(ask, f"engine{number}")

        assert 1 == len(taken)
        assert [EventType.LEASE_ACQUIRED] == [item.event.type async for item in store.events()]

    async def test_the_owner_who_asks_again_starts_a_new_epoch(self, store: Store) -> None:
        """A process that restarts under its old name does not share a fence with its past."""
        before = await taken_lease(store)
        after = await taken_lease(store)
        with pytest.raises(FenceLost):
            await store.append([intent("a")], fence=before)

        assert before.epoch + 1 == after.epoch
        await store.append([intent("a")], fence=after)

    async def test_a_renewed_lease_does_not_expire(self, store: Store) -> None:
        """Renewing moves the expiry, and leaves no event."""
        fence = await taken_lease(store)
        before = await store.head()
        renewed = await store.renew(fence, now=NOW + timedelta(seconds=50), seconds=SECONDS)

        assert NOW + timedelta(seconds=110) == renewed.expires_at
        assert fence == renewed.fence
        assert await store.acquire("two", now=NOW + timedelta(seconds=100), seconds=1.0) is None
        assert before == await store.head()

    async def test_who_lost_the_lease_appends_and_renews_nothing(self, store: Store) -> None:
        """An engine that was frozen past its lease wakes up and is refused (I-10)."""
        fence = await taken_lease(store)
        taken = await store.acquire("two", now=AFTERWARDS, seconds=SECONDS)
        before = await store.head()
        with pytest.raises(FenceLost):
            await store.append([intent("a")], fence=fence)
        with pytest.raises(FenceLost):
            await store.append([], fence=fence)
        with pytest.raises(FenceLost):
            await store.renew(fence, now=AFTERWARDS, seconds=SECONDS)
        await store.release(fence, now=AFTERWARDS)

        assert taken is not None
        assert before == await store.head()
        assert [] == list(await store.open_operations("bills"))
        await store.append([intent("a")], fence=taken.fence)

    async def test_an_expired_lease_that_nobody_took_still_holds(self, store: Store) -> None:
        """It is lost by being taken, not by the clock: nobody else can have written."""
        fence = await taken_lease(store)
        renewed = await store.renew(fence, now=AFTERWARDS, seconds=SECONDS)
        await store.append([intent("a")], fence=fence)

        assert AFTERWARDS + timedelta(seconds=SECONDS) == renewed.expires_at

    async def test_a_fence_is_owner_and_epoch(self, store: Store) -> None:
        """Neither alone lets anybody append."""
        fence = await taken_lease(store)
        for wrong in (
            attrs.evolve(fence, owner="two"),
            attrs.evolve(fence, epoch=fence.epoch + 1),
            attrs.evolve(fence, epoch=fence.epoch - 1),
        ):
            with pytest.raises(FenceLost):
                await store.append([intent("a")], fence=wrong)

        assert 1 == (await store.head()).sequence

    async def test_nobody_appends_without_a_lease(self, store: Store) -> None:
        """Where nobody holds the lease, claiming to be nobody does not help."""
        fence = await taken_lease(store)
        await store.release(fence, now=NOW)
        for nobody in (fence, Fence(owner="", epoch=fence.epoch), Fence(owner="", epoch=0)):
            with pytest.raises(FenceLost):
                await store.append([intent("a")], fence=nobody)
            with pytest.raises(FenceLost):
                await store.renew(nobody, now=NOW, seconds=SECONDS)

        assert [EventType.LEASE_ACQUIRED, EventType.LEASE_RELEASED] == [
            item.event.type async for item in store.events()
        ]

    async def test_a_released_lease_is_free_and_its_epoch_stays(self, store: Store) -> None:
        """The next owner has it at once, under a newer epoch; giving it back twice is once."""
        fence = await taken_lease(store)
        await store.release(fence, now=NOW)
        await store.release(fence, now=NOW)
        await store.rebuild()
        lease = await store.acquire("two", now=NOW, seconds=SECONDS)

        assert lease is not None
        assert lease.epoch == fence.epoch + 1
        assert 3 == (await store.head()).sequence
