"""What `ports.Journal` and `ports.StateStore` promise, as tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import anyio
import attrs
import pytest

from syncengine import codec
from syncengine.errors import ClaimTaken
from syncengine.events import GENESIS, Event, EventType, RecordedEvent, first_broken
from syncengine.model import Cursor, OperationState, Purpose, Ref
from syncengine.ports import Journal, Store
from syncengine.testing.samples import (
    NOW,
    event,
    intent,
    linked,
    moved_to,
    operation,
    park,
    parked,
    taken_lease,
)

CONNECTION = "demo"
"""The connection whose store the fixture gives."""


class JournalContract:
    """Appending, reading back, and what the events add up to."""

    async def test_an_empty_store_knows_nothing(self, store: Store) -> None:
        """A new chain ends at its beginning, and no record is known."""
        head = await store.head()

        assert (0, GENESIS) == (head.sequence, head.hash)
        assert await store.link(Ref("bills", "a")) is None
        assert await store.cursor("bills") is None
        assert [] == list(await store.parked("bills"))

    async def test_what_was_appended_is_read_back_exactly(self, store: Store) -> None:
        """Events come back in order with type, instant, record and data as they were."""
        fence = await taken_lease(store)
        events = [intent("a"), parked("b", "MAP_ACCOUNT", "412.375")]
        recorded = await store.append(events, fence=fence)

        read = (await events_of(store))[-2:]

        assert list(recorded) == list(read)
        assert events == [item.event for item in read]

    async def test_events_after_a_sequence_are_those_behind_it(self, store: Store) -> None:
        """A reader goes on where it stopped."""
        fence = await taken_lease(store)
        first, *_ = await store.append([intent("a"), linked("a")], fence=fence)

        later = [item async for item in store.events(after=first.sequence)]

        assert [EventType.LINKED] == [item.event.type for item in later]

    async def test_the_chain_holds_and_ends_at_the_head(self, store: Store) -> None:
        """Every event names its predecessor's hash; the head is the last."""
        fence = await taken_lease(store)
        for number in range(5):
            await store.append([intent(f"k{number}", name=f"op{number}")], fence=fence)

        events = await events_of(store)
        head = await store.head()

        assert first_broken(CONNECTION, events) is None
        assert (head.sequence, head.hash) == (events[-1].sequence, events[-1].hash)

    async def test_an_edited_event_breaks_the_chain(self, store: Store) -> None:
        """A changed amount is found at the event that was changed."""
        fence = await taken_lease(store)
        await store.append([parked("a", "X", "1.00"), parked("b", "X", "2.00")], fence=fence)
        events = list(await events_of(store))
        forged = attrs.evolve(events[1].event, data={"park": "forged"})
        events[1] = attrs.evolve(events[1], event=forged)

        assert first_broken(CONNECTION, events) == events[1].sequence

    async def test_an_intent_is_an_open_operation_with_its_payload(self, store: Store) -> None:
        """What was intended can be done again byte for byte."""
        fence = await taken_lease(store)
        await store.append([intent("a", "b")], fence=fence)

        assert [operation("a", "b")] == list(await store.open_operations("bills"))
        assert [] == list(await store.open_operations("payments"))

    async def test_progress_moves_an_operation_and_nothing_else_of_it(self, store: Store) -> None:
        """An attempt changes state and counters; payload and records stay."""
        fence = await taken_lease(store)
        moved = attrs.evolve(
            operation("a"), state=OperationState.ATTEMPTED, attempts=1, attempted_at=NOW
        )
        progress = event(EventType.ATTEMPT, progress=codec.to_json(moved.progress))
        await store.append([intent("a"), progress], fence=fence)

        assert [moved] == list(await store.open_operations("bills"))

    async def test_a_link_ends_its_operation(self, store: Store) -> None:
        """Linked records are found by their reference, and nothing is open any more."""
        fence = await taken_lease(store)
        await store.append([intent("a", "b")], fence=fence)
        await store.append([linked("a", "b")], fence=fence)

        link = await store.link(Ref("bills", "a"))

        assert link is not None
        assert "00na" == link.target_id
        assert {"a", "b"} == set(await store.links("bills"))
        assert [] == list(await store.open_operations("bills"))

    async def test_a_record_is_claimed_once(self, store: Store) -> None:
        """A second intent for a record is refused, before and after the first is linked (I-09)."""
        fence = await taken_lease(store)
        await store.append([intent("a")], fence=fence)
        with pytest.raises(ClaimTaken, match="bills/a"):
            await store.append([intent("a", name="op2")], fence=fence)
        await store.append([linked("a")], fence=fence)
        with pytest.raises(ClaimTaken, match="bills/a"):
            await store.append([intent("a", name="op3")], fence=fence)

        assert [] == list(await store.open_operations("bills"))

    async def test_a_refused_append_leaves_nothing(self, store: Store) -> None:
        """All events of an append are written, or none."""
        fence = await taken_lease(store)
        await store.append([intent("a")], fence=fence)
        before = await store.head()
        with pytest.raises(ClaimTaken):
            await store.append([parked("b", "X", "1.00"), intent("a", name="op2")], fence=fence)

        assert before == await store.head()
        assert [] == list(await store.parked("bills"))

    async def test_an_abandoned_operation_gives_its_claims_back(self, store: Store) -> None:
        """After a refusal the record may be intended again."""
        fence = await taken_lease(store)
        over = Event(type=EventType.ABANDONED, at=NOW, operation="op1")
        await store.append([intent("a"), over], fence=fence)
        await store.append([intent("a", name="op2")], fence=fence)

        assert ["op2"] == [item.id for item in await store.open_operations("bills")]

    async def test_an_update_claims_nothing(self, store: Store) -> None:
        """A linked record can be brought up to date as often as it changes."""
        fence = await taken_lease(store)
        await store.append([intent("a"), linked("a")], fence=fence)
        for name in ("op2", "op3"):
            await store.append([intent("a", name=name, purpose=Purpose.UPDATE)], fence=fence)

        assert ["op2", "op3"] == [item.id for item in await store.open_operations("bills")]

    async def test_a_record_may_be_parked_under_several_codes(self, store: Store) -> None:
        """Each code is put and lifted by itself; amounts are exact; the order is stable."""
        fence = await taken_lease(store)
        both = [parked("b", "Y", "412.375"), parked("a", "X", "-475.40"), parked("b", "X", "0.10")]
        await store.append(both, fence=fence)
        lifted = event(EventType.UNPARKED, Ref("bills", "b"), code="Y")
        await store.append([lifted], fence=fence)

        assert [park("a", "X", "-475.40"), park("b", "X", "0.10")] == list(
            await store.parked("bills")
        )

    async def test_a_cursor_is_where_it_was_put_last(self, store: Store) -> None:
        """To the microsecond, in UTC."""
        fence = await taken_lease(store)
        for position in (NOW, NOW + timedelta(microseconds=1)):
            await store.append([moved_to(position)], fence=fence)

        assert Cursor(flow="bills", position=NOW + timedelta(microseconds=1)) == (
            await store.cursor("bills")
        )

    async def test_concurrent_appends_are_each_recorded_once(self, store: Store) -> None:
        """Fifty tasks append; the chain holds fifty intents and no gap."""
        fence = await taken_lease(store)
        async with anyio.create_task_group() as tasks:
            for number in range(50):

                async def append(number: int = number) -> None:
                    await store.append([intent(f"k{number}", name=f"op{number}")], fence=fence)

                tasks.start_soon(append)

        events = await events_of(store)

        assert first_broken(CONNECTION, events) is None
        assert 50 == len(await store.open_operations("bills"))

    async def test_one_refused_append_does_not_touch_those_beside_it(self, store: Store) -> None:
        """Of two tasks that claim the same record one wins, and all others are recorded."""
        fence = await taken_lease(store)
        refused: list[str] = []

        async def append(name: str, key: str) -> None:
            try:
                await store.append([intent(key, name=name)], fence=fence)
            except ClaimTaken:
                refused.append(name)

        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(append, f"op{number}", f"k{number % 10}")

        assert 10 == len(refused)
        assert 10 == len(await store.open_operations("bills"))

    async def test_rebuild_gives_back_what_the_events_say(self, store: Store) -> None:
        """Every projection made from the journal alone equals what was there."""
        fence = await taken_lease(store)
        await store.append(
            [
                intent("a"),
                linked("a"),
                intent("b", name="op2"),
                parked("c", "X", "1.00"),
                moved_to(NOW),
            ],
            fence=fence,
        )
        before = await _state(store)
        await store.rebuild()

        assert before == await _state(store)
        with pytest.raises(ClaimTaken):
            await store.append([intent("a", name="op9")], fence=fence)


async def events_of(journal: Journal) -> Sequence[RecordedEvent]:
    """Every event of a journal."""
    return [item async for item in journal.events()]


async def _state(store: Store) -> tuple[object, ...]:
    return (
        await store.links("bills"),
        list(await store.open_operations("bills")),
        list(await store.parked("bills")),
        await store.cursor("bills"),
    )
