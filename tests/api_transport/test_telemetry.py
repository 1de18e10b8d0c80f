"""What is told of a call: in the log, in spans and figures; and what never is."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import anyio
import attrs
import httpx
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, get_current_span

from api_transport import GateShut, Limits, RetryPolicy, Telemetry, Verdict, polite_transport
from api_transport._opentelemetry import Instruments

NAME = "test_client"
QUERY = "filter=geheim-query"
USER = "geheim-user:geheim-password"
URL = f"https://{USER}@service.test/data/Things('T-1')?{QUERY}"
BODY = b"geheim-body"
OPERATION = "GET /data/Things({key})"


def judge(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """A service that refuses by 429."""
    del headers, body
    if status == 429:
        return Verdict.REFUSED_UNREAD
    return Verdict.TRANSIENT if status >= 500 else Verdict.FINAL


class Clock:
    """Seconds that pass by one with each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The seconds."""
        self.now += 1.0
        return self.now


class Opened(httpx.AsyncByteStream):
    """A body that has not been read."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"unread"


@attrs.define
class Collected:
    """What an SDK of OpenTelemetry collects."""

    spans: InMemorySpanExporter = attrs.field(factory=InMemorySpanExporter)
    reader: InMemoryMetricReader = attrs.field(factory=InMemoryMetricReader)

    def instruments(self, name: str) -> Instruments:
        """Instruments that it listens to."""
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        meters = MeterProvider(metric_readers=[self.reader])
        return Instruments(name, tracer_provider=tracers, meter_provider=meters)

    def figures(self) -> dict[str, Sequence[Any]]:
        """The points of each figure by its name."""
        told = self.reader.get_metrics_data()
        return {
            metric.name: list(metric.data.data_points)
            for resource in (told.resource_metrics if told else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    @property
    def span(self) -> ReadableSpan:
        """The only span."""
        (span,) = self.spans.get_finished_spans()
        return span


@pytest.fixture
def collected() -> Collected:
    """Nothing yet."""
    return Collected()


async def no_sleep(_seconds: float) -> None:
    """Wait for nothing."""


async def ask(
    wire: Callable[[httpx.Request], httpx.Response],
    collected: Collected | None = None,
    *,
    calls: int = 1,
    error: type[Exception] | None = None,
) -> None:
    """Make calls of the wire, by all transports; the answer is read within `error`, if any."""
    transport = polite_transport(
        httpx.MockTransport(wire),
        judge=judge,
        limits=Limits(concurrent=1),
        policy=RetryPolicy(attempts=3, longest_wait=60.0),
        logger=logging.getLogger(NAME),
        sleep=no_sleep,
        monotonic=lambda: 0.0,
    )
    telemetry = Telemetry(
        NAME,
        activity_header="x-activity",
        instruments=collected.instruments if collected else lambda _: None,
        monotonic=Clock(),
    )
    async with httpx.AsyncClient(transport=transport, auth=("geheim-user", "x")) as http:
        for _ in range(calls):
            request = http.build_request(
                "GET",
                URL,
                content=BODY,
                headers={"x-key": "geheim-header"},
                extensions={"operation": OPERATION, "request_id": "r-1"},
            )
            async with telemetry.answered(http, request) as response:
                await response.aread()
                if error is not None:
                    raise error("geheim-body")


def answers(*responses: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    """A wire that gives one after the other."""
    waiting = list(responses)
    return lambda _: waiting.pop(0)


def fine() -> httpx.Response:
    """A success."""
    return httpx.Response(200, headers={"x-activity": "a-1"}, content=BODY)


def record(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """The only record of a call, as what it tells."""
    (told,) = (item for item in caplog.records if item.levelno == logging.INFO)
    return vars(told)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The client's log from DEBUG on."""
    caplog.set_level(logging.DEBUG, logger=NAME)
    return caplog


async def test_a_call_is_one_record(log: pytest.LogCaptureFixture) -> None:
    """It tells the operation, how it ended, and the ids to find it by at the service."""
    await ask(answers(httpx.Response(429), fine()))

    told = record(log)
    assert told["name"] == NAME
    assert told["message"] == f"{OPERATION}: 200 in 1.000 s"
    assert [told[name] for name in ("operation", "status", "attempts", "seconds")] == [
        OPERATION,
        200,
        2,
        1.0,
    ]
    assert [told[name] for name in ("request_id", "activity_id", "error")] == ["r-1", "a-1", ""]
    assert 0.25 <= told["throttled"] <= 0.5


async def test_each_attempt_is_a_record_at_debug(log: pytest.LogCaptureFixture) -> None:
    """Those of one call have its request id; each tells what came, and what follows."""
    await ask(answers(httpx.Response(503), httpx.Response(429), fine()))

    attempts = [vars(told) for told in log.records if told.levelno == logging.DEBUG]
    assert [told["status"] for told in attempts] == [503, 429, 200]
    assert [told["wait"] is None for told in attempts] == [False, False, True]
    assert {told["request_id"] for told in attempts} == {"r-1"}


async def test_a_call_without_answer_is_told_by_its_error(log: pytest.LogCaptureFixture) -> None:
    """Its status is 0, and the exception's own words stay out."""

    def wire(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("geheim-body")

    with pytest.raises(httpx.ReadTimeout):
        await ask(wire)

    told = record(log)
    assert [told[name] for name in ("status", "attempts", "error")] == [0, 3, "ReadTimeout"]
    assert told["message"] == f"{OPERATION}: ReadTimeout in 1.000 s"


async def test_what_was_held_back_is_told_as_no_attempt(log: pytest.LogCaptureFixture) -> None:
    """Nothing was sent, and the record says so."""
    with pytest.raises(GateShut):
        await ask(answers(httpx.Response(429, headers={"retry-after": "600"})), calls=2)

    told = vars(log.records[-1])
    assert [told[name] for name in ("status", "attempts", "error")] == [0, 0, "GateShut"]


async def test_an_answer_that_nobody_reads_is_closed(log: pytest.LogCaptureFixture) -> None:
    """Whoever leaves without reading leaves no open body behind, and the call is told."""
    response = httpx.Response(200, stream=Opened())
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response)) as http:
        telemetry = Telemetry(NAME, instruments=lambda _: None)
        async with telemetry.answered(http, http.build_request("GET", "https://x.test/a?b")):
            pass

    assert response.is_closed
    assert record(log)["operation"] == "GET /a"


async def test_a_cancelled_call_is_told(log: pytest.LogCaptureFixture) -> None:
    """A call that the caller gave up has a record too, and its span has an end."""

    async def wire(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    collected = Collected()
    with anyio.move_on_after(0.05):
        await ask(wire, collected)  # type: ignore[arg-type]  # MockTransport takes both kinds

    assert record(log)["error"] == "CancelledError"
    assert collected.span.status.status_code is StatusCode.ERROR


async def test_no_secret_is_told(log: pytest.LogCaptureFixture, collected: Collected) -> None:
    """Neither credentials nor headers, queries or bodies are in a record, a span or a figure."""
    with pytest.raises(ValueError, match="geheim"):
        await ask(answers(httpx.Response(429, content=BODY), fine()), collected, error=ValueError)

    told = [f"{vars(item)}" for item in log.records if item.name == NAME]
    span = collected.span
    assert len(told) == 3
    assert "geheim" not in "".join(told)
    assert "geheim" not in f"{span.to_json()} {collected.figures()}"


async def test_a_span_tells_a_call_by_the_conventions(collected: Collected) -> None:
    """Name, kind and attributes are those of the stable conventions for HTTP clients."""
    await ask(answers(httpx.Response(429), fine()), collected)

    span = collected.span
    attributes = dict(span.attributes or {})
    throttled = attributes.pop("tieout.throttled")
    assert (span.name, span.kind) == (OPERATION, SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    assert isinstance(throttled, float)
    assert throttled > 0
    assert attributes == {
        "http.request.method": "GET",
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
        "server.address": "service.test",
        "server.port": 443,
        "tieout.activity_id": "a-1",
        "tieout.request_id": "r-1",
        "url.full": "https://service.test/data/Things('T-1')",
        "url.scheme": "https",
        "url.template": "/data/Things({key})",
    }


async def test_a_refused_call_is_a_failed_span(collected: Collected) -> None:
    """A 4xx is an error for who asks; its kind is the status, and no message is kept."""
    await ask(answers(httpx.Response(404)), collected)

    span = collected.span
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description is None
    assert (span.attributes or {})["error.type"] == "404"
    assert span.events == ()


async def test_an_answer_that_cannot_be_used_is_a_failed_span(collected: Collected) -> None:
    """What the caller raises while it reads the answer is how the call ended."""
    with pytest.raises(ValueError, match="geheim"):
        await ask(answers(fine()), collected, error=ValueError)

    span = collected.span
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "ValueError"


async def test_a_lost_answer_is_a_failed_span_without_its_words(collected: Collected) -> None:
    """The kind of exception is told; what it says may be anything, and is not."""

    def wire(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("geheim-body")

    with pytest.raises(httpx.ReadTimeout):
        await ask(wire, collected)

    span = collected.span
    assert (span.attributes or {})["error.type"] == "ReadTimeout"
    assert "http.response.status_code" not in (span.attributes or {})
    assert span.events == ()


async def test_the_span_is_current_while_the_request_is_sent(collected: Collected) -> None:
    """Spans of what is below, such as those of an instrumented wire, find their parent."""
    seen: list[int] = []

    def wire(_request: httpx.Request) -> httpx.Response:
        seen.append(get_current_span().get_span_context().span_id)
        return fine()

    await ask(wire, collected)

    context = collected.span.context
    assert context is not None
    assert seen == [context.span_id]
    assert not get_current_span().get_span_context().is_valid


async def test_figures_tell_how_long_how_often_again_and_how_long_throttled(
    collected: Collected,
) -> None:
    """A histogram in seconds and two counters, by the kind of operation and its end."""
    await ask(answers(httpx.Response(429), fine(), fine()), collected, calls=2)

    figures = collected.figures()
    (duration,) = figures["http.client.request.duration"]
    (retries,) = figures["tieout.client.retries"]
    (throttled,) = figures["tieout.client.throttled"]
    assert (duration.count, duration.sum) == (2, 2.0)
    assert duration.explicit_bounds[:3] == (0.005, 0.01, 0.025)
    assert dict(duration.attributes) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "service.test",
        "server.port": 443,
        "url.scheme": "https",
        "url.template": "/data/Things({key})",
    }
    assert retries.value == 1
    assert 0.25 <= throttled.value <= 0.5


WITHOUT_OPENTELEMETRY = """
import asyncio, sys
sys.modules["opentelemetry"] = None  # as if it were not installed
import httpx
from api_transport import Telemetry

async def main():
    telemetry = Telemetry("client")
    transport = httpx.MockTransport(lambda _: httpx.Response(204))
    async with httpx.AsyncClient(transport=transport) as http:
        request = http.build_request("GET", "https://service.test/")
        async with telemetry.answered(http, request) as response:
            print(response.status_code)

asyncio.run(main())
print([name for name in sys.modules if name.startswith("opentelemetry.")])
"""

WITH_OPENTELEMETRY = """
import sys
import api_transport, d365_client, bill_client
from d365_client import D365Client, ClientSecret, field
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


@pytest.mark.parametrize(
    ("program", "expected"), [(WITHOUT_OPENTELEMETRY, "204\n[]\n"), (WITH_OPENTELEMETRY, "[]\n")]
)
def test_opentelemetry_is_no_requirement(program: str, expected: str) -> None:
    """Without it calls are made and nothing of it is loaded; importing a client loads nothing."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (ran.stdout, ran.stderr) == (expected, "")
