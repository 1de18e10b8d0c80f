"""Batches: all rows or none, and one error for the whole changeset."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import httpx
import pytest
import respx

from d365_client import (
    BadRequest,
    Broken,
    Changeset,
    D365Client,
    D365Error,
    NotFound,
    Outcome,
    SettledInvoice,
    SettledInvoiceDraft,
    Throttled,
    Unauthenticated,
    Undecodable,
    VendorPaymentJournalHeader,
    VendorPaymentJournalHeaderDraft,
)

BASE = "https://contoso.operations.dynamics.test"
INFOLOG = "Error: This transaction has been marked for settlement by 00281 in company usmf."
FAILURE = {
    "error": {
        "code": "",
        "message": "An error has occurred.",
        "innererror": {"message": INFOLOG, "type": "X.AxODataWriteException"},
    }
}
HEADER = VendorPaymentJournalHeaderDraft(
    data_area_id="usmf", journal_name="VendPay", journal_batch_number="00282"
)
MARK = SettledInvoiceDraft(
    journal_line_company="usmf",
    journal_batch_number="00282",
    journal_line_number=Decimal(1),
    invoice_number=" INV'1 ",
    invoice_company="usmf",
    invoice_due_date=date(2026, 3, 31),
    settlement_amount_in_invoice_currency=Decimal("100.10"),
)
HEADER_ROW = {
    "dataAreaId": "usmf",
    "JournalBatchNumber": "00282",
    "JournalName": "VendPay",
    "Description": "Vendor payments",
    "IsPosted": "No",
}
MARK_ROW = {
    "JournalLineCompany": "usmf",
    "JournalBatchNumber": "00282",
    "JournalLineNumber": 1,
    "InvoiceNumber": " INV'1 ",
    "InvoiceCompany": "usmf",
    "InvoiceDueDate": "2026-03-31T12:00:00Z",
    "SettlementAmountInInvoiceCurrency": 100.10,
    "CashDiscountToTakeInInvoiceCurrency": 0,
}


def batch_answer(*parts: tuple[str, object], **headers: str) -> httpx.Response:
    """An answered batch: a status line and a JSON body a part."""
    lines = ["--r", "Content-Type: multipart/mixed; boundary=c", ""]
    for number, (status, body) in enumerate(parts, start=1):
        lines += [
            "--c",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            f"Content-ID: {number}",
            "",
            f"HTTP/1.1 {status}",
            "Content-Type: application/json",
            *(f"{name}: {value}" for name, value in headers.items()),
            "",
            json.dumps(body),
        ]
    content = "\r\n".join([*lines, "--c--", "--r--", ""]).encode()
    outer = {"Content-Type": "multipart/mixed; boundary=r", "ms-dyn-aid": "aid-7"}
    return httpx.Response(200, content=content, headers=outer)


@pytest.fixture
def route(server: respx.MockRouter) -> respx.Route:
    """The batch endpoint."""
    return server.post("/data/$batch")


async def failure(
    client: D365Client, drafts: Sequence[VendorPaymentJournalHeaderDraft]
) -> D365Error:
    """The error that a batch of these ends in."""
    with pytest.raises(D365Error) as caught:
        await client.create_all(drafts)
    return caught.value


async def test_rows_of_several_sets_come_back_in_order(
    client: D365Client, route: respx.Route
) -> None:
    """Each draft's row is of the model that the draft names."""
    route.mock(return_value=batch_answer(("201 Created", HEADER_ROW), ("201 Created", MARK_ROW)))
    header, mark = await client.create_all([HEADER, MARK])

    assert isinstance(header, VendorPaymentJournalHeader)
    assert header.description == "Vendor payments"
    assert isinstance(mark, SettledInvoice)
    assert mark.settlement_amount_in_invoice_currency == Decimal("100.1")
    assert mark.invoice_number == " INV'1 "


