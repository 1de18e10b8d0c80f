"""Bills, D365 → BILL: one bill per open item, every line on a known account (`domain.md` §3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import attrs

from syncengine.flow import Flow
from syncengine.flows.standing import reason, waiting_reason
from syncengine.markers import bill_marker
from syncengine.model import JsonValue, Link, Ref
from syncengine.payables import BILLS, VENDORS, AccountMapping, CostLine, OpenItem, Policy
from syncengine.ports import Draft, Reason, Source, Standing, Target


@attrs.frozen
class BillMapper:
    """A posted invoice as the BILL bill it should be, or the reason why it is not."""

    policy: Policy
    mapping: AccountMapping

    def standing(self, key: str, facts: OpenItem, links: Mapping[Ref, Link]) -> Standing:
        """Nothing for a linked item: what was sent is not changed by us any more."""
        if Ref(BILLS, key) in links:
            return Standing()
        if self._before_cut_over(facts):
            return Standing()
        why = waiting_reason(facts, self.policy) or self._line_reason(facts)
        if why is not None:
            return Standing(reasons=(why,))
        vendor = links.get(Ref(VENDORS, facts.vendor.account))
        if vendor is None:
            return Standing(reasons=(self._vendor_unlinked(facts),))
        return Standing(draft=self._draft(key, facts, vendor))

    def _before_cut_over(self, item: OpenItem) -> bool:
        """Closed before the engine began: not ours to explain (`domain.md` §5.2)."""
        return item.open_amount == 0 and item.transaction_date < self.policy.cut_over

    def _line_reason(self, item: OpenItem) -> Reason | None:
        lines = item.lines or ()
        return next(
            (
                found
                for found in (
                    self._unmapped_account(item, lines),
                    self._unmapped_department(item, lines),
                    self._total_mismatch(item, lines),
                    self._credit_note(item),
                )
                if found is not None
            ),
            None,
        )

    def _unmapped_account(self, item: OpenItem, lines: tuple[CostLine, ...]) -> Reason | None:
        missing = [x.main_account for x in lines if x.main_account not in self.mapping.accounts]
        if not missing:
            return None
        return reason(
            item,
            "MAP_ACCOUNT",
            f"Main account {missing[0]} has no account in BILL.",
            field="main account",
            value=missing[0],
            clears="the mapping file names a BILL account for it",
        )

    def _unmapped_department(self, item: OpenItem, lines: tuple[CostLine, ...]) -> Reason | None:
        known = self.mapping.departments
        missing = [x.department for x in lines if x.department and x.department not in known]
        if not missing:
            return None
        return reason(
            item,
            "MAP_DIMENSION",
            f"Department {missing[0]} has no department in BILL.",
            field="Department",
            value=missing[0],
            clears="the mapping file names a BILL department for it",
        )

    def _total_mismatch(self, item: OpenItem, lines: tuple[CostLine, ...]) -> Reason | None:
        total = sum((line.amount for line in lines), Decimal(0))
        if total == item.open_amount:
            return None
        return reason(
            item,
            "TOTAL_MISMATCH",
            f"The distributions add up to {total}, {item.open_amount} {item.currency} is open.",
            field="sum of distributions",
            value=str(total),
            clears="the invoice is corrected in D365; a difference is never made up (I-17)",
        )

    def _credit_note(self, item: OpenItem) -> Reason | None:
        if item.open_amount > 0:
            return None
        return reason(
            item,
            "LATER_VENDOR_CREDIT",
            "Credit notes are not sent to BILL yet.",
            field="AmountCur",
            value=str(item.amount),
            clears="vendor credits are supported, or the credit note is settled in D365",
        )

    def _vendor_unlinked(self, item: OpenItem) -> Reason:
        return reason(
            item,
            "VENDOR_UNLINKED",
            f"Vendor {item.vendor.account} has no twin in BILL yet.",
            field="vendor",
            value=item.vendor.account,
            clears="the vendors flow links it",
        )

    def _draft(self, key: str, item: OpenItem, vendor: Link) -> Draft:
        marker = bill_marker(self.policy.legal_entity, item.vendor.account, item.voucher, key)
        payload: dict[str, JsonValue] = {
            "vendor_id": vendor.target_id,
            "invoice_number": item.invoice_number,
            "invoice_date": item.document_date.isoformat(),
            "due_date": item.due_date.isoformat(),
            "amount": str(item.open_amount),
            "marker": marker,
            "description": f"Invoice {item.invoice_number} {marker}",
            "lines": list(self._lines(item.lines or ())),
        }
        facts = {
            "vendor": item.vendor.account,
            "voucher": item.voucher,
            "invoice_number": item.invoice_number,
            "amount": str(item.open_amount),
            "currency": item.currency,
            "due_date": item.due_date.isoformat(),
            "origin": "created",
        }
        return Draft(payload=payload, facts=facts, lane=item.vendor.account)

    def _lines(self, lines: tuple[CostLine, ...]) -> Iterator[dict[str, JsonValue]]:
        for line in lines:
            department = self.mapping.departments[line.department] if line.department else ""
            yield {
                "amount": str(line.amount),
                "description": line.description,
                "account_id": self.mapping.accounts[line.main_account],
                "department_id": department,
            }


def bills(
    *, source: Source[OpenItem], target: Target, policy: Policy, mapping: AccountMapping
) -> Flow[OpenItem]:
    """The bills flow of one connection; it comes after the vendors."""
    return Flow(
        name=BILLS,
        source=source,
        mapper=BillMapper(policy, mapping),
        target=target,
        after=(VENDORS,),
    )
