"""The engine over a world in memory: every effect happens once, whatever is killed in between."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import anyio
import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncengine.engine import Engine, LeaseHeld
from syncengine.errors import Busy, OutcomeUnknown, Rejected
from syncengine.events import EventType, first_broken
from syncengine.flow import Flow
from syncengine.model import Cursor, Disposition, Link, Operation, OperationState, Ref
from syncengine.observation import Notice, Point
from syncengine.ports import Absent, Draft, Found, Lookup, Reason, Several, SourceRecord, Standing
from syncengine.resolution import Caution
from syncengine.stores.memory import MemoryStore

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
CAUTION = Caution(lookup_times=(0.0, 1.0, 2.0), in_flight=1.0, patience=10.0)


class Killed(BaseException):
    """The process died here."""


class VirtualClock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self._now = BEGAN

    def now(self) -> datetime:
        """The present instant."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self._now += timedelta(seconds=seconds)
        await anyio.lowlevel.checkpoint()


@attrs.frozen
class Item:
    """A record of the source."""

    amount: Decimal
    held: bool = False


@attrs.define
class World:
    """The other side: rows by id, each with the key it was made for."""

    rows: dict[str, str] = attrs.field(factory=dict)
    sends: int = 0
    faults: list[str] = attrs.field(factory=list)
    hidden_until: dict[str, datetime] = attrs.field(factory=dict)


class WorldTarget:
    """Writes to the world, with the faults that it is told to have."""

    absence_is_proof = False

    def __init__(self, world: World, clock: VirtualClock) -> None:
        self.world = world
        self.clock = clock

    def _twins(self, key: str) -> list[str]:
        now = self.clock.now()
        return [
            row
            for row, owner in self.world.rows.items()
            if owner == key and self.world.hidden_until.get(row, now) <= now
        ]

    def _looked(self, key: str) -> Lookup:
        match self._twins(key):
            case []:
                return Absent()
            case [row]:
                return Found(target_id=row)
            case rows:
                return Several(target_ids=tuple(rows))

    async def match(self, draft: Draft) -> Lookup:
        """Nothing here was made by hand, unless a test put it there."""
        return self._looked(str(draft.payload["key"]))

    async def perform(self, operation: Operation) -> str:
        """Make the row, or suffer the next fault."""
        key = str(operation.payload["key"])
        self.world.sends += 1
        fault = self.world.faults.pop(0) if self.world.faults else ""
        match fault:
            case "busy":
                raise Busy("come back later")
            case "rejected":
                raise Rejected("no", code="REJECTED")
            case "lost before":
                raise OutcomeUnknown("the connection broke")
            case "lost after" | "lost after, seen late":
                row = self._make(key)
                if fault.endswith("late"):
                    self.world.hidden_until[row] = self.clock.now() + timedelta(seconds=1.5)
                raise OutcomeUnknown("the reply was lost")
            case "killed after":
                self._make(key)
                raise Killed
            case "killed before":
                raise Killed
            case _:
                return self._make(key)

    def _make(self, key: str) -> str:
        row = f"row{len(self.world.rows)}"
        self.world.rows[row] = key
        return row

    async def find(self, operation: Operation) -> Lookup:
        """Look for the row."""
        return self._looked(str(operation.payload["key"]))


@attrs.frozen
class WorldSource:
    """The records, all of them, each time."""

    items: Mapping[str, Item]

    async def changes(
        self, since: Cursor | None, links: Mapping[Ref, Link]
    ) -> AsyncIterator[SourceRecord[Item]]:
        """Every record."""
        del since, links
        for key, item in self.items.items():
            yield SourceRecord(key=key, facts=item)

    async def position(self) -> datetime | None:
        """No watermark."""
        return None


class ItemMapper:
    """A held item waits; the others are made once."""

    def standing(self, key: str, facts: Item, links: Mapping[Ref, Link]) -> Standing:
        """A draft, a reason, or nothing for what is linked."""
        if Ref("items", key) in links:
            return Standing()
        if facts.held:
            reason = Reason(
                code="HELD",
                disposition=Disposition.HELD,
                sentence="held",
                amount=facts.amount,
                currency="USD",
            )
            return Standing(reasons=(reason,))
        return Standing(
            draft=Draft(payload={"key": key, "amount": str(facts.amount)}, lane=key[:1])
        )


@attrs.define
class KillSwitch:
    """An observer that kills the engine at its n-th notice of a point."""

    point: Point | None = None
    after: int = 0
    notices: list[Notice] = attrs.field(factory=list)

    def noticed(self, notice: Notice) -> None:
        """Count, and kill when it is time."""
        self.notices.append(notice)
        seen = sum(item.point is notice.point for item in self.notices)
        if notice.point is self.point and seen > self.after:
            raise Killed


