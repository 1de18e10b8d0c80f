"""Vendors (`bill.md` §5.1): there is no PUT and no DELETE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from bill_client._api import Api
from bill_client._changes import Changes
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import deleting, patching, posting, reading, some
from bill_client._time_queries import OVERLAP, changed_from, created_in_windows
from bill_client.models.vendor_configurations import InternationalPayments, VendorConfiguration
from bill_client.models.vendor_enums import VendorAccountType
from bill_client.models.vendors import (
    Vendor,
    VendorBankAccount,
    VendorBankAccountDraft,
    VendorDraft,
    VendorPatch,
)

_AT_ONCE = 20


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

    def created_between(
        self,
        since: datetime,
        until: datetime,
        *conditions: Condition,
        windows: int = 24,
        side_by_side: int = 6,
    ) -> Listing[Vendor]:
        """Vendors created from `since` to before `until`, in windows that are read side by side.

        The pages of one list can only be found one after the other, which uses one of BILL's three
        slots; windows use them all. They come in order, and nothing is in two of them.

        Raises:
            ValueError: BILL documents no such filter, or there is no such window of time.
        """
        queries = created_in_windows("vendors", conditions, since, until, windows)
        return self._api.listing(Vendor, "/vendors", *queries, side_by_side=side_by_side)

    def changed_since(
        self, since: datetime, *conditions: Condition, overlap: timedelta = OVERLAP
    ) -> Changes[Vendor]:
        """Vendors changed since then, archived ones too, the oldest change first.

        It begins `overlap` earlier, since clocks differ and rows become visible late; so what an
        earlier call gave may come again. `watermark` of what it returns is the next `since`.

        Raises:
            ValueError: BILL documents no such filter, or `since` is naive.
        """
        queries = changed_from("vendors", conditions)
        return self._api.changes(Vendor, "/vendors", queries, since=since - overlap)

    async def get(self, vendor_id: str) -> Vendor:
        """The vendor of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Vendor, reading("vendors", vendor_id))

    async def create(self, draft: VendorDraft) -> Vendor:
        """Create a vendor and return it as BILL stored it.

        One that is paid without being asked needs a trusted session. Whether BILL takes the same
        name twice is unverified.

        Raises:
            MfaRequired: the session is not trusted, and the draft enables `auto_pay`.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return await self._api.one(Vendor, posting("vendors", body=draft))

    async def create_all(self, drafts: Sequence[VendorDraft]) -> Sequence[Vendor]:
        """Create up to 20 vendors, all or none, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been created all the same.
        """
        some(drafts, _AT_ONCE, "vendors")
        return await self._api.many(Vendor, posting("vendors", "bulk", body=drafts), "vendors")

    async def update(self, vendor_id: str, patch: VendorPatch) -> Vendor:
        """Change what the patch names and return the vendor.

        Raises:
            MfaRequired: the session is not trusted, and the patch enables `auto_pay`.
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return await self._api.one(Vendor, patching("vendors", vendor_id, body=patch))

    async def archive(self, vendor_id: str) -> Vendor:
        """Archive a vendor, who gets no more bills. Archiving twice does no more than once."""
        return await self._api.one(Vendor, posting("vendors", vendor_id, "archive"))

    async def restore(self, vendor_id: str) -> Vendor:
        """Undo archiving. Restoring twice does no more than once."""
        return await self._api.one(Vendor, posting("vendors", vendor_id, "restore"))

    async def bank_account(self, vendor_id: str) -> VendorBankAccount:
        """Where the vendor is paid.

        Raises:
            NotFound: the vendor has no bank account, or there is no such vendor.
        """
        return await self._api.one(VendorBankAccount, reading("vendors", vendor_id, "bank-account"))

    async def create_bank_account(
        self, vendor_id: str, draft: VendorBankAccountDraft
    ) -> VendorBankAccount:
        """Give a vendor a bank account; to change one, delete it and create it anew.

        In production it can be paid to two business days later (BDC_1402).

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        call = posting("vendors", vendor_id, "bank-account", body=draft)
        return await self._api.one(VendorBankAccount, call)

    async def delete_bank_account(self, vendor_id: str) -> None:
        """Take a vendor's bank account away.

        Raises:
            BillError: `outcome` says whether it may be gone all the same.
        """
        await self._api.done(deleting("vendors", vendor_id, "bank-account"))

    async def configuration(self, vendor_id: str) -> VendorConfiguration:
        """What paying this vendor takes, by its country and currency."""
        call = reading("vendors", vendor_id, "configuration")
        return await self._api.one(VendorConfiguration, call)

    async def international_payments(
        self, *, country: str, bill_currency: str, account_type: VendorAccountType | str
    ) -> InternationalPayments:
        """What paying into a country (ISO 3166 alpha-2) in a currency (ISO 4217) takes."""
        query = {
            "country": country,
            "billCurrency": bill_currency,
            "accountType": str(account_type),
        }
        call = reading("vendors", "configuration", "international-payments", query=query)
        return await self._api.one(InternationalPayments, call)
