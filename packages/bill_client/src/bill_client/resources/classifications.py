"""Chart of accounts and departments (`bill.md` §5.6)."""

from __future__ import annotations

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import parameters
from bill_client.models.classifications import ChartOfAccount, Department


@attrs.frozen
class ChartOfAccounts:
    """The organisation's accounts."""

    _api: Api = attrs.field(repr=False)

    def list(self, *, sort: str | None = None) -> Listing[ChartOfAccount]:
        """All accounts, archived ones as BILL tells them."""
        query = parameters("classifications", sort=sort)
        return self._api.listing(ChartOfAccount, "/classifications/chart-of-accounts", query)


@attrs.frozen
class Departments:
    """The organisation's departments."""

    _api: Api = attrs.field(repr=False)

    def list(self, *, sort: str | None = None) -> Listing[Department]:
        """All departments, archived ones as BILL tells them."""
        query = parameters("classifications", sort=sort)
        return self._api.listing(Department, "/classifications/departments", query)
