"""Approvals, read from BILL: what became of our bills there, for a person to look at (§1.2).

Nothing is written: a denied bill is still owed in the ledger, and only a person can end that.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncengine.flow import Flow
from syncengine.model import Disposition, Link, Ref
from syncengine.payables import APPROVALS, BILLS, BillNow
from syncengine.ports import Reason, Source, Standing, Target


class ApprovalMapper:
    """A linked bill as BILL shows it now: an exception, or nothing."""

    def standing(self, key: str, facts: BillNow, links: Mapping[Ref, Link]) -> Standing:
        """What a person has to know of the bill of this item."""
        link = links.get(Ref(BILLS, key))
        if link is None:
            return Standing()
        if facts.archived:
            return Standing(reasons=(_reason(facts, link, "BILL_ARCHIVED", "archived in BILL"),))
        if facts.approval_status == "DENIED":
            return Standing(reasons=(_reason(facts, link, "BILL_DENIED", "denied in BILL"),))
        return Standing()


def _reason(facts: BillNow, link: Link, code: str, what: str) -> Reason:
    return Reason(
        code=code,
        disposition=Disposition.EXCEPTION,
        sentence=f"The bill of invoice {link.facts['invoice_number']} was {what}.",
        field="bill",
        value=facts.bill_id,
        owner="AP",
        clears="it is mended in BILL, or credited in D365",
        amount=facts.amount,
        currency=link.facts["currency"],
    )


def approvals(*, source: Source[BillNow], target: Target) -> Flow[BillNow]:
    """The approvals flow of one connection; it comes after the bills."""
    return Flow(
        name=APPROVALS, source=source, mapper=ApprovalMapper(), target=target, after=(BILLS,)
    )
