"""Several operations in one request, and creating rows all together or not at all."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import attrs

from d365_client._answers import RawAnswer
from d365_client._api import Api
from d365_client._batch import LARGEST, Changeset, PartAnswer, answers, batch_body
from d365_client._call import Call, Operation
from d365_client._failures import of_exchange
from d365_client._known_sets import modelled
from d365_client.errors import Broken, D365Error, Outcome, Undecodable
from d365_client.models.entity import EntityDraft

R = TypeVar("R")

_SUCCESS = range(200, 300)

Part = Operation[Any] | Changeset


@attrs.frozen(kw_only=True)
class PartResult(Generic[R]):
    """What became of one operation of a batch that was answered: a value, or an error."""

    operation: Operation[R]
    value: R | None = None
    error: D365Error | None = None

    def result(self) -> R:
        """The value.

        Raises:
            D365Error: there is an error instead.
        """
        if self.error is not None:
            raise self.error
        return cast("R", self.value)  # None only where the operation reads its answer as None


@attrs.frozen(kw_only=True)
class Batches:
    """Batches (`d365.md` §2.10)."""

    api: Api = attrs.field(repr=False)
    new_boundary: Callable[[], str] = lambda: uuid.uuid4().hex

    async def send(self, parts: Sequence[Part]) -> Sequence[PartResult[Any]]:
        """Do all of this, and tell what became of each operation, in order.

        A changeset is done as a whole or not at all: the one answer of a failed one is given to
        each of its operations. A write that is in none is a changeset by itself. What failed
        inside an answered batch was *rejected*, whatever its status, unless it only read or was
        refused unread. Reads beyond the largest batch go into several requests.

        Raises:
            D365Error: of the whole batch; `outcome` says what may have been done all the same.
            ValueError: there is nothing to do, or writes are more than a batch may hold.
        """
        results: list[PartResult[Any]] = []
        for chunk in _chunks([_as_part(part) for part in parts]):
            results += await self._send(chunk)
        return results

    async def create(self, drafts: Sequence[EntityDraft[R]]) -> Sequence[R]:
        """Create all of these rows or none, and return them in order, as D365 stored them.

        Raises:
            D365Error: of the whole changeset. A failed part inside an answered batch is
                *rejected*, whatever its status: nothing was committed.
            ValueError: there is no draft, or there are more than a batch may hold.
        """
        # A draft's type names the rows that it creates, which a class variable cannot say.
        operations = [modelled(draft.CREATES).creating(cast("Any", draft)) for draft in drafts]
        results = await self.send([Changeset(operations)])
        return [cast("R", result.result()) for result in results]

    async def _send(self, parts: Sequence[Part]) -> Sequence[PartResult[Any]]:
        calls = [
            [one.call for one in part.operations] if isinstance(part, Changeset) else part.call
            for part in parts
        ]
        content_type, body = batch_body(
            calls, base_url=self.api.base_url, boundary=self.new_boundary()
        )
        reads = all(isinstance(part, Operation) for part in parts)
        call = Call(
            method="POST",
            path="/data/$batch",
            body=body,
            headers={"Content-Type": content_type, "Accept": "multipart/mixed"},
            repeatable=reads or None,
        )
        return await self.api.read(call, lambda answer: self._results(parts, answer))

    def _results(self, parts: Sequence[Part], answer: RawAnswer) -> Sequence[PartResult[Any]]:
        told = answers(answer.headers.get("content-type", ""), answer.content)
        if len(told) != len(parts):
            raise Undecodable(f"{len(parts)} parts were sent, {len(told)} answers came back")
        return [
            self._result(operation, one, answer.headers)
            for part, group in zip(parts, told, strict=True)
            for operation, one in _paired(part, group)
        ]

    def _result(
        self, operation: Operation[Any], part: PartAnswer, outer: Mapping[str, str]
    ) -> PartResult[Any]:
        call, headers = operation.call, {**outer, **part.headers}
        if part.status in _SUCCESS:
            try:
                with of_exchange(call, attrs.evolve(part, headers=headers)):
                    return PartResult(operation=operation, value=operation.read(part.body))
            except Undecodable as undecodable:
                return PartResult(operation=operation, error=undecodable)
        error = self.api.failure(call, part.status, headers, part.body)
        if isinstance(error, Broken) and not call.reads:
            error.outcome = Outcome.REJECTED
        return PartResult(operation=operation, error=error)


def _as_part(part: Part) -> Part:
    """What is sent: a write by itself is a changeset."""
    if isinstance(part, Changeset) or part.call.reads:
        return part
    return Changeset([part])


def _chunks(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """The parts of each request.

    Raises:
        ValueError: they are too many for one, and not all of them only read.
    """
    writes = sum(len(part.operations) for part in parts if isinstance(part, Changeset))
    count = writes + sum(1 for part in parts if isinstance(part, Operation))
    if writes and count > LARGEST:
        raise ValueError(f"a batch that writes holds at most {LARGEST} operations, not {count}")
    for start in range(0, max(len(parts), 1), LARGEST):
        yield parts[start : start + LARGEST]


def _paired(part: Part, group: Sequence[PartAnswer]) -> Iterator[tuple[Operation[Any], PartAnswer]]:
    """Each operation of a part with its answer; a failed changeset's is that of all (§2.10)."""
    operations = part.operations if isinstance(part, Changeset) else [part]
    if len(group) == 1 and group[0].status not in _SUCCESS:
        group = list(itertools.repeat(group[0], len(operations)))
    if len(group) != len(operations):
        raise Undecodable(f"{len(operations)} rows were sent, {len(group)} answers came back")
    return zip(operations, group, strict=True)
