"""One pass of one flow: resume what is open, read, match, and carry out. A thin loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import anyio
import anyio.abc
import attrs

from syncengine import codec
from syncengine.errors import Busy
from syncengine.events import Event, EventType
from syncengine.flow import AnyFlow, Keyed, alone, grouped
from syncengine.model import (
    Disposition,
    JsonValue,
    Link,
    Operation,
    OperationRecord,
    OperationState,
    Park,
    Payload,
    Purpose,
    Ref,
)
from syncengine.observation import Notice, Point
from syncengine.operations import Ending, Open, Operations, Over, Refused
from syncengine.ports import Absent, Found, Several
from syncengine.reading import Known, Reading
from syncengine.report import FlowReport

DUPLICATE_SUSPECT = "DUPLICATE_SUSPECT"
"""The park code of a record with more than one possible twin (`domain.md` W15)."""


@attrs.define(kw_only=True)
class FlowPass:
    """One pass of one flow in one run. `lanes` bounds how many lanes are worked side by side."""

    operations: Operations
    lanes: int
    new_id: Callable[[], str]
    report: FlowReport

    @property
    def flow(self) -> AnyFlow:
        """The flow that passes."""
        return self.operations.flow

    async def run(self) -> None:
        """Make the other side agree with the source, as far as it can be done now.

        What is left open or parked stands in the report; nothing of it stops its siblings.
        """
        self._notice(Point.FLOW_STARTED)
        known = await Known.of(self.flow, self.operations.store)
        reading = Reading(
            flow=self.flow,
            store=self.operations.store,
            fence=self.operations.fence,
            clock=self.operations.clock,
            known=known,
        )
        async with anyio.create_task_group() as tasks:
            for operation in {item.id: item for item in known.operations.values()}.values():
                tasks.start_soon(self._resume, operation)
            try:
                await reading.run()
            except Busy as busy:
                self.report.problem = busy.message
            self._count(reading)
            await self._write(reading, tasks)
        if reading.plan.cursor and not (self.report.left_open or self.report.problem):
            moved = {"cursor": codec.to_json(reading.plan.cursor)}
            await self._append(self._event(EventType.CURSOR_MOVED, None, moved))
        self._notice(Point.FLOW_FINISHED, count=self.report.writes)

    def _count(self, reading: Reading) -> None:
        self.report.read = reading.plan.read
        self.report.parked += reading.plan.parked
        self.report.lifted += reading.plan.lifted
        self._notice(Point.RECORDS_READ, count=reading.plan.read)

    async def _write(self, reading: Reading, tasks: anyio.abc.TaskGroup) -> None:
        fresh = await self._match_all(reading.plan.creates)
        lanes: dict[str, list[Operation]] = defaultdict(list)
        for operation in (*self._creates(fresh), *self._updates(reading.plan.updates)):
            lanes[operation.lane].append(operation)
        limiter = anyio.CapacityLimiter(self.lanes)
        for lane in lanes.values():
            tasks.start_soon(self._run_lane, lane, limiter, tasks)

    # Matching: is there a twin already?

    async def _match_all(self, creates: Sequence[Keyed]) -> Sequence[Keyed]:
        """Adopt the twins that are there; return the rest, in the order the source told them.

        Lanes are looked through side by side, the drafts of one lane one after the other: what
        is given to the first (a free number) is taken for the second.
        """
        lanes: dict[str, list[Keyed]] = defaultdict(list)
        for item in creates:
            lanes[item.draft.lane or item.key].append(item)
        limiter = anyio.CapacityLimiter(self.lanes)
        fresh: dict[str, Keyed] = {}

        async def match_lane(lane: Sequence[Keyed]) -> None:
            async with limiter:
                for item in lane:
                    unmatched = await self._match(item)
                    if unmatched is not None:
                        fresh[item.key] = unmatched

        async with anyio.create_task_group() as tasks:
            for lane in lanes.values():
                tasks.start_soon(match_lane, lane)
        return [fresh[item.key] for item in creates if item.key in fresh]

    async def _match(self, item: Keyed) -> Keyed | None:
        try:
            looked = await self.flow.target.match(item.draft)
        except Busy as busy:
            self.report.left_open.append(f"{item.key}: could not look for a twin: {busy.message}")
            return None
        match looked:
            case Absent(payload=payload):
                draft = attrs.evolve(item.draft, payload=payload) if payload else item.draft
                return attrs.evolve(item, draft=draft)
            case Found():
                await self._adopt(item, looked)
            case Several(target_ids=target_ids):
                await self._suspect(item, target_ids)
        return None

    async def _adopt(self, item: Keyed, found: Found) -> None:
        operation = self._operation(
            [_with_facts(item, {**item.draft.facts, **found.facts})],
            purpose=Purpose.ADOPT,
            payload=item.draft.payload,
            steps=("mark",) if found.mark else (),
            target_id=found.target_id,
        )
        await self._settle(await self._begin_and_send(operation))

    async def _suspect(self, item: Keyed, target_ids: Sequence[str]) -> None:
        now = self.operations.clock.now()
        park = Park(
            ref=Ref(self.flow.name, item.key),
            code=DUPLICATE_SUSPECT,
            disposition=Disposition.PARKED,
            sentence=f"{len(target_ids)} rows on the other side could be this record.",
            field="target ids",
            value=", ".join(target_ids),
            owner="AP",
            clears="a person leaves one of them, or marks the right one",
            first_seen=now,
        )
        self.report.parked += 1
        await self._append(self._event(EventType.PARKED, park.ref, {"park": codec.to_json(park)}))

    # Writing.

    def _creates(self, fresh: Sequence[Keyed]) -> Iterator[Operation]:
        for members in grouped(fresh, largest=self.flow.largest_group):
            yield self._create(members)

    def _create(self, members: Sequence[Keyed]) -> Operation:
        combined = self.flow.combine(members)
        return self._operation(
            members, purpose=Purpose.CREATE, payload=combined.payload, steps=combined.steps
        )

    def _updates(self, updates: Sequence[tuple[Keyed, Link]]) -> Iterator[Operation]:
        for item, link in updates:
            yield self._operation(
                [_with_facts(item, {**link.facts, **item.draft.facts})],
                purpose=Purpose.UPDATE,
                payload=alone([item]).payload,
                steps=("update",),
                target_id=link.target_id,
                generation=link.generation,
            )

    def _operation(
        self,
        members: Sequence[Keyed],
        *,
        purpose: Purpose,
        payload: Payload,
        steps: tuple[str, ...],
        target_id: str = "",
        generation: int = 1,
    ) -> Operation:
        first = members[0]
        return Operation(
            id=self.new_id(),
            flow=self.flow.name,
            purpose=purpose,
            records=tuple(
                OperationRecord(
                    key=item.key, payload_hash=item.payload_hash, facts=item.draft.facts
                )
                for item in members
            ),
            payload=payload,
            opened_at=self.operations.clock.now(),
            generation=generation,
            lane=first.draft.lane or first.key,
            target_id=target_id,
            steps=steps,
        )

    async def _run_lane(
        self,
        lane: Sequence[Operation],
        limiter: anyio.CapacityLimiter,
        tasks: anyio.abc.TaskGroup,
    ) -> None:
        async with limiter:
            for operation in lane:
                ending = await self._begin_and_send(operation)
                if isinstance(ending, Open) and ending.operation.state is OperationState.UNKNOWN:
                    # Looked for beside its siblings, which go on.
                    tasks.start_soon(self._resume, ending.operation)
                else:
                    await self._settle(ending)

    async def _begin_and_send(self, operation: Operation) -> Ending:
        return await self.operations.send(await self.operations.begin(operation))

    async def _resume(self, operation: Operation) -> None:
        ending = await self.operations.resume(operation)
        if isinstance(ending, Open) and ending.operation.state is OperationState.UNKNOWN:
            # The one retry ended without an answer too: it is looked for like the first.
            ending = await self.operations.resume(ending.operation)
        await self._settle(ending)

    async def _settle(self, ending: Ending) -> None:
        operation = ending.operation
        match ending:
            case Over():
                self._count_over(operation)
            case Open(why=why):
                self.report.left_open.append(f"{operation.refs[0]}: {why}")
            case Refused() if len(operation.records) > 1:
                await self._one_by_one(operation)
            case Refused():
                self.report.rejected += 1

    async def _one_by_one(self, operation: Operation) -> None:
        """Nobody said which of the records was refused: each is tried alone (`domain.md` I-47)."""
        for record, payload in self.flow.split(operation):
            again = attrs.evolve(
                operation,
                id=self.new_id(),
                records=(record,),
                payload=payload,
                results={},
                state=OperationState.INTENT,
                attempts=0,
                attempted_at=None,
            )
            await self._settle(await self._begin_and_send(again))

    def _count_over(self, operation: Operation) -> None:
        records = len(operation.records)
        match operation.purpose:
            case Purpose.CREATE:
                self.report.created += records
            case Purpose.ADOPT:
                self.report.adopted += records
            case Purpose.UPDATE:
                self.report.updated += records

    def _event(
        self, event_type: EventType, ref: Ref | None, data: Mapping[str, JsonValue]
    ) -> Event:
        return Event(type=event_type, at=self.operations.clock.now(), ref=ref, data=data)

    async def _append(self, event: Event) -> None:
        await self.operations.store.append([event], fence=self.operations.fence)

    def _notice(self, point: Point, *, count: int = 0) -> None:
        self.operations.observer.noticed(
            Notice(
                point=point,
                connection=self.operations.connection,
                flow=self.flow.name,
                count=count,
            )
        )


def _with_facts(item: Keyed, facts: Mapping[str, str]) -> Keyed:
    return attrs.evolve(item, draft=attrs.evolve(item.draft, facts=facts))
