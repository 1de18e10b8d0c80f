"""Payments: how they are made and move, and what that does to their bills (`bill.md` §5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bill_client.emulator.books import Body, Books
from bill_client.emulator.credits import Credits
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.money import exact, recount
from bill_client.emulator.settings import EmulatorSettings

STATES = frozenset(
    [
        "SCHEDULED",
        "FUNDING_STARTED",
        "PROCESSED",
        "SENT",
        "DELIVERED",
        "CLEARED",
        "CANCELED",
        "VOIDED",
        "VOID_PENDING",
        "EXPIRING",
        "FUNDING_FAILED_VOIDED",
        "FUNDING_FAILED_ACTION_NEEDED",
        "DISBURSEMENT_ON_HOLD",
        "DISBURSEMENT_FAILED_ACTION_NEEDED",
        "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED",
        "FUNDS_ESCHEATED",
    ]
)
VOID_TYPES = frozenset(
    {"VOID_ONLY", "VOID_AND_CREDIT", "VOID_AND_REISSUE", "VOID_AND_REISSUE_VCARD"}
)


class Payments:
    """The life of payments, as people in BILL and the banks behind it drive it."""

    def __init__(self, books: Books, settings: EmulatorSettings) -> None:
        self._books = books
        self._settings = settings
        self._credits = Credits(books)

    def pay(self, organization: str, told: Mapping[str, Any]) -> Body:
        """A payment is scheduled.

        Raises:
            Refusal: 404 for a bill or vendor that is not there, 422 for a bill of another vendor,
                parts that do not add up, or more than is due (BDC_1159).
        """
        parts: Sequence[Mapping[str, Any]] = told["billPayments"]
        for part in parts:
            bill = self._bill(organization, part["billId"])
            if bill["vendorId"] != told["vendorId"]:
                raise Refusal.rule("BDC_1156", "The bill is another vendor's.")
            if exact(part["amount"]) > exact(bill["dueAmount"]):
                raise Refusal.rule("BDC_1159", f"{bill['id']} : You cannot overpay a bill.")
        if sum((exact(part["amount"]) for part in parts), Decimal(0)) != exact(told["amount"]):
            raise Refusal.invalid(["amount: must equal the sum of billPayments"])
        payment = self._books.add(
            organization,
            "payments",
            {
                "vendorId": told["vendorId"],
                "billId": parts[0]["billId"] if len(parts) == 1 else None,
                "billPayments": [
                    {"id": self._books.new_id("bill-payments"), **part} for part in parts
                ],
                "amount": exact(told["amount"]),
                "fundingAccount": told["fundingAccount"],
                "disbursementType": told["disbursementType"],
                "processDate": told["processDate"],
                "fundingAmount": exact(told["fundingAmount"]),
                "exchangeRate": exact(told["exchangeRate"]),
                "transactionNumber": told.get("transactionNumber"),
                "onlinePayment": True,
                "status": "SCHEDULED",
                "singleStatus": "SCHEDULED",
            },
        )
        payment["confirmationNumber"] = f"P{payment['id'][-8:]}"
        self._moved(organization, payment)
        return payment

    def record(self, organization: str, told: Mapping[str, Any]) -> Body:
        """A payment that was made outside BILL is recorded: it is paid at once (§5.3)."""
        parts = [{"id": self._books.new_id("bill-payments"), **one} for one in told["billPayments"]]
        payment = self._books.add(
            organization,
            "payments",
            {
                **told,
                "billId": parts[0]["billId"] if len(parts) == 1 else None,
                "billPayments": parts,
                "fundingAmount": told["amount"],
                "exchangeRate": 1,
                "onlinePayment": False,
                "disbursementType": "OFFLINE",
                "disbursementStatus": "DONE",
                "status": "PAID",
                "singleStatus": "CLEARED",
            },
        )
        self._moved(organization, payment)
        return payment

    def recount(self, organization: str, bill_id: str) -> None:
        """Bring a bill's amounts up to its payments and credits."""
        bill = self._bill(organization, bill_id)
        bill["creditAmount"] = self._credits.applied_to(organization, bill_id)
        recount(bill, self._books.all(organization, "payments"))
        self._books.touch(organization, "bills", bill)

    def advance(self, organization: str, payment_id: str, status: str) -> None:
        """BILL and the banks move a payment on; states may be skipped."""
        if status not in STATES:
            raise Refusal.invalid([f"singleStatus: {status} is none of {sorted(STATES)}"])
        payment = self.payment(organization, payment_id)
        payment["singleStatus"] = status
        self._moved(organization, payment)

    def cancel(self, organization: str, payment_id: str) -> None:
        """Cancel a payment; only while it is scheduled, otherwise it must be voided."""
        payment = self.payment(organization, payment_id)
        if payment["singleStatus"] != "SCHEDULED":
            raise Refusal.rule("BDC_1180", "Only a scheduled payment can be canceled.")
        # Two L's in the one, one in the other (`bill.md` §5.4).
        payment["status"], payment["singleStatus"] = "CANCELLED", "CANCELED"
        self._moved(organization, payment)

    def void(self, organization: str, payment_id: str, void_type: str, reason: str) -> None:
        """Ask for a void: of an online payment it is a request, decided later."""
        if void_type not in VOID_TYPES:
            raise Refusal.invalid([f"type: {void_type} is none of {sorted(VOID_TYPES)}"])
        payment = self.payment(organization, payment_id)
        payment["voidInfo"] = [
            *payment.get("voidInfo", ()),
            {"type": void_type, "status": "TO_BE_PROCESSED", "reason": reason},
        ]
        payment["singleStatus"] = "VOID_PENDING"
        self._moved(organization, payment)

    def decide_void(self, organization: str, payment_id: str, told: Mapping[str, Any]) -> Body:
        """A void is accepted or not; reissued, the payment stays itself or gets a successor.

        Returns the payment that goes on.
        """
        payment = self.payment(organization, payment_id)
        if not payment.get("voidInfo"):
            raise Refusal.rule("BDC_1181", "Nobody has asked for a void.")
        payment["voidInfo"][-1]["status"] = told["result"]
        after = str(told["state_after"])
        reissued = payment["voidInfo"][-1]["type"].startswith("VOID_AND_REISSUE")
        if reissued and not self._settings.reissue_keeps_payment_id and after != "VOIDED":
            return self._successor(organization, payment, told)
        payment["singleStatus"] = after
        if told.get("new_check_number"):
            check = {"checkNumber": int(told["new_check_number"])}
            payment["disbursementInfo"] = {"checkDisbursement": check}
        self._moved(organization, payment)
        return payment

    def payment(self, organization: str, payment_id: object) -> Body:
        """The payment of this id.

        Raises:
            Refusal: 404, there is none.
        """
        payment = self._books.get(organization, "payments", payment_id)
        if payment is None:
            raise Refusal.not_found(str(payment_id))
        return payment

    def _successor(self, organization: str, payment: Body, told: Mapping[str, Any]) -> Body:
        skipped = ("id", "voidInfo", "createdTime", "updatedTime")
        again = {key: value for key, value in payment.items() if key not in skipped}
        again["billPayments"] = [
            {**part, "id": self._books.new_id("bill-payments")} for part in payment["billPayments"]
        ]
        number = told.get("replacement_transaction_number")
        again["transactionNumber"] = number or payment.get("transactionNumber")
        again["singleStatus"] = told["state_after"]
        payment["singleStatus"] = "VOIDED"
        self._moved(organization, payment)
        successor = self._books.add(organization, "payments", again)
        self._moved(organization, successor)
        return successor

    def _bill(self, organization: str, bill_id: object) -> Body:
        bill = self._books.get(organization, "bills", bill_id)
        if bill is None:
            raise Refusal.not_found(str(bill_id))
        return bill

    def _moved(self, organization: str, payment: Body) -> None:
        """Keep the payment as it stands, and count its bills again."""
        if self._settings.updated_time_moves_on_status_change:
            self._books.touch(organization, "payments", payment)
        else:
            self._books.put(organization, "payments", payment)
        payments = self._books.all(organization, "payments")
        for part in payment["billPayments"]:
            bill = self._bill(organization, part["billId"])
            recount(bill, payments)
            self._books.touch(organization, "bills", bill)
