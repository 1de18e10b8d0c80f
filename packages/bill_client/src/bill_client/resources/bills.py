"""Bills (`bill.md` §5.2). PUT, which drops the lines that it does not name, is not offered."""

from __future__ import annotations

import attrs

from bill_client._api import Api
from bill_client._call import Call
from bill_client._converter import encode, unstructure
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client.models.bills import Bill, BillDraft, BillPatch

_JSON = {"Content-Type": "application/json"}


@attrs.frozen
class Bills:
    """The organisation's bills."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[Bill]:
        """Bills for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("bills", conditions=conditions, sort=sort)
        return self._api.listing(Bill, "/bills", query)

    async def get(self, bill_id: str) -> Bill:
        """The bill of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Bill, Call(method="GET", path=f"/bills/{bill_id}"))

    async def create(self, draft: BillDraft) -> Bill:
        """Create a bill and return it as BILL stored it.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        call = Call(method="POST", path="/bills", body=encode(unstructure(draft)), headers=_JSON)
        return await self._api.one(Bill, call)

    async def update(self, bill_id: str, patch: BillPatch) -> Bill:
        """Change what the patch names and return the bill.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        call = Call(
            method="PATCH",
            path=f"/bills/{bill_id}",
            body=encode(unstructure(patch)),
            headers=_JSON,
        )
        return await self._api.one(Bill, call)
