"""Over real sockets: TLS, faults, connections, msal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import msal
import pytest

from d365_client.emulator import Emulator, RunningEmulator, running

GROUPS = "/data/VendorGroups"


@pytest.fixture
def server(opened: Callable[[], Emulator]) -> Iterator[RunningEmulator]:
    """An emulator that listens."""
    with running(opened()) as listening:
        yield listening


@pytest.fixture
def form(seed: dict[str, Any], server: RunningEmulator) -> dict[str, str]:
    """What a token request says that succeeds."""
    client = seed["clients"][0]
    return {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "scope": f"{server.url}/.default",
    }


@pytest.fixture
def http(
    seed: dict[str, Any], server: RunningEmulator, form: dict[str, str]
) -> Iterator[httpx.Client]:
    """An authorised client that trusts the emulator's authority and no other."""
    with httpx.Client(base_url=server.url, verify=server.tls, trust_env=False) as client:
        answer = client.post(f"/{seed['tenant_id']}/oauth2/v2.0/token", data=form)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def fault(http: httpx.Client, match: dict[str, str], **kind: object) -> None:
    """Let one call suffer."""
    answer = http.post("/_emulator/faults", json={"match": match, "fault": kind})
    assert answer.status_code == 200, answer.text


def groups(http: httpx.Client) -> list[str]:
    """The vendor groups in the books."""
    rows = http.get("/_emulator/rows/VendorGroups").json()["rows"]
    return [row["VendorGroupId"] for row in rows if row["dataAreaId"] == "mqus"]


def test_the_environment_is_where_it_listens(http: httpx.Client, server: RunningEmulator) -> None:
    """URLs in answers are those of the public port."""
    page = http.get(GROUPS).json()

    assert page["@odata.context"] == f"{server.url}/data/$metadata#VendorGroups"


def test_msal_gets_a_token(
    seed: dict[str, Any], server: RunningEmulator, form: dict[str, str]
) -> None:
    """Microsoft's own library discovers the tenant, gets a token, and the token opens data."""
    with httpx.Client(verify=server.tls, trust_env=False) as client:
        application = msal.ConfidentialClientApplication(
            form["client_id"],
            client_credential=form["client_secret"],
            authority=f"{server.url}/{seed['tenant_id']}",
            instance_discovery=False,
            http_client=client,
        )
        granted = application.acquire_token_for_client([form["scope"]])
        headers = {"Authorization": f"Bearer {granted['access_token']}"}

        assert client.get(f"{server.url}{GROUPS}", headers=headers).status_code == 200


def test_msal_is_told_of_a_wrong_secret(
    seed: dict[str, Any], server: RunningEmulator, form: dict[str, str]
) -> None:
    """The AADSTS text reaches the caller of msal."""
    with httpx.Client(verify=server.tls, trust_env=False) as client:
        application = msal.ConfidentialClientApplication(
            form["client_id"],
            client_credential="wrong",
            authority=f"{server.url}/{seed['tenant_id']}",
            instance_discovery=False,
            http_client=client,
        )
        refused = application.acquire_token_for_client([form["scope"]])

    assert refused["error"] == "invalid_client"
    assert "AADSTS7000215" in refused["error_description"]


def test_a_throttled_call_is_answered_in_the_service_s_words(http: httpx.Client) -> None:
    """429 with Retry-After and the default body; the next call is served (d365.md §3)."""
    fault(http, {"path": GROUPS}, kind="status", status=429, headers={"Retry-After": "2"})

    throttled, served = http.get(GROUPS), http.get(GROUPS)

    assert (throttled.status_code, throttled.headers["retry-after"]) == (429, "2")
    assert "high resource utilization" in throttled.json()["Message"]
    assert served.status_code == 200


@pytest.mark.parametrize(
    ("kind", "committed"), [("drop_before_commit", False), ("reply_lost", True), ("reset", True)]
)
def test_a_lost_reply_may_have_been_committed(
    http: httpx.Client, kind: str, *, committed: bool
) -> None:
    """The connection ends without an answer; the books tell what happened."""
    fault(http, {"method": "POST", "path": GROUPS}, kind=kind)

    with pytest.raises(httpx.TransportError):
        http.post(GROUPS, json={"VendorGroupId": "20"})

    assert groups(http) == (["10", "20"] if committed else ["10"])


