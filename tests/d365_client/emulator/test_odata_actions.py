"""OData actions: those of every environment, and a customer's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    import httpx
    from tests.d365_client.emulator.conftest import Api

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
NAMESPACE = "Microsoft.Dynamics.DataEntities"
HEADERS = "VendorPaymentJournalHeaders"


async def call(api: Api, path: str, name: str, **parameters: object) -> httpx.Response:
    """The answer to an action's call."""
    return await api.http.post(f"/data/{path}{NAMESPACE}.{name}", json=parameters)


async def offer(api: Api, **described: object) -> None:
    """Register an action."""
    answer = await api.http.post("/_emulator/odata_actions", json=described)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("entity_set", "name", "starts"),
    [
        ("DataManagementEntities", "GetApplicationVersion", "10.0."),
        ("DataManagementEntities", "GetPlatformBuildVersion", "7.0."),
    ],
)
async def test_versions_are_told(api: Api, entity_set: str, name: str, starts: str) -> None:
    """A scalar result has the context of its type and a value (d365.md §2.12)."""
    answer = await call(api, f"{entity_set}/", name)

    body = answer.json()
    assert answer.status_code == 200
    assert body.keys() == {"@odata.context", "value"}
    assert body["@odata.context"] == "https://d365.test/data/$metadata#Edm.String"
    assert body["value"].startswith(starts)


async def test_keys_modules_and_batch_jobs(api: Api) -> None:
    """The other actions that are documented (d365.md §2.12)."""
    keys = await call(api, "DataManagementEntities/", "GetKeys", entityName="VendorsV2")
    nothing = await call(api, "DataManagementEntities/", "GetKeys", entityName="Nothing")
    modules = await call(api, "SystemNotifications/", "GetInstalledModules")
    waiting = await call(api, "BatchJobs/", "SetBatchJobToWaiting", batchJobId=5637144576)

    assert keys.json()["value"] == "dataAreaId,VendorAccountNumber"
    assert nothing.json()["value"] == ""
    assert modules.json()["@odata.context"].endswith("#Collection(Edm.String)")
    assert all("| Version: " in module for module in modules.json()["value"])
    assert json.loads(waiting.json()["value"])["Batch JobId"] == 5637144576


@pytest.mark.parametrize(("nested", "value"), [(False, "done"), (True, {"value": "done"})])
async def test_a_scalar_may_be_nested(api: Api, *, nested: bool, value: object) -> None:
    """The documentation shows both `value` and `value.value` (d365.md §7)."""
    await api.set(nested_action_values=nested)
    await offer(api, name="Do", binding="Unbound", returns="Edm.String", result="done")

    answer = await call(api, "", "Do")

    assert answer.json()["value"] == value


async def test_an_action_is_called_where_it_is_bound(api: Api) -> None:
    """On a set, on a row or on nothing, and nowhere else (d365.md §2.12)."""
    journal = await api.header()
    key = f"{HEADERS}(dataAreaId='mqus',JournalBatchNumber='{journal}')/"
    for name, binding in (("A", "BoundToEntitySet"), ("B", "BoundToEntityInstance")):
        await offer(
            api, name=name, binding=binding, entity_set=HEADERS, returns="Edm.Int64", result=1
        )
    await offer(api, name="C", binding="Unbound", returns="Edm.Int64", result=1)

    statuses = {
        (name, path): (await call(api, path, name)).status_code
        for name in ("A", "B", "C")
        for path in (f"{HEADERS}/", key, "")
    }

    works = {("A", f"{HEADERS}/"), ("B", key), ("C", "")}
    assert statuses == {case: 200 if case in works else 404 for case in statuses}


async def test_an_action_on_a_row_that_is_not_there_is_a_404(api: Api) -> None:
    """The row must be in sight of the caller, as for a read (d365.md §2.4)."""
    await offer(api, name="B", binding="BoundToEntityInstance", entity_set="VendorsV2")
    key = "VendorsV2(dataAreaId='mqgs',VendorAccountNumber='V-10001')/"

    hidden = await call(api, key, "B")
    seen = await api.http.post(f"/data/{key}{NAMESPACE}.B?cross-company=true")
    malformed = await call(api, "VendorsV2(5)/", "B")

    assert [hidden.status_code, seen.status_code, malformed.status_code] == [404, 204, 404]


async def test_an_action_without_result_has_no_body(api: Api) -> None:
    """204 where nothing is returned; an object stands beside its context."""
    await offer(api, name="Quiet", binding="Unbound")
    await offer(
        api, name="Row", binding="Unbound", returns=f"{NAMESPACE}.VendorGroup", result={"a": 1}
    )

    quiet, row = await call(api, "", "Quiet"), await call(api, "", "Row")

    assert (quiet.status_code, quiet.content) == (204, b"")
    assert row.json() == {
        "@odata.context": f"https://d365.test/data/$metadata#{NAMESPACE}.VendorGroup",
        "a": 1,
    }


async def test_an_action_that_fails_is_a_500(api: Api) -> None:
    """The text names the action and the entity (d365.md §2.11)."""
    await offer(
        api, name="submit", binding="BoundToEntitySet", entity_set=HEADERS, failure="Not today."
    )

    answer = await call(api, f"{HEADERS}/", "submit")

    inner = answer.json()["error"]["innererror"]
    assert answer.status_code == 500
    assert inner["type"] == "System.InvalidOperationException"
    assert inner["message"] == (
        "Exception occurred while executing action submit on Entity VendorPaymentJournalHeader: "
        "Not today."
    )


