"""Reports (`bill.md` §5.1)."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from bill_client._api import Api
from bill_client._query import LARGEST_PAGE
from bill_client._requests import reading
from bill_client.models.reports import AuditEntry


@attrs.frozen
class Reports:
    """What BILL reports."""

    _api: Api = attrs.field(repr=False)

    async def vendor_audit_trail(
        self,
        vendor_id: str,
        *,
        start: int = 0,
        largest: int = LARGEST_PAGE,
        include_archived: bool = False,
    ) -> Sequence[AuditEntry]:
        """Who changed what of a vendor: up to `largest` changes, the first `start` left out.

        Raises:
            NotFound: there is no such vendor.
        """
        query = {
            "includeArchived": str(include_archived).lower(),
            "start": str(start),
            "max": str(largest),
        }
        call = reading("reports", "audit-trail", "vendor", vendor_id, query=query)
        return await self._api.many(AuditEntry, call, None)
