"""`$batch`: multipart in and out."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.message import Message
from typing import TYPE_CHECKING, Any

import anyio
import attrs
import httpx
import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

LINES = "VendorPaymentJournalLines"
MARKS = "VendorPaymentJournalLineSettledInvoices"


@attrs.frozen
class Part:
    """One answer inside a batch."""

    status: int
    headers: dict[str, str]
    body: bytes
    content_id: str | None

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def request(method: str, url: str, body: object = None, content_id: int | None = None) -> bytes:
    """A request as a part of a batch."""
    head = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id is not None:
        head.append(f"Content-ID: {content_id}")
    head += ["", f"{method} {url} HTTP/1.1", "Content-Type: application/json", "", ""]
    return "\r\n".join(head).encode() + (b"" if body is None else json.dumps(body).encode())


def multipart(boundary: str, *parts: bytes) -> bytes:
    """Parts between boundaries."""
    opening = f"--{boundary}\r\n".encode()
    return b"".join(opening + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def changeset(*requests: bytes) -> bytes:
    """Requests that happen together or not at all."""
    head = b"Content-Type: multipart/mixed; boundary=changeset_1\r\n\r\n"
    return head + multipart("changeset_1", *requests)


async def send(api: Api, *parts: bytes) -> list[list[Part]]:
    """The answers of a batch, those of a changeset together."""
    answer = await api.http.post(
        "/data/$batch",
        content=multipart("batch_1", *parts),
        headers={"Content-Type": "multipart/mixed; boundary=batch_1"},
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("multipart/mixed; boundary=batchresponse_")
    return read(answer)


def read(answer: httpx.Response) -> list[list[Part]]:
    """The parts of a multipart answer."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    units = []
    for part in _inner(message_from_bytes(head + answer.content)):
        boundary = part.get_boundary()
        assert boundary is None or boundary.startswith("changesetresponse_")
        units.append([_part(one) for one in _inner(part)] if boundary else [_part(part)])
    return units


def _inner(message: Message) -> list[Message]:
    return [part for part in message.get_payload() if isinstance(part, Message)]


def _part(message: Message) -> Part:
    assert message.get_content_type() == "application/http"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    head, _, body = payload.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Part(int(status.split()[1]), headers, body, message["Content-ID"])


def line(journal: str, number: int, **fields: object) -> dict[str, object]:
    """A journal line of mqus."""
    return {
        "dataAreaId": "mqus",
        "JournalBatchNumber": journal,
        "LineNumber": number,
        "AccountDisplayValue": "V\\-10001",
        "DebitAmount": 100,
        "CurrencyCode": "USD",
        **fields,
    }


def mark(journal: str, number: int, invoice: str) -> dict[str, object]:
    """A settled-invoice row of a line."""
    return {
        "JournalLineCompany": "mqus",
        "JournalBatchNumber": journal,
        "JournalLineNumber": number,
        "InvoiceNumber": invoice,
        "InvoiceCompany": "mqus",
        "InvoiceDueDate": "2026-10-31T12:00:00Z",
        "SettlementAmountInInvoiceCurrency": 100,
    }


async def test_a_changeset_creates_all_its_rows(api: Api) -> None:
    """Each operation has an answer of its own, with its Content-ID (d365.md §2.10)."""
    journal = await api.header()
    url = f"https://d365.test/data/{LINES}"

    (answers,) = await send(
        api,
        changeset(
            request("POST", url, line(journal, 1, MarkedInvoice="INV-1"), 1),
            request("POST", url, line(journal, 2, MarkedInvoice="INV-2"), 2),
        ),
    )

    assert [(part.status, part.content_id) for part in answers] == [(201, "1"), (201, "2")]
    assert [part.json["Voucher"] for part in answers] == ["PAY-000001", "PAY-000002"]
    assert answers[0].headers["Content-Type"].endswith("; charset=utf-8")
    assert answers[0].headers["Location"].startswith(url)
    assert len(await api.rows(LINES)) == 2


