"""What BILL's answers become: class, outcome, fields; row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.bill_operations.collection import PATH, operations

from api_transport import RetryPolicy, Verdict
from bill_client import (
    AddressDraft,
    BadRequest,
    BillClient,
    BillError,
    Broken,
    ConcurrencyLimit,
    Conflict,
    DuplicateNumber,
    HourlyLimit,
    MfaFailed,
    MfaRequired,
    NoAnswer,
    NotFound,
    Outcome,
    Overpaid,
    PaymentRefused,
    RolledBack,
    Throttled,
    Unauthenticated,
    Undecodable,
    VendorDraft,
)
from bill_client._envelopes import problem
from bill_client._judge import judge, patience

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
    (403, "BDC_1361", MfaRequired, "rejected", "rejected"),
    (404, "BDC_1205", NotFound, "rejected", "rejected"),
    (409, None, Conflict, "rejected", "rejected"),
    (422, "BDC_1171", DuplicateNumber, "rejected", "rejected"),
    (422, "BDC_1159", Overpaid, "rejected", "rejected"),
    (422, "BDC_1152", PaymentRefused, "rejected", "rejected"),
    (422, "BDC_1402", PaymentRefused, "rejected", "rejected"),
    (422, "BDC_1246", RolledBack, "rejected", "rejected"),
    (403, "BDC_1356", MfaFailed, "rejected", "rejected"),
    (404, "BDC_1121", NotFound, "rejected", "rejected"),
    (400, "BDC_1102", Unauthenticated, "not_executed", "not_executed"),
    (422, "BDC_9999", BadRequest, "rejected", "rejected"),
    (429, "BDC_1322", ConcurrencyLimit, "not_executed", "not_executed"),
    (422, "BDC_1322", ConcurrencyLimit, "not_executed", "not_executed"),
    (422, "BDC_1144", HourlyLimit, "not_executed", "not_executed"),
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
        assert (status, code or "") == (error.status, error.code)
        assert error.message.startswith("what happened")


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


async def test_the_cause_goes_before_what_was_rolled_back_because_of_it() -> None:
    """Of a bulk call the error is the one that failed; every reason is kept (`bill.md` §5.2)."""
    body = [
        entry("BDC_1246", "Rollback due to other failures in bulk transaction."),
        entry("BDC_1171", "${paramName0} exists", params=[{"name": "invoiceNumber"}]),
    ]

    error = await failure(lambda _: httpx.Response(422, json=body), write=True)

    assert (DuplicateNumber, "BDC_1171") == (type(error), error.code)
    assert ["BDC_1246", "BDC_1171"] == [reason.code for reason in error.reasons]
    assert [{"name": "invoiceNumber"}] == error.reasons[1].params
    assert "${paramName0} exists" in error.message


async def test_an_untrusted_session_says_what_to_do() -> None:
    """Nobody who reads it logs in again, as integrators did for hours (`bill.md` §1.5)."""
    body = [entry("BDC_1361", "Untrusted session.")]

    error = await failure(lambda _: httpx.Response(403, json=body), write=True)

    assert "answer an MFA challenge or step up" in str(error)


async def test_a_used_up_hour_tells_how_long_it_lasts() -> None:
    """`retry_after` is to the next clock hour, since no header says it (`bill.md` §2)."""
    body = [entry("BDC_1144", "Max number of allowed requests per hour reached: 20000.")]

    error = await failure(lambda _: httpx.Response(422, json=body), write=False)

    assert isinstance(error, HourlyLimit)
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 3600


def test_patience_is_to_the_next_clock_hour_or_as_long_as_the_header_says() -> None:
    """At 08:59:30 thirty seconds are left; a `Retry-After` goes before it."""
    now = datetime(2026, 10, 1, 8, 59, 30, tzinfo=UTC)
    body = json.dumps([entry("BDC_1144", "")]).encode()

    assert 30.0 == patience(422, {}, body, now)
    assert 7.0 == patience(422, {"retry-after": "7"}, body, now)
    assert patience(422, {}, json.dumps([entry("BDC_1322", "")]).encode(), now) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(body=st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_error_body_of_any_shape_makes_another_error(body: bytes) -> None:
    """Whatever a gateway sends is told as a problem with a message."""
    assert problem(502, body).message


@given(
    elements=st.lists(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(("code", "message", "severity", "params", "help"), json_values),
        ),
        min_size=1,
    )
)
def test_no_element_of_any_shape_makes_another_error(elements: list[dict[str, object]]) -> None:
    """Every element is kept as a reason, whatever its parts are (`bill.md` §3)."""
    said = problem(400, json.dumps(elements).encode())

    assert len(elements) == len(said.reasons)


@pytest.mark.skipif(not PATH.exists(), reason="BILL's collection is not part of the project")
def test_every_refusal_of_the_collection_is_told() -> None:
    """Each example of a refusal has reasons, and every message of it is in the error's."""
    refusals = [refusal for one in operations() for refusal in one.refusals]

    for status, body in refusals:
        said = problem(status, body)
        assert [one["message"] for one in json.loads(body)] == [one.message for one in said.reasons]
        assert all(reason.message in said.message for reason in said.reasons)
    assert len(refusals) > 300
