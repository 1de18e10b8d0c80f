"""Payments (`bill.md` §5.4): they are made, cancelled or voided, never edited or archived."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import posting, reading, some
from bill_client.models.enums import SingleStatus
from bill_client.models.payment_options import CheckImage, ExchangeRate, PaymentOptions
from bill_client.models.payments import (
    BulkPaymentDraft,
    DisbursementInfo,
    Payment,
    PaymentDraft,
    VoidDraft,
)

_AT_ONCE = 50


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
        return await self._api.one(Payment, reading("payments", payment_id))

    async def status(self, payment_id: str) -> SingleStatus | None:
        """Where the payment is now; None where BILL does not say.

        Raises:
            NotFound: there is none.
        """
        return (await self.get(payment_id)).single_status

    async def disbursement(self, payment_id: str) -> DisbursementInfo | None:
        """Which way the money went, and when it arrives; None where BILL does not say.

        Raises:
            NotFound: there is none.
        """
        return (await self.get(payment_id)).disbursement_info

    async def create(self, draft: PaymentDraft) -> Payment:
        """Pay. Needs a trusted session, which no sync token can open.

        Raises:
            ValueError: it names neither a bill nor asks for one to be created. Nothing was sent.
            MfaRequired: the session is not trusted; nothing was paid.
            BillError: `outcome` says whether it may have been paid all the same. There is no
                idempotency key: look before you pay again.
        """
        creates = draft.processing_options.create_bill
        if not draft.bill_id and not creates:
            raise ValueError("bill_id: name the bill, or say create_bill in processing_options")
        return await self._api.one(Payment, posting("payments", body=draft))

    async def create_all(self, draft: BulkPaymentDraft) -> Sequence[Payment]:
        """Pay up to 50 existing bills, all or none. Needs a trusted session.

        BILL combines payments of one vendor, up to 35 bills each: there may be fewer payments
        than bills.

        Raises:
            ValueError: there is nothing to pay, or more than 50. Nothing was sent.
            MfaRequired: the session is not trusted; nothing was paid.
            BillError: `outcome` says whether they may have been paid all the same.
        """
        some(draft.payments, _AT_ONCE, "payments")
        return await self._api.many(Payment, posting("payments", "bulk", body=draft), "payments")

    async def cancel(self, payment_id: str) -> Payment:
        """Cancel a payment that is still `SCHEDULED`; any other is to be voided.

        Raises:
            BillError: `outcome` says whether it may have been cancelled all the same.
        """
        return await self._api.one(Payment, posting("payments", payment_id, "cancel"))

    async def void(self, payment_id: str, draft: VoidDraft) -> Payment:
        """Ask for a payment to be voided. Of an online payment this is a request only.

        What becomes of it is in `void_info` and `single_status` later.

        Raises:
            BillError: `outcome` says whether it may have been asked for all the same.
        """
        return await self._api.one(Payment, posting("payments", payment_id, "void", body=draft))

    async def options(self, vendor_id: str, amount: Decimal) -> PaymentOptions:
        """What a vendor can be paid this amount from, when it would arrive, and what it costs."""
        query = {"vendorId": vendor_id, "amount": str(amount)}
        return await self._api.one(PaymentOptions, reading("payments", "options", query=query))

    async def exchange_rate(
        self, vendor_id: str, amount: Decimal, *, base_currency: str | None = None
    ) -> ExchangeRate:
        """At which rate a vendor can be paid this amount; it is good for 20 minutes at most."""
        query = {"vendorId": vendor_id, "amount": str(amount)}
        if base_currency:
            query["baseCurrency"] = base_currency
        return await self._api.one(ExchangeRate, reading("payments", "exchange-rate", query=query))

    async def check_images(self, payment_id: str) -> Sequence[CheckImage]:
        """Where the pictures of a payment's check are; `documents.read` takes their links."""
        call = reading("payments", payment_id, "check-image")
        return await self._api.many(CheckImage, call, "results")
