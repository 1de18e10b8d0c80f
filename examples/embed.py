"""The engine as a library: a mapper and a target of one's own, everything in memory.

Employees' expense claims become entries in a ledger that is a list. Run it twice in one process:
the second run writes nothing, because the journal knows what the first one did.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from decimal import Decimal

import anyio
import attrs

from syncengine import (
    Absent,
    Cursor,
    Disposition,
    Draft,
    Engine,
    Flow,
    Found,
    Link,
    Lookup,
    MemoryStore,
    Operation,
    Reason,
    Ref,
    SourceRecord,
    Standing,
)


@attrs.frozen
class Claim:
    """An expense claim."""

    employee: str
    amount: Decimal
    receipt: bool


CLAIMS = {
    "EX-1": Claim("Ada", Decimal("41.20"), receipt=True),
    "EX-2": Claim("Bo", Decimal("1250.00"), receipt=False),
}


class Claims:
    """A source: tells every claim, each time."""

    async def changes(
        self,
        since: Cursor | None,  # noqa: ARG002 - this source has no watermark
        links: Mapping[Ref, Link],  # noqa: ARG002 - nor is a first write dearer than another
    ) -> AsyncIterator[SourceRecord[Claim]]:
        """Every claim."""
        for key, claim in CLAIMS.items():
            yield SourceRecord(key=key, facts=claim)

    async def position(self) -> datetime | None:
        """No watermark."""
        return None


class ClaimMapper:
    """A mapper: pure, so it is tested with literals."""

    def standing(self, key: str, facts: Claim, links: Mapping[Ref, Link]) -> Standing:
        """A claim with a receipt becomes an entry; one without waits for it."""
        if Ref("claims", key) in links:
            return Standing()
        if not facts.receipt:
            reason = Reason(
                code="RECEIPT_MISSING",
                disposition=Disposition.PARKED,
                sentence=f"{facts.employee} has not handed in the receipt.",
                amount=facts.amount,
                currency="USD",
            )
            return Standing(reasons=(reason,))
        return Standing(draft=Draft(payload={"claim": key, "amount": str(facts.amount)}))


class LedgerTarget:
    """A target: a list of entries, each with the claim that it is for."""

    absence_is_proof = True

    def __init__(self) -> None:
        self.entries: list[str] = []

    async def match(self, draft: Draft) -> Lookup:
        """An entry that somebody made by hand."""
        return self._looked_up(str(draft.payload["claim"]))

    async def perform(self, operation: Operation) -> str:
        """Make the entry."""
        self.entries.append(str(operation.payload["claim"]))
        return f"entry {len(self.entries)}"

    async def find(self, operation: Operation) -> Lookup:
        """Look for the entry after an answer that was lost."""
        return self._looked_up(str(operation.payload["claim"]))

    def _looked_up(self, claim: str) -> Lookup:
        if claim not in self.entries:
            return Absent()
        return Found(target_id=f"entry {self.entries.index(claim) + 1}")


async def main() -> None:
    """Run twice and tell what happened."""
    store, ledger = MemoryStore("claims"), LedgerTarget()
    flow = Flow(name="claims", source=Claims(), mapper=ClaimMapper(), target=ledger)
    engine = Engine(connection="claims", store=store, flows=[flow])
    for _ in range(2):
        report = await engine.run()
        print(f"wrote {report.writes}, complete: {report.complete}")
    for park in await store.parked("claims"):
        print(f"{park.ref.key} waits: {park.code}, {park.amount} {park.currency}")


if __name__ == "__main__":
    anyio.run(main)
