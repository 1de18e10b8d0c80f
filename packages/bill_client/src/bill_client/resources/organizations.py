"""Organisations and what BILL charges them (`bill.md` §5.9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import parameters
from bill_client._requests import patching, path_of, reading
from bill_client.models.organizations import (
    BillingStatement,
    Organization,
    OrganizationPatch,
    PricePlan,
)

_PATH = "organizations"


@attrs.frozen
class Organizations:
    """The organisation of the session, by its id."""

    _api: Api = attrs.field(repr=False)

    async def get(self, organization_id: str) -> Organization:
        """The organisation of this id.

        Raises:
            NotFound: there is none, or the session is another's.
        """
        return await self._api.one(Organization, reading(_PATH, organization_id))

    async def update(self, organization_id: str, patch: OrganizationPatch) -> Organization:
        """Change what the patch names and return the organisation.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return await self._api.one(Organization, patching(_PATH, organization_id, body=patch))

    async def industries(self) -> Sequence[str]:
        """The words that BILL has for industries."""
        return await self._api.texts(reading(_PATH, "industries"), "results")

    async def price_plan(self, organization_id: str) -> PricePlan:
        """What BILL charges the organisation."""
        return await self._api.one(PricePlan, reading(_PATH, organization_id, "price-plan"))

    def billing_statements(
        self,
        organization_id: str,
        *,
        invoiced_from: date | None = None,
        invoiced_to: date | None = None,
    ) -> Listing[BillingStatement]:
        """What BILL charged, statement by statement, invoiced in these days."""
        query = parameters("billing-statements")
        if invoiced_from:
            query["invoiceDateFrom"] = invoiced_from.isoformat()
        if invoiced_to:
            query["invoiceDateTo"] = invoiced_to.isoformat()
        path = path_of(_PATH, organization_id, "billing-statements")
        return self._api.listing(BillingStatement, path, query)

    async def billing_statement(self, organization_id: str, statement_id: str) -> BillingStatement:
        """One statement, with its details and where it can be downloaded.

        Raises:
            NotFound: there is none.
        """
        call = reading(_PATH, organization_id, "billing-statements", statement_id)
        return await self._api.one(BillingStatement, call)
