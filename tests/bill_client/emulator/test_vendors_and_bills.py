"""Vendors and bills: what is needed, what is refused, what they add up to (`bill.md` §5)."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.bill_client.emulator.conftest import Api

ROOT = "/connect/v3"
ADDRESS = {"line1": "1 Pier", "city": "Boston", "zipOrPostalCode": "02110", "country": "US"}


async def test_a_vendor_without_a_name_and_a_whole_address_is_refused(api: Api) -> None:
    """One element for every field."""
    answer = await api.http.post(f"{ROOT}/vendors", json={"address": {"country": "usa"}})

    assert [
        (None, "name: must not be blank"),
        (None, "address.line1: must not be blank"),
        (None, "address.city: must not be blank"),
        (None, "address.zipOrPostalCode: must not be blank"),
        (None, "address.country: invalid value"),
    ] == api.refusal(answer, 400)


async def test_a_new_vendor_is_paid_by_check_in_the_base_currency(api: Api) -> None:
    """What was not said is BILL's default."""
    made = await api.post("vendors", {"name": "New", "address": ADDRESS})

    assert ("009", 20) == (made["id"][:3], len(made["id"]))
    assert ("USD", "CHECK") == (made["billCurrency"], made["paymentInformation"]["payByType"])


async def test_a_vendor_changes_where_the_body_says(api: Api) -> None:
    """A part of the address leaves the rest as it was."""
    changed = api.told(
        await api.http.patch(f"{ROOT}/vendors/00901USD", json={"address": {"city": "Salem"}})
    )

    assert {**ADDRESS, "city": "Salem"} == changed["address"]


async def test_vendors_are_neither_put_nor_deleted(api: Api) -> None:
    """There are no such calls."""
    for method in ("PUT", "DELETE"):
        answer = await api.http.request(method, f"{ROOT}/vendors/00901USD", json={})
        assert "BDC_1121" == api.refusal(answer, 405)[0][0]


async def test_a_bill_without_its_fields_names_each(api: Api) -> None:
    """An array with an element a field, no codes."""
    answer = await api.http.post(f"{ROOT}/bills", json={"invoice": {"invoiceDate": "1.10.2026"}})

    assert [
        (None, "vendorId: must not be blank"),
        (None, "dueDate: must not be null"),
        (None, "billLineItems: must not be null"),
        (None, "invoice.invoiceNumber: must not be blank"),
        (None, "invoice.invoiceDate: invalid value"),
    ] == api.refusal(answer, 400)


@pytest.mark.parametrize(
    "fields",
    [
        {"approvalStatus": "APPROVED"},
        {"dueDate": "31.10.2026"},
        {"description": "x" * 4001},
        {"invoice": "INV-1"},
        {"billLineItems": ["100"]},
        {"billLineItems": {"amount": 100}},
        {"billLineItems": [{"description": "no amount"}]},
    ],
    ids=["unknown field", "date", "long", "invoice", "line", "lines", "amount"],
)
async def test_a_bill_of_the_wrong_shape_is_refused(api: Api, fields: dict[str, object]) -> None:
    """And nothing is kept of it."""
    answer = await api.http.post(f"{ROOT}/bills", json={**api.bill_of(), **fields})
    assert 1 == len(api.refusal(answer, 400))
    assert [] == (await api.get("bills"))["results"]


@pytest.mark.parametrize(
    ("place", "object_id"),
    [
        ("vendorId", "00901NONE"),
        ("chartOfAccountId", "0ca01NONE"),
        ("chartOfAccountId", "0ca01CLOSED"),
        ("departmentId", "0de01NONE"),
    ],
)
async def test_a_bill_refers_to_what_exists(api: Api, place: str, object_id: str) -> None:
    """Vendors, accounts and departments must be there, and not archived."""
    body: Any = api.bill_of()
    if place == "vendorId":
        body[place] = object_id
    else:
        body["billLineItems"][0]["classifications"][place] = object_id

    message = f"No data found for object with given ID {object_id}."
    answer = await api.http.post(f"{ROOT}/bills", json=body)
    assert [("BDC_1205", message)] == api.refusal(answer, 404)


