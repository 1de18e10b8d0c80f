"""Log and faults over real sockets, plain and TLS, seen by a plain client."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import attrs
import httpx
import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message

from api_transport.emulation import (
    ADMIN_PATH,
    Entry,
    Fault,
    FaultRule,
    FaultRules,
    Match,
    RequestLog,
    WireMiddleware,
    certificate,
    logged,
    running,
)

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
LONG = "long " * 100_000


@attrs.define
class Service:
    """A service that commits what is posted, and answers slowly where it is asked to."""

    committed: list[str] = attrs.field(factory=list)
    log: RequestLog = attrs.field(factory=lambda: RequestLog(lambda: NOW))
    faults: FaultRules = attrs.field(factory=FaultRules)
    done: threading.Event = attrs.field(factory=threading.Event)
    together: int = 0
    all_there: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def things(self, request: Request) -> Response:
        """Commit, then answer with the text."""
        if request.method == "POST":
            self.committed.append((await request.body()).decode())
            self.done.set()
            return JSONResponse({"id": len(self.committed)}, status_code=201)
        return JSONResponse({"things": self.committed})

    async def seen(self, request: Request) -> Response:
        """Answer with what the log says of this very request."""
        return JSONResponse(logged(request.scope).to_json())

    async def meet(self, _request: Request) -> Response:
        """Answer when three callers are here."""
        self.together += 1
        if self.together == 3:
            self.all_there.set()
        await self.all_there.wait()
        return Response("met")

    async def afterwards(self, _request: Request) -> Response:
        """Answer first, and work on for as long as the server runs."""
        return Response("answered", background=BackgroundTask(anyio.sleep_forever))

    async def stream(self, _request: Request) -> Response:
        """Answer in pieces, without saying how long it gets."""

        async def pieces() -> AsyncIterator[str]:
            for _ in range(20):
                yield "piece " * 1000

        return StreamingResponse(pieces())

    async def long(self, _request: Request) -> Response:
        """Answer at length."""
        return Response(LONG)

    async def empty(self, _request: Request) -> Response:
        """Answer without a body."""
        return Response(status_code=204)

    def app(self) -> WireMiddleware:
        """The service behind the middleware."""
        return WireMiddleware(
            app=Starlette(
                routes=[
                    Route("/things", self.things, methods=["GET", "POST"]),
                    Route("/seen", self.seen),
                    Route("/meet", self.meet),
                    Route("/afterwards", self.afterwards),
                    Route("/stream", self.stream),
                    Route("/long", self.long),
                    Route("/empty", self.empty),
                    Route(f"{ADMIN_PATH}/things", self.things, methods=["GET", "POST"]),
                ]
            ),
            log=self.log,
            faults=self.faults,
            scope_of=lambda headers, path: headers.get("who", path),
            fault_body=lambda status: {"documented": status},
            redact=lambda _path, body: body.replace("secret", "***"),
        )

    def suffer(self, kind: str, **fields: object) -> None:
        """The next request suffers this."""
        self.faults.add(FaultRule.from_json({"fault": {"kind": kind, **fields}}))

    def entry(self) -> Entry:
        """The only request there was."""
        (entry,) = self.log.entries()
        return entry


@pytest.fixture
def service() -> Service:
    """A service that nobody has called."""
    return Service()


@pytest.fixture(params=["http", "https"])
async def client(
    request: pytest.FixtureRequest, service: Service, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running service."""
    tls, ca_file = certificate(tmp_path)
    verify = ssl.create_default_context(cafile=ca_file)
    with running(service.app(), tls=tls if request.param == "https" else None) as port:
        url = f"{request.param}://localhost:{port}"
        async with httpx.AsyncClient(base_url=url, verify=verify, trust_env=False) as connected:
            yield connected


async def test_a_request_passes_and_is_logged(service: Service, client: httpx.AsyncClient) -> None:
    """Without a rule the service does its work; the log blanks secrets and keeps the rest."""
    answer = await client.post("/things?a=1&b=%20", content="a secret", headers={"who": "me"})
    entry = service.entry()

    assert (answer.status_code, answer.json()) == (201, {"id": 1})
    assert service.committed == ["a secret"]
    assert (entry.method, entry.path, entry.query) == ("POST", "/things", "a=1&b=%20")
    assert (entry.body, entry.scope, entry.status, entry.fault) == ("a ***", "me", 201, None)
    assert entry.received_at == NOW
    assert entry.answered is not None
    assert entry.received <= entry.answered <= time.monotonic()


