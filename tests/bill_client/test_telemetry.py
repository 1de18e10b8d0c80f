"""What the client tells of its calls, and how it waits when BILL asks for a long time."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import respx

from api_transport import RetryPolicy
from bill_client import BillClient, Outcome, SessionAuth, Throttled
from bill_client._call import Call

URL = "https://bill.test/connect/v3"


@pytest.fixture
def server() -> Iterator[respx.MockRouter]:
    """A BILL that lets everybody in."""
    with respx.mock(base_url=URL) as router:
        router.post("/login").respond(json={"sessionId": "geheim-session"})
        yield router


@pytest.fixture
async def client(server: respx.MockRouter) -> AsyncIterator[BillClient]:
    """A client of that BILL, with all of its transports."""
    del server  # it must be there before the client
    auth = SessionAuth(username="u", password="geheim", organization_id="008", dev_key="geheim-key")
    async with BillClient(URL, auth=auth, retry=RetryPolicy(base=0.0)) as client:
        yield client


def told(caplog: pytest.LogCaptureFixture, level: int) -> list[dict[str, Any]]:
    """The client's own records of a level, as what they tell."""
    return [
        vars(item) for item in caplog.records if (item.name, item.levelno) == ("bill_client", level)
    ]


async def test_a_call_is_told_once_and_its_login_as_an_attempt(
    server: respx.MockRouter, client: BillClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The operation has no id, and no record a secret."""
    caplog.set_level(logging.DEBUG, logger="bill_client")
    vendor = {"id": "00901ABCDEF", "name": "geheim-name"}
    server.get("/vendors/00901ABCDEF").mock(
        side_effect=[httpx.Response(503), httpx.Response(200, json=vendor)]
    )

    await client.vendors.get("00901ABCDEF")

    (call,) = told(caplog, logging.INFO)
    attempts = told(caplog, logging.DEBUG)
    assert [call[name] for name in ("operation", "status", "attempts")] == [
        "GET /vendors/{id}",
        200,
        2,
    ]
    assert [(item["operation"], item["status"]) for item in attempts] == [
        ("POST /login", 200),
        ("GET /vendors/{id}", 503),
        ("GET /vendors/{id}", 200),
    ]
    assert {item["request_id"] for item in attempts[1:]} == {call["request_id"]}
    assert "geheim" not in f"{call} {attempts}"


async def test_a_long_wait_is_an_error_at_once_and_nothing_is_sent_before_its_end(
    server: respx.MockRouter, client: BillClient
) -> None:
    """After a refusal that asks for an hour, no call goes out; each tells how long is left."""
    route = server.get("/vendors/009").respond(429, headers={"Retry-After": "3600"})
    with pytest.raises(Throttled) as refused:
        await client.vendors.get("009")
    with pytest.raises(Throttled, match=r"nothing was sent: .* left alone for") as held_back:
        await client.vendors.get("009")

    assert route.call_count == 1
    assert refused.value.retry_after == 3600.0
    assert (held_back.value.status, held_back.value.outcome) == (0, Outcome.NOT_EXECUTED)
    assert 3590.0 < (held_back.value.retry_after or 0.0) <= 3600.0


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/bills", "GET /bills"),
        ("/bills/00n01ABCDEFGHIJKLMNO", "GET /bills/{id}"),
        ("/classifications/chart-of-accounts", "GET /classifications/chart-of-accounts"),
        ("/vendors/00901/bank-account", "GET /vendors/{id}/bank-account"),
    ],
)
def test_an_operation_is_the_same_for_all_of_a_kind(path: str, operation: str) -> None:
    """It names what is done, and whose it is not."""
    assert Call(method="GET", path=path).operation == operation
