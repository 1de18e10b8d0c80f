"""What the client tells of its calls, and how it waits: seen at the emulator, on real sockets."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from api_transport import RetryPolicy
from d365_client import ClientSecret, D365Client, NotFound, Outcome, Throttled, field
from d365_client.emulator import D365Server, d365_server

SEARCHED = "geheim-name"
VENDOR_GROUP = {"dataAreaId": "usmf", "VendorGroupId": "10"}


@pytest.fixture
def server() -> Iterator[D365Server]:
    """An environment with one vendor group."""
    with d365_server({"VendorGroups": [VENDOR_GROUP]}) as server:
        yield server


def client(server: D365Server, *, longest_wait: float = 120.0) -> D365Client:
    """A client of the environment."""
    return D365Client(
        server.url,
        auth=ClientSecret(
            tenant_id=server.tenant_id,
            client_id=server.client_id,
            client_secret=server.client_secret,
            authority=server.authority,
        ),
        verify=server.tls,
        retry=RetryPolicy(longest_wait=longest_wait),
    )


def told(caplog: pytest.LogCaptureFixture, level: int) -> list[dict[str, Any]]:
    """The client's own records of a level, as what they tell."""
    return [
        vars(item) for item in caplog.records if (item.name, item.levelno) == ("d365_client", level)
    ]


async def test_each_call_is_told_once_with_its_ids(
    server: D365Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A 401 that is renewed is one call of two attempts; keys are not part of the operation."""
    caplog.set_level(logging.DEBUG, logger="d365_client")
    async with client(server) as d365:
        groups = d365.entities["VendorGroups"].order_by("dataAreaId", "VendorGroupId")
        await groups.list().all()
        server.expire_tokens()
        with pytest.raises(NotFound) as caught:
            await groups.get(dataAreaId="usmf", VendorGroupId="20")

    first, second = told(caplog, logging.INFO)
    assert [first[name] for name in ("operation", "status", "attempts")] == [
        "GET /data/VendorGroups",
        200,
        1,
    ]
    assert [second[name] for name in ("operation", "status", "attempts", "error")] == [
        "GET /data/VendorGroups({key})",
        404,
        2,
        "NotFound",
    ]
    assert caught.value.request_id in {second["activity_id"], second["request_id"]}
    assert first["request_id"] != second["request_id"]
    assert [item["status"] for item in told(caplog, logging.DEBUG)] == [200, 401, 404]


async def test_no_record_has_a_secret(server: D365Server, caplog: pytest.LogCaptureFixture) -> None:
    """Neither secret nor token, neither query nor body, also where everything is logged."""
    caplog.set_level(logging.DEBUG)
    async with client(server) as d365:
        groups = d365.entities["VendorGroups"].order_by("dataAreaId", "VendorGroupId")
        await groups.where(field("Description") == SEARCHED).list().all()
        await groups.create({"dataAreaId": "usmf", "VendorGroupId": "30", "Description": "geheim"})

    records = [vars(item) for item in caplog.records]
    ours = "".join(f"{item}" for item in records if item["name"] == "d365_client")
    everything = "".join(f"{item}" for item in records)
    assert ours
    assert "geheim" not in ours
    assert "eyJ" not in everything  # how every token begins
    assert server.client_secret not in everything


async def test_a_long_wait_is_an_error_at_once_and_nothing_is_sent_before_its_end(
    server: D365Server,
) -> None:
    """After `Retry-After: 600` the environment sees no other call; each tells how long is left."""
    server.control.add_fault(
        "status", match={"path": "/data"}, status=429, headers={"Retry-After": "600"}
    )
    async with client(server) as d365:
        groups = d365.entities["VendorGroups"].order_by("dataAreaId", "VendorGroupId")
        with pytest.raises(Throttled) as refused:
            await groups.list().all()
        with pytest.raises(Throttled, match=r"nothing was sent: .* left alone for") as held_back:
            await groups.create({"dataAreaId": "usmf", "VendorGroupId": "30"})

    asked = [item for item in server.control.requests if f"{item['path']}".startswith("/data")]
    assert len(asked) == 1
    assert (refused.value.status, refused.value.retry_after) == (429, 600.0)
    assert (held_back.value.status, held_back.value.outcome) == (0, Outcome.NOT_EXECUTED)
    assert 590.0 < (held_back.value.retry_after or 0.0) <= 600.0


COLLECTING = """
import asyncio, json, logging, sys
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from d365_client import D365Client

spans, reader, tracers = InMemorySpanExporter(), InMemoryMetricReader(), TracerProvider()
tracers.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(tracers)
metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))

async def main():
    async with D365Client.from_environment() as d365:
        await d365.entities["VendorGroups"].order_by("VendorGroupId").list().all()

asyncio.run(main())
(span,) = spans.get_finished_spans()
(resource,) = reader.get_metrics_data().resource_metrics
names = [metric.name for scope in resource.scope_metrics for metric in scope.metrics]
print(json.dumps([span.instrumentation_scope.name, span.name, names]))
"""


def test_whoever_has_an_sdk_finds_spans_and_figures_there(server: D365Server) -> None:
    """Nothing is configured but OpenTelemetry itself."""
    ran = subprocess.run(
        [sys.executable, "-c", COLLECTING],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **server.environ},
    )  # fmt: skip

    assert ran.stderr == ""
    scope, span, figures = json.loads(ran.stdout)
    assert (scope, span) == ("d365_client", "GET /data/VendorGroups")
    assert "http.client.request.duration" in figures
