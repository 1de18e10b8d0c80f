"""Payments (`bill.md` §5.4), to read: this client pays nobody."""

from __future__ import annotations

import attrs

from bill_client._api import Api
from bill_client._call import Call
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client.models.payments import Payment


@attrs.frozen
class Payments:
    """The organisation's payments."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[Payment]:
        """Payments for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("payments", conditions=conditions, sort=sort)
        return self._api.listing(Payment, "/payments", query)

    async def get(self, payment_id: str) -> Payment:
        """The payment of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Payment, Call(method="GET", path=f"/payments/{payment_id}"))