async def test_bodies_of_reads_are_not_logged(service: Service, client: httpx.AsyncClient) -> None:
    """What was read is in the answer; only writes are kept."""
    await client.request("GET", "/things", content="a body all the same")

    assert service.entry().body == ""


async def test_the_admin_path_is_neither_logged_nor_faulted(
    service: Service, client: httpx.AsyncClient
) -> None:
    """Whatever rule stands, tests reach the emulator, and leave no trace in its log."""
    service.faults.add(FaultRule(fault=Fault(kind="drop_before_commit"), times=None))
    answer = await client.post(f"{ADMIN_PATH}/things", content="seed")

    assert answer.status_code == 201
    assert service.log.entries() == []


async def test_a_status_comes_with_what_the_service_documents(
    service: Service, client: httpx.AsyncClient
) -> None:
    """The fault's status and headers, the service's own body; nothing is done."""
    service.suffer("status", status=429, headers={"Retry-After": 2})
    answer = await client.post("/things")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert answer.json() == {"documented": 429}
    assert service.committed == []
    assert (service.entry().status, service.entry().fault) == (429, "status")


@pytest.mark.parametrize(
    ("body", "content", "content_type"),
    [
        ([{"code": "X"}], '[{"code": "X"}]', "application/json"),
        ("plain", "plain", "text/plain; charset=utf-8"),
    ],
)
async def test_a_status_comes_with_a_body_of_the_rule(
    service: Service, client: httpx.AsyncClient, body: object, content: str, content_type: str
) -> None:
    """A rule may bring its own body, as JSON or as text."""
    service.suffer("status", status=422, body=body)
    answer = await client.get("/things")

    assert (answer.text, answer.headers["content-type"]) == (content, content_type)


async def test_html_comes_instead_of_json(service: Service, client: httpx.AsyncClient) -> None:
    """Something in between answers with a page, under any status; nothing is done."""
    service.suffer("html", status=200)
    answer = await client.post("/things")

    assert (answer.status_code, answer.text[:6]) == (200, "<html>")
    assert answer.headers["content-type"].startswith("text/html")
    assert service.committed == []


async def test_a_delayed_request_is_answered_normally(
    service: Service, client: httpx.AsyncClient
) -> None:
    """It takes its time, is done, and counts as in flight all the while."""
    service.suffer("delay", seconds=0.3)
    answer = await client.post("/things")
    entry = service.entry()

    assert answer.status_code == 201
    assert entry.answered is not None
    assert entry.answered - entry.received >= 0.3


async def test_a_delayed_request_is_done_though_its_caller_left(
    service: Service, client: httpx.AsyncClient
) -> None:
    """As with a real service: what was sent happens, whoever still listens."""
    service.suffer("delay", seconds=0.3)
    with pytest.raises(httpx.ReadTimeout):
        await client.post("/things", content="late", timeout=0.1)
    before = list(service.committed)
    with anyio.fail_after(5):
        await anyio.to_thread.run_sync(service.done.wait)

    assert before == []
    assert service.committed == ["late"]


@pytest.mark.parametrize("wanted", [0, 100, 499_999, 10**9])
async def test_a_truncated_body_stops_short(
    service: Service, client: httpx.AsyncClient, wanted: int
) -> None:
    """The head tells the full length and not all of it comes, even where more was asked for."""
    service.suffer("truncate", bytes=wanted)
    received = bytearray()

    async def read() -> None:
        async for piece in answer.aiter_raw():
            received.extend(piece)

    async with client.stream("GET", "/long") as answer:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message"):
            await read()

    assert answer.headers["content-length"] == str(len(LONG))
    assert "x-emulator-fault" not in answer.headers
    assert received == LONG.encode()[: min(wanted, len(LONG) - 1)]


async def test_a_truncated_write_is_done(service: Service, client: httpx.AsyncClient) -> None:
    """What cannot be read has happened."""
    service.suffer("truncate", bytes=5)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/things", content="new")

    assert service.committed == ["new"]
    assert (service.entry().status, service.entry().fault) == (201, "truncate")


async def test_a_body_of_unknown_length_is_truncated_too(
    service: Service, client: httpx.AsyncClient
) -> None:
    """A chunked answer ends before its last chunk."""
    service.suffer("truncate", bytes=10_000)
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        await client.get("/stream")


