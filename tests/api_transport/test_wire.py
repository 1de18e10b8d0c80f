"""The innermost transport: it goes by the proxy that the environment names, over real sockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
import attrs
import httpx
import pytest
import trustme
from anyio.abc import ByteStream, Listener, SocketAttribute, SocketStream
from anyio.streams.tls import TLSListener

from api_transport import wire_transport


@pytest.fixture
async def proxy() -> AsyncIterator[str]:
    """A proxy that answers every request itself, with the line that asked for it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(line)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + line)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names no proxy, however the machine is set up."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_calls_go_by_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, proxy: str, variable: str, scheme: str
) -> None:
    """The proxy sees the whole URL, whether its own address names a scheme or not."""
    monkeypatch.setenv(variable, f"{scheme}{proxy}")
    url = "http://service.test/things"
    transport = wire_transport(url, connections=2)
    async with httpx.AsyncClient(transport=transport) as client:
        response = await client.get(url)

    assert response.text == "GET http://service.test/things HTTP/1.1"


async def test_loopback_needs_no_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """A call to this machine goes there, although the environment names a proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    url = f"http://{proxy}/things"
    async with httpx.AsyncClient(transport=wire_transport(url, connections=2)) as client:
        response = await client.get(url)

    assert response.text == "GET /things HTTP/1.1"


@pytest.mark.parametrize(
    "exempted",
    [
        "eu.service.invalid",
        "eu.service.invalid:80",
        ".service.invalid",
        "other.test, service.invalid",
        "*",
    ],
)
async def test_an_exempted_host_needs_no_proxy(
    monkeypatch: pytest.MonkeyPatch, proxy: str, exempted: str
) -> None:
    """What `no_proxy` names is called directly: here a host that nobody can resolve."""
    monkeypatch.setenv("http_proxy", f"http://{proxy}")
    monkeypatch.setenv("no_proxy", exempted)
    url = "http://eu.service.invalid/things"
    async with httpx.AsyncClient(transport=wire_transport(url, connections=2)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)


@attrs.define
class Tunnels:
    """A proxy that opens a tunnel to one server, whatever host is asked for."""

    server: int
    heads: list[bytes] = attrs.field(factory=list)

    async def __call__(self, client: SocketStream) -> None:
        """Answer a CONNECT, then carry bytes both ways."""
        async with client, await anyio.connect_tcp("127.0.0.1", self.server) as inner:
            self.heads.append(await client.receive())
            await client.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(carry, client, inner)
                await carry(inner, client)
                tasks.cancel_scope.cancel()


async def carry(source: SocketStream, target: SocketStream) -> None:
    """Bytes from one to the other, until either hangs up."""
    with suppress(anyio.BrokenResourceError):
        async for octets in source:
            await target.send(octets)


async def answer_fine(client: ByteStream) -> None:
    """Answer one request."""
    async with client:
        await client.receive()
        await client.send(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine")


def port(listener: Listener[SocketStream]) -> int:
    """Where it listens."""
    return listener.extra(SocketAttribute.local_port)  # noqa: S610 - of anyio, not of Django


@asynccontextmanager
async def tunnels(tls: ssl.SSLContext) -> AsyncIterator[tuple[int, Tunnels]]:
    """A TLS server behind a tunnelling proxy: the proxy's port, and what it was asked."""
    plain = await anyio.create_tcp_listener(local_host="127.0.0.1")
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    proxy = Tunnels(port(plain))
    async with plain, listener, anyio.create_task_group() as tasks:
        tasks.start_soon(TLSListener(plain, tls, standard_compatible=False).serve, answer_fine)
        tasks.start_soon(listener.serve, proxy)
        yield port(listener), proxy
        tasks.cancel_scope.cancel()


async def test_tls_goes_through_the_proxy_from_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy learns the host and its own credentials, and nothing of the request within."""
    authority = trustme.CA()
    tls, trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("service.test").configure_cert(tls)
    authority.configure_trust(trust)
    url = "https://service.test/things?name=geheim"
    user = "user:password"
    async with tunnels(tls) as (port, proxy):
        monkeypatch.setenv("https_proxy", f"http://{user}@127.0.0.1:{port}")
        transport = wire_transport(url, verify=trust, connections=2)
        async with httpx.AsyncClient(transport=transport) as client:
            response = await client.get(url, headers={"Authorization": "Bearer geheim"})

    (head,) = proxy.heads
    assert response.text == "fine"
    assert head.startswith(b"CONNECT service.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==" in head
    assert b"geheim" not in head


@pytest.mark.parametrize("exempted", ["eu.service.test:8080", "us.service.test", "ice.test"])
async def test_another_host_or_port_is_not_exempted(
    monkeypatch: pytest.MonkeyPatch, proxy: str, exempted: str
) -> None:
    """Neither the same host at another port, nor a name that merely ends alike."""
    monkeypatch.setenv("http_proxy", f"http://{proxy}")
    monkeypatch.setenv("no_proxy", exempted)
    url = "http://eu.service.test/things"
    async with httpx.AsyncClient(transport=wire_transport(url, connections=2)) as client:
        response = await client.get(url)

    assert response.text == "GET http://eu.service.test/things HTTP/1.1"


async def test_a_proxy_that_is_not_there_is_a_call_that_never_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that even a write may be asked again: no byte of it went beyond this machine."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    url = "https://service.invalid/things"
    async with httpx.AsyncClient(transport=wire_transport(url, connections=2)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.post(url)
