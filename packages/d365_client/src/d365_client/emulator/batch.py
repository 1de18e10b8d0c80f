"""`$batch`: multipart in, multipart out, changesets all or nothing (d365.md §2.10)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import attrs

from d365_client.emulator.answers import Answer, WriteFailedError, bad_request, write_failed
from d365_client.emulator.books import Books
from d365_client.emulator.calls import Call
from d365_client.emulator.keys import parse_resource
from d365_client.emulator.marks import MARKS
from d365_client.emulator.settings import Switches

LARGEST_BATCH = 5000

_SERVICE_ROOT = "/data/"


@attrs.frozen(kw_only=True)
class Operation:
    """One request inside a batch, and the Content-ID that its part carries."""

    call: Call
    content_id: str | None


@attrs.frozen(kw_only=True)
class Batch:
    """What a batch asks for: single operations and changesets, in their order."""

    units: tuple[Operation | tuple[Operation, ...], ...]

    @property
    def operations(self) -> Iterator[Operation]:
        """All operations, inside changesets or not."""
        for unit in self.units:
            yield from (unit,) if isinstance(unit, Operation) else unit


class _FailedError(Exception):
    """An operation of a changeset was refused: the changeset rolls back."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def parse_batch(call: Call) -> Batch:
    """The operations of a batch.

    Raises:
        RefusedError: 400, the body is no multipart/mixed of HTTP requests, or has too many.
    """
    content_type = call.headers.get("content-type", "")
    whole = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + call.body)
    if whole.get_content_type() != "multipart/mixed" or not whole.is_multipart():
        raise bad_request("The body of a batch must be multipart/mixed with a boundary.")
    units = tuple(
        tuple(_operation(call, inner) for inner in _parts(part))
        if part.is_multipart()
        else _operation(call, part)
        for part in _parts(whole)
    )
    batch = Batch(units=units)
    if len(list(batch.operations)) > LARGEST_BATCH:
        raise bad_request(f"The batch has more than {LARGEST_BATCH} operations.")
    return batch


@attrs.frozen
class BatchRunner:
    """Carries out batches, one operation after the other."""

    _books: Books
    _switches: Switches
    _answer: Callable[[Call], Answer]

    def run(self, batch: Batch) -> Answer:
        """200 with one part for each operation, or one for a whole changeset that failed."""
        boundary = f"batchresponse_{uuid.uuid4()}"
        parts = [
            _http_part(self._answer(unit.call), unit.content_id)
            if isinstance(unit, Operation)
            else self._changeset(unit)
            for unit in batch.units
        ]
        return Answer(
            status=200,
            headers={
                "Content-Type": f"multipart/mixed; boundary={boundary}",
                "OData-Version": "4.0",
            },
            body=_multipart(boundary, parts),
        )

    def _changeset(self, operations: Sequence[Operation]) -> bytes:
        try:
            with self._books.transaction():
                parts = [self._operation(operation) for operation in operations]
        except _FailedError as failed:
            # The one answer for the set carries Content-ID 1, whichever operation failed.
            parts = [_http_part(failed.answer, "1")]
        boundary = f"changesetresponse_{uuid.uuid4()}"
        head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()
        return head + _multipart(boundary, parts)

    def _operation(self, operation: Operation) -> bytes:
        call = operation.call
        if call.method == "GET":
            refusal = bad_request("A changeset takes no GET requests.")
            raise _FailedError(refusal.answer)
        resource = parse_resource(call.path)
        is_mark = resource is not None and resource.set_name == MARKS
        if is_mark and not self._switches.current.settled_invoices_in_changeset:
            table = self._books.catalog.sets[MARKS].table
            failure = WriteFailedError("Error: The journal line does not exist.")
            nested = self._switches.current.infolog_is_nested
            raise _FailedError(write_failed(500, table, failure, is_nested=nested))
        answer = self._answer(call)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _FailedError(answer)
        return _http_part(answer, operation.content_id)


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)]


def _operation(outer: Call, part: Message) -> Operation:
    payload = part.get_payload(decode=True)
    if part.get_content_type() != "application/http" or not isinstance(payload, bytes):
        raise bad_request("A part of a batch must be application/http.")
    head, _, body = payload.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
    request_line, _, header_lines = head.decode("utf-8").strip().partition("\n")
    words = request_line.split()
    if len(words) != 3 or words[2] != "HTTP/1.1":  # noqa: PLR2004 - method, target, version
        raise bad_request(f"'{request_line.strip()}' is no HTTP request line.")
    headers = HeaderParser().parsestr(header_lines)
    target = urlsplit(words[1])
    path = unquote(target.path)
    call = attrs.evolve(
        outer,
        method=words[0],
        path=path if path.startswith(_SERVICE_ROOT) else _SERVICE_ROOT + path.lstrip("/"),
        query=target.query,
        headers={name.lower(): value for name, value in headers.items()},
        body=body,
        in_batch=True,
    )
    return Operation(call=call, content_id=part.get("Content-ID"))


def _http_part(answer: Answer, content_id: str | None) -> bytes:
    head = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id is not None:
        head.append(f"Content-ID: {content_id}")
    status = HTTPStatus(answer.status)
    head += ["", f"HTTP/1.1 {status.value} {status.phrase}", *_header_lines(answer.headers), "", ""]
    return "\r\n".join(head).encode() + answer.body


def _header_lines(headers: Mapping[str, str]) -> Iterator[str]:
    for name, value in headers.items():
        # Inside a batch the content type also names the charset (d365.md §2.7).
        is_json = name == "Content-Type" and "json" in value
        yield f"{name}: {value}{'; charset=utf-8' if is_json else ''}"


def _multipart(boundary: str, parts: Sequence[bytes]) -> bytes:
    opening = f"--{boundary}\r\n".encode()
    written = b"".join(opening + part + b"\r\n" for part in parts)
    return written + f"--{boundary}--\r\n".encode()
