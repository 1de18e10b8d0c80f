"""The sources that read D365: vendors with their open items, and the open items themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

from d365_client.models.vendor_transactions import VendorTransaction
from syncengine.adapters.d365_payables import D365Payables, item_key
from syncengine.adapters.translation import reading
from syncengine.model import Cursor, Link, Ref
from syncengine.payables import BILLS, OpenItem, Policy, VendorItems
from syncengine.ports import SourceRecord


class OpenItemSource:
    """Every open item, and those settled lately; lines only where a bill is to be made."""

    def __init__(self, payables: D365Payables, policy: Policy) -> None:
        self._payables = payables
        self._policy = policy
        self._newest: datetime | None = None

    async def changes(
        self, since: Cursor | None, links: Mapping[Ref, Link]
    ) -> AsyncIterator[SourceRecord[OpenItem]]:
        """See `ports.Source`."""
        with reading():
            rows = await self._payables.transactions(
                since=since.position if since else None, cut_over=self._policy.cut_over
            )
            vendors = await self._payables.vendors()
            fresh = [row for row in rows if Ref(BILLS, item_key(row)) not in links]
            known = [row for row in rows if Ref(BILLS, item_key(row)) in links]
            items = {
                **await self._payables.items(known, vendors, with_lines=False),
                **await self._payables.items(fresh, vendors, with_lines=True),
            }
        self._newest = _newest(rows)
        for row in rows:
            yield SourceRecord(key=item_key(row), facts=items[row.source_key])

    async def position(self) -> datetime | None:
        """See `ports.Source`."""
        return self._newest


class VendorSource:
    """Every vendor that has an open item."""

    def __init__(self, payables: D365Payables, policy: Policy) -> None:
        self._payables = payables
        self._policy = policy

    async def changes(
        self,
        since: Cursor | None,  # noqa: ARG002 - vendors have no modified timestamp (`d365.md` §4.6)
        links: Mapping[Ref, Link],  # noqa: ARG002 - a linked vendor is compared as well
    ) -> AsyncIterator[SourceRecord[VendorItems]]:
        """See `ports.Source`."""
        with reading():
            rows = await self._payables.transactions(since=None, cut_over=self._policy.cut_over)
            vendors = await self._payables.vendors()
            items = await self._payables.items(rows, vendors, with_lines=False)
        by_vendor: dict[str, list[OpenItem]] = defaultdict(list)
        for row in rows:
            by_vendor[row.account_num].append(items[row.source_key])
        for account, found in by_vendor.items():
            facts = VendorItems(vendor=vendors[account], items=tuple(found))
            yield SourceRecord(key=account, facts=facts)

    async def position(self) -> datetime | None:
        """See `ports.Source`."""
        return None


def _newest(rows: Sequence[VendorTransaction]) -> datetime | None:
    """The newest change among the rows, on D365's own clock (`domain.md` W28)."""
    return max(
        (row.sys_modified_date_time for row in rows if row.sys_modified_date_time), default=None
    )
