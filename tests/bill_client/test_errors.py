"""What BILL's answers become: class, outcome, fields; row by row."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from api_transport import RetryPolicy, Verdict
from bill_client import (
    AddressDraft,
    BadRequest,
    BillClient,
    BillError,
    Broken,
    Conflict,
    Forbidden,
    NoAnswer,
    NotFound,
    Outcome,
    Throttled,
    Unauthenticated,
    Undecodable,
    VendorDraft,
)
from bill_client._envelopes import problem
from bill_client._judge import judge

URL = "http://localhost:1/connect/v3"
DRAFT = VendorDraft(
    name="Orrin",
    address=AddressDraft(line_1="1", city="Chicago", zip_or_postal_code="60601", country="US"),
)


def entry(code: str | None, message: str, **more: object) -> dict[str, object]:
    """One element of an error array."""
    return {
        "timestamp": "2025-10-03T05:22:09.613+00:00",
        "code": code,
        "severity": "ERROR",
        "category": "DOWNSTREAM",
        "message": message,
        "params": {},
        **more,
    }


def client(answer: Callable[[httpx.Request], httpx.Response]) -> BillClient:
    """A client whose wire is a function; nothing is asked again."""
    made = BillClient(URL, auth=httpx.Auth(), retry=RetryPolicy(attempts=1))
    made._http._transport = httpx.MockTransport(answer)  # the transports have tests of their own
    return made


async def failure(answer: Callable[[httpx.Request], httpx.Response], *, write: bool) -> BillError:
    """The error that a read or a write ends with."""
    async with client(answer) as bill:
        with pytest.raises(BillError) as raised:
            await (bill.vendors.create(DRAFT) if write else bill.vendors.get("009"))
    return raised.value


ROWS: list[tuple[int, str | None, type[BillError], str, str]] = [
    # status, code, class, outcome of a read, outcome of a write
    (400, None, BadRequest, "rejected", "rejected"),
    (401, "BDC_1109", Unauthenticated, "not_executed", "not_executed"),
    (403, "BDC_1361", Forbidden, "rejected", "rejected"),
    (404, "BDC_1205", NotFound, "rejected", "rejected"),
    (409, None, Conflict, "rejected", "rejected"),
    (422, "BDC_1171", BadRequest, "rejected", "rejected"),
    (429, "BDC_1322", Throttled, "not_executed", "not_executed"),
    (422, "BDC_1322", Throttled, "not_executed", "not_executed"),
    (422, "BDC_1144", Throttled, "not_executed", "not_executed"),
    (429, None, Throttled, "not_executed", "not_executed"),
    (500, "BDC_1001", Broken, "not_executed", "uncertain"),
    (422, "BDC_1002", Broken, "not_executed", "uncertain"),
    (502, None, Broken, "not_executed", "uncertain"),
]


@pytest.mark.parametrize(("status", "code", "kind", "read", "write"), ROWS)
async def test_each_refusal_has_its_class_and_outcome(
    status: int, code: str | None, kind: type[BillError], read: str, write: str
) -> None:
    """The code goes before the status, which is unverified for limits (`bill.md` §2)."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json=[entry(code, "what happened")])

    for writes, outcome in ((False, read), (True, write)):
        error = await failure(answer, write=writes)

        assert type(error) is kind
        assert Outcome(outcome) is error.outcome
        assert (status, code or "", "what happened") == (error.status, error.code, error.message)


async def test_several_problems_come_at_once_with_their_fields() -> None:
    """A validation names every bad field (`bill.md` §3)."""
    body = [entry(None, "email: must not be blank"), entry(None, "address.country: invalid value")]

    error = await failure(lambda _: httpx.Response(400, json=body), write=True)

    assert isinstance(error, BadRequest)
    assert ("email", "address.country") == tuple(error.fields)


@pytest.mark.parametrize(
    ("failed", "sent", "outcome"),
    [
        (httpx.ConnectError("refused"), False, Outcome.NOT_EXECUTED),
        (httpx.ConnectTimeout("slow"), False, Outcome.NOT_EXECUTED),
        (httpx.ReadTimeout("slow"), True, Outcome.UNCERTAIN),
        (httpx.RemoteProtocolError("closed"), True, Outcome.UNCERTAIN),
        (httpx.ReadError("reset"), True, Outcome.UNCERTAIN),
    ],
)
async def test_a_write_without_an_answer_says_whether_it_left(
    failed: httpx.TransportError, *, sent: bool, outcome: Outcome
) -> None:
    """Never left is not executed; anything later is uncertain (W3, W18)."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise failed

    error = await failure(answer, write=True)

    assert isinstance(error, NoAnswer)
    assert (sent, outcome) == (error.sent, error.outcome)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(201, text="<html>", headers={"Content-Type": "text/html"}),
        httpx.Response(201, text='{"id": "009', headers={"Content-Type": "application/json"}),
        httpx.Response(201, json={"name": "no id"}),
        httpx.Response(201),
    ],
    ids=["HTML", "truncated", "field missing", "empty"],
)
async def test_a_success_that_cannot_be_read_is_uncertain(answer: httpx.Response) -> None:
    """Something was made, and nobody knows what (W4)."""
    error = await failure(lambda _: answer, write=True)

    assert isinstance(error, Undecodable)
    assert Outcome.UNCERTAIN is error.outcome


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, json.dumps([entry("BDC_1322", "")]), Verdict.REFUSED_UNREAD),
        (422, json.dumps([entry("BDC_1144", "")]), Verdict.REFUSED_UNREAD),
        (429, "", Verdict.REFUSED_UNREAD),
        (500, json.dumps([entry("BDC_1001", "")]), Verdict.TRANSIENT),
        (422, json.dumps([entry("BDC_1002", "")]), Verdict.TRANSIENT),
        (502, "<html>", Verdict.TRANSIENT),
        (422, json.dumps([entry("BDC_1171", "")]), Verdict.FINAL),
        (401, json.dumps([entry("BDC_1109", "")]), Verdict.FINAL),
        (403, json.dumps([entry("BDC_1361", "")]), Verdict.FINAL),
        (400, "not JSON", Verdict.FINAL),
    ],
)
def test_the_judge_goes_by_code_whatever_the_status(
    status: int, body: str, expected: Verdict
) -> None:
    """BILL tells its limits in the body (`bill.md` §2)."""
    assert expected is judge(status, {}, body.encode())


@pytest.mark.parametrize(
    "body", [b"", b"null", b"{}", b"[]", b'["text"]', b"<html>", b"\xff\xfe", b'[{"code": nul']
)
def test_any_error_body_can_be_told(body: bytes) -> None:
    """What is not the documented array gives the status, and never fails itself."""
    assert "status 502" in problem(502, body).message
