"""Vendor credits (`bill.md` §5.5). An archived one cannot be restored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import patching, posting, putting, reading, some, with_ids
from bill_client.models.vendor_credits import (
    VendorCredit,
    VendorCreditDraft,
    VendorCreditPatch,
    VendorCreditReplacement,
)
from bill_client.resources._replacement import keeps_lines

_PATH = "vendor-credits"
_AT_ONCE = 50


@attrs.frozen
class VendorCredits:
    """The organisation's vendor credits.

    They are applied by a bill, a payment or a recorded payment; from a payment they cannot be
    taken back.
    """

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[VendorCredit]:
        """Vendor credits for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters(_PATH, conditions=conditions, sort=sort)
        return self._api.listing(VendorCredit, f"/{_PATH}", query)

    async def get(self, vendor_credit_id: str) -> VendorCredit:
        """The vendor credit of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(VendorCredit, reading(_PATH, vendor_credit_id))

    async def create(self, draft: VendorCreditDraft) -> VendorCredit:
        """Create a vendor credit and return it as BILL stored it.

        Raises:
            ValueError: it applies to an account and to a bank account. Nothing was sent.
            BillError: `outcome` says whether it may have been created all the same.
        """
        _one_account(draft)
        return await self._api.one(VendorCredit, posting(_PATH, body=draft))

    async def create_all(self, drafts: Sequence[VendorCreditDraft]) -> Sequence[VendorCredit]:
        """Create all of up to 50 vendor credits, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been created all the same.
        """
        some(drafts, _AT_ONCE, "vendor credits")
        for draft in drafts:
            _one_account(draft)
        call = posting(_PATH, "bulk", body=drafts)
        return await self._api.many(VendorCredit, call, "vendorCredits")

    async def update(self, vendor_credit_id: str, patch: VendorCreditPatch) -> VendorCredit:
        """Change what the patch names and return the vendor credit.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return await self._api.one(VendorCredit, patching(_PATH, vendor_credit_id, body=patch))

    async def update_all(self, patches: Mapping[str, VendorCreditPatch]) -> Sequence[VendorCredit]:
        """Change up to 50 vendor credits, each told by its id.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been changed all the same.
        """
        some(patches, _AT_ONCE, "vendor credits")
        call = patching(_PATH, "bulk", body=with_ids(patches))
        return await self._api.many(VendorCredit, call, "vendorCredits")

    async def replace(
        self,
        vendor_credit: VendorCredit,
        replacement: VendorCreditReplacement,
        *,
        dropping: Collection[str] = (),
    ) -> VendorCredit:
        """Put the replacement in the place of the vendor credit, and return what is there now.

        Raises:
            ValueError: a line would be lost that `dropping` does not name. Nothing was sent.
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        _keeps(vendor_credit, replacement, dropping)
        call = putting(_PATH, vendor_credit.id, body=replacement)
        return await self._api.one(VendorCredit, call)

    async def replace_all(
        self,
        replacements: Sequence[tuple[VendorCredit, VendorCreditReplacement]],
        *,
        dropping: Collection[str] = (),
    ) -> Sequence[VendorCredit]:
        """Replace up to 50 vendor credits.

        Raises:
            ValueError: a line would be lost that `dropping` does not name; there is none, or
                there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been replaced all the same.
        """
        some(replacements, _AT_ONCE, "vendor credits")
        for credit, replacement in replacements:
            own = {line.id for line in credit.vendor_credit_line_items}
            _keeps(credit, replacement, own & {*dropping})
        bodies = with_ids({credit.id: replacement for credit, replacement in replacements})
        call = putting(_PATH, "bulk", body=bodies)
        return await self._api.many(VendorCredit, call, "vendorCredits")

    async def archive(self, vendor_credit_id: str) -> VendorCredit:
        """Archive a vendor credit, for good: BILL cannot restore it."""
        return await self._api.one(VendorCredit, posting(_PATH, vendor_credit_id, "archive"))

    async def archive_all(self, vendor_credit_ids: Sequence[str]) -> Sequence[VendorCredit]:
        """Archive up to 50 vendor credits, for good.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
        """
        some(vendor_credit_ids, _AT_ONCE, "vendor credits")
        call = posting(_PATH, "bulk", "archive", query={"ids": ",".join(vendor_credit_ids)})
        return await self._api.many(VendorCredit, call, "vendorCredits")


def _one_account(draft: VendorCreditDraft | VendorCreditReplacement) -> None:
    if draft.apply_to_chart_of_account_id and draft.apply_to_bank_account_id:
        raise ValueError(
            "a vendor credit applies to apply_to_chart_of_account_id or to "
            "apply_to_bank_account_id, not to both"
        )


def _keeps(
    credit: VendorCredit, replacement: VendorCreditReplacement, dropping: Collection[str]
) -> None:
    _one_account(replacement)
    lines = credit.vendor_credit_line_items
    keeps_lines(lines, replacement.vendor_credit_line_items, dropping)
