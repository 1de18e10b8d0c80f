"""What a run did, counted. Amounts are per currency; nothing is added across currencies."""

from __future__ import annotations

import attrs


@attrs.define(kw_only=True)
class FlowReport:
    """One flow's part of a run.

    `created`, `adopted`, `updated`, `rejected` count records; `left_open` counts operations whose
    outcome is not known or that were not executed, each with its reason; `problem` says why the
    flow could not be read to its end, if so.
    """

    flow: str
    read: int = 0
    created: int = 0
    adopted: int = 0
    updated: int = 0
    rejected: int = 0
    parked: int = 0
    lifted: int = 0
    left_open: list[str] = attrs.field(factory=list)
    problem: str = ""

    @property
    def writes(self) -> int:
        """How many records were written to the other side."""
        return self.created + self.updated


@attrs.frozen(kw_only=True)
class RunReport:
    """One run of one connection. `settle_window` is in seconds, as it was in force."""

    connection: str
    run: str
    settle_window: float
    flows: tuple[FlowReport, ...]

    @property
    def complete(self) -> bool:
        """Whether every flow was read to its end and nothing was left open."""
        return not any(flow.problem or flow.left_open for flow in self.flows)

    @property
    def writes(self) -> int:
        """How many records were written to the other side, over all flows."""
        return sum(flow.writes for flow in self.flows)
