"""The client on real sockets: what a mock cannot lose, cut short, encrypt or delay."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
import httpx
import pytest
import trustme

from api_transport import RetryPolicy
from d365_client import (
    ClientSecret,
    D365Client,
    LoginFailed,
    NoAnswer,
    Outcome,
    VendorPaymentJournalHeaderDraft,
)

DRAFT = VendorPaymentJournalHeaderDraft(data_area_id="usmf", journal_name="VendPay")
ROW = {
    "dataAreaId": "usmf",
    "JournalBatchNumber": "00282",
    "JournalName": "VendPay",
    "Description": "",
    "IsPosted": "No",
}


def http(status: str, body: object, *, cut: int = 0, headers: str = "") -> bytes:
    """An answer as bytes, the last `cut` of which are missing."""
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}"
    whole = f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content
    return whole[: len(whole) - cut]


class Server:
    """A server that answers what a test says, and hangs up after each answer without a word."""

    hangs_up = True

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.requests: list[str] = []
        self.arrived: list[float] = []
        self.first = anyio.Event()
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection, one or as many as there are."""
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client hung up
            await self.answer(reader, writer)
            while not self.hangs_up:
                await self.answer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer with the next of the answers."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line for line in head.split("\r\n") if line.lower().startswith("content-length")]
        if lengths:
            await reader.readexactly(int(lengths[0].partition(":")[2]))
        self.requests.append(head.partition(" HTTP/")[0])
        self.arrived.append(time.monotonic())
        self.first.set()
        writer.write(self.reply(head))
        await writer.drain()

    def reply(self, head: str) -> bytes:
        """The answer to a request."""
        del head
        return self.answers.pop(0)

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
        """Its URL, while it listens."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        async with server:
            yield f"{'https' if tls else 'http'}://localhost:{port}"


class Environment(Server):
    """A tenant and an environment at one address."""

    hangs_up = False
    url = ""

    def reply(self, head: str) -> bytes:
        """Sign-in metadata, tokens, or an empty list."""
        if "openid-configuration" in head:
            root = f"{self.url}/tenant-1"
            return http(
                "200 OK",
                {
                    "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{root}/oauth2/v2.0/token",
                    "issuer": f"{root}/v2.0",
                },
            )
        if "oauth2/v2.0/token" in head:
            return http("200 OK", {"access_token": "t1", "expires_in": 3599})
        return http("200 OK", {"value": []})


def client(url: str, retry: RetryPolicy | None = None) -> D365Client:
    """A client of a server without TLS."""
    return D365Client(url, auth=httpx.BasicAuth("", ""), allow_http=True, retry=retry)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 201 Cre", http("201 Created", ROW, cut=10), b"\x00\x01\x02\x03\r\n\r\n"],
    ids=["no reply", "half a head", "half a body", "no HTTP"],
)
async def test_a_create_whose_reply_is_lost_is_uncertain_and_sent_once(answer: bytes) -> None:
    """It may have been done: whoever asked must look, and the transport must not repeat it."""
    server = Server(answer, http("201 Created", ROW))
    async with server.running() as url, client(url) as d365:
        with pytest.raises(NoAnswer) as caught:
            await d365.vendor_payment_journal_headers.create(DRAFT)

    assert (caught.value.outcome, caught.value.sent) == (Outcome.UNCERTAIN, True)
    assert re.match(f"{url} gave no (whole )?answer: ", caught.value.message)
    assert len(server.requests) == 1


async def test_a_list_whose_last_page_is_cut_short_is_an_error() -> None:
    """The head promised more: what came is not taken for the rest."""
    rows = [{**ROW, "JournalBatchNumber": str(number)} for number in range(50)]
    server = Server(*[http("200 OK", {"value": rows}, cut=1)] * 2)
    async with server.running() as url, client(url, RetryPolicy(attempts=2, base=0)) as d365:
        with pytest.raises(NoAnswer) as caught:
            await d365.vendor_payment_journal_headers.list().all()

    assert caught.value.outcome is Outcome.NOT_EXECUTED
    assert len(server.requests) == 2


async def test_a_page_that_was_cut_short_is_read_again() -> None:
    """A list is whole: what came of the page at first is not used."""
    rows = [{**ROW, "JournalBatchNumber": str(number)} for number in range(50)]
    server = Server(http("200 OK", {"value": rows}, cut=1), http("200 OK", {"value": rows}))
    async with server.running() as url, client(url, RetryPolicy(base=0)) as d365:
        read = await d365.vendor_payment_journal_headers.list().all()

    assert [row.journal_batch_number for row in read] == [str(number) for number in range(50)]


async def test_a_read_whose_reply_is_lost_is_made_again() -> None:
    """Nothing was done, so nothing can be done twice."""
    server = Server(b"", http("200 OK", {"value": [ROW]}))
    async with server.running() as url, client(url) as d365:
        rows = await d365.vendor_payment_journal_headers.list().all()

    assert len(rows) == 1
    assert len(server.requests) == 2


async def test_an_unreachable_environment_is_one_sentence() -> None:
    """Which one, and why; nothing was sent."""
    async with Server().running() as url:
        pass
    async with client(url, RetryPolicy(attempts=1)) as d365:
        with pytest.raises(NoAnswer, match=f"{url} cannot be reached: ") as caught:
            await d365.vendor_payment_journal_headers.create(DRAFT)

    assert (caught.value.outcome, caught.value.sent) == (Outcome.NOT_EXECUTED, False)


async def test_retry_after_is_kept_to_the_second_by_every_task() -> None:
    """Nobody comes early, not even who was not refused."""
    busy = http("429 Too Many Requests", {}, headers="Retry-After: 1\r\n")
    server = Server(busy, *[http("200 OK", {"value": []})] * 3)
    async with server.running() as url, client(url) as d365, anyio.create_task_group() as group:

        async def read() -> None:
            await d365.vendors.list().all()

        group.start_soon(read)
        await server.first.wait()
        await anyio.sleep(0.1)
        group.start_soon(read)
        group.start_soon(read)

    first, *others = server.arrived

    assert len(others) == 3
    assert min(others) - first >= 1.0


async def test_tokens_and_rows_come_over_tls_from_one_authority() -> None:
    """One `ssl.SSLContext` serves both; no trust store and no variable is touched.

    Each token request has a connection of its own: one kept for an hour would be lost by then.
    """
    authority = trustme.CA()
    tls, trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(tls)
    authority.configure_trust(trust)
    server = Environment()
    async with server.running(tls) as url:
        server.url = url
        secret = ClientSecret(
            tenant_id="tenant-1", client_id="c", client_secret="geheim", authority=url
        )
        async with D365Client(url, auth=secret, verify=trust) as d365:
            assert await d365.vendors.list().all() == []
            assert server.connections == len(server.requests)
        async with D365Client(url, auth=secret) as distrustful:
            with pytest.raises(LoginFailed, match="certificate verify failed"):
                await distrustful.vendors.list().all()

    assert [request.partition("?")[0] for request in server.requests] == [
        "GET /tenant-1/v2.0/.well-known/openid-configuration",
        "POST /tenant-1/oauth2/v2.0/token",
        "GET /data/VendorsV2",
    ]


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Httpx ignores the variables once it has a transport of ours, so the transport heeds them."""
    proxy = Server(http("200 OK", {"value": []}))
    async with proxy.running() as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.setenv("no_proxy", "")
        async with client("http://contoso.operations.dynamics.test") as d365:
            await d365.vendors.list().all()

    assert proxy.requests[0].startswith(
        "GET http://contoso.operations.dynamics.test/data/VendorsV2"
    )
