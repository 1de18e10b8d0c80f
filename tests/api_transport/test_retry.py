"""The retry transport over a wire that does as it is told, in a time that sleeping makes pass."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import anyio
import attrs
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_transport import Gate, Limits, RetryPolicy, RetryTransport, ThrottleTransport, Verdict

URL = "https://service.test/things"
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

Answer: TypeAlias = Callable[[], httpx.Response]
Outcome: TypeAlias = Answer | httpx.TransportError


def answer(status: int, body: str = "", **headers: str) -> Answer:
    """An answer, made afresh each time it is given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: httpx.Response(status, text=body, headers=named)


OK = answer(200, "fine")
REFUSED_BY_STATUS = answer(429, "too many")
REFUSED_BY_CODE = answer(422, "LIMIT")
WRONG = answer(422, "wrong")
BROKEN = answer(503, "broken")
LOST_REPLY = httpx.ReadError("connection reset")
SERVER_LEFT = httpx.RemoteProtocolError("disconnected without a response")
TIMED_OUT = httpx.ReadTimeout("too slow")
NOT_WRITTEN = httpx.WriteError("broken pipe")
NEVER_CONNECTED = httpx.ConnectError("refused")
CONNECTS_TOO_SLOWLY = httpx.ConnectTimeout("too slow")
NO_CONNECTION_FREE = httpx.PoolTimeout("all in use")

SAFE_FOR_ALL = [
    REFUSED_BY_STATUS,
    REFUSED_BY_CODE,
    NEVER_CONNECTED,
    CONNECTS_TOO_SLOWLY,
    NO_CONNECTION_FREE,
]
SAFE_FOR_READS = [BROKEN, LOST_REPLY, SERVER_LEFT, TIMED_OUT, NOT_WRITTEN]


def judge(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """A service that tells its limits by status or by a code in the body."""
    del headers
    if status == 429 or b"LIMIT" in body:
        return Verdict.REFUSED_UNREAD
    return Verdict.TRANSIENT if status >= 500 else Verdict.FINAL


@attrs.define
class Scene:
    """A client, its wire and its time."""

    outcomes: Sequence[Outcome]
    policy: RetryPolicy = attrs.field(factory=lambda: RetryPolicy(attempts=3, base=1.0))
    gate: Gate = attrs.field(factory=Gate)
    time: float = 1000.0
    slept: list[float] = attrs.field(factory=list)
    sent: list[bytes] = attrs.field(factory=list)

    async def ask(self, method: str = "GET", *, repeatable: bool | None = None) -> httpx.Response:
        """What a client gets that sends one request."""
        extensions = {} if repeatable is None else {"repeatable": repeatable}
        transport = RetryTransport(
            httpx.MockTransport(self.wire),
            judge=judge,
            policy=self.policy,
            gate=self.gate,
            sleep=self.sleep,
            draw=lambda: 0.0,
            now=lambda: NOW,
            monotonic=lambda: self.time,
        )
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, URL, content=b"text", extensions=extensions)

    async def wire(self, request: httpx.Request) -> httpx.Response:
        """One outcome after another, the last for ever."""
        outcome = self.outcomes[min(len(self.sent), len(self.outcomes) - 1)]
        self.sent.append(await request.aread())
        if isinstance(outcome, httpx.TransportError):
            raise outcome
        return outcome()

    async def sleep(self, seconds: float) -> None:
        """Sleep in no time."""
        self.slept.append(seconds)
        self.time += seconds


@pytest.mark.parametrize("first", SAFE_FOR_ALL)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_what_never_ran_is_asked_again(method: str, first: Outcome) -> None:
    """Any request is repeated, body and all, if it never left or was refused unread."""
    scene = Scene([first, OK])

    response = await scene.ask(method)

    assert response.text == "fine"
    assert scene.sent == [b"text", b"text"]
    assert scene.slept == [0.5]


