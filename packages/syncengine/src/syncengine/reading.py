"""The first half of a pass: read the source, decide what to do, and tell the parks.

What to do with a record is decided in `decide`; this only asks, and writes down the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

import attrs

from syncengine import codec
from syncengine.decide import Action, action, park_changes
from syncengine.events import Event, EventType, digest
from syncengine.flow import AnyFlow, Keyed
from syncengine.model import Cursor, Fence, JsonValue, Link, Operation, Park, Ref
from syncengine.ports import Clock, SourceRecord, Standing, Store

_APPEND_EVERY = 200
"""Parks and discoveries share an append in batches of this size."""

F = TypeVar("F")


@attrs.frozen(kw_only=True)
class Known:
    """What the store knew of a flow when its pass began."""

    operations: Mapping[str, Operation]
    links: Mapping[Ref, Link]
    parks: Mapping[str, Sequence[Park]]

    @classmethod
    async def of(cls, flow: AnyFlow, store: Store) -> Known:
        """Read it: open operations and parks of the flow, links of it and of those before it."""
        parks: dict[str, list[Park]] = defaultdict(list)
        for park in await store.parked(flow.name):
            parks[park.ref.key].append(park)
        links = {
            Ref(name, key): link
            for name in (*flow.after, flow.name)
            for key, link in (await store.links(name)).items()
        }
        operations = {
            record.key: operation
            for operation in await store.open_operations(flow.name)
            for record in operation.records
        }
        return cls(operations=operations, links=links, parks=parks)


@attrs.define(kw_only=True)
class Plan:
    """What reading found to do. `cursor` is where the next pass may begin (None: as before)."""

    creates: list[Keyed] = attrs.field(factory=list)
    updates: list[tuple[Keyed, Link]] = attrs.field(factory=list)
    cursor: Cursor | None = None
    read: int = 0
    parked: int = 0
    lifted: int = 0


@attrs.define(kw_only=True)
class Reading:
    """Reads one flow's source once."""

    flow: AnyFlow
    store: Store
    fence: Fence
    clock: Clock
    known: Known
    plan: Plan = attrs.field(factory=Plan)
    _events: list[Event] = attrs.field(factory=list, init=False)

    async def run(self) -> Plan:
        """Read to the end, with the parks told on the way.

        Raises:
            Busy: the source could not be read to its end; what was told until then is kept.
        """
        since = await self.store.cursor(self.flow.name)
        try:
            async for record in self.flow.source.changes(since, self.known.links):
                self._take(record)
                if len(self._events) >= _APPEND_EVERY:
                    await self._flush()
        finally:
            await self._flush()
        position = await self.flow.source.position()
        if position is not None and (since is None or position > since.position):
            self.plan.cursor = Cursor(flow=self.flow.name, position=position)
        return self.plan

    def _take(self, record: SourceRecord[F]) -> None:
        self.plan.read += 1
        ref = Ref(self.flow.name, record.key)
        standing = self.flow.mapper.standing(record.key, record.facts, self.known.links)
        open_operation = self.known.operations.get(record.key)
        link = self.known.links.get(ref)
        parks = self.known.parks.get(record.key, ())
        payload_hash = digest(standing.draft.payload) if standing.draft else None
        if open_operation is None:
            self._discover(ref, standing, link, parks)
            self._tell(ref, standing, parks, payload_hash)
        if standing.draft is None or payload_hash is None:
            return
        keyed = Keyed(key=record.key, draft=standing.draft, payload_hash=payload_hash)
        do = action(
            open_operation=open_operation, link=link, payload_hash=payload_hash, parks=parks
        )
        if do is Action.CREATE:
            self.plan.creates.append(keyed)
        elif do is Action.UPDATE and link is not None:
            self.plan.updates.append((keyed, link))

    def _discover(
        self, ref: Ref, standing: Standing, link: Link | None, parks: Sequence[Park]
    ) -> None:
        """The first that the audit trail tells of a record is what was seen of it."""
        if link is None and not parks and (standing.draft or standing.reasons):
            facts = dict(standing.draft.facts) if standing.draft else {}
            self._events.append(self._event(EventType.DISCOVERED, ref, {"facts": facts}))

    def _tell(
        self, ref: Ref, standing: Standing, parks: Sequence[Park], payload_hash: str | None
    ) -> None:
        changes = park_changes(
            ref,
            parks=parks,
            reasons=standing.reasons,
            payload_hash=payload_hash,
            now=self.clock.now(),
        )
        for park in changes.put:
            self._events.append(self._event(EventType.PARKED, ref, {"park": codec.to_json(park)}))
        for code in changes.drop:
            self._events.append(self._event(EventType.UNPARKED, ref, {"code": code}))
        self.plan.parked += len(changes.put)
        self.plan.lifted += len(changes.drop)

    def _event(self, event_type: EventType, ref: Ref, data: Mapping[str, JsonValue]) -> Event:
        return Event(type=event_type, at=self.clock.now(), ref=ref, data=data)

    async def _flush(self) -> None:
        events, self._events = self._events, []
        if events:
            await self.store.append(events, fence=self.fence)
