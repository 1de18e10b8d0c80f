"""A notification says what happened, to what, and how that is now."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bill_client import BillPayload, EventType, PaymentPayload, VendorPayload
from bill_client.errors import Undecodable
from bill_client.webhooks.events import parse_event

METADATA = {
    "eventId": "625947c4",
    "subscriptionId": "f6d06930",
    "organizationId": "00802DEV",
    "eventType": "bill.created",
    "version": "1",
}


def body(event_type: str, **parts: object) -> bytes:
    """A notification."""
    return json.dumps({"metadata": {**METADATA, "eventType": event_type}, **parts}).encode()


def test_a_bill_is_exact() -> None:
    """Amounts are exact, times are UTC, the invoice's date-time is a date, the rest is kept."""
    text = b"""{"metadata": {"eventId": "625947c4", "subscriptionId": "f6d06930",
        "organizationId": "00802DEV", "eventType": "bill.created", "version": "1"},
      "bill": {"id": "00n02", "vendorId": "00902", "amount": 228.10,
        "invoice": {"invoiceNumber": "202601", "invoiceDate": "2026-12-15T00:00:00.000Z"},
        "createdTime": "2026-12-15T23:15:23.127+00:00", "dueDate": "2026-12-31",
        "updatedTime": "2026-12-16T01:15:23.127+02:00", "purchaseOrderNumber": "PO-1"}}"""
    event = parse_event(text)

    assert isinstance(event.body, BillPayload)
    assert event.body.invoice is not None
    assert str(event.body.amount) == "228.10"
    assert date(2026, 12, 15) == event.body.invoice.invoice_date
    assert date(2026, 12, 31) == event.body.due_date
    assert datetime(2026, 12, 15, 23, 15, 23, 127000, tzinfo=UTC) == event.state_time
    assert {"purchaseOrderNumber": "PO-1"} == event.body.extra
    assert ("625947c4", EventType.BILL_CREATED, "bill") == (
        event.event_id, event.event_type, event.entity,
    )  # fmt: skip


def test_a_payment_is_typed() -> None:
    """The fields of `payment.updated` are there, those that depend on a type in `extra`."""
    payment = {
        "id": "stp01",
        "billIds": ["00n01", "00n02"],
        "status": "CLEARED",
        "processDate": "2026-12-20",
        "funding": {"type": "BANK_ACCOUNT", "id": "bac01", "accountNumber": "***1"},
        "disbursement": {"type": "CHECK", "checkNumber": "7"},
        "vendor": {"id": "00901", "name": "Orrin"},
        "billingType": "BDC",
    }
    told = parse_event(body("payment.updated", payment=payment)).body

    assert isinstance(told, PaymentPayload)
    assert told.funding is not None
    assert told.vendor is not None
    assert ("00n01", "00n02") == told.bill_ids
    assert {"accountNumber": "***1"} == told.funding.extra
    assert ("CLEARED", "Orrin") == (told.status, told.vendor.name)


def test_a_vendor_is_typed() -> None:
    """An archived vendor says so."""
    told = parse_event(body("vendor.archived", vendor={"id": "00901", "archived": True})).body

    assert isinstance(told, VendorPayload)
    assert told.archived


def test_what_is_new_in_the_catalogue_is_read() -> None:
    """An event nobody knew keeps its word, its entity and its fields; amounts stay exact."""
    event = parse_event(body("vendor-credit.created", vendorCredit={"id": "vcr01", "amount": 1.5}))

    assert ("vendor-credit.created", "vendorCredit") == (event.event_type, event.entity)
    assert ("vcr01", {"amount": Decimal("1.5")}) == (event.body.id, event.body.extra)


def test_an_event_about_nothing_in_particular_is_read() -> None:
    """`autopay.failed` names no entity of its own: all it tells is in `extra`."""
    parts = {"vendor": {"id": "00901"}, "fundingAccount": {"id": "bac01"}, "errors": []}
    event = parse_event(body("autopay.failed", **parts))

    assert event.key is None
    assert parts == event.extra


def test_a_failed_payment_needs_no_id() -> None:
    """`payment.failed` tells of a payment that never came to be."""
    event = parse_event(body("payment.failed", payment={"errors": [{"code": "BDC_1"}]}))

    assert event.key is None
    assert {"errors": [{"code": "BDC_1"}]} == event.body.extra


@pytest.mark.parametrize(
    "told",
    [
        b"[]",
        b"{}",
        b'"text"',
        b'{"metadata": {}}',
        body("bill.updated"),
        body("bill.updated", bill=[]),
        body("bill.updated", bill={"id": "00n01", "amount": "twelve"}),
        body("bill.updated", bill={"id": "00n01", "updatedTime": "2026-12-15T23:15:23"}),
        body(""),
    ],
)
def test_what_is_no_event_is_told(told: bytes) -> None:
    """A body without metadata, or with a field that does not fit, is `Undecodable`."""
    with pytest.raises(Undecodable):
        parse_event(told)