async def test_an_empty_body_cannot_be_truncated(
    service: Service, client: httpx.AsyncClient
) -> None:
    """Where there is nothing to cut off the answer passes."""
    service.suffer("truncate", bytes=10)
    answer = await client.get("/empty")

    assert (answer.status_code, answer.content) == (204, b"")
    assert "x-emulator-fault" not in answer.headers


async def test_a_request_that_never_came_whole_is_not_done(service: Service) -> None:
    """Whoever hangs up in the middle of the body has asked for nothing: no work, no entry."""
    messages: list[Message] = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/things", "headers": []}
    await service.app()(scope, receive, send)

    assert (service.committed, sent) == ([], [])
    assert service.log.entries() == []


async def test_a_dropped_request_was_not_done(service: Service, client: httpx.AsyncClient) -> None:
    """The connection closes without an answer, and nothing is committed."""
    service.suffer("drop_before_commit")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await client.post("/things", content="new")

    assert service.committed == []
    assert (service.entry().status, service.entry().fault) == (None, "drop_before_commit")


async def test_a_lost_reply_was_committed(service: Service, client: httpx.AsyncClient) -> None:
    """The connection closes without an answer, and yet it is done; the log knows the answer."""
    service.suffer("reply_lost")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await client.post("/things", content="new")

    assert service.committed == ["new"]
    assert (service.entry().status, service.entry().fault) == (201, "reply_lost")


async def test_a_reset_connection_was_committed(
    service: Service, client: httpx.AsyncClient
) -> None:
    """The connection is reset, and yet it is done."""
    service.suffer("reset")
    with pytest.raises(httpx.ReadError):
        await client.post("/things", content="new")

    assert service.committed == ["new"]
    assert (service.entry().status, service.entry().fault) == (201, "reset")


async def test_after_each_fault_the_service_goes_on(
    service: Service, client: httpx.AsyncClient
) -> None:
    """A fault costs its own connection only."""
    for kind in ("drop_before_commit", "reply_lost", "reset", "truncate"):
        service.suffer(kind)
        with pytest.raises(httpx.TransportError):
            await client.post("/things", content=kind)
        answer = await client.get("/things")
        assert answer.status_code == 200

    assert service.committed == ["reply_lost", "reset", "truncate"]


async def test_only_matching_requests_suffer(service: Service, client: httpx.AsyncClient) -> None:
    """A rule for one document leaves the others alone."""
    match = Match(method="POST", path="/things", body_contains="INV-7")
    service.faults.add(FaultRule(fault=Fault(kind="reply_lost"), match=match))
    await client.post("/things", content="INV-6")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/things", content="INV-7")

    assert service.committed == ["INV-6", "INV-7"]


async def test_a_service_sees_how_many_are_in_flight(client: httpx.AsyncClient) -> None:
    """A service that limits its callers asks the log's entry of the request it is answering."""
    answer = await client.get("/seen", headers={"who": "me"})

    assert (answer.json()["scope"], answer.json()["in_flight"]) == ("me", 1)
    assert answer.json()["answered"] is None


async def test_callers_in_flight_together_count_each_other(
    service: Service, client: httpx.AsyncClient
) -> None:
    """Of three callers who wait for one another the last saw three, and in the end none is left."""
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(client.get, "/meet")
        tasks.start_soon(client.get, "/things")
    entries = service.log.entries()

    assert [entry.in_flight for entry in entries if entry.scope == "/meet"] == [1, 2, 3]
    assert [entry.in_flight for entry in entries if entry.scope == "/things"] == [1]
    assert service.log.in_flight("/meet") == 0


async def test_an_answered_call_is_not_in_flight(
    service: Service, client: httpx.AsyncClient
) -> None:
    """What a service does after its answer is its own affair."""
    await client.get("/afterwards")

    assert service.log.in_flight("/afterwards") == 0


@pytest.mark.parametrize("callers", [1, 3])
async def test_a_caller_never_counts_its_own_last_call(
    service: Service, client: httpx.AsyncClient, callers: int
) -> None:
    """So many callers, each one call after another: never more are in flight than callers."""

    async def call() -> None:
        for _ in range(60):
            await client.get("/things")

    async with anyio.create_task_group() as tasks:
        for _ in range(callers):
            tasks.start_soon(call)
    counts = [entry.in_flight for entry in service.log.entries()]

    assert len(counts) == 60 * callers
    assert max(counts) <= callers
