"""BILL's books as a controller reads them: over the public v3 lists, by a way of their own.

Nothing here is the product's, as in `d365_books`. Amounts are in the vendor's currency, as BILL
shows them: always positive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import httpx

from syncengine.demo.bill_seed import BillCredentials

DEBITED = frozenset(
    {
        "PROCESSED",
        "SENT",
        "DELIVERED",
        "CLEARED",
        "EXPIRING",
        "VOID_PENDING",
        "DISBURSEMENT_ON_HOLD",
        "DISBURSEMENT_FAILED_ACTION_NEEDED",
        "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED",
        "FUNDING_FAILED_ACTION_NEEDED",
        "FUNDS_ESCHEATED",
    }
)
"""The states in which BILL has our money, or paid with its own (`domain.md` §1.3)."""


@attrs.frozen(kw_only=True)
class BillVendor:
    """A vendor of one organization."""

    id: str
    name: str
    short_name: str
    account_number: str
    currency: str
    created: date


@attrs.frozen(kw_only=True)
class Bill:
    """A bill; `paid` and `credited` are what BILL says has been taken off `amount`."""

    id: str
    vendor_id: str
    number: str
    amount: Decimal
    paid: Decimal
    credited: Decimal
    due: Decimal
    scheduled: Decimal
    description: str
    created: date

    @property
    def open_amount(self) -> Decimal:
        """What is not paid yet, scheduled payments included."""
        return self.amount - self.paid - self.credited


@attrs.frozen(kw_only=True)
class BillPayment:
    """The part of a payment that pays one bill."""

    id: str
    bill_id: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class Payment:
    """A payment with its parts; `number` is what the payer called it.

    `funding_amount` is in the organization's own currency.
    """

    id: str
    vendor_id: str
    number: str
    status: str
    process_date: date
    funding: str
    funding_amount: Decimal
    amount: Decimal
    parts: tuple[BillPayment, ...]

    @property
    def debited(self) -> bool:
        """Whether the vendor has been paid and, but for a failed funding, we have been debited."""
        return self.status in DEBITED


@attrs.frozen(kw_only=True)
class BillBooks:
    """Everything that the tie-out needs from one organization of BILL."""

    legal_entity: str
    vendors: tuple[BillVendor, ...] = ()
    bills: tuple[Bill, ...] = ()
    payments: tuple[Payment, ...] = ()


def read_bill_books(client: httpx.Client, base_url: str, credentials: BillCredentials) -> BillBooks:
    """Read them, complete, over the public lists.

    Raises:
        httpx.HTTPError: the service cannot be reached, or does not answer with rows.
    """
    reader = _Reader(client, base_url, _session(client, base_url, credentials))
    return BillBooks(
        legal_entity=credentials.legal_entity,
        vendors=tuple(map(_vendor, reader.rows("vendors", filters="archived:eq:false"))),
        bills=tuple(map(_bill, reader.rows("bills", filters="archived:eq:false"))),
        payments=tuple(map(_payment, reader.rows("payments"))),
    )


@attrs.frozen
class _Reader:
    client: httpx.Client
    base_url: str
    headers: Mapping[str, str] = attrs.field(repr=False)

    def rows(self, resource: str, **query: str) -> Iterator[Mapping[str, Any]]:
        """All rows of a list, over all its pages."""
        asked: dict[str, str] | None = {"max": "100", "sort": "createdTime:asc", **query}
        while asked is not None:
            answer = self.client.get(
                f"{self.base_url}/{resource}", params=asked, headers=self.headers
            )
            answer.raise_for_status()
            page = json.loads(answer.content, parse_float=Decimal)
            yield from page["results"]
            # A page token stands for filters and order too (`bill.md` §4).
            token = page.get("nextPage")
            asked = {"max": "100", "page": token} if token else None


def _session(
    client: httpx.Client, base_url: str, credentials: BillCredentials
) -> Mapping[str, str]:
    answer = client.post(
        f"{base_url}/login",
        json={
            "username": credentials.username,
            "password": credentials.password,
            "organizationId": credentials.organization_id,
            "devKey": credentials.dev_key,
        },
    )
    answer.raise_for_status()
    return {"devKey": credentials.dev_key, "sessionId": str(answer.json()["sessionId"])}


def _amount(row: Mapping[str, Any], field: str) -> Decimal:
    # What is not populated is left out, not null (`bill.md` §5).
    return Decimal(row.get(field, 0))


def _created(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["createdTime"][:10])


def _vendor(row: Mapping[str, Any]) -> BillVendor:
    return BillVendor(
        id=row["id"],
        name=row["name"],
        short_name=row.get("shortName", ""),
        account_number=row.get("accountNumber", ""),
        currency=row["billCurrency"],
        created=_created(row),
    )


def _bill(row: Mapping[str, Any]) -> Bill:
    return Bill(
        id=row["id"],
        vendor_id=row["vendorId"],
        number=row["invoice"]["invoiceNumber"],
        amount=_amount(row, "amount"),
        paid=_amount(row, "paidAmount"),
        credited=_amount(row, "creditAmount"),
        due=_amount(row, "dueAmount"),
        scheduled=_amount(row, "scheduledAmount"),
        description=row.get("description", ""),
        created=_created(row),
    )


def _payment(row: Mapping[str, Any]) -> Payment:
    return Payment(
        id=row["id"],
        vendor_id=row["vendorId"],
        number=row.get("transactionNumber", ""),
        status=row["singleStatus"],
        process_date=date.fromisoformat(row["processDate"][:10]),
        funding=row["fundingAccount"]["type"],
        funding_amount=_amount(row, "fundingAmount"),
        amount=_amount(row, "amount"),
        parts=tuple(
            BillPayment(id=part["id"], bill_id=part["billId"], amount=_amount(part, "amount"))
            for part in row["billPayments"]
        ),
    )