def test_a_truncated_list_is_no_list(http: httpx.Client) -> None:
    """The head promises more than the body has."""
    fault(http, {"path": GROUPS}, kind="truncate", bytes=100)

    with pytest.raises(httpx.RemoteProtocolError):
        http.get(GROUPS)


def test_the_log_names_the_application_and_no_secret(
    http: httpx.Client, form: dict[str, str]
) -> None:
    """Calls are scoped by application; the secret of a token request is blanked."""
    http.post(GROUPS, json={"VendorGroupId": "20"})

    entries = http.get("/_emulator/requests").json()["requests"]

    token, create = entries
    assert (token["scope"], create["scope"]) == ("", form["client_id"])
    assert "client_secret=***" in token["body"]
    assert create["body"] == '{"VendorGroupId":"20"}'
    assert [entry["status"] for entry in entries] == [200, 201]


def test_parallel_inserts_over_sockets_conflict(http: httpx.Client) -> None:
    """Connections in parallel meet the conflict that calls one after the other do not."""
    http.put("/_emulator/settings", json={"line_insert_seconds": 0.2})
    header = {"dataAreaId": "mqus", "JournalName": "BILLPAY"}
    journal = http.post("/data/VendorPaymentJournalHeaders", json=header).json()
    line = {
        "dataAreaId": "mqus",
        "JournalBatchNumber": journal["JournalBatchNumber"],
        "AccountDisplayValue": "V\\-10001",
        "DebitAmount": 1,
        "CurrencyCode": "USD",
    }

    def insert(_: int) -> int:
        return http.post("/data/VendorPaymentJournalLines", json=line).status_code

    with ThreadPoolExecutor(max_workers=3) as threads:
        parallel = sorted(threads.map(insert, range(3)))
    serial = [insert(0), insert(1)]

    assert parallel == [201, 400, 400]
    assert serial == [201, 201]


def test_a_large_page_arrives_whole(http: httpx.Client) -> None:
    """Five hundred rows with all their fields come through the proxy in one piece."""
    rows = [{"dataAreaId": "mqus", "Voucher": f"V{number}"} for number in range(500)]
    http.post("/_emulator/rows/VendTransBiEntities", json={"rows": rows}).raise_for_status()

    page = http.get("/data/VendTransBiEntities", params={"$filter": "startswith(Voucher,'V')"})

    assert [row["Voucher"] for row in page.json()["value"]] == [f"V{n}" for n in range(500)]


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("GET", "/data/$metadata", "application/xml"),
        ("GET", "/metadata/DataEntities", "application/json; odata.metadata=minimal"),
        (
            "POST",
            "/data/DataManagementEntities/Microsoft.Dynamics.DataEntities.GetApplicationVersion",
            "application/json; odata.metadata=minimal",
        ),
        ("GET", "/api/services", "application/json; charset=utf-8"),
        (
            "POST",
            "/api/services/UserSessionService/AifUserSessionService/GetUserSessionInfo",
            "application/json; charset=utf-8",
        ),
        ("GET", "/data/VendorGroups/$count", "text/plain"),
    ],
)
def test_all_that_is_not_rows_is_served_too(
    http: httpx.Client, method: str, path: str, content_type: str
) -> None:
    """Metadata, actions and services answer on the same port, with an activity id (§1.7)."""
    answer = http.request(method, path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.headers["ms-dyn-aid"]


def test_a_cold_start_is_waited_for(http: httpx.Client) -> None:
    """The first call after a restart takes its time, the second does not (d365.md §9, 16)."""
    http.put("/_emulator/settings", json={"cold_start_seconds": 0.3})
    http.post("/_emulator/restart")

    first, second = (http.get(GROUPS).elapsed.total_seconds() for _ in range(2))

    assert first >= 0.3
    assert second < first
