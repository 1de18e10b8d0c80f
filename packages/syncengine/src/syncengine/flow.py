"""A flow as a declaration: where records come from, how they map, where they go. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any, Generic, TypeAlias, TypeVar

import attrs

from syncengine.model import Operation, OperationRecord, Payload
from syncengine.ports import Draft, Mapper, Source, Target

S = TypeVar("S")


@attrs.frozen(kw_only=True)
class Keyed:
    """A draft and the record it is for.

    `payload_hash` is the digest of the payload as the mapper made it; the target may complete the
    payload (`ports.Absent`), and the digest stays.
    """

    key: str
    draft: Draft
    payload_hash: str


@attrs.frozen(kw_only=True)
class Combined:
    """What one operation sends for the drafts it carries, and in which steps."""

    payload: Payload
    steps: tuple[str, ...] = ("create",)


Combine: TypeAlias = Callable[[Sequence[Keyed]], Combined]
Split: TypeAlias = Callable[[Operation], Sequence[tuple[OperationRecord, Payload]]]
TargetIds: TypeAlias = Callable[[Operation], Mapping[str, str]]


def alone(drafts: Sequence[Keyed]) -> Combined:
    """One draft, sent as it is."""
    (only,) = drafts
    return Combined(payload=only.draft.payload)


def inseparable(operation: Operation) -> Sequence[tuple[OperationRecord, Payload]]:
    """The one record of an operation that carries one."""
    (only,) = operation.records
    return [(only, operation.payload)]


def last_result(operation: Operation) -> Mapping[str, str]:
    """The last step's result is the twin's id; an operation without steps names it itself."""
    target_id = operation.results[operation.steps[-1]] if operation.steps else operation.target_id
    return {record.key: target_id for record in operation.records}


@attrs.frozen(kw_only=True)
class Flow(Generic[S]):
    """One kind of record on its way from one side to the other.

    `after` names the flows that must have passed before in a run. `combine` joins the drafts of a
    group into one operation of at most `largest_group` records, `split` cuts a refused one into its
    records again, and `target_ids` reads each record's twin from a finished operation.
    """

    name: str
    source: Source[S]
    mapper: Mapper[S]
    target: Target
    after: tuple[str, ...] = ()
    combine: Combine = alone
    split: Split = inseparable
    target_ids: TargetIds = last_result
    largest_group: int = 100


AnyFlow: TypeAlias = Flow[Any]  # a run holds flows of unlike records; each is consistent in itself


def in_order(flows: Iterable[AnyFlow]) -> Sequence[AnyFlow]:
    """The flows, each behind those it comes after.

    Raises:
        ValueError: two flows share a name, or one names a flow that is not there.
        graphlib.CycleError: they wait for each other.
    """
    by_name: dict[str, AnyFlow] = {}
    for flow in flows:
        if flow.name in by_name:
            raise ValueError(
                f"two flows are named {flow.name!r}; links and cursors go by that name"
            )
        by_name[flow.name] = flow
    for flow in by_name.values():
        for name in flow.after:
            if name not in by_name:
                raise ValueError(f"flow {flow.name!r} comes after {name!r}, which is not there")
    order = TopologicalSorter({flow.name: flow.after for flow in by_name.values()})
    return [by_name[name] for name in order.static_order()]


def grouped(drafts: Iterable[Keyed], *, largest: int) -> Iterator[Sequence[Keyed]]:
    """The drafts cut into operations: one a draft without a group, else up to `largest` a group.

    Keeps the order in which groups and drafts were first met.
    """
    groups: dict[str, list[Keyed]] = {}
    for item in drafts:
        groups.setdefault(item.draft.group or f"\0{item.key}", []).append(item)
    for members in groups.values():
        for start in range(0, len(members), largest):
            yield members[start : start + largest]
