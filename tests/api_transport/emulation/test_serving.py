"""Starting and stopping: in a thread for tests, in a process for everything else."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.types import Receive, Scope, Send

from api_transport.emulation import certificate, running

PROGRAM = """
from api_transport.emulation import serve

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})

serve(app, port=0, tls=None, ready=lambda port: print(port, flush=True))
print("closed")
"""


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An app that is here."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


def get(url: str, verify: ssl.SSLContext | bool = True) -> str:  # noqa: FBT001, FBT002 - as httpx
    """What is at a URL."""
    return httpx.get(url, verify=verify, trust_env=False).text


def test_an_app_runs_as_long_as_the_context() -> None:
    """Inside it answers; afterwards nobody listens."""
    with running(app) as port:
        inside = get(f"http://localhost:{port}")

    assert inside == "here"
    with pytest.raises(httpx.ConnectError):
        get(f"http://localhost:{port}")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_certificate_is_for_this_machine(tmp_path: Path, host: str) -> None:
    """A client that trusts the CA file, and nothing else, is served by name and by address."""
    tls, ca_file = certificate(tmp_path)
    with running(app, tls=tls) as port:
        text = get(f"https://{host}:{port}", ssl.create_default_context(cafile=ca_file))

    assert text == "here"


def test_the_certificate_is_trusted_by_nobody_else(tmp_path: Path) -> None:
    """A client without the CA file refuses, and the server goes on."""
    tls, ca_file = certificate(tmp_path)
    with running(app, tls=tls) as port:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            get(f"https://localhost:{port}", ssl.create_default_context())
        text = get(f"https://localhost:{port}", ssl.create_default_context(cafile=ca_file))

    assert text == "here"


def test_answers_come_at_once() -> None:
    """No answer waits out the 40 ms that Nagle's algorithm and delayed acknowledgement cost."""
    seconds = []
    with running(app) as port, httpx.Client(trust_env=False) as client:
        for _ in range(20):
            started = time.monotonic()
            client.get(f"http://127.0.0.1:{port}")
            seconds.append(time.monotonic() - started)

    assert min(seconds[5:]) < 0.03


@pytest.mark.parametrize("secured", [True, False])
def test_stopping_closes_who_only_connected(tmp_path: Path, *, secured: bool) -> None:
    """A connection that never got further than to connect is closed."""
    tls = certificate(tmp_path)[0] if secured else None
    with running(app, tls=tls) as port:
        idle = socket.create_connection(("127.0.0.1", port), timeout=5)

    with idle:
        assert idle.recv(1) == b""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_stopping_waits_for_no_idle_caller(tmp_path: Path, scheme: str) -> None:
    """A client that keeps its connection, and does not listen just now, holds nothing up."""
    tls, ca_file = certificate(tmp_path)
    verify = ssl.create_default_context(cafile=ca_file)
    with httpx.Client(verify=verify, trust_env=False) as client:
        with running(app, tls=tls if scheme == "https" else None) as port:
            text = client.get(f"{scheme}://localhost:{port}").text
            stopped = time.monotonic()
        seconds = time.monotonic() - stopped

    assert text == "here"
    assert seconds < 5


def test_an_app_that_does_not_end_is_stopped() -> None:
    """A request that is still worked on is given a second, then cancelled."""
    cancelled = []

    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        try:
            await anyio.sleep_forever()
        finally:
            cancelled.append(True)

    with running(endless) as port, httpx.stream("GET", f"http://127.0.0.1:{port}") as answer:
        first = next(answer.iter_raw())

    assert first == b"begun"
    assert cancelled == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: all of 127/8 is this machine")
def test_one_address_is_bound() -> None:
    """Nobody listens on the machine's other addresses."""
    with running(app) as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_taken_port_is_an_error() -> None:
    """The error says so, and nothing is left running."""
    with running(app) as port, pytest.raises(OSError, match=str(port)), running(app, port=port):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX: signals end a process in order")
@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_process_in_order(name: signal.Signals) -> None:
    """The process tells its port, serves, and after a signal leaves `serve` and exits with 0."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with httpx.Client(trust_env=False) as client:
            text = client.get(f"http://127.0.0.1:{port}").text
            process.send_signal(name)
            out, err = process.communicate(timeout=30)

    assert text == "here"
    assert (process.returncode, out, err) == (0, "closed\n", "")
