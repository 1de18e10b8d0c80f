"""Batches as multipart/mixed text: what is asked, and what is answered (d365.md §2.10). Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import attrs

from d365_client.emulator.answers import Answer, bad_request
from d365_client.emulator.batch_parts import Batch, Operation, UnitAnswers
from d365_client.emulator.calls import Call

_SERVICE_ROOT = "/data/"


def parse_multipart(call: Call) -> Batch:
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
    return Batch(units=units)


def multipart_answer(units: Sequence[UnitAnswers]) -> Answer:
    """200 with one part for each operation, or one for a whole changeset that failed."""
    boundary = f"batchresponse_{uuid.uuid4()}"
    return Answer(
        status=200,
        headers={
            "Content-Type": f"multipart/mixed; boundary={boundary}",
            "OData-Version": "4.0",
        },
        body=_multipart(boundary, [_unit(unit) for unit in units]),
    )


def part_call(outer: Call, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Call:
    """A request inside a batch as a call of its own; its URL may lack the service's root."""
    target = urlsplit(url)
    path = unquote(target.path)
    return attrs.evolve(
        outer,
        method=method,
        path=path if path.startswith(_SERVICE_ROOT) else _SERVICE_ROOT + path.lstrip("/"),
        query=target.query,
        headers={name.lower(): value for name, value in headers.items()},
        body=body,
        in_batch=True,
    )


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
    headers = dict(HeaderParser().parsestr(header_lines).items())
    return Operation(
        call=part_call(outer, words[0], words[1], headers, body),
        content_id=part.get("Content-ID"),
    )


def _unit(unit: UnitAnswers) -> bytes:
    if not unit.is_changeset:
        return _http_part(unit.answers[0], unit.operations[0].content_id)
    if unit.failed is not None:
        # The one answer for the set carries Content-ID 1, whichever operation failed.
        parts = [_http_part(unit.failed[1], "1")]
    else:
        parts = [
            _http_part(answer, operation.content_id)
            for operation, answer in zip(unit.operations, unit.answers, strict=True)
        ]
    boundary = f"changesetresponse_{uuid.uuid4()}"
    head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()
    return head + _multipart(boundary, parts)


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