async def test_a_failed_changeset_is_one_answer_and_nothing_done(api: Api) -> None:
    """A single 500 with Content-ID 1 replaces the set, whichever operation failed (§2.10)."""
    journal = await api.header()

    units = await send(
        api,
        changeset(
            request("POST", f"/data/{LINES}", line(journal, 1, MarkedInvoice="INV-1"), 7),
            request("POST", f"/data/{LINES}", line(journal, 2, MarkedInvoice="NONE"), 8),
        ),
        request("GET", f"/data/{LINES}?cross-company=true"),
    )

    (failed,), (listed,) = units
    assert (failed.status, failed.content_id) == (500, "1")
    assert failed.json["error"]["innererror"]["type"].endswith("AxODataWriteException")
    assert "'NONE'" in failed.json["error"]["innererror"]["message"]
    assert listed.json["value"] == []
    assert await api.rows(MARKS) == []


async def test_operations_outside_changesets_are_on_their_own(api: Api) -> None:
    """One may fail while the next succeeds; the outer answer is 200 (d365.md §2.10)."""
    units = await send(
        api,
        request("POST", "VendorGroups", {"VendorGroupId": "10"}),
        request("POST", "VendorGroups", {"VendorGroupId": "20"}),
        request("GET", "/data/VendorGroups/$count"),
        request("GET", "/data/Nothing"),
    )

    assert [part.status for (part,) in units] == [500, 201, 200, 404]
    assert units[2][0].body == b"2"


@pytest.mark.parametrize(("joins", "status"), [(True, 201), (False, 500)])
async def test_settled_invoices_in_the_changeset_of_their_line(
    api: Api, *, joins: bool, status: int
) -> None:
    """Whether child rows join the unit of work is unverified (domain.md §3.4)."""
    await api.set(settled_invoices_in_changeset=joins)
    journal = await api.header()

    (answers,) = await send(
        api,
        changeset(
            request("POST", f"/data/{LINES}", line(journal, 1), 1),
            request("POST", f"/data/{MARKS}", mark(journal, 1, "INV-1"), 2),
        ),
    )

    assert {part.status for part in answers} == {status}
    assert len(await api.rows(LINES)) == len(await api.rows(MARKS)) == (1 if joins else 0)


async def test_header_and_line_join_under_a_number_of_the_callers_choice(api: Api) -> None:
    """With a manual number sequence the line can name its header in advance (§2.10)."""
    await api.set(manual_journal_numbers=True)
    header = {"dataAreaId": "mqus", "JournalName": "BILLPAY", "JournalBatchNumber": "MINE"}

    (answers,) = await send(
        api,
        changeset(
            request("POST", "/data/VendorPaymentJournalHeaders", header, 1),
            request("POST", f"/data/{LINES}", line("MINE", 1), 2),
        ),
    )

    assert [part.status for part in answers] == [201, 201]


async def test_updates_and_deletes_join_too(api: Api) -> None:
    """204 without a body inside the multipart answer."""
    journal = await api.header()
    await api.line(journal, 100)
    key = f"(dataAreaId='mqus',JournalBatchNumber='{journal}',LineNumber=1)"

    (answers,) = await send(
        api,
        changeset(
            request("PATCH", f"/data/{LINES}{key}", {"TransactionText": "x"}, 1),
            request("DELETE", f"/data/{LINES}{key}", None, 2),
        ),
    )

    assert [(part.status, part.body) for part in answers] == [(204, b""), (204, b"")]


async def test_a_changeset_takes_no_reads(api: Api) -> None:
    """Reads go outside changesets (d365.md §2.10)."""
    ((failed,),) = await send(api, changeset(request("GET", "/data/VendorGroups", None, 1)))

    assert failed.status == 400