async def test_one_request_carries_the_whole_changeset(
    client: D365Client, route: respx.Route
) -> None:
    """Absolute URLs that ask every company, exact amounts, one changeset."""
    route.mock(return_value=batch_answer(("201 Created", HEADER_ROW), ("201 Created", MARK_ROW)))
    await client.create_all([HEADER, MARK])
    request = route.calls.last.request
    lines = request.content.decode().split("\r\n")
    outer = lines[0].removeprefix("--")

    targets = [line for line in lines if line.startswith("POST")]
    bodies = [line for line in lines if line.startswith("{")]

    assert route.call_count == 1
    assert request.headers["Content-Type"] == f"multipart/mixed; boundary={outer}"
    assert targets == [
        f"POST {BASE}/data/{name}?cross-company=true HTTP/1.1"
        for name in ("VendorPaymentJournalHeaders", "VendorPaymentJournalLineSettledInvoices")
    ]
    assert bodies[0] == (
        '{"dataAreaId":"usmf","JournalName":"VendPay","JournalBatchNumber":"00282"}'
    )
    assert bodies[1] == (
        '{"JournalLineCompany":"usmf","JournalBatchNumber":"00282","JournalLineNumber":1,'
        '"InvoiceNumber":" INV\'1 ","InvoiceCompany":"usmf",'
        '"InvoiceDueDate":"2026-03-31T12:00:00Z","SettlementAmountInInvoiceCurrency":100.10}'
    )


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        ("400 Bad Request", BadRequest, Outcome.REJECTED),
        ("500 Internal Server Error", Broken, Outcome.REJECTED),
        ("503 Service Unavailable", Broken, Outcome.REJECTED),
        ("401 Unauthorized", Unauthenticated, Outcome.NOT_EXECUTED),
        ("429 Too Many Requests", Throttled, Outcome.NOT_EXECUTED),
    ],
)
async def test_a_failed_part_fails_the_whole_changeset(
    client: D365Client,
    route: respx.Route,
    status: str,
    kind: type[D365Error],
    outcome: Outcome,
) -> None:
    """The outer 200 is no success: nothing was committed, so a 5xx is rejected too (§2.10)."""
    route.mock(return_value=batch_answer((status, FAILURE)))
    error = await failure(client, [HEADER, HEADER])

    assert type(error) is kind
    assert (error.outcome, error.message) == (outcome, INFOLOG)
    assert error.status == int(status[:3])
    assert error.request_line == "POST /data/VendorPaymentJournalHeaders"
    assert error.request_id == "aid-7"


async def test_a_part_may_say_how_long_to_wait(client: D365Client, route: respx.Route) -> None:
    """In its own headers, as the recorded ones do."""
    route.mock(return_value=batch_answer(("429 Too Many Requests", {}), **{"Retry-After": "9"}))
    error = await failure(client, [HEADER])

    assert isinstance(error, Throttled)
    assert error.retry_after == 9.0


async def test_a_failed_part_among_created_ones_fails_them_all(
    client: D365Client, route: respx.Route
) -> None:
    """Whatever else the answer says of the others."""
    route.mock(return_value=batch_answer(("201 Created", HEADER_ROW), ("400 Bad Request", FAILURE)))
    error = await failure(client, [HEADER, HEADER])

    assert type(error) is BadRequest
    assert error.outcome is Outcome.REJECTED


@pytest.mark.parametrize(
    "answer",
    [
        batch_answer(("201 Created", HEADER_ROW)),
        batch_answer(*[("201 Created", HEADER_ROW)] * 3),
        batch_answer(("201 Created", HEADER_ROW), ("201 Created", {"dataAreaId": "usmf"})),
        batch_answer(("201 Created", HEADER_ROW), ("201 Created", [])),
        batch_answer(("201 Created", HEADER_ROW), ("302 Found", {})),
        httpx.Response(200, html="<html></html>"),
        httpx.Response(200),
    ],
    ids=["fewer", "more", "unfitting", "no object", "redirect", "a page", "nothing"],
)
async def test_an_answer_that_cannot_be_read_leaves_it_open(
    client: D365Client, route: respx.Route, answer: httpx.Response
) -> None:
    """The rows may have been created: look before they are sent again."""
    route.mock(return_value=answer)
    error = await failure(client, [HEADER, HEADER])

    assert type(error) is Undecodable
    assert error.outcome is Outcome.UNCERTAIN
    assert error.request_line in {"POST /data/$batch", "POST /data/VendorPaymentJournalHeaders"}


@pytest.mark.parametrize(
    ("answer", "outcome", "requests"),
    [
        (httpx.Response(400, json=FAILURE), Outcome.REJECTED, 1),
        (httpx.Response(429), Outcome.NOT_EXECUTED, 5),
        (httpx.Response(500, json=FAILURE), Outcome.UNCERTAIN, 1),
        (httpx.ReadError("reset"), Outcome.UNCERTAIN, 1),
        (httpx.ConnectError("refused"), Outcome.NOT_EXECUTED, 5),
    ],
)
async def test_a_batch_is_a_write(
    client: D365Client,
    route: respx.Route,
    answer: httpx.Response | httpx.TransportError,
    outcome: Outcome,
    requests: int,
) -> None:
    """The whole of it has the outcomes of a create, and is as little repeated."""
    route.mock(
        return_value=answer if isinstance(answer, httpx.Response) else None,
        side_effect=answer if isinstance(answer, Exception) else None,
    )
    error = await failure(client, [HEADER])

    assert error.outcome is outcome
    assert route.call_count == requests


