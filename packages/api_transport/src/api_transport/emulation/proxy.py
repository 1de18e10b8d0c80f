"""A byte proxy in front of an ASGI server, which cannot hang up by itself.

It ends TLS, relays bytes both ways, and looks for one header in the answers: where the app has
marked an answer as lost, the connection closes, is reset, or stops in the middle of the body.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import struct
import sys
from collections.abc import AsyncIterator

FAULT_HEADER = "x-emulator-fault"
"""`drop`, `reset` or `truncate N`; never reaches the client."""

_MARK = re.compile(rb"(?i)\r\nx-emulator-fault: (drop|reset|truncate (\d+))(?=\r\n)")
_CHUNK = 65_536


class Proxy:
    """Listens on a port of its own on the loopback address and relays to another."""

    def __init__(self, upstream_port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self._upstream_port = upstream_port
        self._tls = tls
        self._connections: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[int]:
        """Relay until the context ends, then close every connection; gives the port.

        Port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        server = await asyncio.start_server(self._connected, "127.0.0.1", port, ssl=self._tls)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._relay(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _relay(
        self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter
    ) -> None:
        # An OSError means that one side is gone; then so is the other.
        with contextlib.suppress(OSError):
            async with _closing(client_writer):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
                async with _closing(writer):
                    there = asyncio.ensure_future(_copy(client_reader, writer))
                    back = asyncio.ensure_future(_copy_answers(reader, client_writer))
                    try:
                        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        there.cancel()
                        back.cancel()
                        await asyncio.gather(there, back, return_exceptions=True)


@contextlib.asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close in the end: after what is written has left, or at once if anything goes wrong."""
    try:
        yield
        writer.close()
        await writer.wait_closed()
    finally:
        writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()


async def _copy_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end, or until an answer that is marked: that one suffers its fault."""
    while chunk := await reader.read(_CHUNK):
        # uvicorn writes a head in one piece, and no answer before the one in front was read.
        if chunk.startswith(b"HTTP/") and (mark := _MARK.search(chunk)):
            await _suffer(chunk, mark, reader, writer)
            return
        writer.write(chunk)
        await writer.drain()


async def _suffer(
    chunk: bytes,
    mark: re.Match[bytes],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    if mark[1] == b"reset":
        _reset(writer)
    if mark[2] is not None:
        answer = chunk[: mark.start()] + chunk[mark.end() :]
        end = answer.index(b"\r\n\r\n") + 4 + int(mark[2])
        while len(answer) < end and (more := await reader.read(_CHUNK)):
            answer += more
        writer.write(answer[:end])
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset, which is what closing after a linger of no seconds does."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
