"""The target of bills, and what BILL shows of them (`domain.md` §3.4, *Bill*)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import anyio
import attrs

from bill_client import BillClient, field
from bill_client.models.bills import (
    Bill,
    BillDraft,
    BillLineItemDraft,
    ClassificationsDraft,
    InvoiceDraft,
)
from syncengine.adapters.translation import reading, writing
from syncengine.bill_numbers import bill_number, comparable
from syncengine.model import Operation, Payload
from syncengine.ports import Absent, Draft, Found, Lookup, Several

_SKEW = timedelta(minutes=10)
"""How far the two clocks may be apart when a create is looked for by its time."""


@attrs.define
class _VendorBills:
    """A vendor's bills, and the numbers that are taken, in comparable form."""

    bills: Sequence[Bill]
    taken: set[str]


class BillTarget:
    """Bills are found by marker, or by vendor, number and amount (`domain.md` §3.4)."""

    def __init__(self, client: BillClient, *, number_limit: int) -> None:
        self._client = client
        self._number_limit = number_limit
        self._by_vendor: dict[str, _VendorBills] = {}
        self._lock = anyio.Lock()

    @property
    def absence_is_proof(self) -> bool:
        """BILL's lists may lag behind a create (`domain.md` W10)."""
        return False

    async def match(self, draft: Draft) -> Lookup:
        """A bill of an earlier life, or one typed by hand; else the number that is free.

        A typed bill is the same when number, amount and full open amount agree: one that is paid
        is another year's (`demo/README.md`).
        """
        payload = draft.payload
        known = await self._bills_of(str(payload["vendor_id"]))
        marked = [bill for bill in known.bills if _marked(bill, payload)]
        if marked:
            return _lookup(marked, origin="created")
        typed = [bill for bill in known.bills if _typed_by_hand(bill, payload)]
        if typed:
            return _lookup(typed, origin="adopted")
        number = bill_number(
            str(payload["invoice_number"]),
            distinct=str(payload["marker"]),
            taken=known.taken,
            limit=self._number_limit,
        )
        known.taken.add(comparable(number))
        return Absent(payload={**payload, "bill_number": number})

    async def perform(self, operation: Operation) -> str:
        """Create the bill; its id."""
        with writing(retry=False):
            return (await self._client.bills.create(_draft(operation.payload))).id

    async def find(self, operation: Operation) -> Lookup:
        """Among the vendor's bills since the attempt: by marker, then by number, amount, date."""
        payload = operation.payload
        since = (operation.attempted_at or operation.opened_at) - _SKEW
        with reading():
            recent = await self._client.bills.list(
                field("vendorId") == payload["vendor_id"],
                field("createdTime") >= since,
                sort="createdTime:asc",
            ).all()
        marked = [bill for bill in recent if _marked(bill, payload)]
        return _lookup(marked or [x for x in recent if _same(x, payload)], origin="created")

    async def _bills_of(self, vendor_id: str) -> _VendorBills:
        async with self._lock:
            known = self._by_vendor.get(vendor_id)
        if known is None:
            with reading():
                bills = await self._client.bills.list(
                    field("vendorId") == vendor_id, sort="createdTime:asc"
                ).all()
            known = _VendorBills(bills=bills, taken={comparable(_number(bill)) for bill in bills})
            self._by_vendor[vendor_id] = known
        return known


def _lookup(bills: Sequence[Bill], *, origin: str) -> Lookup:
    match bills:
        case []:
            return Absent()
        case [bill]:
            return Found(target_id=bill.id, facts={"origin": origin, "bill_number": _number(bill)})
        case _:
            return Several(target_ids=tuple(bill.id for bill in bills))


def _number(bill: Bill) -> str:
    return (bill.invoice.invoice_number if bill.invoice else None) or ""


def _marked(bill: Bill, payload: Payload) -> bool:
    return not bill.archived and (bill.description or "").rstrip().endswith(str(payload["marker"]))


def _typed_by_hand(bill: Bill, payload: Payload) -> bool:
    amount = Decimal(str(payload["amount"]))
    open_amount = bill.due_amount if bill.due_amount is not None else bill.amount
    return (
        not bill.archived
        and comparable(_number(bill)) == comparable(str(payload["invoice_number"]))
        and bill.amount == amount == open_amount
    )


def _same(bill: Bill, payload: Payload) -> bool:
    return (
        not bill.archived
        and _number(bill) == payload["bill_number"]
        and bill.amount == Decimal(str(payload["amount"]))
        and bill.due_date == date.fromisoformat(str(payload["due_date"]))
    )


def _draft(payload: Payload) -> BillDraft:
    lines = cast("Sequence[Mapping[str, str]]", payload["lines"])
    return BillDraft(
        vendor_id=str(payload["vendor_id"]),
        due_date=date.fromisoformat(str(payload["due_date"])),
        invoice=InvoiceDraft(
            invoice_number=str(payload["bill_number"]),
            invoice_date=date.fromisoformat(str(payload["invoice_date"])),
        ),
        description=str(payload["description"]),
        bill_line_items=tuple(
            BillLineItemDraft(
                amount=Decimal(line["amount"]),
                description=line["description"] or None,
                classifications=ClassificationsDraft(
                    chart_of_account_id=line["account_id"],
                    department_id=line["department_id"] or None,
                ),
            )
            for line in lines
        ),
    )
