"""What the tests of the client's shell share: a client that waits for nothing, and its server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator

import httpx
import pytest
import respx

from d365_client import D365Client

BASE = "https://contoso.operations.dynamics.test"


class Sleeps:
    """Waits that were asked for, in seconds; none is waited."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Remember the wait."""
        self.asked.append(seconds)


class PresetToken(httpx.Auth):
    """A credential that never lapses."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the token on."""
        request.headers["Authorization"] = "Bearer preset"
        yield request


@pytest.fixture
def sleeps() -> Sleeps:
    """The waits of the client."""
    return Sleeps()


@pytest.fixture
def server() -> Iterator[respx.MockRouter]:
    """The environment's server; a route that a test adds must be asked."""
    with respx.mock(base_url=BASE) as router:
        yield router


@pytest.fixture
async def client(sleeps: Sleeps) -> AsyncIterator[D365Client]:
    """A client of the environment, with its default settings."""
    async with D365Client(BASE, auth=PresetToken(), sleep=sleeps) as client:
        yield client


@pytest.fixture
async def strict_client(sleeps: Sleeps) -> AsyncIterator[D365Client]:
    """A client that takes the recorded write exception for a rejection."""
    async with D365Client(
        BASE, auth=PresetToken(), sleep=sleeps, write_exception_is_rejection=True
    ) as client:
        yield client
