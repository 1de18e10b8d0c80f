"""What `ports.StateStore` promises, as tests: what the events of a journal add up to."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from syncengine import codec
from syncengine.errors import ClaimTaken
from syncengine.events import EventType
from syncengine.model import Cursor, OperationState, Purpose, Ref
from syncengine.ports import Store
from syncengine.testing.samples import (
    NOW,
    SECONDS,
    abandoned,
    attempted,
    event,
    intent,
    linked,
    moved_to,
    operation,
    park,
    parked,
    taken_lease,
)


class StateContract:
    """Operations, claims, links, parks, cursors, and their rebuilding."""

    async def test_an_intent_is_an_open_operation_with_its_payload(self, store: Store) -> None:
        """What was intended can be done again byte for byte."""
        fence = await taken_lease(store)
        await store.append([intent("a", "b")], fence=fence)

        assert [operation("a", "b")] == list(await store.open_operations("bills"))
        assert [] == list(await store.open_operations("payments"))

    async def test_the_oldest_intent_comes_first(self, store: Store) -> None:
        """Whatever the order in which they were written; of one instant, by their ids."""
        fence = await taken_lease(store)
        for name, minutes in (("op3", 1), ("op9", 0), ("op2", 1), ("op1", 2)):
            opened = NOW + timedelta(minutes=minutes)
            await store.append([intent(name, name=name, opened_at=opened)], fence=fence)

        assert ["op9", "op2", "op3", "op1"] == [
            item.id for item in await store.open_operations("bills")
        ]

    async def test_progress_moves_an_operation_and_nothing_else_of_it(self, store: Store) -> None:
        """An attempt changes state and counters; payload and records stay."""
        fence = await taken_lease(store)
        await store.append([intent("a"), intent("b", name="op2"), attempted("a")], fence=fence)
        moved = attrs.evolve(
            operation("a"), state=OperationState.ATTEMPTED, attempts=1, attempted_at=NOW
        )

        assert [moved, operation("b", name="op2")] == list(await store.open_operations("bills"))

    async def test_progress_of_an_operation_that_is_over_is_only_told(self, store: Store) -> None:
        """It stands in the journal and opens nothing."""
        fence = await taken_lease(store)
        await store.append([intent("a"), linked("a"), attempted("a")], fence=fence)

        assert [] == list(await store.open_operations("bills"))
        assert 4 == (await store.head()).sequence

    async def test_a_link_ends_its_operation(self, store: Store) -> None:
        """Linked records are found by their reference, and nothing is open any more."""
        fence = await taken_lease(store)
        await store.append([intent("a", "b")], fence=fence)
        await store.append([linked("a", "b")], fence=fence)

        link = await store.link(Ref("bills", "a"))

        assert link is not None
        assert "00na" == link.target_id
        assert {"a", "b"} == set(await store.links("bills"))
        assert {} == dict(await store.links("payments"))
        assert await store.link(Ref("payments", "a")) is None
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
        with pytest.raises(ClaimTaken, match="bills/a"):
            await store.append([intent("a", name="op4", purpose=Purpose.ADOPT)], fence=fence)

        assert [] == list(await store.open_operations("bills"))

    async def test_an_operation_claims_all_its_records_or_none(self, store: Store) -> None:
        """The records of a refused operation are free for others, also within one append."""
        fence = await taken_lease(store)
        await store.append([intent("b")], fence=fence)
        for refused in (
            [intent("a", "b", name="op2")],
            [intent("a", name="op3"), intent("a", name="op4")],
        ):
            with pytest.raises(ClaimTaken):
                await store.append(refused, fence=fence)
        await store.append([intent("a", name="op5")], fence=fence)

        assert ["op1", "op5"] == [item.id for item in await store.open_operations("bills")]

    async def test_a_new_generation_of_a_record_may_be_claimed(self, store: Store) -> None:
        """What was done for one generation is not what is to be done for the next."""
        fence = await taken_lease(store)
        await store.append([intent("a"), linked("a")], fence=fence)
        await store.append([intent("a", name="op2", generation=2)], fence=fence)
        with pytest.raises(ClaimTaken):
            await store.append([intent("a", name="op3", generation=2)], fence=fence)

        assert ["op2"] == [item.id for item in await store.open_operations("bills")]

    async def test_an_abandoned_operation_gives_its_claims_back(self, store: Store) -> None:
        """After a refusal the record may be intended again, even in the same append."""
        fence = await taken_lease(store)
        await store.append([intent("a"), abandoned()], fence=fence)
        await store.append([intent("a", name="op2")], fence=fence)
        await store.append([abandoned(name="op2"), intent("a", name="op3")], fence=fence)

        assert ["op3"] == [item.id for item in await store.open_operations("bills")]

    async def test_an_abandoned_update_leaves_the_claim_of_the_link(self, store: Store) -> None:
        """Only its own claims are given back, and an update has none."""
        fence = await taken_lease(store)
        await store.append([intent("a"), linked("a")], fence=fence)
        update = intent("a", name="op2", purpose=Purpose.UPDATE)
        await store.append([update, abandoned(name="op2")], fence=fence)

        with pytest.raises(ClaimTaken):
            await store.append([intent("a", name="op3")], fence=fence)

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
        told = [
            parked("b", "Y", "412.375"),
            parked("a", "X", "999999999999999.99"),
            parked("b", "X", "1.00"),
            parked("b", "X", "0.10"),
            parked("B", "X", "-475.40"),
        ]
        await store.append(told, fence=fence)
        lifted = event(EventType.UNPARKED, Ref("bills", "b"), code="Y")
        await store.append([lifted, lifted], fence=fence)

        assert [
            park("B", "X", "-475.40"),
            park("a", "X", "999999999999999.99"),
            park("b", "X", "0.10"),
        ] == list(await store.parked("bills"))
        assert [] == list(await store.parked("payments"))

    async def test_a_cursor_is_where_it_was_put_last(self, store: Store) -> None:
        """To the microsecond, in UTC, each flow its own."""
        fence = await taken_lease(store)
        for position in (NOW, NOW + timedelta(microseconds=1)):
            await store.append([moved_to(position)], fence=fence)

        assert Cursor(flow="bills", position=NOW + timedelta(microseconds=1)) == (
            await store.cursor("bills")
        )
        assert await store.cursor("payments") is None

    async def test_rebuild_gives_back_what_the_events_say(self, store: Store) -> None:
        """Every projection made from the journal alone equals what was there, claims included."""
        fence = await taken_lease(store)
        await store.append(
            [
                intent("a"),
                linked("a"),
                intent("b", name="op2"),
                attempted("b", name="op2"),
                intent("d", name="op3"),
                abandoned(name="op3"),
                parked("c", "X", "1.00"),
                parked("c", "Y", "2.00"),
                event(EventType.UNPARKED, Ref("bills", "c"), code="Y"),
                moved_to(NOW),
            ],
            fence=fence,
        )
        before, head = await _state(store), await store.head()
        await store.rebuild()

        assert before == await _state(store)
        assert head == await store.head()
        for key in ("a", "b"):
            with pytest.raises(ClaimTaken):
                await store.append([intent(key, name="op9")], fence=fence)
        await store.append([intent("d", name="op9")], fence=fence)

    async def test_rebuild_leaves_the_lease_with_its_holder(self, store: Store) -> None:
        """The epoch does not fall, and a renewal holds although it left no event."""
        fence = await taken_lease(store)
        await store.renew(fence, now=NOW + timedelta(seconds=50), seconds=SECONDS)
        await store.rebuild()
        later = NOW + timedelta(seconds=SECONDS + 1)

        assert await store.acquire("two", now=later, seconds=SECONDS) is None
        await store.append([intent("a")], fence=fence)


async def _state(store: Store) -> tuple[object, ...]:
    return (
        await store.links("bills"),
        [codec.to_json(item) for item in await store.open_operations("bills")],
        list(await store.parked("bills")),
        await store.cursor("bills"),
    )