@attrs.define
class Stage:
    """A world, a store and a clock that outlive the engines."""

    items: dict[str, Item]
    world: World = attrs.field(factory=World)
    clock: VirtualClock = attrs.field(factory=VirtualClock)
    store: MemoryStore = attrs.field(factory=lambda: MemoryStore("demo"))
    ids: Iterator[int] = attrs.field(factory=lambda: itertools.count(1))

    def engine(self, observer: KillSwitch | None = None) -> Engine:
        """A fresh engine, as after a restart."""
        flow = Flow(
            name="items",
            source=WorldSource(self.items),
            mapper=ItemMapper(),
            target=WorldTarget(self.world, self.clock),
        )
        return Engine(
            connection="demo",
            store=self.store,
            flows=(flow,),
            clock=self.clock,
            observer=observer or KillSwitch(),
            caution=CAUTION,
            lease_seconds=30,
            new_id=lambda: f"id{next(self.ids)}",
        )

    async def settle(self) -> None:
        """Run until a run writes nothing and leaves nothing that a later one could do."""
        for _ in range(8):
            report = await self.engine().run()
            left = await self.store.open_operations("items")
            stuck = all(operation.state is OperationState.STUCK for operation in left)
            if report.writes == 0 and stuck:
                return
        raise AssertionError("it never came to rest")


def two_items() -> Stage:
    """A stage with two records ready to go."""
    return Stage(items={"a1": Item(Decimal("10.00")), "b1": Item(Decimal("20.00"))})


async def test_a_run_makes_each_record_once_and_the_next_run_writes_nothing() -> None:
    """Created, linked, and then left alone (I-07)."""
    stage = two_items()

    first = await stage.engine().run()
    second = await stage.engine().run()

    assert [2, 0] == [first.writes, second.writes]
    assert ["a1", "b1"] == sorted(stage.world.rows.values())
    assert {"a1", "b1"} == set(await stage.store.links("items"))


async def test_every_write_stands_in_the_journal_before_it_is_sent() -> None:
    """Intent, attempt, outcome and link, in this order, in an unbroken chain."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))})
    await stage.engine().run()

    events = [item async for item in stage.store.events()]
    told = [item.event.type for item in events if item.event.operation]

    assert [EventType.INTENT, EventType.ATTEMPT, EventType.OUTCOME, EventType.LINKED] == told
    assert first_broken("demo", events) is None


async def test_a_held_record_does_not_stop_its_sibling_and_goes_on_when_it_may() -> None:
    """One record waits with its reason, the other is made; lifted, it is made too."""
    stage = Stage(items={"a1": Item(Decimal("10.00"), held=True), "b1": Item(Decimal("20.00"))})
    await stage.engine().run()

    (park,) = await stage.store.parked("items")
    assert ("HELD", Decimal("10.00")) == (park.code, park.amount)
    assert ["b1"] == list(stage.world.rows.values())

    stage.items["a1"] = Item(Decimal("10.00"))
    await stage.engine().run()

    assert [] == list(await stage.store.parked("items"))
    assert ["a1", "b1"] == sorted(stage.world.rows.values())


@pytest.mark.parametrize("fault", ["lost after", "lost before", "lost after, seen late"])
async def test_a_lost_reply_never_makes_two_rows(fault: str) -> None:
    """Whether it was done or not, and however late it shows: one row, one link (W3, W10)."""
    stage = two_items()
    stage.world.faults = [fault]

    report = await stage.engine().run()

    assert report.complete
    assert ["a1", "b1"] == sorted(stage.world.rows.values())
    assert (3 if fault == "lost before" else 2) == stage.world.sends


async def test_absence_is_believed_only_after_the_settle_window() -> None:
    """A row that is not seen is not sent again before the last look-up time."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))})
    stage.world.faults = ["lost before"]
    await stage.engine().run()

    attempts = [
        item.event.at async for item in stage.store.events() if item.event.type is EventType.ATTEMPT
    ]

    assert CAUTION.settle_window <= (attempts[1] - attempts[0]).total_seconds()


async def test_an_unknown_write_does_not_block_its_siblings() -> None:
    """While one outcome waits for its settle window, the other records are made."""
    stage = Stage(items={f"a{n}": Item(Decimal("1.00")) for n in range(5)})
    stage.world.faults = ["lost before"]
    watcher = KillSwitch()
    await stage.engine(watcher).run()

    order = [n.keys[0] for n in watcher.notices if n.point is Point.OPERATION_OVER]

    assert "a0" == order[-1]


