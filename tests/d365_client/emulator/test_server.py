"""The environment that a user's tests have: it starts, takes orders, and tells what it saw."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from api_transport.emulation import ControlError
from d365_client.emulator import D365Server

TESTS = """
import pytest


def test_it_has_a_legal_entity(d365_server):
    assert [row["LegalEntityId"] for row in d365_server.rows("LegalEntities")] == ["USMF"]


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_books_of_its_own(d365_server, turn):
    d365_server.seed("VendorGroups", {"dataAreaId": "usmf", "VendorGroupId": "10"})
    assert len(d365_server.rows("VendorGroups")) == 1


def test_without_it_nothing_is_loaded():
    import sys

    assert "uvicorn" in sys.modules  # the tests before have asked for it
"""

UNASKED = """
def test_nothing_is_loaded_before_it_is_asked_for():
    import sys

    assert not {"msal", "starlette", "trustme", "uvicorn"} & {*sys.modules}
"""


SESSION = """
def test_first(d365_server):
    d365_server.seed("VendorGroups", {"dataAreaId": "usmf", "VendorGroupId": "20"})


def test_second(d365_server):
    assert [row["VendorGroupId"] for row in d365_server.rows("VendorGroups")] == ["10", "20"]
"""


def token(server: D365Server) -> str:
    """A token of the environment's own application."""
    answer = httpx.post(
        f"{server.authority}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": server.client_id,
            "client_secret": server.client_secret,
            "scope": f"{server.url}/.default",
        },
        verify=server.tls,
    )
    return str(answer.json()["access_token"])


def read(server: D365Server, path: str) -> httpx.Response:
    """What the service answers to a GET."""
    headers = {"Authorization": f"Bearer {token(server)}"}
    return httpx.get(f"{server.url}{path}", headers=headers, verify=server.tls)


def pytest_run(
    folder: Path, text: str, *, configuration: str = ""
) -> subprocess.CompletedProcess[str]:
    """A run of pytest as a user has it: the plugin is loaded because it is installed."""
    (folder / "pytest.ini").write_text(f"[pytest]\n{configuration}", encoding="utf-8")
    (folder / "test_mine.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_users_test_asks_for_it_by_name(tmp_path: Path) -> None:
    """Without a conftest; each test has an environment of its own."""
    done = pytest_run(tmp_path, TESTS)

    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_a_run_that_does_not_ask_loads_nothing(tmp_path: Path) -> None:
    """The plugin is in every run of pytest, so it must cost nothing there."""
    done = pytest_run(tmp_path, UNASKED)

    assert done.returncode == 0, done.stdout


def test_an_environment_may_start_with_rows_and_live_longer(tmp_path: Path) -> None:
    """Both are told in pytest's configuration; the rows' file lies beside it."""
    rows = {"VendorGroups": [{"dataAreaId": "usmf", "VendorGroupId": "10"}]}
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    configuration = "d365_server_rows = rows.json\nd365_server_scope = session\n"
    done = pytest_run(tmp_path, SESSION, configuration=configuration)

    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("d365_server_scope = forever", "d365_server_scope must be one of function, class, "),
        ("d365_server_rows = pytest.ini", "pytest.ini: "),
        ("d365_server_rows = nothing.json", "nothing.json: "),
    ],
)
def test_a_configuration_that_makes_no_sense_is_told(
    tmp_path: Path, configuration: str, message: str
) -> None:
    """By the option's name, or the file's."""
    done = pytest_run(tmp_path, SESSION, configuration=f"{configuration}\n")

    assert done.returncode != 0
    assert message in done.stdout + done.stderr


def test_amounts_that_are_planted_are_exact(d365_server: D365Server) -> None:
    """Decimals go in and come out as they were."""
    amount = Decimal("99999999999999.99")
    d365_server.seed(
        "VendTransBiEntities",
        {
            "dataAreaId": "usmf",
            "SourceKey": 1,
            "AccountNum": "V1",
            "AmountCur": amount,
            "CurrencyCode": "USD",
        },
    )

    assert d365_server.rows("VendTransBiEntities")[0]["AmountCur"] == amount
    assert '"AmountCur":99999999999999.99' in read(d365_server, "/data/VendTransBiEntities").text


def test_the_clock_is_the_tests(d365_server: D365Server) -> None:
    """Requests are logged by it."""
    d365_server.control.set_clock(datetime(2026, 3, 31, 12, tzinfo=UTC))
    read(d365_server, "/data/VendorGroups")

    assert d365_server.control.now.date() == datetime(2026, 3, 31, tzinfo=UTC).date()
    assert str(d365_server.control.requests[-1]["received_at"]).startswith("2026-03-31T12:00:")


def test_faults_come_and_go(d365_server: D365Server) -> None:
    """A rule stands until it is taken away; requests that suffered are marked in the log."""
    d365_server.control.add_fault("status", status=503, match={"path": "/data"}, times=None)

    assert read(d365_server, "/data/VendorGroups").status_code == 503
    d365_server.control.clear_faults()
    assert read(d365_server, "/data/VendorGroups").status_code == 200
    faults = [one["fault"] for one in d365_server.control.requests if "/data" in str(one["path"])]
    assert faults == ["status", None]


def test_rows_may_be_lost_on_the_way(d365_server: D365Server) -> None:
    """The page is shorter than it was, and its link goes on as if it were not."""
    for number in range(5):
        d365_server.seed("VendorGroups", {"dataAreaId": "usmf", "VendorGroupId": str(number)})
    d365_server.control.change_settings(page_size=3)
    d365_server.control.add_fault("lose_rows", match={"path": "/data"}, rows=2)
    told = read(d365_server, "/data/VendorGroups").json()

    assert [row["VendorGroupId"] for row in told["value"]] == ["0"]
    assert "$skip=3" in told["@odata.nextLink"]


def test_tokens_may_be_ended(d365_server: D365Server) -> None:
    """What was given out before is refused after."""
    headers = {"Authorization": f"Bearer {token(d365_server)}"}
    d365_server.expire_tokens()
    answer = httpx.get(
        f"{d365_server.url}/data/VendorGroups", headers=headers, verify=d365_server.tls
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (lambda server: server.seed("Vendors", {}), "entity set Vendors is not known"),
        (lambda server: server.rows("Vendors"), "entity set Vendors is not known"),
        (lambda server: server.control.add_fault("explode"), "kind 'explode' is none of status"),
        (lambda server: server.control.change_settings(speed=3), "speed"),
        (lambda server: server.act("post"), "post"),
    ],
)
def test_an_order_that_cannot_be_done_is_refused(
    d365_server: D365Server, order: object, message: str
) -> None:
    """With the emulator's own sentence."""
    with pytest.raises(ControlError, match=message):
        order(d365_server)  # type: ignore[operator]  # a parameter of pytest
