"""What the emulator refuses as BILL would, and that a refusal changes nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest

CREDIT = {
    "vendorId": "00901USD",
    "referenceNumber": "CR-1",
    "creditDate": "2026-10-02",
    "vendorCreditLineItems": [{"amount": 30}],
}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_refused_change_of_a_bill_changes_nothing(api: Any, method: str) -> None:
    """With a credit that is not there it is as it was before, line by line."""
    bill = await api.bill()
    before = await api.get(f"bills/{bill['id']}")
    body = copy.deepcopy(api.bill_of("INV-2", 7))
    body["vendorCredits"] = [{"id": "vcr00000000000000000", "amount": 1}]

    if method == "PATCH":
        del body["billLineItems"]
    answer = await api.http.request(method, f"/connect/v3/bills/{bill['id']}", json=body)

    assert answer.status_code == 404
    assert await api.get(f"bills/{bill['id']}") == before


async def test_bulk_bills_have_their_credits_applied(api: Any) -> None:
    """As single ones have."""
    credit = await api.post("vendor-credits", CREDIT)
    body = {**api.bill_of(), "vendorCredits": [{"id": credit["id"], "amount": 20}]}
    await api.post("bills/bulk", [body])

    assert (await api.get(f"vendor-credits/{credit['id']}"))["appliedAmount"] == 20


@pytest.mark.parametrize(
    ("credit", "amount", "status"),
    [({"vendorId": "00901JPY"}, 1, 422), ({}, 20, 422), ({}, 5, 201)],
    ids=["another vendor's", "more than the bill", "its own"],
)
async def test_a_bills_credits_are_its_vendors_and_no_more_than_it_is(
    api: Any, credit: dict[str, object], amount: int, status: int
) -> None:
    """A bill of five takes a credit of five of its own vendor."""
    stored = await api.post("vendor-credits", {**CREDIT, **credit})
    body = {**api.bill_of(amount=5), "vendorCredits": [{"id": stored["id"], "amount": amount}]}

    assert (await api.http.post("/connect/v3/bills", json=body)).status_code == status


async def test_a_lines_amount_follows_its_quantity(api: Any) -> None:
    """Where it was made of quantity and price; a told amount wins."""
    bill = await api.bill()
    line = bill["billLineItems"][0]["id"]
    patch = {"billLineItems": [{"id": line, "quantity": 3, "price": 7}]}
    answer = await api.http.patch(f"/connect/v3/bills/{bill['id']}", json=patch)
    assert api.told(answer)["amount"] == 21


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("vendors", {"paymentInformation": "x"}),
        ("vendors", {"address": "x"}),
        ("vendors", {"accountType": "ALIEN"}),
        ("vendors", {"email": 5}),
        ("vendors", {"additionalInfo": {"nonsense": 1}}),
        ("vendors", {"paymentInformation": {"foo": 1}}),
        ("bills", {"vendorCredits": [{"id": "vcr"}]}),
        ("bills", {"billLineItems": [{"amount": "1.00"}]}),
        ("bills", {"billLineItems": None}),
        ("bills", {"invoice": None}),
        ("bills", {"invoice": {"invoiceNumber": "1", "number": "2"}}),
        ("bills", {"billLineItems": [{"amount": 1, "colour": "red"}]}),
        ("bills", {"billLineItems": [{"amount": 1, "description": "x" * 4001}]}),
        ("recurringbills", {"processingOptions": "x"}),
    ],
)
async def test_a_body_of_the_wrong_shape_is_refused_with_an_array(
    api: Any, path: str, body: dict[str, object]
) -> None:
    """400, an element a field, never a page (`bill.md` §3)."""
    address = {"line1": "1", "city": "B", "zipOrPostalCode": "0", "country": "US"}
    whole = {
        "vendors": {"name": "A", "address": address},
        "bills": api.bill_of(),
        "recurringbills": {},
    }[path]
    answer = await api.http.post(f"/connect/v3/{path}", json={**whole, **body})

    assert all(code is None for code, _ in api.refusal(answer, 400))


@pytest.mark.parametrize("null", ["dueDate", "invoice", "billLineItems"])
async def test_what_a_bill_needs_is_not_patched_away(api: Any, null: str) -> None:
    """A null where something must be is refused."""
    bill = await api.bill()
    answer = await api.http.patch(f"/connect/v3/bills/{bill['id']}", json={null: None})
    assert api.refusal(answer, 400)


async def test_a_bulk_change_names_each_object_once(api: Any) -> None:
    """Or it is refused as a whole."""
    body = [{"id": "0de01OPS", "name": name} for name in ("A", "B")]
    answer = await api.http.patch("/connect/v3/classifications/departments/bulk", json=body)
    assert api.refusal(answer, 400) == [(None, "id: 0de01OPS is named twice")]


@pytest.mark.parametrize(
    "kind",
    [
        *("chart-of-accounts", "departments", "locations", "accounting-classes", "jobs"),
        *("items", "employees"),
    ],
)
async def test_the_seven_classifications_have_the_same_life(api: Any, kind: str) -> None:
    """Created alone and together, changed, archived and restored, each in its own wrapper."""
    path = f"classifications/{kind}"
    wrapper = "".join(
        word.capitalize() if number else word for number, word in enumerate(kind.split("-"))
    )
    body: dict[str, object] = {"name": "New"}
    if kind == "employees":
        body = {"firstName": "A", "lastName": "B"}
    if kind == "items":
        body["type"] = "SALES_TAX"
    one = await api.post(path, body)
    many = (await api.post(f"{path}/bulk", [body, body]))[wrapper]
    ids = ",".join(item["id"] for item in many)
    for verb, archived in (("archive", True), ("restore", False)):
        told = api.told(await api.http.post(f"/connect/v3/{path}/bulk/{verb}", params={"ids": ids}))
        assert [item["archived"] for item in told[wrapper]] == [archived] * 2
        alone = api.told(await api.http.post(f"/connect/v3/{path}/{one['id']}/{verb}"))
        assert alone["archived"] is archived
    changed = [{"id": item["id"], "shortName": "S"} for item in many]
    if kind == "chart-of-accounts":
        changed = [{"id": item["id"], "description": "S"} for item in many]
    told = api.told(await api.http.patch(f"/connect/v3/{path}/bulk", json=changed))
    assert len(told[wrapper]) == 2
    bad = await api.http.post(f"/connect/v3/{path}/bulk", json=[body, {}])
    assert {code for code, _ in api.refusal(bad, 400)} == {None, "BDC_1246"}


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_failed_login_has_the_status_that_is_set(api: Any, status: int) -> None:
    """Nobody knows which it is; the code is the same (`bill.md` §1.3)."""
    await api.set(login_failure_status=status)
    told = api.refusal(await api.login(password="wrong"), status)
    assert told[0][0] == "BDC_1101"


@pytest.mark.parametrize("allowed", [True, False])
async def test_undocumented_filters_work_or_not(api: Any, *, allowed: bool) -> None:
    """A switch, since half of BILL's page on filters is not known (`bill.md` §4)."""
    await api.set(undocumented_filters=allowed)
    answer = await api.http.get(
        "/connect/v3/classifications/departments", params={"filters": "archived:eq:false"}
    )
    assert answer.status_code == (200 if allowed else 400)


@pytest.mark.parametrize(
    ("path", "field", "longest"),
    [
        ("vendors", "name", 100),
        ("vendors", "shortName", 40),
        ("bills", "description", 4000),
        ("vendor-credits", "referenceNumber", 100),
    ],
)
async def test_texts_have_the_documented_lengths(
    api: Any, path: str, field: str, longest: int
) -> None:
    """The longest is taken, one more is refused (`bill.md` §6)."""
    address = {"line1": "1", "city": "B", "zipOrPostalCode": "0", "country": "US"}
    whole = {
        "vendors": {"name": "A", "address": address},
        "bills": api.bill_of(),
        "vendor-credits": CREDIT,
    }[path]
    await api.post(path, {**whole, field: "x" * longest})
    answer = await api.http.post(f"/connect/v3/{path}", json={**whole, field: "x" * (longest + 1)})

    [(code, message)] = api.refusal(answer, 400)
    assert (code, message.startswith(f"{field}: size must be between")) == (None, True)
