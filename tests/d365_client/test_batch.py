"""`$batch`: what is sent is whole, and what comes back is read whole or not at all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import Undecodable
from d365_client._batch import LARGEST, Changeset, answers, batch_body
from d365_client._call import Call, Operation

URL = "https://x.test"
JSON = {"Content-Type": "application/json; charset=utf-8"}
CREATES = [
    Call(method="POST", path="/data/CustomerGroups", body=b'{"a":1}', headers=JSON),
    Call(method="POST", path="/data/Others", body='{"b":"é"}'.encode(), headers=JSON),
]
READ = Call(method="GET", path="/data/Others(Key=%271%27)", query={"cross-company": "true"})

TYPE = "multipart/mixed; boundary=batchresponse_d1"

CREATED = """\
--batchresponse_d1
Content-Type: multipart/mixed; boundary=changesetresponse_e2

--changesetresponse_e2
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

HTTP/1.1 201 Created
Content-Type: application/json; charset=utf-8; odata.metadata=minimal
OData-Version: 4.0
Location: https://x.test/data/CustomerGroups(dataAreaId='usmf',CustomerGroupId='B1')

{"a":1,"text":"HTTP/1.1 500 is only a text"}
--changesetresponse_e2
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 2

HTTP/1.1 201 Created
Content-Type: application/json; charset=utf-8

{"b":"é",
 "c":2}
--changesetresponse_e2--
--batchresponse_d1--
""".replace("\n", "\r\n").encode()
"""In the shape of the recorded one (`d365.md` §2.10)."""

FAILED = """\
--batchresponse_d1
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

HTTP/1.1 500 Internal Server Error
Content-Type: application/json
Retry-After: 7

{"error":{"code":"","message":"An error has occurred."}}
--batchresponse_d1--
""".replace("\n", "\r\n").encode()


def test_a_batch_is_written_as_recorded() -> None:
    """Outer and inner boundaries, numbered writes, whole URLs, the bodies as they are."""
    content_type, body = batch_body([CREATES, READ], base_url=URL, boundary="x")

    assert content_type == "multipart/mixed; boundary=batch_x"
    assert body.decode().split("\r\n") == [
        "--batch_x",
        "Content-Type: multipart/mixed; boundary=changeset_1_x",
        "",
        "--changeset_1_x",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "Content-ID: 1",
        "",
        "POST https://x.test/data/CustomerGroups HTTP/1.1",
        "Accept: application/json;odata.metadata=minimal",
        "Content-Type: application/json; charset=utf-8",
        "",
        '{"a":1}',
        "--changeset_1_x",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "Content-ID: 2",
        "",
        "POST https://x.test/data/Others HTTP/1.1",
        "Accept: application/json;odata.metadata=minimal",
        "Content-Type: application/json; charset=utf-8",
        "",
        '{"b":"é"}',
        "--changeset_1_x--",
        "--batch_x",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "GET https://x.test/data/Others(Key=%271%27)?cross-company=true HTTP/1.1",
        "Accept: application/json;odata.metadata=minimal",
        "",
        "",
        "--batch_x--",
        "",
    ]


@pytest.mark.parametrize("count", [0, LARGEST + 1])
def test_a_batch_that_d365_would_refuse_is_not_sent(count: int) -> None:
    """Nothing to do, or more than 5,000 operations (`d365.md` §2.10)."""
    with pytest.raises(ValueError, match=f"1 to 5000 operations, not {count}"):
        batch_body([READ] * count, base_url=URL, boundary="x")


def test_a_changeset_only_writes() -> None:
    """OData takes reads beside changesets, not in them (`d365.md` §2.10)."""
    with pytest.raises(ValueError, match="read beside it: GET /data/Others"):
        Changeset([Operation(call=READ, read=bytes)])


def test_every_answer_is_read() -> None:
    """Status, headers and body of each part, whatever text a body holds."""
    ((first, second),) = answers(TYPE, CREATED)

    assert (first.status, second.status) == (201, 201)
    assert first.body == b'{"a":1,"text":"HTTP/1.1 500 is only a text"}'
    assert second.body == '{"b":"é",\r\n "c":2}'.encode()
    assert first.headers["odata-version"] == "4.0"


def test_a_failed_changeset_has_one_answer() -> None:
    """It stands for all of its parts, with its status, its wait and its error."""
    ((answer,),) = answers(TYPE, FAILED)

    assert answer.status == 500
    assert answer.headers["retry-after"] == "7"
    assert answer.body == b'{"error":{"code":"","message":"An error has occurred."}}'


def test_answers_come_in_the_order_of_the_requests() -> None:
    """The parts say which request each answers; their place in the body does not."""
    swapped = CREATED.replace(b"ID: 1", b"ID: 9").replace(b"ID: 2", b"ID: 1")

    assert [answer.body[:4] for answer in answers(TYPE, swapped)[0]] == [b'{"b"', b'{"a"']


def test_answers_without_numbers_keep_their_place() -> None:
    """A server that leaves the numbers out answers in order."""
    bare = re.sub(rb"Content-ID: \d\r\n", b"", CREATED)

    assert [answer.body[:4] for answer in answers(TYPE, bare)[0]] == [b'{"a"', b'{"b"']


def test_lines_may_end_in_either_way() -> None:
    """A proxy may have rewritten them."""
    assert len(answers(TYPE, CREATED.replace(b"\r\n", b"\n"))[0]) == 2


@given(st.integers(0, len(CREATED) - len("--\r\n") - 1))
def test_a_body_that_stops_short_is_refused(length: int) -> None:
    """However short it is cut: some answers of an atomic set are no answer."""
    with pytest.raises(Undecodable, match="batch's answer"):
        answers(TYPE, CREATED[:length])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"responses":[]}'),
        ("text/html", b"<html></html>"),
        ("", b""),
        ("multipart/mixed", CREATED),
        ("multipart/mixed; boundary=other", CREATED),
        (TYPE, CREATED.replace(b"HTTP/1.1 201 Created", b"Created")),
        (TYPE, CREATED.replace(b"HTTP/1.1 201", b"HTTP/1.1 OK")),
    ],
)
def test_what_is_no_answer_to_a_batch_is_refused(content_type: str, body: bytes) -> None:
    """A page, another type, a part without status: nothing is guessed from it."""
    with pytest.raises(Undecodable, match="batch's answer"):
        answers(content_type, body)
