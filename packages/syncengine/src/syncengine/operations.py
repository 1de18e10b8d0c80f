"""Carrying out one operation: intent, attempt, classify, resolve, link (`domain.md` §3.3).

Every transition is appended to the journal before the next thing happens: the intent before the
attempt, the attempt before the request, the outcome together with the link. So whatever is killed
in between, the next run knows what may have been done.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs

from syncengine import transitions
from syncengine.errors import Busy, OutcomeUnknown, Rejected
from syncengine.flow import AnyFlow
from syncengine.model import Fence, Link, Operation, OperationState
from syncengine.observation import Notice, Observer, Point
from syncengine.ports import Absent, Clock, Found, Several, Store
from syncengine.resolution import Caution, Next, after_absence, wait_before_look
from syncengine.transitions import Transition


@attrs.frozen
class Over:
    """The operation is done: these are its links."""

    operation: Operation
    links: tuple[Link, ...]


@attrs.frozen
class Refused:
    """The other side said no, for good; the operation is over without effect."""

    operation: Operation
    rejection: Rejected


@attrs.frozen
class Open:
    """Not over: refused unread, or nobody knows yet. A later moment goes on with it."""

    operation: Operation
    why: str


Ending: TypeAlias = Over | Refused | Open


@attrs.frozen(kw_only=True)
class Operations:
    """Carries out the operations of one flow in one run, under one lease."""

    connection: str
    flow: AnyFlow
    store: Store
    fence: Fence
    clock: Clock
    observer: Observer
    caution: Caution

    async def begin(self, operation: Operation) -> Operation:
        """Write down the intent: from here on the records belong to this operation.

        Raises:
            ClaimTaken: another operation owns one of the records.
        """
        self._notice(Point.BEFORE_INTENT, operation)
        begun = transitions.begun(operation, self.clock.now(), self.flow.target_ids)
        operation = await self._append(begun)
        self._notice(Point.INTENT_COMMITTED, operation)
        return operation

    async def send(self, operation: Operation) -> Ending:
        """Do the remaining steps, each once; ends at the first outcome that is not a success."""
        while operation.step is not None:
            operation = await self._append(transitions.attempted(operation, self.clock.now()))
            self._notice(Point.ATTEMPT_COMMITTED, operation)
            try:
                result = await self.flow.target.perform(operation)
            except Busy as busy:
                return await self._open(
                    transitions.not_executed(operation, self.clock.now(), busy.message),
                    f"not executed: {busy.message}",
                )
            except OutcomeUnknown as unknown:
                return await self._open(
                    transitions.unknown(operation, self.clock.now(), unknown.message),
                    f"outcome unknown: {unknown.message}",
                )
            except Rejected as rejection:
                return await self._refused(operation, rejection)
            operation = await self._confirmed(operation, result)
        return self._over(operation)

    async def resume(self, operation: Operation) -> Ending:
        """Go on with an operation that an earlier moment left open.

        An intent without an attempt was not sent (`domain.md` W2): it is sent now. Anything else
        is looked for first, over the settle window, as far as this run's patience goes.
        """
        while operation.state is not OperationState.INTENT:
            wait = wait_before_look(
                operation,
                absence_is_proof=self.flow.target.absence_is_proof,
                caution=self.caution,
                now=self.clock.now(),
            )
            if wait > self.caution.patience:
                return Open(operation, f"to be looked for in {wait:.0f} s")
            await self.clock.sleep(wait)
            try:
                looked = await self.flow.target.find(operation)
            except Busy as busy:
                return Open(operation, f"could not look: {busy.message}")
            self._notice(Point.LOOKED_UP, operation, detail=type(looked).__name__.lower())
            match looked:
                case Found(target_id=target_id):
                    operation = await self._found(operation, target_id)
                case Several(target_ids=target_ids):
                    return await self._stuck(operation, f"{len(target_ids)} rows could be it")
                case Absent():
                    operation, given_up = await self._absent(operation)
                    if given_up is not None:
                        return given_up
        return await self.send(operation)

    async def _confirmed(self, operation: Operation, result: str) -> Operation:
        self._notice(Point.REPLIED, operation, detail="confirmed")
        return await self._append(
            transitions.confirmed(
                operation, self.clock.now(), result=result, target_ids=self.flow.target_ids
            )
        )

    async def _found(self, operation: Operation, target_id: str) -> Operation:
        return await self._append(
            transitions.confirmed(
                operation,
                self.clock.now(),
                result=target_id,
                target_ids=self.flow.target_ids,
                by_looking=True,
            )
        )

    async def _absent(self, operation: Operation) -> tuple[Operation, Open | None]:
        operation = attrs.evolve(operation, lookups=operation.lookups + 1)
        now = self.clock.now()
        match after_absence(
            operation,
            absence_is_proof=self.flow.target.absence_is_proof,
            caution=self.caution,
            now=now,
        ):
            case Next.LOOK_AGAIN:
                return await self._append(transitions.not_seen_yet(operation, now)), None
            case Next.SEND_AGAIN:
                return await self._append(transitions.absent(operation, now)), None
            case Next.GIVE_UP:
                why = f"sent {operation.attempts} times, not seen over the settle window"
                return operation, await self._stuck(operation, why)

    async def _refused(self, operation: Operation, rejection: Rejected) -> Refused:
        self._notice(Point.REPLIED, operation, detail="rejected")
        await self._append(transitions.rejected(operation, self.clock.now(), rejection))
        self._notice(Point.OPERATION_OVER, operation, detail="rejected")
        return Refused(operation, rejection)

    async def _open(self, transition: Transition, why: str) -> Open:
        self._notice(Point.REPLIED, transition.operation, detail=why)
        return Open(await self._append(transition), why)

    async def _stuck(self, operation: Operation, why: str) -> Open:
        return Open(await self._append(transitions.stuck(operation, self.clock.now(), why)), why)

    def _over(self, operation: Operation) -> Over:
        self._notice(Point.OPERATION_OVER, operation, detail="linked")
        return Over(operation, transitions.links(operation, self.flow.target_ids))

    async def _append(self, transition: Transition) -> Operation:
        if transition.events:
            await self.store.append(transition.events, fence=self.fence)
        return transition.operation

    def _notice(self, point: Point, operation: Operation, *, detail: str = "") -> None:
        self.observer.noticed(
            Notice(
                point=point,
                connection=self.connection,
                flow=self.flow.name,
                keys=tuple(record.key for record in operation.records),
                operation=operation.id,
                step=operation.step or "",
                detail=detail,
                count=len(operation.records),
            )
        )
