"""Vendors (`bill.md` §5.1): there is no PUT and no DELETE."""

from __future__ import annotations

import attrs

from bill_client._api import Api
from bill_client._call import Call
from bill_client._converter import encode, unstructure
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client.models.vendors import Vendor, VendorDraft, VendorPatch

_JSON = {"Content-Type": "application/json"}


@attrs.frozen
class Vendors:
    """The organisation's vendors."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[Vendor]:
        """Vendors for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("vendors", conditions=conditions, sort=sort)
        return self._api.listing(Vendor, "/vendors", query)

    async def get(self, vendor_id: str) -> Vendor:
        """The vendor of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Vendor, Call(method="GET", path=f"/vendors/{vendor_id}"))

    async def create(self, draft: VendorDraft) -> Vendor:
        """Create a vendor and return it as BILL stored it.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        call = Call(method="POST", path="/vendors", body=encode(unstructure(draft)), headers=_JSON)
        return await self._api.one(Vendor, call)

    async def update(self, vendor_id: str, patch: VendorPatch) -> Vendor:
        """Change what the patch names and return the vendor.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        call = Call(
            method="PATCH",
            path=f"/vendors/{vendor_id}",
            body=encode(unstructure(patch)),
            headers=_JSON,
        )
        return await self._api.one(Vendor, call)
