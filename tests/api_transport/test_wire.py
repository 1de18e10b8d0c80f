"""The innermost transport: it goes by the proxy that the environment names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

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


async def test_an_exempted_host_needs_no_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """What `no_proxy` names is called directly: here a host that nobody can resolve."""
    monkeypatch.setenv("http_proxy", f"http://{proxy}")
    monkeypatch.setenv("no_proxy", "service.invalid")
    url = "http://service.invalid/things"
    async with httpx.AsyncClient(transport=wire_transport(url, connections=2)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
