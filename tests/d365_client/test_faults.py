"""Whatever befalls it, a list is whole or an error, and nothing is created twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from api_transport import RetryPolicy
from d365_client import (
    D365Client,
    D365Error,
    Entity,
    Outcome,
    Unauthenticated,
    Undecodable,
    VendorPaymentJournalHeaderDraft,
)
from d365_client.emulator import D365Server, d365_server

ROWS = 30_000
PAGE = 3_000
LISTS = {"path": "/data/VendorGroups"}


@attrs.frozen(kw_only=True)
class Group(Entity):
    """The smallest set there is: what is looked at here is how rows come, not what is in them."""

    ENTITY_SET = "VendorGroups"
    KEY = ("data_area_id", "vendor_group_id")

    data_area_id: str
    vendor_group_id: str


@pytest.fixture(scope="module")
def server() -> Iterator[D365Server]:
    """An environment with 30,000 rows, in pages of 3,000."""
    rows = [{"dataAreaId": "usmf", "VendorGroupId": f"{number:05}"} for number in range(ROWS)]
    with d365_server({"VendorGroups": rows}) as server:
        server.control.change_settings(page_size=PAGE)
        yield server


@pytest.fixture
def faults(server: D365Server) -> Iterator[D365Server]:
    """The same, with no fault and an empty log to begin with."""
    server.control.clear_faults()
    server.control.forget_requests()
    yield server
    server.control.clear_faults()


class Time:
    """The client's time and the environment's: it passes when somebody waits, and only then."""

    def __init__(self, server: D365Server) -> None:
        self._control = server.control
        self._passed = 0.0

    def monotonic(self) -> float:
        """Seconds that were waited so far."""
        return self._passed

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds pass, on both sides."""
        self._passed += seconds
        self._control.set_clock(self._control.now + timedelta(seconds=seconds))


@asynccontextmanager
async def client(server: D365Server, retry: RetryPolicy | None = None) -> AsyncIterator[D365Client]:
    """A client with the patience that it has by default, which takes no real time."""
    time = Time(server)
    async with D365Client.from_environment(
        server.environ, sleep=time.sleep, monotonic=time.monotonic, retry=retry
    ) as client:
        yield client


WAYS = [{}, {"count": True}, {"concurrency": 4, "page_size": PAGE}]


@pytest.mark.parametrize("options", WAYS, ids=["by links", "counted", "side by side"])
@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("status", {"status": 429}),
        ("status", {"status": 503}),
        ("status", {"status": 500}),
        ("status", {"status": 401}),
        ("status", {"status": 200, "body": '{"value": [{"dataAreaId"'}),
        ("drop_before_commit", {}),
        ("reply_lost", {}),
        ("reset", {}),
        ("html", {"status": 200}),
        ("truncate", {"bytes": 100_000}),
        ("lose_rows", {"rows": 500}),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else ",".join(map(str, value.values())),
)
async def test_every_third_request_suffers_and_the_list_is_whole(
    faults: D365Server, kind: str, fault: dict[str, Any], options: dict[str, Any]
) -> None:
    """All rows in the order of the key, each once; or one clear error, never a shorter list.

    Rows that a page lost may stay lost when it is read again, and a renewed token may be refused
    once more, since other tasks' requests come between: both are errors then.
    """
    faults.control.add_fault(kind, match=LISTS, every=3, times=None, **fault)
    groups: Sequence[Group] = ()
    failed: D365Error | None = None
    async with client(faults) as d365:
        try:
            groups = await d365.entities[Group].list(**options).all()
        except (Undecodable, Unauthenticated) as error:
            failed = error

    if failed is None:
        assert [group.vendor_group_id for group in groups] == [f"{n:05}" for n in range(ROWS)]
    else:
        side_by_side = "concurrency" in options
        assert kind == "lose_rows" or (failed.status == 401 and side_by_side)
        assert "rows were lost" in failed.message or failed.status == 401


async def test_a_page_that_misses_rows_is_read_again(faults: D365Server) -> None:
    """Its link tells: what is missing between two pages is asked for once more, and comes."""
    faults.control.add_fault("lose_rows", match=LISTS, skip=4, rows=500)
    async with client(faults) as d365:
        groups = await d365.entities[Group].list().all()

    assert len(groups) == ROWS


