"""Slots: first come, first served; none is lost and none is given out twice."""

from __future__ import annotations

import asyncio

import anyio
import anyio.abc
import attrs
from hypothesis import given
from hypothesis import strategies as st

from api_transport import Limits, Pace
from api_transport._slots import Slots


@attrs.define
class Scene:
    """Tasks that hold a slot until they are told to go, or are cancelled."""

    tasks: anyio.abc.TaskGroup
    pace: Pace
    slots: Slots
    holding: list[int] = attrs.field(factory=list)
    ever: list[int] = attrs.field(factory=list)
    scopes: list[anyio.CancelScope] = attrs.field(factory=list)
    leave: list[anyio.Event] = attrs.field(factory=list)

    def come(self) -> None:
        """One more task that wants a slot."""
        self.scopes.append(anyio.CancelScope())
        self.leave.append(anyio.Event())
        self.tasks.start_soon(self.hold, len(self.scopes) - 1)

    async def hold(self, number: int) -> None:
        """Hold a slot until told to leave."""
        with self.scopes[number]:
            await self.slots.acquire()
            try:
                self.holding.append(number)
                self.ever.append(number)
                await self.leave[number].wait()
            finally:
                self.holding.remove(number)
                self.slots.release()


def scene(tasks: anyio.abc.TaskGroup, slots: int) -> Scene:
    """Nobody is there yet."""
    pace = Pace(Limits(concurrent=slots, adaptive=True))
    return Scene(tasks, pace, Slots(pace))


async def test_slots_are_given_out_in_order() -> None:
    """Who came first is served first; a newcomer does not overtake those who wait."""
    async with anyio.create_task_group() as tasks:
        here = scene(tasks, 1)
        for _ in range(4):
            here.come()
        await anyio.wait_all_tasks_blocked()
        for number in range(4):
            here.leave[number].set()
            here.come()
            await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()

    assert here.ever == [0, 1, 2, 3, 4]


async def test_fewer_slots_take_nobodys_away_and_let_nobody_in() -> None:
    """From four down to two: the third and fourth to leave make room, the first two do not."""
    async with anyio.create_task_group() as tasks:
        here = scene(tasks, 4)
        for _ in range(7):
            here.come()
        await anyio.wait_all_tasks_blocked()
        here.pace.pressed(here.pace.sent())
        seen = [list(here.holding)]
        for number in range(3):
            here.leave[number].set()
            await anyio.wait_all_tasks_blocked()
            seen.append(list(here.holding))
        tasks.cancel_scope.cancel()

    assert seen == [[0, 1, 2, 3], [1, 2, 3], [2, 3], [3, 4]]


async def test_one_more_slot_is_used_when_the_next_is_given_back() -> None:
    """Where the pace has gone up, one that leaves makes room for two."""
    async with anyio.create_task_group() as tasks:
        here = scene(tasks, 4)
        here.pace.pressed(here.pace.sent())
        for _ in range(5):
            here.come()
        await anyio.wait_all_tasks_blocked()
        for _ in range(2):
            here.pace.eased(here.pace.sent())
        here.leave[0].set()
        await anyio.wait_all_tasks_blocked()
        seen = list(here.holding)
        tasks.cancel_scope.cancel()

    assert seen == [1, 2, 3]


async def test_who_is_called_looks_at_the_pace_again() -> None:
    """Between the call and the waking up the pace falls: one waits on, and keeps one's place."""
    async with anyio.create_task_group() as tasks:
        here = scene(tasks, 2)
        for _ in range(4):
            here.come()
        await anyio.wait_all_tasks_blocked()
        here.leave[0].set()
        while 0 in here.holding:
            await anyio.lowlevel.checkpoint()
        here.pace.pressed(here.pace.sent())
        await anyio.wait_all_tasks_blocked()
        while_fewer = list(here.holding)
        here.leave[1].set()
        await anyio.wait_all_tasks_blocked()
        after = list(here.holding)
        tasks.cancel_scope.cancel()

    assert (while_fewer, after) == ([1], [2])


async def test_who_is_cancelled_just_after_being_called_passes_the_call_on() -> None:
    """Asyncio cancels between the call and the waking up: a turn could be lost there."""
    slots = Slots(Pace(Limits(concurrent=1)))
    await slots.acquire()
    second, third = (asyncio.ensure_future(slots.acquire()) for _ in range(2))
    await anyio.wait_all_tasks_blocked()
    slots.release()  # calls the second, which has not run since
    second.cancel()
    with anyio.fail_after(5):
        await third

    assert second.cancelled()


@given(
    most=st.integers(1, 5),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["come", "leave", "cancel", "press", "ease", "turn"]),
            st.integers(0, 30),
        ),
        max_size=60,
    ),
)
async def test_no_story_loses_a_slot_or_gives_one_too_many(
    most: int, steps: list[tuple[str, int]]
) -> None:
    """Nobody enters above the pace, and when all have gone all slots are there again."""
    async with anyio.create_task_group() as tasks:
        here = scene(tasks, most)
        for step, number in steps:
            before = len(here.ever)
            match step:
                case "come":
                    here.come()
                case "leave" if number < len(here.leave):
                    here.leave[number].set()
                case "cancel" if number < len(here.scopes):
                    here.scopes[number].cancel()
                case "press":
                    here.pace.pressed(here.pace.sent())
                case "ease":
                    here.pace.eased(here.pace.sent())
                case _:
                    await anyio.wait_all_tasks_blocked()

            assert len(here.ever) == before or len(here.holding) <= here.pace.slots
        tasks.cancel_scope.cancel()

    assert here.holding == []
    assert (here.slots._taken, len(here.slots._queue)) == (0, 0)
