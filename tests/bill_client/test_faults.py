"""A BILL that breaks: lists are whole or an error, and no bill is created twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api_transport import RetryPolicy
from bill_client import (
    Bill,
    BillClient,
    BillDraft,
    BillError,
    BillLineItemDraft,
    InvoiceDraft,
    Outcome,
    field,
)
from bill_client.emulator.server import BillServer
from bill_client.emulator.server import bill_server as serving
from bill_client.emulator.small_organization import FIRST_ROWS

VENDOR = str(FIRST_ROWS["vendors"][0]["id"])
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 10_000

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "429": {"kind": "status", "status": 429},
    "422 of a limit": {"kind": "status", "status": 422},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "a web page": {"kind": "html", "status": 502},
    "a web page that says 200": {"kind": "html", "status": 200},
    "half an answer": {"kind": "truncate", "bytes": 2_000},
    "no byte of the answer": {"kind": "truncate", "bytes": 0},
    "a lost reply": {"kind": "reply_lost"},
    "a reset": {"kind": "reset"},
    "a closed connection": {"kind": "drop_before_commit"},
}


@pytest.fixture(scope="module", name="server")
def _server() -> Any:
    """Ten thousand bills, one every ten minutes of 2026's first months."""
    with serving({"bills": []}) as server:
        server.seed("bills", *(row(number) for number in range(MANY)))
        yield server


def row(number: int) -> dict[str, object]:
    """A bill as the books have it."""
    at = (BEGAN + timedelta(minutes=10 * number)).isoformat(timespec="milliseconds")
    return {
        "id": f"00n{number:017d}",
        "vendorId": VENDOR,
        "invoice": {"invoiceNumber": f"INV-{number}", "invoiceDate": "2026-01-01"},
        "dueDate": "2026-12-31",
        "amount": Decimal(number) / 100,
        "billLineItems": [{"id": f"bli{number:017d}", "amount": Decimal(number) / 100}],
        "createdTime": at,
        "updatedTime": at,
    }


@pytest.fixture
async def client(server: BillServer) -> AsyncIterator[BillClient]:
    """A client that asks again at once."""
    policy = RetryPolicy(attempts=15, base=0.001, cap=0.002)
    async with BillClient.from_environment(server.environ, retry=policy) as client:
        yield client
    server.control.clear_faults()


async def one_list(client: BillClient) -> Sequence[Bill]:
    """Page after page."""
    return await client.bills.list(field("archived") == False).all()  # noqa: E712 - a condition


async def in_windows(client: BillClient) -> Sequence[Bill]:
    """Windows of creation, side by side."""
    until = BEGAN + timedelta(minutes=10 * MANY)
    return await client.bills.created_between(BEGAN, until, windows=20).all()


async def by_changes(client: BillClient) -> Sequence[Bill]:
    """By the time of change."""
    return await client.bills.changed_since(BEGAN).all()


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        *((read, fault) for read in (one_list, in_windows) for fault in FAULTS),
        *((by_changes, fault) for fault in ("429", "half an answer", "a lost reply")),
    ],
)
async def test_a_list_is_whole_whatever_breaks(
    client: BillClient, server: BillServer, fault: str, read: Any
) -> None:
    """Every third request suffers; each of the ten thousand comes, once, with its exact amount."""
    server.control.add_fault(
        **FAULTS[fault], every=3, times=None, match={"path": "/connect/v3/bills"}
    )

    bills = await read(client)

    assert len(bills) == MANY
    assert {bill.id: bill.amount for bill in bills} == {
        f"00n{number:017d}": Decimal(number) / 100 for number in range(MANY)
    }


@pytest.mark.parametrize("kind", ["reply_lost", "reset"])
async def test_no_bill_is_created_twice_where_replies_are_lost(kind: str) -> None:
    """Every tenth reply is lost: each is told as uncertain, and there are as many as were asked."""
    with serving() as server:
        server.control.add_fault(
            kind, every=10, times=None, match={"method": "POST", "path": "/connect/v3/bills"}
        )
        lost: list[tuple[str, Outcome]] = []
        async with BillClient.from_environment(server.environ) as client:
            for number in range(100):
                try:
                    await client.bills.create(draft(f"NEW-{number}"))
                except BillError as error:
                    lost.append((f"NEW-{number}", error.outcome))
        stored = [bill["invoice"]["invoiceNumber"] for bill in rows(server)]

    assert [outcome for _, outcome in lost] == [Outcome.UNCERTAIN] * 10
    assert sorted(number for number in stored if number.startswith("NEW-")) == sorted(
        f"NEW-{number}" for number in range(100)
    )


async def test_what_was_refused_unread_is_created_once() -> None:
    """A limit, and a connection that closed before anything was done."""
    policy = RetryPolicy(base=0.001)
    with serving() as server:
        path = {"method": "POST", "path": "/connect/v3/bills"}
        server.control.add_fault("status", status=422, every=2, times=None, match=path)
        async with BillClient.from_environment(server.environ, retry=policy) as client:
            for number in range(20):
                await client.bills.create(draft(f"NEW-{number}"))
        stored = [bill["invoice"]["invoiceNumber"] for bill in rows(server)]

    assert sum(number.startswith("NEW-") for number in stored) == 20


def rows(server: BillServer) -> Sequence[Any]:
    """The bills in the books."""
    return server.rows("bills")


def draft(number: str) -> BillDraft:
    """A bill to be created."""
    return BillDraft(
        vendor_id=VENDOR,
        due_date=date(2026, 10, 31),
        invoice=InvoiceDraft(invoice_number=number, invoice_date=date(2026, 10, 1)),
        bill_line_items=(BillLineItemDraft(amount=Decimal("1.10")),),
    )