async def test_after_one_retry_a_person_decides() -> None:
    """Sent twice without a trace: parked as ambiguous, never sent a third time."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))})
    stage.world.faults = ["lost before", "lost before", "lost before"]
    await stage.engine().run()
    await stage.engine().run()

    (park,) = await stage.store.parked("items")
    (operation,) = await stage.store.open_operations("items")

    assert "AMBIGUOUS_WRITE" == park.code
    assert OperationState.STUCK is operation.state
    assert 2 == stage.world.sends


async def test_a_stuck_write_is_adopted_when_it_shows_after_all() -> None:
    """The park is lifted and the row linked, without another send."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))})
    stage.world.faults = ["lost before", "lost before"]
    await stage.engine().run()
    stage.world.rows["late"] = "a1"
    await stage.engine().run()

    link = await stage.store.link(Ref("items", "a1"))

    assert link is not None
    assert "late" == link.target_id
    assert [] == list(await stage.store.parked("items"))


async def test_a_rejected_payload_is_parked_and_not_sent_again_until_it_changes() -> None:
    """No is no, for this payload; another payload is tried."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))})
    stage.world.faults = ["rejected"]
    await stage.engine().run()
    await stage.engine().run()
    assert 1 == stage.world.sends

    stage.items["a1"] = Item(Decimal("11.00"))
    await stage.engine().run()

    assert ["a1"] == list(stage.world.rows.values())
    assert [] == list(await stage.store.parked("items"))


async def test_what_was_not_executed_is_left_for_the_next_run() -> None:
    """Busy is no attempt: the intent stays, and the next run sends it."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))})
    stage.world.faults = ["busy"]

    first = await stage.engine().run()
    second = await stage.engine().run()

    assert [False, True] == [first.complete, second.complete]
    assert ["a1"] == list(stage.world.rows.values())


async def test_a_row_made_by_hand_is_adopted() -> None:
    """What is there already is linked, not made again (W15)."""
    stage = Stage(items={"a1": Item(Decimal("10.00"))}, world=World(rows={"typed": "a1"}))

    report = await stage.engine().run()

    assert (0, 1) == (report.writes, report.flows[0].adopted)
    assert 0 == stage.world.sends


async def test_two_possible_twins_are_a_persons() -> None:
    """The engine does not choose between two rows, and makes no third."""
    stage = Stage(
        items={"a1": Item(Decimal("10.00"))}, world=World(rows={"one": "a1", "two": "a1"})
    )
    await stage.engine().run()

    (park,) = await stage.store.parked("items")

    assert "DUPLICATE_SUSPECT" == park.code
    assert 0 == stage.world.sends


async def test_a_second_engine_does_not_run_while_the_first_holds_the_lease() -> None:
    """One engine a connection; the other says so after its patience."""
    stage = two_items()
    await stage.store.acquire("another engine", now=stage.clock.now(), seconds=3600)

    with pytest.raises(LeaseHeld, match="demo"):
        await stage.engine().run()

    assert 0 == stage.world.sends


KILL_POINTS = [
    Point.BEFORE_INTENT,
    Point.INTENT_COMMITTED,
    Point.ATTEMPT_COMMITTED,
    Point.REPLIED,
    Point.OPERATION_OVER,
]


def run_dead_or_alive(stage: Stage, observer: KillSwitch) -> None:
    """Run an engine in a loop of its own; killed, it leaves without unwinding its journal."""
    store = stage.store

    async def live() -> None:
        await stage.engine(observer).run()

    try:
        asyncio.run(live())
    except BaseExceptionGroup as group:
        if group.subgroup(Killed) is None:
            raise
    except Killed:
        pass  # the death was the point
    stage.store = store


@settings(deadline=None)
@given(
    kills=st.lists(
        st.tuples(st.sampled_from(KILL_POINTS), st.integers(0, 4)), min_size=1, max_size=4
    ),
    faults=st.lists(
        st.sampled_from(
            ["", "busy", "lost after", "lost before", "lost after, seen late", "killed after"]
        ),
        max_size=4,
    ),
    held=st.booleans(),
)
def test_killed_anywhere_and_run_again_each_row_is_made_once(
    kills: Sequence[tuple[Point, int]], faults: list[str], *, held: bool
) -> None:
    """Kill at any point, in any order, with any faults: no row twice, and none lost (I-01)."""
    stage = Stage(
        items={
            "a1": Item(Decimal("1.00")),
            "a2": Item(Decimal("2.00"), held=held),
            "b1": Item(Decimal("3.00")),
        }
    )
    stage.world.faults = faults
    for point, after in kills:
        run_dead_or_alive(stage, KillSwitch(point=point, after=after))
    stage.world.faults = []
    asyncio.run(stage.settle())

    links = asyncio.run(stage.store.links("items"))
    stuck = {
        record.key
        for operation in asyncio.run(stage.store.open_operations("items"))
        for record in operation.records
    }
    made = list(stage.world.rows.values())

    assert len(set(made)) == len(made)
    assert {key for key, item in stage.items.items() if not item.held} == set(links) | stuck
    assert set(links) <= set(made)
