"""What an environment offers: its entity sets, batches of operations, actions and services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from d365_client._api import Api
from d365_client._odata import NAMESPACE, field
from d365_client.models.entity import EntityDraft
from d365_client.models.invoices import AccountingDistribution, PostedInvoice, PostedInvoiceLine
from d365_client.models.payment_journal import (
    SettledInvoice,
    VendorPaymentJournalHeader,
    VendorPaymentJournalLine,
)
from d365_client.models.vendor_transactions import VendorSettlement, VendorTransaction
from d365_client.models.vendors import Vendor
from d365_client.resources.actions import CustomServices, acting
from d365_client.resources.batches import Batches, Part, PartResult
from d365_client.resources.entities import Entities
from d365_client.resources.metadata import EnvironmentMetadata
from d365_client.resources.raw import RawRequests

R = TypeVar("R")


class Environment:
    """A Dynamics 365 environment, as one asks it and as it answers.

    `entities` has every entity set; those that accounts payable is about have names of their own.
    `services` are custom services, `metadata` is what the environment says of itself, `raw` is for
    what is not modelled.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._batches = Batches(api=api)
        self.entities = Entities(api=api)
        self.metadata = EnvironmentMetadata(api=api)
        self.services = CustomServices(api=api)
        self.raw = RawRequests(api=api)
        self.vendors = self.entities[Vendor]
        self.vendor_transactions = self.entities[VendorTransaction]
        self.vendor_settlements = self.entities[VendorSettlement]
        self.posted_invoices = self.entities[PostedInvoice]
        self.posted_invoice_lines = self.entities[PostedInvoiceLine]
        self.accounting_distributions = self.entities[AccountingDistribution]
        self.vendor_payment_journal_headers = self.entities[VendorPaymentJournalHeader]
        self.vendor_payment_journal_lines = self.entities[VendorPaymentJournalLine]
        self.settled_invoices = self.entities[SettledInvoice]

    async def create_all(self, drafts: Sequence[EntityDraft[R]]) -> Sequence[R]:
        """Create all of these rows or none, in one `$batch` with one atomic changeset.

        The rows come back in the order of the drafts, as D365 stored them.

        Raises:
            D365Error: of the whole changeset. A failed part inside an answered batch is
                *rejected*, whatever its status: nothing was committed (`d365.md` §2.10).
            ValueError: there is no draft, or there are more than a batch may hold.
        """
        return await self._batches.create(drafts)

    async def batch(self, parts: Sequence[Part]) -> Sequence[PartResult[Any]]:
        """Do all of this in one request, and tell what became of each operation, in order.

        Operations are made by an entity set: `client.vendors.to_get(…)`. Those of a `Changeset`
        are done together or not at all; a write that is in none is a changeset by itself.

        Raises:
            D365Error: of the whole batch; `outcome` says what may have been done all the same.
            ValueError: there is nothing to do, or writes are more than a batch may hold.
        """
        return await self._batches.send(parts)

    async def invoke(
        self, action: str, parameters: Mapping[str, object] | None = None, *, reads: bool = False
    ) -> object:
        """What an action that belongs to no entity set returns (`d365.md` §2.12).

        Those of a set are invoked there: `client.vendors.invoke(…)`.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same.
        """
        path = f"/data/{NAMESPACE}.{field(action).name}"
        return await self._api.run(acting(path, parameters, reads=reads))
