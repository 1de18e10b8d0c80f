"""How vendor credits are used up (`bill.md` §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.kinds import VENDOR_CREDITS
from bill_client.emulator.money import exact


class Credits:
    """What of a credit was used for which bill, by itself or by a payment."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def apply(
        self,
        organization: str,
        credit_id: str,
        *,
        bill_id: str,
        payment_id: str | None,
        used: Decimal,
    ) -> None:
        """Use a part of a credit for a bill; `usable` has said that it can be.

        Raises:
            Refusal: 404, there is no such credit.
        """
        credit = self._found(organization, credit_id)
        part = {"billId": bill_id, "paymentId": payment_id, "amount": used}
        self._use(
            organization,
            credit,
            [*credit.get("usage", ()), {name: one for name, one in part.items() if one}],
        )

    def check(
        self,
        organization: str,
        wanted: Sequence[Mapping[str, Any]],
        *,
        vendor_id: str,
        bill_id: str,
        most: Decimal,
    ) -> None:
        """Refuse what `set_for_bill` could not do, before anything is kept.

        Raises:
            Refusal: as `usable`; 422, there is more than `most`.
        """
        sums = sums_of_credits(wanted)
        for credit_id, used in sums.items():
            self.usable(organization, credit_id, used, vendor_id=vendor_id, bill_id=bill_id)
        if sum(sums.values(), Decimal(0)) > most:
            raise Refusal.rule("BDC_1159", "The credits are more than the bill.")

    def usable(
        self,
        organization: str,
        credit_id: str,
        used: Decimal,
        *,
        vendor_id: str,
        bill_id: str = "",
    ) -> None:
        """Refuse to use so much of a credit; what the bill itself has of it would be given back.

        Raises:
            Refusal: 404, there is no such credit; 422, it is another vendor's, or it has not so
                much left.
        """
        credit = self._found(organization, credit_id)
        if credit["vendorId"] != vendor_id:
            raise Refusal.rule("BDC_1194", f"{credit_id} : The credit is another vendor's.")
        freed = sum(
            (
                exact(part["amount"])
                for part in credit.get("usage", ())
                if part["billId"] == bill_id and not part.get("paymentId")
            ),
            Decimal(0),
        )
        if used - freed > exact(credit["amount"]) - exact(credit["appliedAmount"]):
            raise Refusal.rule("BDC_1194", f"{credit_id} : The credit has not so much left.")

    def set_for_bill(
        self, organization: str, bill_id: str, wanted: Sequence[Mapping[str, Any]]
    ) -> None:
        """Let exactly these credits be applied to a bill, payments' parts apart.

        Raises:
            Refusal: as `apply`.
        """
        for credit in self._books.all(organization, "vendor-credits"):
            kept = [
                part
                for part in credit.get("usage", ())
                if part["billId"] != bill_id or part.get("paymentId")
            ]
            if len(kept) != len(credit.get("usage", ())):
                self._use(organization, credit, kept)
        for one in wanted:
            used = exact(one["amount"])
            self.apply(organization, one["id"], bill_id=bill_id, payment_id=None, used=used)

    def applied_to(self, organization: str, bill_id: str) -> Decimal:
        """How much of all credits is applied to a bill."""
        return sum(
            (
                exact(part["amount"])
                for credit in self._books.all(organization, "vendor-credits")
                for part in credit.get("usage", ())
                if part["billId"] == bill_id
            ),
            Decimal(0),
        )

    def _found(self, organization: str, credit_id: str) -> Body:
        credit = self._books.get(organization, "vendor-credits", credit_id)
        if credit is None or credit["archived"]:
            raise Refusal.not_found(credit_id)
        return credit

    def _use(self, organization: str, credit: Body, usage: Sequence[Body]) -> None:
        credit["usage"] = list(usage)
        VENDOR_CREDITS.derive(credit)
        self._books.touch(organization, "vendor-credits", credit)


def sums_of_credits(wanted: Sequence[Mapping[str, Any]]) -> Mapping[str, Decimal]:
    """How much of each credit is wanted in all."""
    sums: dict[str, Decimal] = {}
    for one in wanted:
        sums[one["id"]] = sums.get(one["id"], Decimal(0)) + exact(one["amount"])
    return sums
