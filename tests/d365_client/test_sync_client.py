"""The synchronous twin: the same words, without await."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import threading
from collections.abc import Generator

import httpx
import pytest
import respx

from d365_client import D365Client, NotFound, PaymentTerm, SyncD365Client, field

ROOT = pathlib.Path(__file__).parents[2]
BASE = "https://contoso.operations.dynamics.test"


class PresetToken(httpx.Auth):
    """A credential that never lapses."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the token on."""
        request.headers["Authorization"] = "Bearer preset"
        yield request


def client() -> SyncD365Client:
    """A client of the environment."""
    return D365Client.sync(BASE, auth=PresetToken())


def row(name: str) -> dict[str, object]:
    """A plain row."""
    return {"dataAreaId": "usmf", "Name": name}


def test_it_is_as_it_would_be_written_now() -> None:
    """`tools/sync_twin.py` writes it from the asynchronous surface, every method of it."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "sync_twin.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_rows_are_read_page_by_page(server: respx.MockRouter) -> None:
    """A list crosses into the loop once a page, and only when the page's turn has come."""
    link = f"{BASE}/data/PaymentTerms?$skip=2"
    route = server.get("/data/PaymentTerms").mock(
        side_effect=[
            httpx.Response(200, json={"value": [row("A"), row("B")], "@odata.nextLink": link}),
            httpx.Response(200, json={"value": [row("C")]}),
        ]
    )
    with client() as d365:
        rows = iter(d365.entities["PaymentTerms"].order_by("Name").list())

        assert [next(rows)["Name"], next(rows)["Name"]] == ["A", "B"]
        assert route.call_count == 1
        assert [one["Name"] for one in rows] == ["C"]


async def test_it_works_in_a_notebook(server: respx.MockRouter) -> None:
    """Where a loop is running already."""
    server.get("/data/VendorsV2/$count").respond(text="7")
    with client() as d365:
        assert d365.vendors.where(field("VendorGroupId") == "10").count() == 7


def test_errors_are_the_same(server: respx.MockRouter) -> None:
    """With the request line and the outcome."""
    server.route(path__startswith="/data/PaymentTerms(").respond(404)
    with client() as d365, pytest.raises(NotFound) as caught:
        d365.entities[PaymentTerm].get(data_area_id="usmf", name="Net30")

    assert caught.value.status == 404


def test_services_and_raw_requests_are_there(server: respx.MockRouter) -> None:
    """Every part of the surface has its twin."""
    server.post(path__startswith="/api/services/").respond(json="done")
    server.get("/metadata/DataEntities").respond(json={"value": []})
    with client() as d365:
        assert d365.services.call("Group", "Service", "Operation") == "done"
        assert d365.raw.request("GET", "/metadata/DataEntities").json() == {"value": []}


def test_settings_that_are_refused_leave_no_thread() -> None:
    """What the asynchronous client refuses, this one refuses with the same words."""
    before = threading.active_count()

    with pytest.raises(ValueError, match="give the environment's whole https URL"):
        D365Client.sync("contoso", auth=PresetToken())

    assert threading.active_count() == before