async def test_an_empty_batch_is_refused(client: D365Client) -> None:
    """Nothing is sent for nothing."""
    with pytest.raises(ValueError, match="a changeset has one operation at least"):
        await client.create_all([])


def part(status: str, body: object) -> list[str]:
    """One answer outside a changeset."""
    return [
        "--r",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        "",
        json.dumps(body),
    ]


def answered(*parts: list[str]) -> httpx.Response:
    """An answered batch of these parts."""
    content = "\r\n".join([*(line for lines in parts for line in lines), "--r--", ""]).encode()
    headers = {"Content-Type": "multipart/mixed; boundary=r", "ms-dyn-aid": "aid-7"}
    return httpx.Response(200, content=content, headers=headers)


async def test_each_operation_has_a_result_of_its_own(
    client: D365Client, route: respx.Route
) -> None:
    """The one answer of a failed changeset is given to each of its operations (§2.10)."""
    journals = client.vendor_payment_journal_headers
    key: dict[str, str] = {"data_area_id": "usmf", "journal_batch_number": "00282"}
    route.mock(
        return_value=answered(
            part("200 OK", HEADER_ROW),
            part("500 Internal Server Error", FAILURE),
            part("404 Not Found", {}),
            part("503 Service Unavailable", {}),
        )
    )
    results = await client.batch(
        [
            journals.to_get(**key),
            Changeset([journals.to_create(HEADER), journals.to_delete(key)]),
            journals.to_get(**key),
            journals.to_get(**key),
        ]
    )
    errors = [result.error for result in results[1:]]

    assert results[0].result().description == "Vendor payments"
    assert [(type(error), error.outcome) for error in errors if error] == [
        (Broken, Outcome.REJECTED),
        (Broken, Outcome.REJECTED),
        (NotFound, Outcome.REJECTED),
        (Broken, Outcome.NOT_EXECUTED),
    ]
    with pytest.raises(Broken, match="marked for settlement"):
        results[2].result()


async def test_a_write_by_itself_is_a_changeset_by_itself(
    client: D365Client, route: respx.Route
) -> None:
    """So that what fails beside it does not undo it, nor it them."""
    route.mock(return_value=answered(part("204 No Content", {}), part("204 No Content", {})))
    journals = client.vendor_payment_journal_headers
    key: dict[str, str] = {"data_area_id": "usmf", "journal_batch_number": "00282"}
    await client.batch(
        [journals.to_update(key, {"description": "a"}), journals.to_delete(key, etag='W/"1"')]
    )
    body = route.calls.last.request.content.decode()

    assert body.count("multipart/mixed; boundary=changeset_") == 2
    assert 'If-Match: W/"1"' in body


async def test_reads_beyond_the_largest_batch_go_into_several(
    client: D365Client, route: respx.Route
) -> None:
    """D365 takes 5,000 operations a batch (`d365.md` §2.10)."""
    answers = [part("200 OK", HEADER_ROW)]
    route.mock(side_effect=[answered(*answers * 5_000), answered(*answers * 2)])
    journals = client.vendor_payment_journal_headers
    read = journals.to_get(data_area_id="usmf", journal_batch_number="00282")

    assert len(await client.batch([read] * 5_002)) == 5_002
    assert route.call_count == 2


async def test_writes_beyond_the_largest_batch_are_refused(client: D365Client) -> None:
    """They would not be done together, and somebody must say in which order then."""
    create = client.vendor_payment_journal_headers.to_create(HEADER)

    with pytest.raises(ValueError, match="holds at most 5000 operations, not 5001"):
        await client.batch([Changeset([create] * 5_001)])


async def test_a_batch_that_only_reads_is_read_again(
    client: D365Client, route: respx.Route
) -> None:
    """It is a POST that changes nothing."""
    route.mock(side_effect=[httpx.Response(503), answered(part("200 OK", HEADER_ROW))])
    journals = client.vendor_payment_journal_headers
    (result,) = await client.batch(
        [journals.to_get(data_area_id="usmf", journal_batch_number="00282")]
    )

    assert result.result().journal_batch_number == "00282"


async def test_answers_that_are_not_as_many_as_the_parts_leave_it_open(
    client: D365Client, route: respx.Route
) -> None:
    """Which of them was done, nobody knows."""
    route.mock(return_value=answered(part("204 No Content", {})))
    create = client.vendor_payment_journal_headers.to_create(HEADER)

    with pytest.raises(Undecodable, match="2 parts were sent, 1 answers came back") as caught:
        await client.batch([create, create])

    assert caught.value.outcome is Outcome.UNCERTAIN
