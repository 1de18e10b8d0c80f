"""Bills that come again (`bill.md` §5.9)."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import patching, posting, putting, reading
from bill_client.models.recurring_bills import (
    RecurringBill,
    RecurringBillDraft,
    RecurringBillPatch,
    RecurringBillReplacement,
)
from bill_client.resources._replacement import keeps_lines

_PATH = "recurringbills"


@attrs.frozen
class RecurringBills:
    """The organisation's recurring bills."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[RecurringBill]:
        """Recurring bills for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters(_PATH, conditions=conditions, sort=sort)
        return self._api.listing(RecurringBill, f"/{_PATH}", query)

    async def get(self, recurring_bill_id: str) -> RecurringBill:
        """The recurring bill of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(RecurringBill, reading(_PATH, recurring_bill_id))

    async def create(self, draft: RecurringBillDraft) -> RecurringBill:
        """Create a recurring bill and return it as BILL stored it.

        One that pays without being asked needs a trusted session.

        Raises:
            MfaRequired: the session is not trusted, and the draft asks for payments.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return await self._api.one(RecurringBill, posting(_PATH, body=draft))

    async def update(self, recurring_bill_id: str, patch: RecurringBillPatch) -> RecurringBill:
        """Change what the patch names and return the recurring bill.

        Raises:
            MfaRequired: the session is not trusted, and the patch asks for payments.
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return await self._api.one(RecurringBill, patching(_PATH, recurring_bill_id, body=patch))

    async def replace(
        self,
        recurring_bill: RecurringBill,
        replacement: RecurringBillReplacement,
        *,
        dropping: Collection[str] = (),
    ) -> RecurringBill:
        """Put the replacement in the place of the recurring bill, and return what is there now.

        Raises:
            ValueError: a line would be lost that `dropping` does not name. Nothing was sent.
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        lines = recurring_bill.recurring_bill_line_items
        keeps_lines(lines, replacement.recurring_bill_line_items, dropping)
        call = putting(_PATH, recurring_bill.id, body=replacement)
        return await self._api.one(RecurringBill, call)

    async def archive(self, recurring_bill_id: str) -> RecurringBill:
        """Archive it: no more bills are made. Archiving twice does no more than once."""
        return await self._api.one(RecurringBill, posting(_PATH, recurring_bill_id, "archive"))

    async def restore(self, recurring_bill_id: str) -> RecurringBill:
        """Undo archiving. Restoring twice does no more than once."""
        return await self._api.one(RecurringBill, posting(_PATH, recurring_bill_id, "restore"))
