"""What bills were created with, from BILL's log."""

from __future__ import annotations

from decimal import Decimal

from syncengine.demo.sent_bills import SentBill, sent_bills


def request(method: str, path: str, status: int, body: str) -> dict[str, object]:
    """An entry of the log, as far as it is read."""
    return {"method": method, "path": path, "status": status, "body": body}


def test_amounts_are_exact_and_lines_counted() -> None:
    """The sum of the lines as they stand in the body, without a float on the way."""
    body = (
        '{"description": "Invoice 1 [m]",'
        ' "billLineItems": [{"amount": 999999999999999.98}, {"amount": 0.01}]}'
    )

    found = sent_bills([request("POST", "/connect/v3/bills", 201, body)])

    assert found == {"Invoice 1 [m]": SentBill(amount=Decimal("999999999999999.99"), lines=2)}


def test_only_creates_that_were_carried_out_count() -> None:
    """A refused create and everything that is no create are left out."""
    body = '{"description": "x", "billLineItems": [{"amount": 1}]}'

    found = sent_bills(
        [
            request("POST", "/connect/v3/bills", 422, body),
            request("POST", "/connect/v3/vendors", 201, body),
            request("GET", "/connect/v3/bills", 200, ""),
        ]
    )

    assert found == {}
