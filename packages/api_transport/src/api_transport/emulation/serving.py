"""Starting and stopping an emulator: uvicorn on a port of its own, the byte proxy in front."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import trustme
import uvicorn
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp

from api_transport.emulation.proxy import Proxy

_HOUR = 3600


def certificate(directory: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for localhost and 127.0.0.1, made now, and the file of the CA that signed it.

    Nothing is installed: a client takes the CA file into its own `ssl.SSLContext`.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    ca_file = directory / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return context, ca_file


def serve(
    app: ASGIApp, *, port: int, tls: ssl.SSLContext | None, ready: Callable[[int], None]
) -> None:
    """Serve on 127.0.0.1 until SIGINT or SIGTERM, then return; `ready` is told the port.

    On Windows Ctrl-C and Ctrl-Break do that; what ends a process there (`Popen.terminate`) sends
    no signal, and leaves no time to close anything.

    Raises:
        OSError: the port is taken.
    """

    async def main() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        with _signals(lambda: loop.call_soon_threadsafe(stop.set)):
            async with _serving(app, port=port, tls=tls) as bound:
                ready(bound)
                await stop.wait()

    asyncio.run(main())


@contextlib.contextmanager
def running(app: ASGIApp, *, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[int]:
    """Serve on 127.0.0.1, in a thread of its own, for as long as the context lasts; gives the port.

    For tests of behaviour: a thread shares the interpreter with the test, so what is measured
    wants a process.

    Raises:
        OSError: the port is taken.
    """
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(_serving(app, port=port, tls=tls)) as bound,
    ):
        yield bound


class _Server(uvicorn.Server):
    """Leaves the process's signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _serving(app: ASGIApp, *, port: int, tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        # A kept connection that closes by itself would be a fault that nobody asked for.
        timeout_keep_alive=_HOUR,
        timeout_graceful_shutdown=1,
    )
    # asyncio spares connections Nagle's delay only where the listening socket says that it is TCP.
    inner = socket.socket(proto=socket.IPPROTO_TCP)
    inner.bind(("127.0.0.1", 0))
    inner.listen(512)  # from here on callers queue, so that nobody has to wait for uvicorn
    server = _Server(config)
    task = asyncio.ensure_future(server.serve(sockets=[inner]))
    try:
        async with Proxy(inner.getsockname()[1], tls=tls).listening(port) as bound:
            yield bound
    finally:
        server.should_exit = True
        await task
        inner.close()


@contextlib.contextmanager
def _signals(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` for the signals that ask a process to end; the old handlers come back."""
    asking = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        asking.append(signal.SIGBREAK)
    before = {name: signal.signal(name, lambda *_: stop()) for name in asking}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