async def test_parallel_changesets_into_one_journal_conflict(api: Api) -> None:
    """The second changeset is told of an update conflict, and none of it is done (§5.1)."""
    await api.set(line_insert_seconds=0.05)
    journal = await api.header()
    statuses: list[int] = []

    async def insert(first: int) -> None:
        parts = [request("POST", f"/data/{LINES}", line(journal, first + n), n) for n in (0, 1)]
        (answers,) = await send(api, changeset(*parts))
        statuses.extend(part.status for part in answers)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(insert, 1)
        tasks.start_soon(insert, 11)

    assert sorted(statuses) == [201, 201, 500]
    assert len(await api.rows(LINES)) == 2


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"requests": []}'),
        ("multipart/mixed", b""),
        ("multipart/mixed; boundary=batch_1", b"no boundary here"),
        (
            "multipart/mixed; boundary=batch_1",
            multipart("batch_1", b"Content-Type: text/plain\r\n\r\nhello"),
        ),
        (
            "multipart/mixed; boundary=batch_1",
            multipart("batch_1", b"Content-Type: application/http\r\n\r\nGET it"),
        ),
        (
            "multipart/mixed; boundary=batch_1",
            multipart("batch_1", *[request("GET", "/data")] * 5001),
        ),
    ],
    ids=["json", "no boundary", "no parts", "no request", "no request line", "too many"],
)
async def test_what_is_no_batch_is_a_400(api: Api, content_type: str, body: bytes) -> None:
    """JSON batches are not known, nor are more than 5,000 operations (d365.md §2.10)."""
    answer = await api.http.post(
        "/data/$batch", content=body, headers={"Content-Type": content_type}
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["innererror"]["message"]


async def test_several_changesets_stand_or_fall_alone(api: Api) -> None:
    """One that fails leaves the others, and the reads between them, as they are (§2.10)."""
    units = await send(
        api,
        changeset(request("POST", "VendorGroups", {"VendorGroupId": "20"}, 1)),
        request("GET", "VendorGroups/$count"),
        changeset(
            request("POST", "VendorGroups", {"VendorGroupId": "30"}, 1),
            request("POST", "VendorGroups", {"VendorGroupId": "10"}, 2),
        ),
        changeset(request("POST", "VendorGroups", {"VendorGroupId": "40"}, 1)),
    )

    groups = [row["VendorGroupId"] for row in (await api.get("VendorGroups"))["value"]]
    assert [[part.status for part in unit] for unit in units] == [[201], [200], [500], [201]]
    assert units[1][0].body == b"2"
    assert groups == ["10", "20", "40"]


def header_lines(part: bytes, *lines: str) -> bytes:
    """A request with further header lines."""
    content_type = b"Content-Type: application/json\r\n"
    return part.replace(content_type, content_type + "".join(f"{x}\r\n" for x in lines).encode())


async def test_if_match_counts_inside_a_changeset(api: Api) -> None:
    """A part's own headers are read: a stale ETag fails the whole set (§2.8, §2.10)."""
    journal = await api.header()
    created = await api.line(journal, 100)
    key = f"{LINES}(dataAreaId='mqus',JournalBatchNumber='{journal}',LineNumber=1)"
    current = f"If-Match: {created['@odata.etag']}"
    patch = request("PATCH", key, {"TransactionText": "x"}, 1)
    stale = request("PATCH", key, {"TransactionText": "y"}, 2)

    ((failed,),) = await send(
        api, changeset(header_lines(patch, current), header_lines(stale, current))
    )
    ((done,),) = await send(api, changeset(header_lines(patch, current)))

    assert (failed.status, done.status) == (412, 204)
    assert [row["TransactionText"] for row in await api.rows(LINES)] == ["x"]


async def test_an_action_joins_a_batch(api: Api) -> None:
    """Actions are requests like others."""
    url = "DataManagementEntities/Microsoft.Dynamics.DataEntities.GetApplicationVersion"

    ((answer,),) = await send(api, request("POST", url, {}))

    assert answer.json["value"]


async def test_a_part_may_be_throttled(api: Api) -> None:
    """A sub-part may be a 429 with Retry-After while its neighbours succeed (§2.10)."""
    rule = {
        "match": {"path": "/data/VendorGroups", "body_contains": "30"},
        "fault": {"kind": "status", "status": 429, "headers": {"Retry-After": "7"}},
    }
    await api.http.post("/_emulator/part_faults", json=rule)

    units = await send(
        api,
        request("POST", "VendorGroups", {"VendorGroupId": "20"}),
        request("POST", "VendorGroups", {"VendorGroupId": "30"}),
        request("POST", "VendorGroups", {"VendorGroupId": "30"}),
    )

    assert [part.status for (part,) in units] == [201, 429, 201]
    assert units[1][0].headers["Retry-After"] == "7"
    assert "high resource utilization" in units[1][0].json["Message"]


async def test_a_throttled_part_fails_its_changeset(api: Api) -> None:
    """Nothing of the set is done, and the rules can be cleared."""
    rule = {"fault": {"kind": "status", "status": 429, "body": {"x": 1}}, "skip": 1, "times": None}
    await api.http.post("/_emulator/part_faults", json=rule)
    parts = [request("POST", "VendorGroups", {"VendorGroupId": group}) for group in ("20", "30")]

    ((failed,),) = await send(api, changeset(*parts))
    await api.http.delete("/_emulator/part_faults")
    (done,) = await send(api, changeset(*parts))

    assert (failed.status, failed.json) == (429, {"x": 1})
    assert [part.status for part in done] == [201, 201]


async def test_a_part_suffers_nothing_but_a_status(api: Api) -> None:
    """A part of an answer cannot be dropped or delayed on its own."""
    answer = await api.http.post("/_emulator/part_faults", json={"fault": {"kind": "reset"}})

    assert answer.status_code == 400
    assert "a part of a batch suffers a status, not reset" in answer.json()["error"]


@pytest.mark.parametrize(("understood", "statuses"), [(True, [201, 204]), (False, [404])])
async def test_content_ids_as_references(
    api: Api, *, understood: bool, statuses: list[int]
) -> None:
    """That `$1` stands for what request 1 created is unverified (d365.md §2.10)."""
    await api.set(content_id_references=understood)
    header = {"dataAreaId": "mqus", "JournalName": "BILLPAY"}

    (parts,) = await send(
        api,
        changeset(
            request("POST", "VendorPaymentJournalHeaders", header, 1),
            request("PATCH", "$1", {"Description": "later"}, 2),
        ),
    )

    rows = await api.rows("VendorPaymentJournalHeaders")
    assert [part.status for part in parts] == statuses
    assert [row["Description"] for row in rows] == (["later"] if understood else [])


async def test_a_reference_to_nothing_is_a_404(api: Api) -> None:
    """A Content-ID that no request of the changeset has names nothing."""
    await api.set(content_id_references=True)

    ((failed,),) = await send(api, changeset(request("DELETE", "$7", None, 1)))

    assert failed.status == 404


def json_request(number: str, group: str, **more: object) -> dict[str, object]:
    """A request of a JSON batch that creates a vendor group."""
    body = {"VendorGroupId": group}
    return {"id": number, "method": "post", "url": "VendorGroups", "body": body, **more}


async def test_json_batches_where_they_are_known(api: Api) -> None:
    """That D365 takes OData 4.01's JSON batches is unverified (d365.md §2.10)."""
    await api.set(batch_takes_json=True)
    requests = [
        json_request("a", "20"),
        json_request("b", "30", atomicityGroup="g"),
        json_request("c", "10", atomicityGroup="g"),
        json_request("d", "40", atomicityGroup="h", headers={"Content-Type": "text/plain"}),
        {"id": "e", "method": "GET", "url": "/data/VendorGroups/$count"},
    ]

    answer = await api.http.post("/data/$batch", json={"requests": requests})

    responses = answer.json()["responses"]
    assert [(one["id"], one["status"]) for one in responses] == [
        ("a", 201),
        ("b", 424),
        ("c", 500),
        ("d", 415),
        ("e", 200),
    ]
    assert responses[0]["body"]["VendorGroupId"] == "20"
    assert responses[0]["headers"]["location"]
    assert responses[4]["body"] == 2


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"requests": 5}', b'{"requests": [{"id": "1"}]}', b'{"requests": [1]}']
)
async def test_what_is_no_json_batch_is_a_400(api: Api, body: bytes) -> None:
    """A list of requests, each with id, method and url."""
    await api.set(batch_takes_json=True)

    answer = await api.http.post(
        "/data/$batch", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400
