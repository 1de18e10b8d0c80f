"""`$batch`: several calls in one request, and the answers to each. Pure (`d365.md` §2.10)."""

from __future__ import annotations

import email.policy
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import attrs

from d365_client._call import Call, Operation
from d365_client.errors import Undecodable, garbled

LARGEST = 5_000
"""So many operations a batch may hold."""

_PART = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
_ACCEPT = {"Accept": "application/json;odata.metadata=minimal"}


@attrs.frozen
class Changeset:
    """Writes that are all done or none."""

    operations: Sequence[Operation[Any]]  # Any: each writes a row of a kind of its own

    def __attrs_post_init__(self) -> None:
        if not self.operations:
            raise ValueError("a changeset has one operation at least")
        reading = [operation.call.line for operation in self.operations if operation.call.reads]
        if reading:
            raise ValueError(f"a changeset only writes; read beside it: {reading[0]}")


@attrs.frozen(kw_only=True)
class PartAnswer:
    """One answer inside an answered batch; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def batch_body(
    parts: Sequence[Call | Sequence[Call]], *, base_url: str, boundary: str
) -> tuple[str, bytes]:
    """The content type and the body of a batch; several calls as one part are a changeset.

    `boundary` is random text that no row contains.

    Raises:
        ValueError: there is nothing to do, or more than a batch may hold.
    """
    count = sum(1 if isinstance(part, Call) else len(part) for part in parts)
    if not 0 < count <= LARGEST:
        raise ValueError(f"a batch holds 1 to {LARGEST} operations, not {count}")
    whole = f"batch_{boundary}"
    pieces = []
    for number, part in enumerate(parts, start=1):
        pieces.append(f"--{whole}\r\n".encode())
        if isinstance(part, Call):
            pieces.append(_request(part, base_url))
        else:
            pieces.append(_changeset(part, base_url, f"changeset_{number}_{boundary}"))
    pieces.append(f"--{whole}--\r\n".encode())
    return f"multipart/mixed; boundary={whole}", b"".join(pieces)


def answers(content_type: str, body: bytes) -> Sequence[Sequence[PartAnswer]]:
    """The answers in a batch's body, those of each part together, in the order of the requests.

    A changeset that failed has one answer for all of its calls. The `Content-ID` of that one is
    not to be trusted (`d365.md` §2.10); those of several answers order them.

    Raises:
        Undecodable: it is not such a body, or it stops short.
    """
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=email.policy.HTTP).parsebytes(head + body)
    return [_answers_of(part) for part in _parts(message)]


def _changeset(calls: Sequence[Call], base_url: str, boundary: str) -> bytes:
    pieces = [f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()]
    for number, call in enumerate(calls, start=1):
        pieces.append(f"--{boundary}\r\n".encode())
        pieces.append(_request(call, base_url, f"Content-ID: {number}\r\n"))
    pieces.append(f"--{boundary}--\r\n".encode())
    return b"".join(pieces)


def _request(call: Call, base_url: str, identity: str = "") -> bytes:
    """One call as a part: its URL is whole, and asks every company as it would by itself."""
    headers = {**_ACCEPT, **call.headers}
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = f"{call.method} {base_url}{call.target} HTTP/1.1\r\n"
    return f"{_PART}{identity}\r\n{line}{told}\r\n".encode() + (call.body or b"") + b"\r\n"


def _answers_of(part: EmailMessage) -> Sequence[PartAnswer]:
    if part.get_content_maintype() != "multipart":
        return [_answer(part)]
    found = [(str(one.get("content-id", "")), _answer(one)) for one in _parts(part)]
    if all(number.isdecimal() for number, _ in found):
        found.sort(key=lambda numbered: int(numbered[0]))
    return [answer for _, answer in found]


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    if message.defects or not message.is_multipart():
        raise garbled("the batch's answer is not whole multipart/mixed text")
    for part in message.iter_parts():
        if not isinstance(part, EmailMessage):
            raise Undecodable("the batch's answer has a part that is no message")
        yield part


def _answer(part: EmailMessage) -> PartAnswer:
    status_line, _, rest = _content(part).partition(b"\n")
    version, _, status = status_line.decode("latin-1").partition(" ")
    if not version.startswith("HTTP/") or not status[:3].isdecimal():
        raise Undecodable("the batch's answer has a part that is no HTTP answer")
    answer = BytesParser(EmailMessage, policy=email.policy.HTTP).parsebytes(rest)
    return PartAnswer(
        status=int(status[:3]),
        headers={name.lower(): str(value) for name, value in answer.items()},
        body=_content(answer).strip(),
    )


def _content(message: EmailMessage) -> bytes:
    content = message.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
