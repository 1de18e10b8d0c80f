"""What a payment may be made from, and at which rate (`bill.md` §5.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal, timestamp
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.wire_json import amount

_RATE_LIVES = timedelta(minutes=20)


class PaymentTerms:
    """Options and rates for payments that nobody has made yet."""

    def __init__(self, books: Books, now: Callable[[], datetime]) -> None:
        self._books, self._now = books, now

    def operations(self) -> Sequence[Operation]:
        """What can be asked about them."""
        return [
            Operation("GET", "payments/options", self._options),
            Operation("GET", "payments/exchange-rate", self._exchange_rate),
        ]

    def _options(self, call: Received) -> Body:
        vendor, wanted = self._vendor_and_amount(call)
        banks = [
            {
                "id": bank["id"],
                "name": bank.get("bankName", bank["id"]),
                "available": True,
                "processDate": self._now().date().isoformat(),
                "deliveryDate": (self._now().date() + timedelta(days=3)).isoformat(),
                "fee": 0,
            }
            for bank in self._books.all(call.organization, "funding-accounts")
            if not bank["archived"]
        ]
        options = {"banks": banks, "cards": []}
        return {"amount": wanted, "vendorId": vendor["id"], "fundingOptions": options}

    def _exchange_rate(self, call: Received) -> Body:
        """A rate of 1 for every currency: real ones are nobody's to invent."""
        vendor, wanted = self._vendor_and_amount(call)
        return {
            "paymentCurrency": vendor.get("billCurrency", "USD"),
            "baseCurrency": call.query.get("baseCurrency", "USD"),
            "exchangeRate": 1,
            "amountRange": {"from": 0, "to": wanted},
            "expirationTime": timestamp(self._now() + _RATE_LIVES),
        }

    def _vendor_and_amount(self, call: Received) -> tuple[Body, Decimal]:
        wanted = amount(call.query.get("amount"))
        missing = [name for name in ("vendorId", "amount") if not call.query.get(name)]
        if missing or wanted is None:
            raise Refusal.invalid([f"{name}: must not be blank" for name in missing or ["amount"]])
        vendor = self._books.get(call.organization, "vendors", call.query["vendorId"])
        if vendor is None:
            raise Refusal.not_found(call.query["vendorId"])
        return vendor, wanted