async def test_an_action_may_post_a_journal(api: Api) -> None:
    """A customer's own action runs what people do; what that refuses, it refuses (§5.2)."""
    journal = await api.header()
    await api.line(journal, 1284.37, MarkedInvoice="INV-1")
    await offer(
        api,
        name="Post",
        binding="BoundToEntitySet",
        entity_set=HEADERS,
        parameters={"dataAreaId": "Edm.String", "JournalName": "Edm.String"},
        returns="Edm.String",
        result="posted",
        runs="post_journals",
    )

    posted = await call(api, f"{HEADERS}/", "Post", dataAreaId="mqus", JournalName="BILLPAY")
    refused = await call(api, f"{HEADERS}/", "Post", dataAreaId="mqus", JournalName=7)

    assert posted.json()["value"] == "posted"
    assert [row["IsPosted"] for row in await api.rows(HEADERS)] == ["Yes"]
    assert refused.status_code == 500
    assert "JournalName" in refused.json()["error"]["innererror"]["message"]


@pytest.mark.parametrize(
    ("method", "content_type", "body", "status"),
    [
        ("POST", "application/json", b'{"batchJobId": 1}', 200),
        ("POST", "application/json", b"{}", 400),
        ("POST", "application/json", b'{"batchJobId": 1, "more": 2}', 400),
        ("POST", "application/json", b"[1]", 400),
        ("POST", "application/json", b"{", 400),
        ("POST", "text/plain", b'{"batchJobId": 1}', 415),
        ("GET", "application/json", b"", 405),
    ],
)
async def test_parameters_are_those_that_are_declared(
    api: Api, method: str, content_type: str, body: bytes, status: int
) -> None:
    """An object with every parameter and no other, as JSON, by POST."""
    answer = await api.http.request(
        method,
        f"/data/BatchJobs/{NAMESPACE}.SetBatchJobToWaiting",
        content=body,
        headers={"Content-Type": content_type},
    )

    assert answer.status_code == status


async def test_actions_are_described(api: Api) -> None:
    """Metadata has actions with binding, parameters and result (d365.md §2.1, §2.2)."""
    await offer(
        api,
        name="Approve",
        binding="BoundToEntityInstance",
        entity_set="VendorGroups",
        parameters={"note": "Edm.String"},
        returns="Edm.Boolean",
    )
    await offer(api, name="Ping", binding="Unbound")

    entity = (await api.http.get("/metadata/PublicEntities('VendorGroup')")).json()
    document = ET.fromstring((await api.http.get("/data/$metadata")).text)  # noqa: S314 - our own
    actions = {
        entry.get("Name"): [
            (part.get("Name"), part.get("Type"))
            for part in entry
            if part.tag in {f"{EDM}Parameter", f"{EDM}ReturnType"}
        ]
        for entry in document.iter(f"{EDM}Action")
    }
    imports = [entry.get("Name") for entry in document.iter(f"{EDM}ActionImport")]

    own = f"{NAMESPACE}.VendorGroup"
    assert entity["Actions"] == [
        {
            "Name": "Approve",
            "BindingKind": "BoundToEntityInstance",
            "Parameters": [
                {"Name": "VendorGroup", "Type": {"TypeName": own, "IsCollection": False}},
                {"Name": "note", "Type": {"TypeName": "Edm.String", "IsCollection": False}},
            ],
            "ReturnType": {"TypeName": "Edm.Boolean", "IsCollection": False},
            "FieldLookup": None,
        }
    ]
    assert actions["Approve"] == [
        ("VendorGroup", own),
        ("note", "Edm.String"),
        (None, "Edm.Boolean"),
    ]
    assert actions["GetApplicationVersion"][0] == (
        "DataManagementEntity",
        f"Collection({NAMESPACE}.DataManagementEntity)",
    )
    assert imports == ["Ping"]


@pytest.fixture
def mine(seed: dict[str, Any]) -> None:
    """An action of the customer's own, in the seed."""
    seed["odata_actions"] = [
        {"name": f"{NAMESPACE}.Mine", "binding": "Unbound", "returns": "Edm.Int64", "result": 5}
    ]


@pytest.mark.usefixtures("mine")
async def test_actions_come_with_a_seed_and_can_be_forgotten(api: Api) -> None:
    """What a seed offers is there from the start; forgetting leaves the documented ones."""
    before = await call(api, "", "Mine")
    forgotten = await api.http.delete("/_emulator/odata_actions")
    after = await call(api, "", "Mine")

    names = [one["name"] for one in forgotten.json()["odata_actions"]]
    assert before.json()["value"] == 5
    assert after.status_code == 404
    assert "Mine" not in names
    assert "GetApplicationVersion" in names


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        ({"binding": "Unbound"}, "field name is missing"),
        ({"name": "A", "binding": "Bound"}, "field binding must be one of BoundToEntitySet, "),
        ({"name": "A", "binding": "BoundToEntitySet"}, "entity_set"),
        (
            {"name": "A", "binding": "BoundToEntitySet", "entity_set": "X"},
            "entity set X is not known",
        ),
        ({"name": "A", "binding": "Unbound", "answer": 1}, "field answer is not known"),
        ({"name": "A", "binding": "Unbound", "parameters": {"a": 1}}, "field a must be a text"),
    ],
)
async def test_an_action_that_cannot_be_offered(
    api: Api, described: dict[str, object], sentence: str
) -> None:
    """One sentence says what is wrong."""
    answer = await api.http.post("/_emulator/odata_actions", json=described)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
