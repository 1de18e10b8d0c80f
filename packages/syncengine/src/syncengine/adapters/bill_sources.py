"""The sources that read BILL: payments with what they pay, and what became of our bills."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs

from bill_client import BillClient, field
from bill_client.models.bills import Bill
from bill_client.models.payments import BillPayment as WireBillPayment
from bill_client.models.payments import Payment
from syncengine.adapters.chunks import read_in_chunks
from syncengine.adapters.d365_payables import D365Payables, source_key
from syncengine.adapters.d365_periods import Periods
from syncengine.adapters.translation import reading
from syncengine.model import Cursor, Link, Ref
from syncengine.payables import (
    BILLS,
    PAYMENTS,
    BillNow,
    BillPayment,
    InvoiceNow,
    Policy,
)
from syncengine.payment_status import Effect, effect
from syncengine.ports import SourceRecord

_IDS_A_REQUEST = 50
_OVERLAP = timedelta(days=1)


class PaymentSource:
    """Every billPayment; the bill, the invoice and the period only where a line may be written.

    All payments are read each time: which of them changed cannot be asked for, since it is
    unverified that `updatedTime` moves with every status (`domain.md` §8, question 1).
    """

    def __init__(
        self, client: BillClient, payables: D365Payables, periods: Periods, policy: Policy
    ) -> None:
        self._client = client
        self._payables = payables
        self._periods = periods
        self._policy = policy

    async def changes(
        self,
        since: Cursor | None,  # noqa: ARG002 - see the class
        links: Mapping[Ref, Link],
    ) -> AsyncIterator[SourceRecord[BillPayment]]:
        """See `ports.Source`."""
        by_bill = {link.target_id: link for ref, link in links.items() if ref.flow == BILLS}
        with reading():
            payments = await self._client.payments.list(sort="createdTime:asc").all()
            parts = [(payment, part) for payment in payments for part in payment.bill_payments]
            fresh = [
                (payment, part)
                for payment, part in parts
                if self._may_need_a_line(payment) and Ref(PAYMENTS, part.id) not in links
            ]
            now = await self._now(fresh, by_bill)
        for payment, part in parts:
            link = by_bill.get(part.bill_id)
            facts = _facts(payment, part, link)
            yield SourceRecord(key=part.id, facts=now.complete(facts, link))

    async def position(self) -> datetime | None:
        """See `ports.Source`."""
        return None

    def _may_need_a_line(self, payment: Payment) -> bool:
        dated = payment.process_date
        before = dated is not None and dated < self._policy.cut_over
        return not before and effect(payment.single_status or "") is Effect.DEBITED

    async def _now(
        self,
        fresh: Sequence[tuple[Payment, WireBillPayment]],
        by_bill: Mapping[str, Link],
    ) -> _Now:
        if not fresh:
            return _Now(bills={}, invoices={}, open_on={})
        bills = {
            bill.id: bill for bill in await read_bills(self._client, (x.bill_id for _, x in fresh))
        }
        linked = {x.bill_id: by_bill[x.bill_id] for _, x in fresh if x.bill_id in by_bill}
        edited = [
            link.facts["voucher"]
            for bill_id, link in linked.items()
            if bill_id in bills and bills[bill_id].amount != Decimal(link.facts["amount"])
        ]
        invoices = await self._payables.invoices_now(
            (source_key(link.ref.key) for link in linked.values()), discounts_of=edited
        )
        dates = {payment.process_date for payment, _ in fresh if payment.process_date}
        open_on = {day: await self._periods.open_on(day) for day in dates}
        return _Now(bills=bills, invoices=invoices, open_on=open_on)


@attrs.frozen(kw_only=True)
class _Now:
    """Both sides at this moment, for the payments that may need a line."""

    bills: Mapping[str, Bill]
    invoices: Mapping[int, InvoiceNow]
    open_on: Mapping[date, bool]

    def complete(self, facts: BillPayment, link: Link | None) -> BillPayment:
        bill = self.bills.get(facts.bill_id)
        invoice = self.invoices.get(source_key(link.ref.key)) if link else None
        day = facts.process_date
        return attrs.evolve(
            facts,
            bill=bill_now(bill) if bill else None,
            invoice=invoice,
            period_open=self.open_on.get(day) if day else None,
        )


class ApprovalSource:
    """Linked bills that changed in BILL, for what a person has to know of them."""

    def __init__(self, client: BillClient) -> None:
        self._client = client
        self._newest: datetime | None = None

    async def changes(
        self, since: Cursor | None, links: Mapping[Ref, Link]
    ) -> AsyncIterator[SourceRecord[BillNow]]:
        """See `ports.Source`. Pages are ordered by creation, so none moves while they are read."""
        by_bill = {link.target_id: ref.key for ref, link in links.items() if ref.flow == BILLS}
        changed = [field("updatedTime") >= since.position - _OVERLAP] if since else []
        with reading():
            bills = await self._client.bills.list(*changed, sort="createdTime:asc").all()
        times = (bill.updated_time for bill in bills)
        self._newest = max((told for told in times if told is not None), default=None)
        for bill in bills:
            if bill.id in by_bill:
                yield SourceRecord(key=by_bill[bill.id], facts=bill_now(bill))

    async def position(self) -> datetime | None:
        """See `ports.Source`."""
        return self._newest


async def read_bills(client: BillClient, ids: Iterable[str]) -> Sequence[Bill]:
    """The bills of these ids that are there."""
    return await read_in_chunks(
        ids,
        lambda chunk: aiter(client.bills.list(field("id").in_(chunk), sort="createdTime:asc")),
        size=_IDS_A_REQUEST,
    )


def bill_now(bill: Bill) -> BillNow:
    """A bill in our words."""
    return BillNow(
        bill_id=bill.id,
        invoice_number=(bill.invoice.invoice_number if bill.invoice else None) or "",
        amount=bill.amount,
        approval_status=bill.approval_status or "",
        archived=bool(bill.archived),
    )


def _facts(payment: Payment, part: WireBillPayment, link: Link | None) -> BillPayment:
    return BillPayment(
        payment_id=payment.id,
        bill_id=part.bill_id,
        amount=part.amount,
        payment_amount=payment.amount,
        parts_amount=sum((x.amount for x in payment.bill_payments), Decimal(0)),
        currency=link.facts["currency"] if link else "",
        status=payment.single_status or "",
        process_date=payment.process_date,
        funding_type=payment.funding_account.type if payment.funding_account else "",
        disbursement_type=payment.disbursement_type or "",
        exchange_rate=payment.exchange_rate,
        funding_amount=payment.funding_amount,
        reference=payment.transaction_number or payment.confirmation_number or "",
        invoice_key=link.ref.key if link else None,
    )