async def test_a_last_page_that_misses_rows_is_seen_by_who_counts(faults: D365Server) -> None:
    """No link tells of it: a list that must be whole is counted."""
    faults.control.add_fault("lose_rows", match=LISTS, skip=9, times=None, rows=500)
    async with client(faults) as d365:
        with pytest.raises(Undecodable, match="30000 rows were counted and 29500 came"):
            await d365.entities[Group].list(count=True).all()


@pytest.mark.parametrize("options", WAYS, ids=["by links", "counted", "side by side"])
async def test_nobody_comes_back_before_they_were_told_to(
    faults: D365Server, options: dict[str, Any]
) -> None:
    """A `Retry-After` of 7 is waited out to the second, every time, by every task."""
    faults.control.add_fault(
        "status", match=LISTS, every=3, times=None, status=429, headers={"Retry-After": "7"}
    )
    async with client(faults) as d365:
        groups = await d365.entities[Group].list(**options).all()
    seen = [one for one in faults.control.requests if str(one["path"]) == LISTS["path"]]
    instants = [datetime.fromisoformat(str(one["received_at"])) for one in seen]
    refused = [number for number, one in enumerate(seen) if one["fault"]]

    assert len(groups) == ROWS
    assert len(refused) >= 3
    for number in refused:
        opens = instants[number] + timedelta(seconds=7)
        early = [
            one for one, at in zip(seen, instants, strict=True) if instants[number] < at < opens
        ]

        # Others may have been on their way before anybody knew: those that were beside it.
        assert seen[number]["query"] not in [one["query"] for one in early]
        assert len(early) < options.get("concurrency", 1)


@pytest.mark.parametrize("limit", ["load_limit", "application_concurrency_limit"])
async def test_an_environment_that_is_overloaded_is_read_whole(
    faults: D365Server, limit: str
) -> None:
    """Four at a time are more than it bears: it says so, and they come back when they may."""
    faults.control.change_settings(
        **{limit: 2}, call_seconds=0.05, page_size=1_000, first_retry_after_seconds=5
    )
    try:
        async with client(faults, retry=RetryPolicy(attempts=30)) as d365:
            groups = await d365.entities[Group].list(concurrency=4, page_size=1_000).all()
    finally:
        faults.control.change_settings(**{limit: 0}, call_seconds=0, page_size=PAGE)
    statuses = {one["status"] for one in faults.control.requests}

    assert [group.vendor_group_id for group in groups] == [f"{n:05}" for n in range(ROWS)]
    assert statuses >= {200, 429}


@pytest.mark.parametrize("kind", ["reply_lost", "reset", "truncate"])
async def test_no_create_is_made_twice_by_the_client(faults: D365Server, kind: str) -> None:
    """Of a hundred, each tenth loses its reply: each of those is told as uncertain, once."""
    faults.control.add_fault(
        kind,
        match={"method": "POST", "path": "/data/VendorPaymentJournalHeaders"},
        every=10,
        times=None,
    )
    faults.seed("JournalNames", {"dataAreaId": "usmf", "Name": kind, "Type": "Payment"})
    uncertain = []
    async with client(faults) as d365:
        for number in range(100):
            draft = VendorPaymentJournalHeaderDraft(
                data_area_id="usmf", journal_name=kind, description=f"Slice {number}"
            )
            try:
                await d365.vendor_payment_journal_headers.create(draft)
            except D365Error as error:
                uncertain.append((number, error.outcome))
    stored = [
        row["Description"]
        for row in faults.rows("VendorPaymentJournalHeaders")
        if row["JournalName"] == kind
    ]

    assert stored == [f"Slice {number}" for number in range(100)]
    assert uncertain == [(number, Outcome.UNCERTAIN) for number in range(9, 100, 10)]


async def test_what_cannot_be_had_is_one_clear_error(faults: D365Server) -> None:
    """A service that stays down is told after so many attempts, with its status."""
    faults.control.add_fault("status", match=LISTS, times=None, status=503)
    async with client(faults) as d365:
        with pytest.raises(D365Error, match="GET /data/VendorGroups · 503") as caught:
            await d365.entities[Group].list().all()

    assert caught.value.outcome is Outcome.NOT_EXECUTED
    paths = [one["path"] for one in faults.control.requests]

    assert paths.count("/data/VendorGroups") == RetryPolicy().attempts
