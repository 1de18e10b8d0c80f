"""The byte proxy by itself, over sockets of the test's own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from api_transport.emulation import Proxy

BODY = bytes(range(256)) * 4096


@asynccontextmanager
async def proxied(answer: bytes) -> AsyncIterator[int]:
    """The port of a proxy whose upstream takes one line and gives this answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        await reader.read()
        writer.close()
        await writer.wait_closed()

    upstream = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with (
        upstream,
        Proxy(upstream.sockets[0].getsockname()[1]).listening(0) as port,
    ):
        yield port


async def received(port: int, length: int) -> bytes:
    """What comes back for one line, up to so many bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET / HTTP/1.1\r\n")
        chunks = b""
        while len(chunks) < length and (chunk := await reader.read(65_536)):
            chunks += chunk
        return chunks
    finally:
        writer.close()
        await writer.wait_closed()


async def test_bytes_pass_unchanged() -> None:
    """A megabyte of every byte there is comes through as it is."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1048576\r\n\r\n" + BODY
    async with proxied(answer) as port:
        got = await received(port, len(answer))

    assert got == answer


async def test_a_mark_in_a_body_is_data() -> None:
    """Only a head can be marked: a body that quotes one passes."""
    answer = b"quoted\r\nx-emulator-fault: drop\r\nend"
    async with proxied(answer) as port:
        got = await received(port, len(answer))

    assert got == answer


async def test_a_marked_answer_is_not_relayed() -> None:
    """The connection ends before the first byte of a dropped answer."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nX-Emulator-Fault: drop\r\n\r\n"
    async with proxied(answer) as port:
        got = await received(port, 1)

    assert got == b""


async def test_a_reset_is_a_reset() -> None:
    """The peer sees RST, not the end of a stream."""
    answer = b"HTTP/1.1 200 OK\r\nx-emulator-fault: reset\r\ncontent-length: 0\r\n\r\n"
    async with proxied(answer) as port:
        with pytest.raises(ConnectionResetError):
            await received(port, 1)


async def test_what_was_sent_arrives_though_the_sender_left() -> None:
    """A caller who reads late gets all that a service wrote before it hung up."""
    left = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BODY)
        writer.close()
        await writer.wait_closed()
        left.set()

    upstream = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with upstream, Proxy(upstream.sockets[0].getsockname()[1]).listening(0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        await left.wait()
        got = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert got == BODY


async def test_who_hangs_up_is_hung_up_on() -> None:
    """When the caller leaves, the service's end of the connection closes too."""
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        closed.set()
        writer.close()
        await writer.wait_closed()

    upstream = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with upstream, Proxy(upstream.sockets[0].getsockname()[1]).listening(0) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()
        await asyncio.wait_for(closed.wait(), 5)


async def test_without_a_service_the_connection_closes() -> None:
    """A proxy whose upstream is gone hangs up on its callers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    async with Proxy(nobody).listening(0) as port:
        assert await received(port, 1) == b""


async def test_a_taken_port_is_an_error() -> None:
    """Two proxies cannot listen on one port."""
    async with Proxy(9).listening(0) as port:
        with pytest.raises(OSError, match=str(port)):
            async with Proxy(9).listening(port):
                pass