@pytest.mark.parametrize(
    ("vendor", "good", "bad"),
    [("00901USD", "10.25", "10.255"), ("00901JPY", "10", "10.5"), ("00901BHD", "1.125", "1.1255")],
)
async def test_amounts_have_the_decimals_of_the_currency(
    api: Api, vendor: str, good: str, bad: str
) -> None:
    """Yen have none, dinars three."""
    accepted = await posted(api, good, vendor)
    refused = await posted(api, bad, vendor)

    assert Decimal(good) == json.loads(accepted.content, parse_float=Decimal)["amount"]
    assert "too many decimals" in api.refusal(refused, 400)[0][1]


async def posted(api: Api, amount: str, vendor: str = "00901USD") -> httpx.Response:
    """A bill of exactly that amount."""
    text = json.dumps(api.bill_of(f"INV-{amount}", 424242, vendorId=vendor)).replace(
        "424242", amount
    )
    headers = {"content-type": "application/json"}
    return await api.http.post(f"{ROOT}/bills", content=text, headers=headers)


async def test_amounts_are_exact_from_the_wire_to_the_file(api: Api, tmp_path: Path) -> None:
    """Two parts that floats cannot add, and a sum beyond their digits."""
    for amount in ("0.1", "0.2", "90071992547409.93"):
        api.told(await posted(api, amount), 201)

    with sqlite3.connect(tmp_path / "bill.sqlite") as database:
        stored = database.execute("SELECT body FROM objects WHERE resource = 'bills'").fetchall()
    amounts = [json.loads(body, parse_float=str)["amount"] for (body,) in stored]
    assert ["0.1", "0.2", "90071992547409.93"] == amounts


async def test_a_bill_is_the_sum_of_its_lines(api: Api) -> None:
    """Quantity times price where there is no amount; nothing is paid and nobody has approved."""
    lines = [{"amount": 0.1}, {"amount": 0.2}, {"quantity": 3, "price": 1.5}]
    bill = await api.bill(billLineItems=lines)

    assert (4.8, 4.8, 0) == (bill["amount"], bill["dueAmount"], bill["paidAmount"])
    assert ("UNPAID", "UNASSIGNED") == (bill["paymentStatus"], bill["approvalStatus"])
    assert [0.1, 0.2, 4.5] == [line["amount"] for line in bill["billLineItems"]]


async def test_put_drops_the_lines_it_leaves_out_and_patch_keeps_them(api: Api) -> None:
    """The dangerous difference: a PUT of one line is a bill of one line."""
    made = await api.bill(billLineItems=[{"amount": 60}, {"amount": 40}])
    first, second = made["billLineItems"]
    path = f"{ROOT}/bills/{made['id']}"

    patched = api.told(
        await api.http.patch(path, json={"billLineItems": [{"id": first["id"], "amount": 70}]})
    )
    assert [first["id"], second["id"]] == [line["id"] for line in patched["billLineItems"]]
    assert 110 == patched["amount"]

    replaced = api.told(
        await api.http.put(
            path,
            json=api.bill_of(billLineItems=[{"id": second["id"], "amount": 40}, {"amount": 5}]),
        )
    )
    kept, new = replaced["billLineItems"]
    assert (second["id"], 45) == (kept["id"], replaced["amount"])
    assert new["id"] not in (first["id"], second["id"])


@pytest.mark.parametrize(
    "change",
    [
        {"billLineItems": [{"id": "bli-none", "amount": 1}]},
        {"description": "changed", "vendorId": "00901NONE"},
        {"description": "changed", "dueDate": "soon"},
    ],
)
async def test_a_refused_change_changes_nothing(api: Api, change: dict[str, object]) -> None:
    """The bill is afterwards what it was before."""
    made = await api.bill()

    answer = await api.http.patch(f"{ROOT}/bills/{made['id']}", json=change)

    assert answer.status_code in (400, 404)
    assert made == await api.get(f"bills/{made['id']}")


async def test_a_number_twice_is_taken_or_refused_as_the_setting_says(api: Api) -> None:
    """Per vendor; what BILL does is unverified (§6)."""
    await api.bill("INV-1")
    await api.bill("INV-1")
    await api.set(duplicate_invoice_numbers="reject")

    answer = await api.http.post(f"{ROOT}/bills", json=api.bill_of("INV-1"))

    assert [("BDC_1171", "Duplicate invoice number INV-1.")] == api.refusal(answer, 422)
    await api.bill("INV-1", vendorId="00901JPY")
    await api.bill("INV-2")


