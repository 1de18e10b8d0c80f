"""The engine: runs a connection's flows in their order, under a lease.

It knows neither side: sources, mappers and targets are given to it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

import anyio
import attrs

from syncengine.clock import SystemClock
from syncengine.errors import EngineError, FenceLost
from syncengine.events import Event, EventType
from syncengine.flow import AnyFlow, in_order
from syncengine.model import Fence, JsonValue, Lease
from syncengine.observation import Notice, Observer
from syncengine.operations import Operations
from syncengine.passes import FlowPass
from syncengine.ports import Clock, Store
from syncengine.report import FlowReport, RunReport
from syncengine.resolution import Caution


class LeaseHeld(EngineError):
    """Another engine runs this connection; nothing was read or written."""


class Unobserved:
    """An observer that nobody looks through."""

    def noticed(self, notice: Notice) -> None:
        """Do nothing."""


def new_id() -> str:
    """A random operation or run id, 16 hexadecimal digits."""
    return secrets.token_hex(8)


@attrs.frozen(kw_only=True)
class Engine:
    """Keeps one connection in agreement.

    `lease_seconds` is how long another engine waits after this one died; a live one renews it
    three times in that span. `lease_patience` is how long to wait for a lease that is held.
    `lanes` is how many lanes are written side by side: the clients' own limits still hold.
    """

    connection: str
    store: Store
    flows: Sequence[AnyFlow]
    clock: Clock = attrs.field(factory=SystemClock)
    observer: Observer = attrs.field(factory=Unobserved)
    caution: Caution = attrs.field(factory=Caution)
    lease_seconds: float = 60.0
    lease_patience: float = 90.0
    lanes: int = 8
    new_id: Callable[[], str] = new_id

    async def run(self) -> RunReport:
        """Pass every flow once, and say what was done.

        One bad record never stops its siblings: it stands in the journal as parked. What could
        not be read or is still unknown stands in the report.

        Raises:
            LeaseHeld: another engine holds the lease, also after `lease_patience` seconds.
            FenceLost: the lease was lost on the way; nothing was appended after that.
            Exception: whatever a client raises that is not about a record (a wrong secret, a
                changed schema).
        """
        flows = in_order(self.flows)
        lease = await self._acquire(self.new_id())
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._keep, lease.fence)
                report = await self._run(flows, lease.fence)
                tasks.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise _first(group) from None
        finally:
            with anyio.CancelScope(shield=True):
                await self.store.release(lease.fence, now=self.clock.now())
        return report

    async def _run(self, flows: Sequence[AnyFlow], fence: Fence) -> RunReport:
        report = RunReport(
            connection=self.connection,
            run=self.new_id(),
            settle_window=self.caution.settle_window,
            flows=tuple(FlowReport(flow=flow.name) for flow in flows),
        )
        started = {"run": report.run, "settle_window": str(report.settle_window)}
        await self._append(EventType.RUN_STARTED, started, fence)
        for flow, flow_report in zip(flows, report.flows, strict=True):
            operations = Operations(
                connection=self.connection,
                flow=flow,
                store=self.store,
                fence=fence,
                clock=self.clock,
                observer=self.observer,
                caution=self.caution,
            )
            await FlowPass(
                operations=operations, lanes=self.lanes, new_id=self.new_id, report=flow_report
            ).run()
        finished: dict[str, JsonValue] = {
            "run": report.run,
            "writes": report.writes,
            "complete": report.complete,
        }
        await self._append(EventType.RUN_FINISHED, finished, fence)
        return report

    async def _append(
        self, event_type: EventType, data: dict[str, JsonValue] | dict[str, str], fence: Fence
    ) -> None:
        await self.store.append(
            [Event(type=event_type, at=self.clock.now(), data=data)], fence=fence
        )

    async def _acquire(self, owner: str) -> Lease:
        waited, pause = 0.0, min(1.0, self.lease_seconds / 4)
        while True:
            lease = await self.store.acquire(
                owner, now=self.clock.now(), seconds=self.lease_seconds
            )
            if lease is not None:
                return lease
            if waited >= self.lease_patience:
                raise LeaseHeld(
                    f"connection {self.connection}: another engine holds the lease; "
                    f"waited {waited:.0f} s"
                )
            await self.clock.sleep(pause)
            waited += pause

    async def _keep(self, fence: Fence) -> None:
        while True:
            await self.clock.sleep(self.lease_seconds / 3)
            await self.store.renew(fence, now=self.clock.now(), seconds=self.lease_seconds)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The exception to show: a lost lease before all others, else the first that happened."""
    leaves: list[BaseException] = []
    stack: list[BaseException] = [group]
    while stack:
        item = stack.pop(0)
        if isinstance(item, BaseExceptionGroup):
            stack[:0] = item.exceptions
        else:
            leaves.append(item)
    return next((leaf for leaf in leaves if isinstance(leaf, FenceLost)), leaves[0])
