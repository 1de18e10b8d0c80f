"""The admin path that every emulator has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import attrs
import httpx
import pytest
from starlette.applications import Starlette

from api_transport.emulation import FaultRules, RequestLog, SettableClock, admin_routes

START = datetime(2026, 10, 1, 8, tzinfo=UTC)


@attrs.define
class Parts:
    """What the admin path is about; time stands still."""

    clock: SettableClock = attrs.field(factory=lambda: SettableClock(START, monotonic=lambda: 0.0))
    log: RequestLog = attrs.field(factory=lambda: RequestLog(lambda: START))
    faults: FaultRules = attrs.field(factory=FaultRules)


@pytest.fixture
def parts() -> Parts:
    """Parts that nobody has touched."""
    return Parts()


@pytest.fixture
async def admin(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the admin path."""
    app = Starlette(routes=admin_routes(parts.clock, parts.log, parts.faults))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://emulator.test/_emulator"
    ) as client:
        yield client


async def test_the_clock_is_read(admin: httpx.AsyncClient) -> None:
    """It shows an instant in UTC."""
    assert (await admin.get("/clock")).json() == {"now": "2026-10-01T08:00:00Z"}


async def test_the_clock_is_set(parts: Parts, admin: httpx.AsyncClient) -> None:
    """The answer to setting it is what it shows from then on."""
    answer = await admin.put("/clock", json={"now": "2026-10-02T10:00:00+02:00"})

    assert answer.json() == {"now": "2026-10-02T08:00:00Z"}
    assert parts.clock.now() == datetime(2026, 10, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"now": "2026-10-02T10:00:00"}', "clock: 2026-10-02T10:00:00 has no UTC offset"),
        ('{"now": "noon"}', "clock: Invalid isoformat string: 'noon'"),
        ('{"now": 7}', 'clock: the body must be {"now": "2026-10-01T08:00:00Z"}'),
        ("{}", 'clock: the body must be {"now": "2026-10-01T08:00:00Z"}'),
        ("[]", 'clock: the body must be {"now": "2026-10-01T08:00:00Z"}'),
        ("", "clock: Expecting value"),
    ],
)
async def test_a_time_that_nobody_can_read_is_refused(
    parts: Parts, admin: httpx.AsyncClient, body: str, sentence: str
) -> None:
    """One sentence says why, and the clock stays as it is."""
    answer = await admin.put("/clock", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)
    assert parts.clock.now() == START


async def test_the_log_is_read_and_emptied(parts: Parts, admin: httpx.AsyncClient) -> None:
    """Entries come from a sequence on, as JSON; `DELETE` forgets them."""
    for path in ("/first", "/second"):
        entry = parts.log.arrived(method="GET", path=path, query="", body="", scope="")
        parts.log.answered(entry, status=200)
    read = (await admin.get("/requests")).json()["requests"]
    later = (await admin.get("/requests", params={"after": 1})).json()["requests"]
    emptied = await admin.delete("/requests")

    assert [entry["path"] for entry in read] == ["/first", "/second"]
    assert read[1:] == later == [{**later[0], "sequence": 2, "status": 200, "fault": None}]
    assert emptied.status_code == 204
    assert (await admin.get("/requests")).json() == {"requests": []}


async def test_a_sequence_that_is_no_number_is_refused(admin: httpx.AsyncClient) -> None:
    """One sentence names it."""
    answer = await admin.get("/requests", params={"after": "x"})

    assert answer.status_code == 400
    assert answer.json() == {"error": "after 'x' is not a sequence number"}


async def test_a_fault_is_added_told_and_cleared(parts: Parts, admin: httpx.AsyncClient) -> None:
    """A rule has a number and a count; `DELETE` takes all out of force."""
    rule = {"match": {"method": "POST"}, "fault": {"kind": "reply_lost"}}
    number = (await admin.post("/faults", json=rule)).json()["rule"]
    parts.faults.take("POST", "/things", "")
    (told,) = (await admin.get("/faults")).json()["rules"]
    cleared = await admin.delete("/faults")

    assert (told["number"], told["matched"], told["fired"]) == (number, 1, 1)
    assert told["rule"]["fault"]["kind"] == "reply_lost"
    assert cleared.status_code == 204
    assert parts.faults.standing() == ()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"fault": {"kind": "flood"}}', "fault rule: kind 'flood' is none of status, delay"),
        ("nonsense", "fault rule: Expecting value"),
    ],
)
async def test_a_bad_rule_is_refused(
    parts: Parts, admin: httpx.AsyncClient, body: str, sentence: str
) -> None:
    """One sentence says why, and no rule is added."""
    answer = await admin.post("/faults", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)
    assert parts.faults.standing() == ()
