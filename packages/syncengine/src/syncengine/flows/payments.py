"""Payments, BILL → D365: one journal line per billPayment, marking its invoice (`domain.md` §1.3).

A line is written when BILL has debited us (D1), dated with the process date, against clearing or
the card's or balance's own account (D2), never posted by us (D4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from syncengine.events import digest
from syncengine.flow import Combined, Flow, Keyed
from syncengine.flows.payment_reasons import (
    exceptions,
    refusing_reason,
    unknown_status,
    voided_after_line,
)
from syncengine.markers import line_text
from syncengine.model import JsonValue, Link, Operation, OperationRecord, Payload, Ref
from syncengine.payables import (
    BILLS,
    PAYMENTS,
    BillPayment,
    InvoiceNow,
    PaymentMethod,
    Policy,
)
from syncengine.payment_status import Effect, effect
from syncengine.ports import Draft, Source, Standing, Target
from syncengine.slices import HEADER, LINES, lines_of


@attrs.frozen
class PaymentMapper:
    """A billPayment as the journal line it should be, or the reason why it is not."""

    policy: Policy

    def standing(self, key: str, facts: BillPayment, links: Mapping[Ref, Link]) -> Standing:
        """A draft once BILL has debited us; exceptions as long as a person has to look."""
        if facts.process_date is not None and facts.process_date < self.policy.cut_over:
            return Standing()
        own = links.get(Ref(PAYMENTS, key))
        match effect(facts.status):
            case Effect.NOT_YET:
                return Standing()
            case Effect.UNKNOWN:
                return Standing(reasons=(unknown_status(facts),))
            case Effect.NONE:
                return Standing(reasons=(voided_after_line(facts),) if own else ())
            case Effect.DEBITED if own is not None:
                return Standing(reasons=exceptions(facts, own.facts.get("approval", "")))
            case Effect.DEBITED:
                return self._new_line(key, facts, links)

    def _new_line(self, key: str, facts: BillPayment, links: Mapping[Ref, Link]) -> Standing:
        invoice_link = links.get(Ref(BILLS, facts.invoice_key)) if facts.invoice_key else None
        why = refusing_reason(facts, invoice_link, self.policy)
        approval = facts.bill.approval_status if facts.bill else ""
        told = exceptions(facts, approval)
        if why is not None:
            return Standing(reasons=(why, *told))
        return Standing(draft=self._draft(key, facts, approval), reasons=told)

    def _draft(self, key: str, facts: BillPayment, approval: str) -> Draft:
        invoice, process_date, method = self._agreed(facts)
        rate = facts.exchange_rate if facts.currency != self.policy.accounting_currency else None
        payload: dict[str, JsonValue] = {
            "key": key,
            "date": process_date.isoformat(),
            "vendor": invoice.vendor_account,
            "amount": str(facts.amount),
            "currency": facts.currency,
            # D365 keeps rates per 100 units (`d365.md` §2.7), BILL per 1.
            "rate_per_100": str(rate * 100) if rate is not None else "",
            "method": method.method,
            "offset_account": method.offset_account,
            "invoice_number": invoice.invoice_number,
            "invoice_due_date": invoice.due_date.isoformat(),
            "text": line_text(key, facts.payment_id),
            "reference": facts.reference,
        }
        link_facts = {
            "bill_id": facts.bill_id,
            "payment_id": facts.payment_id,
            "invoice": facts.invoice_key or "",
            "amount": str(facts.amount),
            "currency": facts.currency,
            "date": process_date.isoformat(),
            "approval": approval,
        }
        group = f"{process_date.isoformat()} {facts.currency} {method.offset_account}"
        # Lines of one header are serial; headers need not wait for each other (`d365.md` §5.1).
        return Draft(payload=payload, facts=link_facts, lane=group, group=group)

    def _agreed(self, facts: BillPayment) -> tuple[InvoiceNow, date, PaymentMethod]:
        """What `refusing_reason` has seen to be there."""
        method = next(
            rule
            for rule in self.policy.payment_methods
            if rule.fits(facts.funding_type, facts.disbursement_type)
        )
        if facts.invoice is None or facts.process_date is None:
            raise ValueError(f"payment {facts.payment_id}: no invoice or process date was read")
        return facts.invoice, facts.process_date, method


@attrs.frozen
class Slice:
    """How lines of one date, currency and offset account become one journal (`domain.md` §3.4)."""

    legal_entity: str

    def combine(self, drafts: Sequence[Keyed]) -> Combined:
        """A frozen slice: lines numbered from 1, under a header that names their digest."""
        ordered = sorted(drafts, key=lambda item: item.key)
        return self._frozen([item.draft.payload for item in ordered])

    def split(self, operation: Operation) -> Sequence[tuple[OperationRecord, Payload]]:
        """Each line in a slice of its own."""
        records = {record.key: record for record in operation.records}
        return [
            (records[str(line["key"])], self._frozen([line]).payload)
            for line in lines_of(operation.payload)
        ]

    def target_ids(self, operation: Operation) -> Mapping[str, str]:
        """Where each line stands: journal batch number and line number."""
        batch = operation.results[HEADER]
        return {
            str(line["key"]): f"{batch}/{line['line_number']}"
            for line in lines_of(operation.payload)
        }

    def _frozen(self, lines: Sequence[Payload]) -> Combined:
        numbered: list[JsonValue] = [
            {**line, "line_number": number} for number, line in enumerate(lines, start=1)
        ]
        short = digest({"lines": numbered})[:8]
        first = lines[0]
        description = f"BILL {self.legal_entity} {first['date']} {first['currency']} #{short}"
        return Combined(
            payload={"description": description, "lines": numbered}, steps=(HEADER, LINES)
        )


def payments(*, source: Source[BillPayment], target: Target, policy: Policy) -> Flow[BillPayment]:
    """The payments flow of one connection; it comes after the bills."""
    slices = Slice(policy.legal_entity)
    return Flow(
        name=PAYMENTS,
        source=source,
        mapper=PaymentMapper(policy),
        target=target,
        after=(BILLS,),
        combine=slices.combine,
        split=slices.split,
        target_ids=slices.target_ids,
    )
