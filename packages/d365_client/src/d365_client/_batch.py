"""`$batch`: several creates in one changeset, all or nothing. Pure (`d365.md` §2.10)."""

from __future__ import annotations

import email.policy
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.parser import BytesParser

import attrs

from d365_client.errors import Undecodable

LARGEST = 5_000
"""So many operations a batch may hold."""

_CREATE = """\
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: {number}

POST {url} HTTP/1.1
Content-Type: application/json; charset=utf-8
Accept: application/json;odata.metadata=minimal

"""


@attrs.frozen(kw_only=True)
class Create:
    """One create of a changeset: the entity set's whole URL and the row, as JSON."""

    url: str
    body: bytes


@attrs.frozen(kw_only=True)
class PartAnswer:
    """One answer inside an answered batch; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def changeset(creates: Sequence[Create], *, boundary: str) -> tuple[str, bytes]:
    """The content type and the body of a batch with one changeset.

    `boundary` is random text that no row contains.

    Raises:
        ValueError: there is nothing to create, or more than a batch may hold.
    """
    if not 0 < len(creates) <= LARGEST:
        raise ValueError(f"a batch holds 1 to {LARGEST} operations, not {len(creates)}")
    whole, part = f"--batch_{boundary}", f"\r\n--changeset_{boundary}"
    opening = f"{whole}\r\nContent-Type: multipart/mixed; boundary={part[4:]}\r\n"
    parts = (
        f"{part}\r\n{_head(number, create)}".encode() + create.body
        for number, create in enumerate(creates, start=1)
    )
    closing = f"{part}--\r\n{whole}--\r\n"
    content_type = f"multipart/mixed; boundary={whole[2:]}"
    return content_type, opening.encode() + b"".join(parts) + closing.encode()


def answers(content_type: str, body: bytes) -> Sequence[PartAnswer]:
    """The answers in a batch's body, in the order of the requests.

    A changeset that failed has one answer for all of its parts. The `Content-ID` of that one is
    not to be trusted (`d365.md` §2.10); those of several answers order them.

    Raises:
        Undecodable: it is not such a body, or it stops short.
    """
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=email.policy.HTTP).parsebytes(head + body)
    found = [(str(part.get("content-id", "")), _answer(part)) for part in _http_parts(message)]
    if len(found) > 1 and all(number.isdecimal() for number, _ in found):
        found.sort(key=lambda numbered: int(numbered[0]))
    return [answer for _, answer in found]


def _head(number: int, create: Create) -> str:
    return _CREATE.format(number=number, url=create.url).replace("\n", "\r\n")


def _http_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    if message.defects or not message.is_multipart():
        raise Undecodable("the batch's answer is not whole multipart/mixed text")
    for part in message.iter_parts():
        if not isinstance(part, EmailMessage):
            raise Undecodable("the batch's answer has a part that is no message")
        if part.get_content_maintype() == "multipart":
            yield from _http_parts(part)
        else:
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
