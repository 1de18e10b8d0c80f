"""The target of a flow that only looks."""

from __future__ import annotations

from syncengine.model import Operation
from syncengine.ports import Draft, Lookup


class Nowhere:
    """Refuses to be written to: a flow that drafts something has the wrong target."""

    @property
    def absence_is_proof(self) -> bool:
        """Nothing is ever there."""
        return True

    async def match(self, draft: Draft) -> Lookup:
        """Refuse."""
        raise TypeError(f"this flow only reads, and drafted {sorted(draft.payload)}")

    async def perform(self, operation: Operation) -> str:
        """Refuse."""
        raise TypeError(f"this flow only reads, and began operation {operation.id}")

    async def find(self, operation: Operation) -> Lookup:
        """Refuse."""
        raise TypeError(f"this flow only reads, and began operation {operation.id}")
