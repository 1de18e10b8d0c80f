"""Switches: what is unverified behaves both ways, and the documentation lists all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import attrs
import httpx
import pytest

from d365_client.emulator import Emulator, Settings, parse_seed
from d365_client.emulator.settings import Fact, facts

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "d365-emulator.md"
HERE = Path(__file__).parent
DEFAULTS = attrs.asdict(Settings())


def row(name: str, fact: Fact) -> str:
    """A switch as a row of the documentation's table."""
    initial = DEFAULTS[name]
    default = f"`{initial}`" if initial != "" else "empty"
    others = " or ".join(f"`{value}`" for value in fact.among if value != initial)
    shown = f"{default}, or {others}" if others else default
    mark = "" if fact.verified else "U"
    return f"| `{name}` | {shown} | {fact.section} | {mark} | {fact.about} |"


def test_the_documentation_lists_every_switch() -> None:
    """The table in `docs/reference/d365-emulator.md` is what the code says."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    table = lines[lines.index("| switch | at first | d365.md | | when it is on |") + 2 :]

    told = table[: table.index("")]
    assert told == [row(name, fact) for name, fact in facts().items()]


def test_every_switch_is_tested() -> None:
    """Each switch is named by a test of this folder."""
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))

    assert [name for name in facts() if name not in tests] == []


async def test_the_admin_path_lists_every_switch(api: Api) -> None:
    """Name, value, default and where the reference speaks of it."""
    await api.set(stale_if_match_status=409)

    listed = (await api.http.get("/_emulator/switches")).json()["switches"]

    stale = next(one for one in listed if one["name"] == "stale_if_match_status")
    assert [one["name"] for one in listed] == [*DEFAULTS]
    assert stale == {
        "name": "stale_if_match_status",
        "value": 409,
        "default": 412,
        "among": [412, 409],
        "section": "§2.8",
        "unverified": True,
        "about": "The answer to a write with an outdated If-Match.",
    }


@pytest.mark.parametrize("challenge", [True, False])
@pytest.mark.parametrize("body", [True, False])
async def test_a_401_as_it_may_look(api: Api, *, challenge: bool, body: bool) -> None:
    """Header and body of a 401 are unverified (d365.md §1.5)."""
    await api.set(unauthorized_has_challenge=challenge, unauthorized_has_body=body)

    answer = await api.http.get("/data/VendorGroups", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 401
    assert answer.headers.get("www-authenticate", "").startswith("Bearer ") == challenge
    assert bool(answer.content) == body
    assert not body or answer.json()["Message"]


@pytest.mark.parametrize("enveloped", [True, False])
async def test_a_429_as_it_may_look(api: Api, *, enveloped: bool) -> None:
    """The envelope of a 429 is unverified, its text is known (d365.md §3)."""
    await api.set(throttled_has_odata_error=enveloped)
    fault = {"kind": "status", "status": 429, "headers": {"Retry-After": "3"}}
    await api.http.post("/_emulator/faults", json={"fault": fault})

    answer = await api.http.get("/data/VendorGroups")

    told = answer.json()["error"]["message"] if enveloped else answer.json()["Message"]
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert "high resource utilization" in told


@pytest.mark.parametrize("status", [201, 200])
async def test_a_create_as_it_may_answer(api: Api, status: int) -> None:
    """201 is documented, 200 was recorded behind a proxy: both occur (d365.md §2.9)."""
    await api.set(created_status=status)

    answer = await api.http.post("/data/VendorGroups", json={"VendorGroupId": "20"})

    assert answer.status_code == status
    assert answer.json()["VendorGroupId"] == "20"


@pytest.mark.parametrize(("longest", "status"), [(60, 414), (8192, 200)])
async def test_a_long_url(api: Api, longest: int, status: int) -> None:
    """Long filters meet a limit, whose size is unverified (d365.md §2.3)."""
    await api.set(longest_url=longest)

    answer = await api.http.get(f"/data/VendorGroups?$filter=VendorGroupId eq '{'x' * 60}'")

    assert answer.status_code == status


@pytest.mark.parametrize(("known", "status"), [(True, 200), (False, 404)])
async def test_a_key_in_short_form(api: Api, *, known: bool, status: int) -> None:
    """That F&O understands `Currencies('USD')` is unverified (d365.md §2.5)."""
    await api.set(short_key_form=known)
    await api.add("Currencies", {"CurrencyCode": "USD"})

    assert (await api.http.get("/data/Currencies('USD')")).status_code == status
    assert (await api.http.get("/data/Currencies(CurrencyCode='USD')")).status_code == 200


@pytest.mark.parametrize("escape", [True, False])
async def test_display_values_in_filters(api: Api, *, escape: bool) -> None:
    """That a filter needs the escaped form is unverified (d365.md §4.3)."""
    await api.set(display_values_need_escape=escape)
    await api.line(await api.header(), 100)
    lines = "VendorPaymentJournalLines"

    escaped = await api.rows(lines, **{"$filter": r"AccountDisplayValue eq 'V\-10001'"})
    plain = await api.rows(lines, **{"$filter": "AccountDisplayValue eq 'V-10001'"})

    assert (len(escaped), len(plain)) == (1, 0 if escape else 1)


@pytest.mark.parametrize("ignored", [True, False])
async def test_the_case_of_enum_types_in_filters(api: Api, *, ignored: bool) -> None:
    """The case of some enum type names is unverified (d365.md §12)."""
    await api.set(enum_types_ignore_case=ignored)
    literal = "Microsoft.Dynamics.DataEntities.custvendorblocked'No'"

    answer = await api.http.get(f"/data/VendorsV2?$filter=OnHoldStatus eq {literal}")
    unknown = await api.http.get(f"/data/VendorsV2?$filter=OnHoldStatus eq x.{literal}")

    assert answer.status_code == (200 if ignored else 400)
    assert unknown.status_code == 400


@pytest.mark.parametrize("refused", [True, False])
async def test_long_texts(api: Api, *, refused: bool) -> None:
    """Lengths of texts are AX's norms, and unverified (d365.md §12)."""
    await api.set(long_texts_are_refused=refused)
    fields = {"VendorOrganizationName": "x", "VendorGroupId": "10"}

    short = await api.http.post("/data/VendorsV2", json={**fields, "VendorAccountNumber": "x" * 20})
    long = await api.http.post("/data/VendorsV2", json={**fields, "VendorAccountNumber": "x" * 21})

    assert short.status_code == 201
    assert long.status_code == (400 if refused else 201)
    assert refused == ("takes 20 characters, not 21" in long.text)


@pytest.fixture
def naps() -> list[float]:
    """How long the environment slept, each time."""
    return []


@pytest.fixture
def cold(naps: list[float]) -> Iterator[Emulator]:
    """An environment that was just started, whose sleep is only noted down."""

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        await anyio.lowlevel.checkpoint()

    seed = parse_seed({"tenant_id": "11111111", "clients": [], "rows": {}})
    emulator = Emulator(seed, settings=Settings(cold_start_seconds=20), sleep=nap)
    yield emulator
    emulator.close()


async def test_the_first_call_after_a_restart_is_slow(cold: Emulator, naps: list[float]) -> None:
    """Calls that come meanwhile wait with it, later ones do not (d365.md §2.1, §9, 16)."""
    transport = httpx.ASGITransport(app=cold.app)

    async with httpx.AsyncClient(transport=transport, base_url="https://d365.test") as http:

        async def call() -> None:
            assert (await http.get("/data")).status_code == 401

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            tasks.start_soon(call)
        await call()
        first = list(naps)
        await http.post("/_emulator/restart")
        await call()

    assert first == [20]
    assert naps == [20, 20]
