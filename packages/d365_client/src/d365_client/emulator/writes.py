"""Creates, updates and deletes: the checks that hold for every entity set (d365.md §2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs

from d365_client.emulator.answers import (
    Answer,
    RefusedError,
    WriteFailedError,
    bad_request,
    error_answer,
    json_answer,
    nothing_to_update,
    plain_refusal,
    write_failed,
)
from d365_client.emulator.books import Books, DuplicateRowError, Row
from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import COMPANY, COMPANY_FIELDS, EntitySet
from d365_client.emulator.etags import etag, is_current
from d365_client.emulator.keys import row_path
from d365_client.emulator.marks import LINES
from d365_client.emulator.query import Query
from d365_client.emulator.reading import Reader, content_type
from d365_client.emulator.rules import Rules
from d365_client.emulator.settings import Switches
from d365_client.emulator.text_lengths import too_long
from d365_client.emulator.values import Stored, json_to_stored, read_json

_Result = TypeVar("_Result")

_UPPER_CASE_AT_FIRST = ("Company", "OffsetCompany")


@attrs.frozen
class Writer:
    """Answers writes: checks the body, runs the rules of the set, all in one transaction."""

    _books: Books
    _switches: Switches
    _reader: Reader
    _rules: Callable[[EntitySet], Rules]

    def create(self, call: Call, entity_set: EntitySet) -> Answer:
        """201 with Location, ETag and the row as stored, or the refusal."""
        query = self._reader.query(call, entity_set)
        given = self._given(call, entity_set)
        if entity_set.by_company:
            given.setdefault(COMPANY, call.principal.default_company)
        self._refuse_conflict(call, entity_set, given)
        row = self._run(call, entity_set, lambda rules: rules.create(given))
        return self._created(call, entity_set, query, row)

    def update(self, call: Call, entity_set: EntitySet, key: Mapping[str, Stored]) -> Answer:
        """204, or the refusal; If-Match is optional (d365.md §2.8)."""
        if call.method == "PUT" and not self._switches.current.put_is_supported:
            raise plain_refusal(405, "The requested resource does not support http method 'PUT'.")
        changes = self._given(call, entity_set)
        row = self._for_update(call, entity_set, key)
        for name in entity_set.keys & changes.keys():
            given, current = changes.pop(name), row.values[name]
            is_company = name in COMPANY_FIELDS
            if given != current and not (is_company and str(given).lower() == current):
                raise bad_request(f"The key property '{name}' cannot be changed.")
        self._run(call, entity_set, lambda rules: rules.update(row, changes))
        return Answer(status=204, headers={"OData-Version": "4.0"})

    def delete(self, call: Call, entity_set: EntitySet, key: Mapping[str, Stored]) -> Answer:
        """204, or the refusal; a row that is not there is a 400 (d365.md §2.9)."""
        self._refuse_bi(entity_set)
        row = self._for_update(call, entity_set, key)
        self._run(call, entity_set, lambda rules: rules.delete(row))
        return Answer(status=204, headers={"OData-Version": "4.0"})

    def _given(self, call: Call, entity_set: EntitySet) -> dict[str, Stored]:
        self._refuse_bi(entity_set)
        if "json" not in call.headers.get("content-type", ""):
            raise plain_refusal(415, "The request entity's media type is not supported.")
        try:
            body = read_json(call.body)
            if not isinstance(body, dict):
                raise ValueError("The body of the request must be a JSON object.")  # noqa: TRY004, TRY301 - answered below with the others
            given = {
                name: self._value(entity_set, name, value)
                for name, value in body.items()
                if "@" not in name
            }
        except ValueError as problem:
            raise bad_request(str(problem)) from problem
        if COMPANY in given:
            given[COMPANY] = str(given[COMPANY]).lower()
        complaint = too_long(given) if self._switches.current.long_texts_are_refused else None
        if complaint is not None:
            raise RefusedError(self._write_failed(call, entity_set, WriteFailedError(complaint)))
        return self._without_read_only(call, entity_set, given)

    def _value(self, entity_set: EntitySet, name: str, value: object) -> Stored:
        if name not in entity_set.fields:
            raise ValueError(
                f"The property '{name}' does not exist on type '{entity_set.type_name}'. Make "
                "sure to only use property names that are defined by the type."
            )
        return json_to_stored(entity_set.fields[name], value)

    def _without_read_only(
        self, call: Call, entity_set: EntitySet, given: dict[str, Stored]
    ) -> dict[str, Stored]:
        fixed = sorted(entity_set.read_only & given.keys())
        if fixed and self._switches.current.read_only_fields_are_refused:
            failure = WriteFailedError(f"Error: Field '{fixed[0]}' does not allow editing")
            raise RefusedError(self._write_failed(call, entity_set, failure))
        return {name: value for name, value in given.items() if name not in fixed}

    def _refuse_bi(self, entity_set: EntitySet) -> None:
        if entity_set.is_bi and not self._switches.current.bi_entities_are_writable:
            raise plain_refusal(405, f"Data entity {entity_set.name} is read-only.")

    def _refuse_conflict(
        self, call: Call, entity_set: EntitySet, given: Mapping[str, Stored]
    ) -> None:
        header = (given.get(COMPANY), given.get("JournalBatchNumber"))
        if entity_set.name == LINES and header in call.busy_headers:
            failure = WriteFailedError(
                "Error: Cannot edit a record in Ledger journal table (LedgerJournalTable). An "
                "update conflict occurred due to another user process deleting the record or "
                "changing one or more fields in the record"
            )
            raise RefusedError(self._write_failed(call, entity_set, failure))

    def _for_update(self, call: Call, entity_set: EntitySet, key: Mapping[str, Stored]) -> Row:
        cross_company = self._reader.query(call, entity_set).cross_company
        row = self._reader.find(call, entity_set, key, cross_company=cross_company)
        if row is None:
            raise nothing_to_update()
        current = etag(entity_set, row.record_id, row.version)
        if not is_current(call.headers.get("if-match"), current):
            status = self._switches.current.stale_if_match_status
            message = "The ETag in the If-Match header does not match the record."
            raise RefusedError(error_answer(status, message, "System.InvalidOperationException"))
        return row

    def _run(self, call: Call, entity_set: EntitySet, write: Callable[[Rules], _Result]) -> _Result:
        try:
            with self._books.transaction():
                return write(self._rules(entity_set))
        except DuplicateRowError as duplicate:
            failure = WriteFailedError(
                f"Info: Cannot create a record in {entity_set.name} ({entity_set.entity}).\n"
                "The record already exists."
            )
            raise RefusedError(self._write_failed(call, entity_set, failure)) from duplicate
        except WriteFailedError as failure:
            raise RefusedError(self._write_failed(call, entity_set, failure)) from failure

    def _write_failed(self, call: Call, entity_set: EntitySet, failure: WriteFailedError) -> Answer:
        settings = self._switches.current
        status = 500 if call.in_batch else settings.write_exception_status
        return write_failed(status, entity_set.table, failure, is_nested=settings.infolog_is_nested)

    def _created(self, call: Call, entity_set: EntitySet, query: Query, row: Row) -> Answer:
        body = self._reader.entity(call, entity_set, query, row)
        for name in _UPPER_CASE_AT_FIRST:
            # Right after the insert, and then only, these read in upper case (d365.md §2.4).
            if isinstance(body.get(name), str):
                body[name] = str(body[name]).upper()
        location = call.base_url + row_path(entity_set, row.values)
        current = etag(entity_set, row.record_id, row.version)
        return json_answer(
            self._switches.current.created_status,
            body,
            Content_Type=content_type(call),
            Location=location,
            ETag=current,
        )
