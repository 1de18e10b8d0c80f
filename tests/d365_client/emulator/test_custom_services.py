"""Custom services: what they return, how they fail, how they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx
    from tests.d365_client.emulator.conftest import Api

ROOT = "/api/services"
SESSION = f"{ROOT}/UserSessionService/AifUserSessionService/GetUserSessionInfo"
MINE = f"{ROOT}/MqaServices/MqaPosting/post"


async def offer(api: Api, **described: object) -> None:
    """Register an operation at `MINE`."""
    place = {"group": "MqaServices", "service": "MqaPosting", "operation": "post"}
    answer = await api.http.post("/_emulator/services", json={**place, **described})
    assert answer.status_code == 200, answer.text


async def called(api: Api, **body: object) -> httpx.Response:
    """The answer of the operation at `MINE`."""
    return await api.http.post(MINE, json=body)


async def test_the_smoke_test_tells_who_calls(api: Api) -> None:
    """GetUserSessionInfo is in every environment and takes an empty body (d365.md §8)."""
    answer = await api.http.post(SESSION)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["UserId"] == "sync"
    assert answer.json()["Company"] == "MQUS"


@pytest.mark.parametrize(("honoured", "company"), [(False, "MQUS"), (True, "MQGS")])
async def test_cmp_may_choose_the_company(api: Api, *, honoured: bool, company: str) -> None:
    """Whether `?cmp=` counts is unverified (d365.md §8)."""
    await api.set(services_honour_cmp=honoured)

    answer = await api.http.post(f"{SESSION}?cmp=mqgs")

    assert answer.json()["Company"] == company


@pytest.mark.parametrize(
    "result", ["done", 5, None, {"StatusCode": "Failed", "Message": "Closed."}, [1, 2]]
)
async def test_what_an_operation_returns_is_the_whole_body(api: Api, result: object) -> None:
    """Bare JSON of the return value; a handled failure is a 200 too (d365.md §8)."""
    await offer(api, result=result)

    answer = await called(api, _request={"JournalNum": "1"})

    assert (answer.status_code, answer.json()) == (200, result)


@pytest.mark.parametrize("nested", [True, False])
async def test_an_unhandled_exception_is_a_500(api: Api, *, nested: bool) -> None:
    """The body is like ASP.NET's; whether the text lies inside is unverified (d365.md §8)."""
    await api.set(service_errors_are_nested=nested)
    await offer(api, failure="The journal is posted already.")

    answer = await called(api)

    body = answer.json()
    inner = body["InnerException"] if nested else body
    assert answer.status_code == 500
    assert body["Message"] == "An error has occurred."
    assert inner["ExceptionMessage"] == "The journal is posted already."
    assert ("InnerException" in body) == nested


@pytest.mark.parametrize("contract", [True, False])
async def test_an_operation_may_post_a_journal(api: Api, *, contract: bool) -> None:
    """Parameters stand in the body, or in the one contract that it has (d365.md §5.2, §8)."""
    journal = await api.header()
    await api.line(journal, 1284.37, MarkedInvoice="INV-1")
    await offer(api, runs="post_journals")
    fields = {"dataAreaId": "mqus", "JournalName": "BILLPAY"}

    posted = await called(api, **({"_contract": fields} if contract else fields))
    refused = await called(api, dataAreaId="mqus")

    assert posted.status_code == 200
    assert [row["IsPosted"] for row in await api.rows("VendorPaymentJournalHeaders")] == ["Yes"]
    assert refused.status_code == 500


async def test_every_level_lists_what_is_below(api: Api) -> None:
    """A GET on a path level lists groups, services, operations, parameters (d365.md §8)."""
    await offer(api, parameters={"_request": "MqaRequest"}, returns="MqaAnswer")

    levels = [
        (await api.http.get(path)).json()
        for path in (ROOT, f"{ROOT}/MqaServices", f"{ROOT}/MqaServices/MqaPosting", MINE)
    ]

    assert levels == [
        {"ServiceGroups": [{"Name": "MqaServices"}, {"Name": "UserSessionService"}]},
        {"Services": [{"Name": "MqaPosting"}]},
        {"Operations": [{"Name": "post"}]},
        {
            "Parameters": [{"Name": "_request", "Type": "MqaRequest"}],
            "Return": {"Name": "return", "Type": "MqaAnswer"},
        },
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", f"{ROOT}/MqaServices/MqaPosting/other", "{}", 404),
        ("POST", f"{ROOT}/MqaServices/MqaPosting", "{}", 404),
        ("GET", f"{ROOT}/Nothing", "", 404),
        ("GET", f"{MINE}/more", "", 404),
        ("POST", MINE, "{", 400),
        ("POST", MINE, "[]", 400),
    ],
)
async def test_what_no_service_answers(
    api: Api, method: str, path: str, body: str, status: int
) -> None:
    """Unknown places and bodies that are no object are refused."""
    await offer(api)

    answer = await api.http.request(
        method, path, content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == status
    assert answer.json()["Message"]


async def test_a_body_that_is_not_json_is_a_415(api: Api) -> None:
    """The content type counts as it does for data (d365.md §2.7)."""
    answer = await api.http.post(SESSION, content=b"<x/>", headers={"Content-Type": "text/xml"})

    assert answer.status_code == 415


async def test_operations_can_be_forgotten(api: Api) -> None:
    """Only what every environment has is left."""
    await offer(api, result=1)

    left = await api.http.delete("/_emulator/services")

    assert [one["operation"] for one in left.json()["services"]] == ["GetUserSessionInfo"]
    assert (await called(api)).status_code == 404


async def test_services_need_a_token(api: Api) -> None:
    """Bearer on every call, services included (d365.md §1.1)."""
    answer = await api.http.post(SESSION, headers={"Authorization": ""})

    assert answer.status_code == 401
