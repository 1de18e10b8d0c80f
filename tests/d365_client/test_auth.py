"""One token for all: fetched once, renewed once, never twice at a time."""

from __future__ import annotations

import math

import anyio
import httpx
import pytest

from d365_client import BearerAuth, LoginFailed, Token


class Tokens:
    """A source that counts; a token takes a turn of the loop, and as long as `held` is shut."""

    def __init__(self, *, expires_in: float = 3599.0) -> None:
        self.expires_in = expires_in
        self.issued = 0
        self.events: list[str] = []
        self.held = anyio.Event()
        self.held.set()
        self.fails = False

    async def token(self) -> Token:
        """The next token."""
        await self.held.wait()
        await anyio.lowlevel.checkpoint()
        if self.fails:
            raise LoginFailed("no")
        self.issued += 1
        self.events.append(f"token {self.issued}")
        return Token(value=f"t{self.issued}", expires_in=self.expires_in)

    async def forget(self) -> None:
        """Remember that it was asked for."""
        self.events.append("forget")

    async def aclose(self) -> None:
        """Remember that it was asked for."""
        self.events.append("closed")


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The seconds."""
        return self.now


class Service:
    """Answers 401 to the tokens that it refuses; remembers what it was sent."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.seen: list[str] = []
        self.bodies: list[bytes] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer."""
        await anyio.lowlevel.checkpoint()
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.seen.append(token)
        self.bodies.append(request.content)
        return httpx.Response(401 if token in self.refused or "*" in self.refused else 200)


@pytest.fixture
def tokens() -> Tokens:
    """A source of tokens."""
    return Tokens()


@pytest.fixture
def service() -> Service:
    """A service that knows which tokens it refuses."""
    return Service()


def client(tokens: Tokens, service: Service, clock: Clock | None = None) -> httpx.AsyncClient:
    """A client of the service, authenticated by these tokens."""
    auth = BearerAuth(tokens, monotonic=clock or Clock())
    return httpx.AsyncClient(auth=auth, transport=httpx.MockTransport(service))


async def ask(http: httpx.AsyncClient, times: int) -> list[int]:
    """So many requests at once; their statuses."""
    statuses: list[int] = []

    async def one() -> None:
        statuses.append((await http.get("https://x.test/")).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(times):
            group.start_soon(one)
    return statuses


async def test_twenty_tasks_ask_for_one_token(tokens: Tokens, service: Service) -> None:
    """Whoever comes while it is fetched waits for it."""
    async with client(tokens, service) as http:
        statuses = await ask(http, 20)

    assert statuses == [200] * 20
    assert tokens.events == ["token 1"]
    assert service.seen == ["t1"] * 20


async def test_twenty_tasks_with_a_lapsed_token_ask_for_one_more(
    tokens: Tokens, service: Service
) -> None:
    """All twenty are refused; the first to come back renews, after the cache was cleared."""
    async with client(tokens, service) as http:
        await ask(http, 1)
        service.refused = {"t1"}
        statuses = await ask(http, 20)

    assert statuses == [200] * 20
    assert tokens.events == ["token 1", "forget", "token 2"]


async def test_a_refusal_of_a_token_that_was_replaced_renews_nothing(tokens: Tokens) -> None:
    """A slow 401 for the old token finds the new one and uses it."""
    auth = BearerAuth(tokens, monotonic=Clock())
    early, late = httpx.Request("GET", "https://x.test/"), httpx.Request("GET", "https://x.test/")
    first, second = auth.async_auth_flow(early), auth.async_auth_flow(late)
    for flow in (first, second):
        await anext(flow)
    for flow in (first, second):
        await flow.asend(httpx.Response(401))
        await flow.aclose()

    assert tokens.events == ["token 1", "forget", "token 2"]
    assert late.headers["Authorization"] == "Bearer t2"


async def test_a_token_is_renewed_once_for_a_request(tokens: Tokens, service: Service) -> None:
    """A second 401 is the caller's: something other than the token is wrong."""
    service.refused = {"*"}
    async with client(tokens, service) as http:
        statuses = await ask(http, 1)

    assert statuses == [401]
    assert service.seen == ["t1", "t2"]


async def test_a_write_is_sent_again_whole(tokens: Tokens, service: Service) -> None:
    """A 401 is an answer before execution, so the same body goes out again."""
    service.refused = {"t1"}
    async with client(tokens, service) as http:
        await http.post("https://x.test/", content=b'{"a":1}')

    assert service.bodies == [b'{"a":1}'] * 2


@pytest.mark.parametrize(
    ("expires_in", "age", "renewed"),
    [
        (3599.0, 3478.0, False),
        (3599.0, 3480.0, True),
        (3599.0, 4000.0, True),
        (100.0, 49.0, False),
        (100.0, 51.0, True),
        (math.inf, 1e9, False),
    ],
)
async def test_a_token_about_to_lapse_is_renewed_before_use(
    service: Service, *, expires_in: float, age: float, renewed: bool
) -> None:
    """Two minutes before its end, or at half of a life shorter than that."""
    tokens, clock = Tokens(expires_in=expires_in), Clock()
    async with client(tokens, service, clock) as http:
        await ask(http, 1)
        clock.now = age
        await ask(http, 3)

    assert tokens.issued == (2 if renewed else 1)
    assert "forget" not in tokens.events


async def test_a_cancelled_renewal_leaves_the_way_free(tokens: Tokens, service: Service) -> None:
    """Whoever comes next fetches the token; nothing waits for the one that was given up."""
    tokens.held = anyio.Event()
    async with client(tokens, service) as http:
        async with anyio.create_task_group() as group:
            group.start_soon(ask, http, 3)
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()
        tokens.held.set()
        with anyio.fail_after(5):
            statuses = await ask(http, 1)

    assert statuses == [200]
    assert tokens.issued == 1


async def test_a_login_that_failed_is_tried_by_the_next_request(
    tokens: Tokens, service: Service
) -> None:
    """The failure goes to who asked, before anything is sent; it is not remembered."""
    tokens.fails = True
    async with client(tokens, service) as http:
        with pytest.raises(LoginFailed):
            await http.get("https://x.test/")
        tokens.fails = False
        statuses = await ask(http, 1)

    assert statuses == [200]
    assert service.seen == ["t1"]


def test_a_synchronous_client_is_told_so(tokens: Tokens) -> None:
    """It has no loop to wait in."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with (
        httpx.Client(auth=BearerAuth(tokens), transport=transport) as http,
        pytest.raises(RuntimeError, match=r"for httpx\.AsyncClient"),
    ):
        http.get("https://x.test/")


async def test_closing_closes_the_source(tokens: Tokens) -> None:
    """What the source opened is closed with the client."""
    await BearerAuth(tokens).aclose()

    assert tokens.events == ["closed"]


def test_a_token_is_not_shown() -> None:
    """Neither in a log nor in a traceback."""
    assert "geheim" not in repr(Token(value="geheim", expires_in=1.0))