async def test_a_number_may_be_too_long(api: Api) -> None:
    """The limit is unverified, so it is a setting."""
    await api.set(invoice_number_limit=5)

    answer = await api.http.post(f"{ROOT}/bills", json=api.bill_of("INV-22"))

    assert [(None, "invoice.invoiceNumber: size must be between 1 and 5")] == api.refusal(
        answer, 400
    )
    await api.bill("INV-1")


@pytest.mark.parametrize("content", ["{", "[]", '"x"'])
async def test_a_body_that_is_no_object_is_refused(api: Api, content: str) -> None:
    """400, not a crash."""
    assert 1 == len(api.refusal(await api.http.post(f"{ROOT}/bills", content=content), 400))


async def test_payments_move_what_is_due(api: Api) -> None:
    """Scheduled, then paid, then due again when the payment fails."""
    bill = await api.bill(amount=100)
    path = f"bills/{bill['id']}"
    payment = await api.act("pay", **api.payment_of(bill["id"], 60))
    scheduled = await api.get(path)
    await api.act("advance", payment_ids=[payment["id"]], singleStatus="CLEARED")
    part = await api.get(path)
    await api.act("advance", payment_ids=[payment["id"]], singleStatus="FUNDING_FAILED_VOIDED")
    failed = await api.get(path)

    assert [("SCHEDULED", 40, 60, 0), ("PARTIALLY_PAID", 40, 0, 60), ("UNPAID", 100, 0, 0)] == [
        (now["paymentStatus"], now["dueAmount"], now["scheduledAmount"], now["paidAmount"])
        for now in (scheduled, part, failed)
    ]


async def test_a_bill_is_not_overpaid(api: Api) -> None:
    """BDC_1159, also for the rest of one that is partly paid."""
    bill = await api.bill(amount=100)
    await api.act("pay", **api.payment_of(bill["id"], 60))
    paying = {"organizationId": "00801MQUS", **api.payment_of(bill["id"], 41)}

    answer = await api.http.post("/_emulator/actions/pay", json=paying)

    assert answer.status_code == 400
    assert "You cannot overpay a bill." in answer.json()["error"]
    assert 1 == len((await api.get("payments"))["results"])


async def test_a_cancelled_payment_is_spelt_two_ways(api: Api) -> None:
    """Two L's in `status`, one in `singleStatus` (§5.4); only a scheduled one can be."""
    bill = await api.bill()
    payment = await api.act("pay", **api.payment_of(bill["id"]))
    await api.act("cancel", payment_id=payment["id"])

    seen = await api.get(f"payments/{payment['id']}")
    assert ("CANCELLED", "CANCELED") == (seen["status"], seen["singleStatus"])
    again = {"organizationId": "00801MQUS", "payment_id": payment["id"]}
    assert 400 == (await api.http.post("/_emulator/actions/cancel", json=again)).status_code


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_reissued_payment_keeps_its_id_or_not(api: Api, keeps: bool) -> None:  # noqa: FBT001 - a parameter
    """Unverified (`domain.md` §8), so both can be had; the bill is paid once either way."""
    await api.set(reissue_keeps_payment_id=keeps)
    bill = await api.bill()
    paid = await api.act("pay", **api.payment_of(bill["id"]))
    await api.act("advance", payment_ids=[paid["id"]], singleStatus="SENT")
    await api.act("void", payment_id=paid["id"], type="VOID_AND_REISSUE", reason="lost")
    after = await api.act("decide_void", payment_id=paid["id"], result="VOIDED", state_after="SENT")

    assert keeps is (after["id"] == paid["id"])
    seen = await api.get(f"bills/{bill['id']}")
    assert (0, 100) == (seen["dueAmount"], seen["paidAmount"])


@pytest.mark.parametrize("moves", [True, False])
async def test_progress_moves_the_updated_time_or_not(api: Api, moves: bool) -> None:  # noqa: FBT001 - a parameter
    """Unverified, so both can be had."""
    await api.set(updated_time_moves_on_status_change=moves)
    bill = await api.bill()
    paid = await api.act("pay", **api.payment_of(bill["id"]))
    before = await api.get(f"payments/{paid['id']}")
    await api.http.put("/_emulator/clock", json={"now": "2026-10-01T08:20:00Z"})

    await api.act("advance", payment_ids=[paid["id"]], singleStatus="SENT")

    after = await api.get(f"payments/{paid['id']}")
    assert moves is (after["updatedTime"] != before["updatedTime"])
