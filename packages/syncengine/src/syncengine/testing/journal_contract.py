"""What `ports.Journal` promises, as tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import anyio
import anyio.lowlevel
import attrs
import pytest

from syncengine.errors import ClaimTaken, EngineError
from syncengine.events import GENESIS, Event, EventType, RecordedEvent, first_broken
from syncengine.model import Fence, Ref
from syncengine.ports import Journal, Store
from syncengine.testing.samples import (
    NOW,
    discovered,
    intent,
    linked,
    naive,
    parked,
    taken_lease,
)

CONNECTION = "demo"
"""The connection whose store the fixture gives."""

Forgery = Callable[[Sequence[RecordedEvent]], Sequence[RecordedEvent]]


class JournalContract:
    """Appending and reading back: whole, in order, once."""

    async def test_an_empty_store_knows_nothing(self, store: Store) -> None:
        """A new chain ends at its beginning, and no record is known."""
        head = await store.head()

        assert (0, GENESIS) == (head.sequence, head.hash)
        assert [] == await events_of(store)
        assert await store.link(Ref("bills", "a")) is None
        assert await store.cursor("bills") is None
        assert [] == list(await store.parked("bills"))

    async def test_what_was_appended_is_read_back_exactly(self, store: Store) -> None:
        """Events come back in order with type, instant, record and data as they were."""
        fence = await taken_lease(store)
        told = [
            intent("a"),
            parked("b", "MAP_ACCOUNT", "412.375"),
            attrs.evolve(discovered("é\u200b'; --"), at=NOW + timedelta(microseconds=1)),
        ]
        recorded = await store.append(told, fence=fence)

        read = (await events_of(store))[-3:]

        assert list(recorded) == read
        assert told == [item.event for item in read]

    async def test_events_after_a_sequence_are_those_behind_it(self, store: Store) -> None:
        """A reader goes on where it stopped; at the end there is nothing."""
        fence = await taken_lease(store)
        first, last = await store.append([intent("a"), linked("a")], fence=fence)

        later = [item async for item in store.events(after=first.sequence)]

        assert [EventType.LINKED] == [item.event.type for item in later]
        assert [] == [item async for item in store.events(after=last.sequence)]

    async def test_the_chain_holds_and_ends_at_the_head(self, store: Store) -> None:
        """Every event names its predecessor's hash; the head is the last."""
        fence = await taken_lease(store)
        for number in range(5):
            await store.append([intent(f"k{number}", name=f"op{number}")], fence=fence)

        events = await events_of(store)
        head = await store.head()

        assert first_broken(CONNECTION, events) is None
        assert (head.sequence, head.hash) == (events[-1].sequence, events[-1].hash)

    @pytest.mark.parametrize(
        "forgery",
        [
            pytest.param(lambda events: [events[0], _edited(events[1]), *events[2:]], id="edited"),
            pytest.param(lambda events: [events[0], *events[2:]], id="removed"),
            pytest.param(lambda events: [events[0], events[2], events[1]], id="reordered"),
        ],
    )
    async def test_a_chain_that_was_tampered_with_breaks_there(
        self, store: Store, forgery: Forgery
    ) -> None:
        """An event that was edited, removed or moved is found at its place."""
        fence = await taken_lease(store)
        await store.append([parked("a", "X", "1.00"), parked("b", "X", "2.00")], fence=fence)

        assert 2 == first_broken(CONNECTION, forgery(await events_of(store)))

    async def test_an_append_of_nothing_leaves_nothing(self, store: Store) -> None:
        """There may be nothing to tell."""
        fence = await taken_lease(store)
        before = await store.head()

        assert [] == list(await store.append([], fence=fence))
        assert before == await store.head()

    async def test_a_refused_append_leaves_nothing(self, store: Store) -> None:
        """All events of an append are written with what they change, or none."""
        fence = await taken_lease(store)
        await store.append([intent("a")], fence=fence)
        before = await store.head()
        with pytest.raises(ClaimTaken):
            await store.append([parked("b", "X", "1.00"), intent("a", name="op2")], fence=fence)
        with pytest.raises(ValueError, match="naive"):
            await store.append([parked("b", "X", "1.00"), naive()], fence=fence)

        assert before == await store.head()
        assert [] == list(await store.parked("bills"))

    async def test_concurrent_appends_are_each_recorded_once(self, store: Store) -> None:
        """Fifty tasks append; no gap, nothing twice, and nobody's events between another's.

        Each task sees what it appended as soon as its append returns.
        """
        fence = await taken_lease(store)

        async def append(number: int) -> None:
            key, name = f"k{number}", f"op{number}"
            recorded = await store.append(
                [intent(key, name=name), linked(key, name=name)], fence=fence
            )

            assert await store.link(Ref("bills", key)) is not None
            assert recorded[-1].sequence <= (await store.head()).sequence

        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(append, number)
        events = await events_of(store)
        operations = [item.event.operation for item in events[1:]]

        assert first_broken(CONNECTION, events) is None
        assert {f"op{number}" for number in range(50)} == set(operations[::2])
        assert operations[::2] == operations[1::2]

    async def test_one_refused_append_does_not_touch_those_beside_it(self, store: Store) -> None:
        """Whatever refuses an append (claim, fence, its own content), its siblings are recorded."""
        fence = await taken_lease(store)
        refused: list[str] = []

        async def append(told: Event, shown: Fence) -> None:
            try:
                await store.append([discovered(told.operation), told], fence=shown)
            except (EngineError, ValueError):
                refused.append(told.operation)

        async with anyio.create_task_group() as tasks:
            for number in range(10):
                tasks.start_soon(append, intent(f"k{number}", name=f"op{number}"), fence)
                tasks.start_soon(append, intent(f"k{number}", name=f"late{number}"), fence)
            tasks.start_soon(append, intent("z", name="lost"), Fence(owner="other", epoch=9))
            tasks.start_soon(append, naive(name="malformed"), fence)
        events = await events_of(store)

        assert {"lost", "malformed", *(f"late{number}" for number in range(10))} == set(refused)
        assert 10 == len(await store.open_operations("bills"))
        assert 1 + 2 * 10 == len(events)
        assert first_broken(CONNECTION, events) is None

    async def test_a_cancelled_append_is_whole_or_not_there(self, store: Store) -> None:
        """Who is cancelled loses and doubles nobody's events, and the store goes on."""
        fence = await taken_lease(store)
        returned: set[str] = set()

        async def append(key: str) -> None:
            await store.append([discovered(key), discovered(key)], fence=fence)
            returned.add(key)

        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(append, f"k{number}")
            await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        await append("last")
        events = await events_of(store)
        keys = [item.event.ref.key for item in events if item.event.ref is not None]

        assert first_broken(CONNECTION, events) is None
        assert keys[::2] == keys[1::2]
        assert len(set(keys)) == len(keys[::2])
        assert returned <= set(keys)


async def events_of(journal: Journal) -> list[RecordedEvent]:
    """Every event of a journal."""
    return [item async for item in journal.events()]


def _edited(recorded: RecordedEvent) -> RecordedEvent:
    forged = attrs.evolve(recorded.event, data={"park": "forged"})
    return attrs.evolve(recorded, event=forged)
