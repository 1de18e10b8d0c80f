"""Bills (`bill.md` §5.2): there is no DELETE."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import attrs

from bill_client._api import Api
from bill_client._changes import Changes
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import patching, posting, putting, reading, some
from bill_client._time_queries import OVERLAP, changed_from, created_in_windows
from bill_client.models.bills import Bill, BillDraft, BillPatch, BillReplacement
from bill_client.models.payments import RecordedPayment, RecordedPaymentDraft
from bill_client.resources._replacement import keeps_lines

_AT_ONCE = 100


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

    def created_between(
        self,
        since: datetime,
        until: datetime,
        *conditions: Condition,
        windows: int = 24,
        side_by_side: int = 6,
    ) -> Listing[Bill]:
        """Bills created from `since` to before `until`, in windows that are read side by side.

        The pages of one list can only be found one after the other, which uses one of BILL's three
        slots; windows use them all. They come in order, and nothing is in two of them.

        Raises:
            ValueError: BILL documents no such filter, or there is no such window of time.
        """
        queries = created_in_windows("bills", conditions, since, until, windows)
        return self._api.listing(Bill, "/bills", *queries, side_by_side=side_by_side)

    def changed_since(
        self, since: datetime, *conditions: Condition, overlap: timedelta = OVERLAP
    ) -> Changes[Bill]:
        """Bills changed since then, archived ones too, the oldest change first.

        It begins `overlap` earlier, since clocks differ and rows become visible late; so what an
        earlier call gave may come again. `watermark` of what it returns is the next `since`.

        Raises:
            ValueError: BILL documents no such filter, or `since` is naive.
        """
        queries = changed_from("bills", conditions)
        return self._api.changes(Bill, "/bills", queries, since=since - overlap)

    async def get(self, bill_id: str) -> Bill:
        """The bill of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Bill, reading("bills", bill_id))

    async def create(self, draft: BillDraft) -> Bill:
        """Create a bill and return it as BILL stored it.

        BILL documents no refusal of a number that the vendor has already (§6): after an uncertain
        outcome look first.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return await self._api.one(Bill, posting("bills", body=draft))

    async def create_all(self, drafts: Sequence[BillDraft]) -> Sequence[Bill]:
        """Create up to 100 bills, all or none, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: of the one that does not fit; `outcome` says whether they may have been
                created all the same.
        """
        some(drafts, _AT_ONCE, "bills")
        return await self._api.many(Bill, posting("bills", "bulk", body=drafts), None)

    async def update(self, bill_id: str, patch: BillPatch) -> Bill:
        """Change what the patch names and return the bill; other lines stay as they are.

        What BILL does with a change of a paid or approved bill is undocumented.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return await self._api.one(Bill, patching("bills", bill_id, body=patch))

    async def replace(
        self,
        bill: Bill,
        replacement: BillReplacement,
        *,
        dropping: Collection[str] = (),
        unapplying_credits: bool = False,
    ) -> Bill:
        """Put the replacement in the place of the bill, and return what is there now.

        BILL removes lines that a PUT does not name, and takes back credits that it does not name.
        So each line of `bill`, as it was read, is in the replacement by its id or in `dropping`.

        Raises:
            ValueError: a line would be lost that `dropping` does not name; or the bill has credits
                and the replacement names none, without `unapplying_credits`. Nothing was sent.
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        keeps_lines(bill.bill_line_items, replacement.bill_line_items, dropping)
        if bill.credit_amount and replacement.vendor_credits is None and not unapplying_credits:
            raise ValueError(
                f"the replacement would take back credits of {bill.credit_amount}: name them in "
                "vendor_credits, or say unapplying_credits=True"
            )
        return await self._api.one(Bill, putting("bills", bill.id, body=replacement))

    async def archive(self, bill_id: str) -> Bill:
        """Archive a bill, which is not to be paid. Archiving twice does no more than once."""
        return await self._api.one(Bill, posting("bills", bill_id, "archive"))

    async def restore(self, bill_id: str) -> Bill:
        """Undo archiving. Restoring twice does no more than once."""
        return await self._api.one(Bill, posting("bills", bill_id, "restore"))

    async def record_payment(self, draft: RecordedPaymentDraft) -> RecordedPayment:
        """Tell BILL of a payment that was made outside, and return it; its undoing is a void.

        Needs no trusted session. What BILL does with more than is due is inferred: `Overpaid`.

        Raises:
            BillError: `outcome` says whether it may have been recorded all the same.
        """
        return await self._api.one(RecordedPayment, posting("bills", "record-payment", body=draft))