@pytest.mark.parametrize("first", SAFE_FOR_READS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_read_is_asked_again_after_anything_transient(method: str, first: Outcome) -> None:
    """Reading twice does no harm."""
    scene = Scene([first, OK])

    response = await scene.ask(method)

    assert response.status_code == 200
    assert len(scene.sent) == 2


@pytest.mark.parametrize("first", SAFE_FOR_READS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_whose_fate_is_unknown_is_sent_once(method: str, first: Outcome) -> None:
    """After a lost reply or a 5xx a write goes back to the caller, at once."""
    scene = Scene([first, OK])

    if isinstance(first, httpx.TransportError):
        with pytest.raises(type(first)):
            await scene.ask(method)
    else:
        assert (await scene.ask(method)).status_code == 503

    assert len(scene.sent) == 1
    assert scene.slept == []


@pytest.mark.parametrize(
    ("method", "repeatable", "sends"),
    [("POST", True, 2), ("POST", False, 1), ("GET", False, 1), ("GET", True, 2)],
)
async def test_a_request_may_say_itself_whether_it_is_repeatable(
    method: str, *, repeatable: bool, sends: int
) -> None:
    """`extensions["repeatable"]` goes before what the method says."""
    scene = Scene([BROKEN, OK])

    await scene.ask(method, repeatable=repeatable)

    assert len(scene.sent) == sends


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("final", [WRONG, answer(302, location="/elsewhere"), answer(404)])
async def test_a_final_answer_is_final(method: str, final: Answer) -> None:
    """What the judge calls final reaches the caller with its body, and nothing is asked again."""
    scene = Scene([final, OK])

    response = await scene.ask(method)

    assert response.content == final().content
    assert len(scene.sent) == 1


@given(
    outcomes=st.lists(
        st.sampled_from([OK, WRONG, *SAFE_FOR_ALL, *SAFE_FOR_READS]), min_size=1, max_size=6
    ),
    attempts=st.integers(1, 5),
)
async def test_no_story_makes_a_write_happen_twice(outcomes: list[Outcome], attempts: int) -> None:
    """Every send of a write but the last was followed by what proves that it never ran."""
    scene = Scene(outcomes, policy=RetryPolicy(attempts=attempts))

    with contextlib.suppress(httpx.TransportError):
        await scene.ask("POST")

    seen = [outcomes[min(n, len(outcomes) - 1)] for n in range(len(scene.sent) - 1)]
    assert len(scene.sent) <= attempts
    assert all(outcome in SAFE_FOR_ALL for outcome in seen)


async def test_the_last_answer_reaches_the_caller() -> None:
    """When attempts run out the caller reads what the server last said."""
    scene = Scene([answer(503, "first"), answer(503, "second"), answer(503, "third")])

    response = await scene.ask()

    assert response.text == "third"
    assert scene.slept == [0.5, 1.0]


@pytest.mark.parametrize("asked", ["7", "Thu, 01 Oct 2026 08:00:07 GMT"])
async def test_retry_after_is_waited_out_to_the_second(asked: str) -> None:
    """The wait is what the server asks for, and the gate is shut for that long."""
    scene = Scene([answer(429, retry_after=asked), OK])

    response = await scene.ask("POST")

    assert response.text == "fine"
    assert scene.slept == [7.0]
    assert scene.gate.left(1000.0) == 7.0


async def test_retry_after_of_a_breakdown_is_waited_out_by_its_task_alone() -> None:
    """A 503 tells of itself, not of the others' calls: the gate stays open."""
    scene = Scene([answer(503, retry_after="7"), OK])

    await scene.ask()

    assert scene.slept == [7.0]
    assert scene.gate.left(1000.0) == 0.0


async def test_who_gives_up_still_shuts_the_gate() -> None:
    """The server asked to be left alone by all, also by those whose first attempt comes next."""
    scene = Scene([answer(429, retry_after="7")], policy=RetryPolicy(attempts=1))

    response = await scene.ask()

    assert response.status_code == 429
    assert scene.slept == []
    assert scene.gate.left(1000.0) == 7.0


async def test_a_retry_after_beyond_the_longest_wait_is_the_callers() -> None:
    """Nobody is held for an hour: the answer is given up; and nobody asks before the hour ends."""
    scene = Scene([answer(429, retry_after="3600"), OK])

    response = await scene.ask()

    assert response.headers["retry-after"] == "3600"
    assert scene.slept == []
    assert scene.gate.left(1000.0) == 3600.0


class Endless(httpx.AsyncByteStream):
    """A body that has begun and never ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"begun"
        await anyio.sleep_forever()


async def test_a_cancelled_look_at_a_refusal_keeps_no_slot() -> None:
    """Whoever is cancelled while the judge's body is read gives the slot back."""
    bodies = [httpx.Response(503, stream=Endless()), httpx.Response(200)]
    gate = Gate()
    throttle = ThrottleTransport(
        httpx.MockTransport(lambda _: bodies.pop(0)), limits=Limits(concurrent=1), gate=gate
    )
    transport = RetryTransport(throttle, judge=judge, policy=RetryPolicy(), gate=gate)
    async with httpx.AsyncClient(transport=transport) as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.get, URL)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        with anyio.fail_after(5):
            response = await client.get(URL)

    assert response.status_code == 200


class Closing(httpx.AsyncBaseTransport):
    """A wire that remembers that it was closed."""

    closed = False

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


async def test_closing_goes_down_to_the_wire() -> None:
    """A client that closes its transport closes the connections below it."""
    wire, gate = Closing(), Gate()
    throttle = ThrottleTransport(wire, limits=Limits(concurrent=1), gate=gate)
    transport = RetryTransport(throttle, judge=judge, policy=RetryPolicy(), gate=gate)

    await httpx.AsyncClient(transport=transport).aclose()

    assert wire.closed
