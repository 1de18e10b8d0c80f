"""`$batch`: operations one after the other, changesets all or nothing (d365.md §2.10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import attrs

from api_transport.emulation import FaultRules
from d365_client.emulator.answers import (
    Answer,
    WriteFailedError,
    bad_request,
    fault_body,
    json_answer,
    write_failed,
)
from d365_client.emulator.batch_parts import Batch, Operation, UnitAnswers
from d365_client.emulator.books import Books
from d365_client.emulator.calls import Call
from d365_client.emulator.keys import parse_resource
from d365_client.emulator.marks import MARKS
from d365_client.emulator.settings import Switches

_REFERENCE = re.compile(r"/data/\$(?P<content_id>\w+)(?P<rest>/.*)?", re.DOTALL)


class _FailedError(Exception):
    """An operation of a changeset was refused: the changeset rolls back."""

    def __init__(self, place: int, answer: Answer) -> None:
        super().__init__(place, answer.status)
        self.place = place
        self.answer = answer


@attrs.frozen
class BatchRunner:
    """Carries out batches; `faults` are what befalls their parts."""

    _books: Books
    _switches: Switches
    _faults: FaultRules
    _answer: Callable[[Call], Answer]

    def run(self, batch: Batch) -> Sequence[UnitAnswers]:
        """What came of each unit, in their order."""
        return [
            self._single(unit) if isinstance(unit, Operation) else self._changeset(unit)
            for unit in batch.units
        ]

    def _single(self, operation: Operation) -> UnitAnswers:
        answer = self._part(operation.call)
        return UnitAnswers(operations=(operation,), is_changeset=False, answers=(answer,))

    def _changeset(self, operations: tuple[Operation, ...]) -> UnitAnswers:
        try:
            with self._books.transaction():
                answers = tuple(self._members(operations))
        except _FailedError as failed:
            return UnitAnswers(
                operations=operations, is_changeset=True, failed=(failed.place, failed.answer)
            )
        return UnitAnswers(operations=operations, is_changeset=True, answers=answers)

    def _members(self, operations: Sequence[Operation]) -> Iterator[Answer]:
        created: dict[str, str] = {}
        for place, operation in enumerate(operations):
            call = operation.call
            if self._switches.current.content_id_references:
                call = _resolved(call, created)
            answer = self._member(call)
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise _FailedError(place, answer)
            location = answer.headers.get("Location")
            if location is not None and operation.content_id is not None:
                created[operation.content_id] = unquote(urlsplit(location).path)
            yield answer

    def _member(self, call: Call) -> Answer:
        if call.method == "GET":
            return bad_request("A changeset takes no GET requests.").answer
        resource = parse_resource(call.path)
        is_mark = resource is not None and resource.set_name == MARKS
        if is_mark and not self._switches.current.settled_invoices_in_changeset:
            table = self._books.catalog.sets[MARKS].table
            failure = WriteFailedError("Error: The journal line does not exist.")
            nested = self._switches.current.infolog_is_nested
            return write_failed(500, table, failure, is_nested=nested)
        return self._part(call)

    def _part(self, call: Call) -> Answer:
        fault = self._faults.take(call.method, call.path, call.body.decode("utf-8", "replace"))
        if fault is None:
            return self._answer(call)
        as_odata_error = self._switches.current.throttled_has_odata_error
        body = fault.body
        if body is None:
            body = fault_body(fault.status, as_odata_error=as_odata_error)
        answer = json_answer(fault.status, body)
        return attrs.evolve(answer, headers={**answer.headers, **fault.headers})


def _resolved(call: Call, created: dict[str, str]) -> Call:
    """A call whose `$1` stands for what the request with Content-ID 1 created."""
    reference = _REFERENCE.fullmatch(call.path)
    if reference is None or reference["content_id"] not in created:
        return call
    return attrs.evolve(call, path=created[reference["content_id"]] + (reference["rest"] or ""))
