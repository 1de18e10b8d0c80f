"""Spans and figures of calls; the one door to OpenTelemetry.

Names are those of the stable conventions for HTTP clients:
https://opentelemetry.io/docs/specs/semconv/http/
"""

from __future__ import annotations

import contextlib

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from api_transport._exchange import Asked, Told

_SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]
"""Seconds, as the conventions want them."""

_CLIENT_ERROR = 400


class Instruments:
    """A client's tracer, and its figures: how long, how often again, how long throttled."""

    def __init__(
        self,
        name: str,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        self._tracer = trace.get_tracer(name, tracer_provider=tracer_provider, schema_url=_SCHEMA)
        meter = metrics.get_meter(name, meter_provider=meter_provider, schema_url=_SCHEMA)
        self.duration = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of calls, from before authentication to the end of the body.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self.retries = meter.create_counter(
            "tieout.client.retries", unit="{retry}", description="Attempts beyond a call's first."
        )
        self.throttled = meter.create_counter(
            "tieout.client.throttled",
            unit="s",
            description="Time in which calls waited for a slot, for the gate or to be asked again.",
        )

    def begin(self, asked: Asked) -> CallSpan:
        """The span of a call that begins now."""
        # A sampler decides by what a span has from the start.
        attributes = {**_kind(asked), "url.full": asked.url, "tieout.request_id": asked.request_id}
        span = self._tracer.start_span(asked.operation, kind=SpanKind.CLIENT, attributes=attributes)
        return CallSpan(self, asked, span)


class CallSpan:
    """The span of one call."""

    def __init__(self, instruments: Instruments, asked: Asked, span: trace.Span) -> None:
        self._instruments = instruments
        self._asked = asked
        self._span = span

    def current(self) -> contextlib.AbstractContextManager[trace.Span]:
        """Within this, spans that others begin are below this one."""
        return trace.use_span(self._span, record_exception=False, set_status_on_exception=False)

    def end(self, told: Told) -> None:
        """End the span with what is told of its call, and count it."""
        result = _result(told)
        shared = {**_kind(self._asked), **result}
        for counter, amount in (
            (self._instruments.retries, told.attempts - 1),
            (self._instruments.throttled, told.throttled),
        ):
            if amount > 0:
                counter.add(amount, shared)
        # While the span is current, a sample of the histogram can point to it.
        with self.current():
            self._instruments.duration.record(told.seconds, shared)
        self._span.set_attributes({**result, **_details(told)})
        if "error.type" in result:
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


def _kind(asked: Asked) -> dict[str, str | int | float]:
    """What is the same for many calls, so that figures can be told apart by it."""
    return {
        "http.request.method": asked.method,
        "server.address": asked.host,
        "server.port": asked.port,
        "url.scheme": asked.scheme,
        "url.template": asked.operation.partition(" ")[2],
    }


def _result(told: Told) -> dict[str, str | int | float]:
    """How it ended, which is also the same for many calls."""
    result: dict[str, str | int | float] = {}
    if told.status:
        result["http.response.status_code"] = told.status
    if told.status >= _CLIENT_ERROR:
        result["error.type"] = str(told.status)
    elif told.error:
        result["error.type"] = told.error
    return result


def _details(told: Told) -> dict[str, str | int | float]:
    """What only the span has."""
    details: dict[str, str | int | float] = {"tieout.throttled": told.throttled}
    if told.activity_id:
        details["tieout.activity_id"] = told.activity_id
    if told.attempts > 1:
        details["http.request.resend_count"] = told.attempts - 1
    return details
