"""Payments as they are made and undone by the API (`bill.md` §5.3, §5.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bill_client.emulator.bills import Bills
from bill_client.emulator.books import Body, Books
from bill_client.emulator.credits import Credits, sums_of_credits
from bill_client.emulator.disbursements import Disbursements
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.money import exact
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.payment_shapes import BULK, PAYMENT, RECORDED, VOID
from bill_client.emulator.payments import Payments
from bill_client.emulator.records import all_or_none
from bill_client.emulator.shapes import Shape, problems
from bill_client.emulator.trust import require_trust

_CREATED = 201
_AT_ONCE = 50
_COMBINED = 35


class PaymentCalls:
    """What the API offers about payments."""

    def __init__(
        self,
        books: Books,
        pages: Pages,
        bills: Bills,
        payments: Payments,
        disbursements: Disbursements,
        now: Callable[[], datetime],
    ) -> None:
        self._books, self._pages, self._bills = books, pages, bills
        self._payments, self._disbursements, self._now = payments, disbursements, now
        self._credits = Credits(books)

    def operations(self) -> Sequence[Operation]:
        """What can be asked of payments; they are never edited or archived."""
        one = "payments/{paymentId}"
        return [
            Operation("GET", "payments", self._list),
            Operation("POST", "payments", self._create, _CREATED),
            Operation("POST", "payments/bulk", self._create_all, _CREATED),
            Operation("GET", one, self._get),
            Operation("POST", f"{one}/cancel", self._cancel),
            Operation("POST", f"{one}/void", self._void),
            Operation("GET", f"{one}/check-image", self._check_image),
            Operation("POST", "bills/record-payment", self._record),
        ]

    def _list(self, call: Received) -> object:
        self._disbursements.progress(call.organization)
        return self._pages.page(call, "payments")

    def _get(self, call: Received) -> Body:
        self._disbursements.progress(call.organization)
        return self._payments.payment(call.organization, call.ids["paymentId"])

    def _create(self, call: Received) -> Body:
        require_trust(call)
        _check(PAYMENT, call.fields)
        told = dict(call.fields)
        self._check_date(told)
        if told["processingOptions"].get("createBill"):
            told["billId"] = self._bill_for(call, told)
        if not told.get("billId"):
            raise Refusal.invalid(["billId: must not be blank"])
        part = {"billId": told["billId"], "amount": told["amount"]}
        self._payable(call, told.get("vendorId"))(part)
        return self._paid(call, told, [part])

    def _create_all(self, call: Received) -> object:
        """All or none: checked as a whole before any is made; one vendor's may be combined."""
        require_trust(call)
        told = dict(call.fields)
        _check(BULK, told)
        self._check_date(told)
        all_or_none(told["payments"], self._payable(call, told.get("vendorId")), _AT_ONCE)
        return {
            "payments": [
                self._paid(call, told, parts) for parts in self._combined(call, told["payments"])
            ]
        }

    def _combined(
        self, call: Received, parts: Sequence[Mapping[str, Any]]
    ) -> Sequence[Sequence[Mapping[str, Any]]]:
        """Parts by payment: one each, or up to 35 where the vendor combines payments."""
        made: list[tuple[str, list[Mapping[str, Any]]]] = []
        for part in parts:
            vendor_id = self._bill(call, part["billId"])["vendorId"]
            vendor = self._books.get(call.organization, "vendors", vendor_id) or {}
            combines = vendor.get("additionalInfo", {}).get("combinePayments") is True
            room = [
                group
                for known, group in made
                if combines and known == vendor_id and len(group) < _COMBINED
            ]
            if room:
                room[0].append(part)
            else:
                made.append((vendor_id, [part]))
        return [group for _, group in made]

    def _paid(
        self, call: Received, told: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
    ) -> Body:
        bill = self._bill(call, parts[0]["billId"])
        vendor = self._books.get(call.organization, "vendors", bill["vendorId"]) or {}
        total = sum((exact(part["amount"]) for part in parts), Decimal(0))
        process = told.get("processDate") or self._now().date().isoformat()
        payment = self._payments.pay(
            call.organization,
            {
                "transactionNumber": told.get("transactionNumber"),
                "fundingAccount": told["fundingAccount"],
                "vendorId": bill["vendorId"],
                "amount": total,
                "billPayments": _cash(parts),
                "disbursementType": _way(vendor),
                "processDate": process,
                "fundingAmount": total,
                "exchangeRate": 1,
            },
        )
        more = {
            "vendorName": vendor.get("name"),
            "description": told.get("description"),
            "processingOptions": told.get("processingOptions"),
            "createdBy": call.session.user,
            "disbursementInfo": {"isVoidable": True},
        }
        payment.update({name: value for name, value in more.items() if value is not None})
        self._books.put(call.organization, "payments", payment)
        self._apply_credits(call, payment, parts)
        return payment

    def _apply_credits(
        self, call: Received, payment: Body, parts: Sequence[Mapping[str, Any]]
    ) -> None:
        for part, made in zip(parts, payment["billPayments"], strict=True):
            for credit in part.get("vendorCredits") or ():
                self._credits.apply(
                    call.organization,
                    credit["id"],
                    bill_id=part["billId"],
                    payment_id=payment["id"],
                    used=exact(credit["amount"]),
                )
                made.setdefault("vendorCredits", []).append(dict(credit))
        self._books.put(call.organization, "payments", payment)
        for part in parts:
            self._payments.recount(call.organization, part["billId"])

    def _payable(
        self, call: Received, vendor_id: str | None
    ) -> Callable[[Mapping[str, Any]], Body]:
        """What refuses a part that cannot be paid, beside those that it was given before."""
        bills: dict[str, Decimal] = {}
        credits_used: dict[str, Decimal] = {}

        def payable(part: Mapping[str, Any]) -> Body:
            bill = self._bill(call, part["billId"])
            if vendor_id and bill["vendorId"] != vendor_id:
                raise Refusal.rule("BDC_1156", "The bill is another vendor's.")
            sums = sums_of_credits(part.get("vendorCredits") or ())
            paid = exact(part["amount"]) + sum(sums.values(), Decimal(0))
            bills[bill["id"]] = bills.get(bill["id"], Decimal(0)) + paid
            if bills[bill["id"]] > exact(bill["dueAmount"]):
                raise Refusal.rule("BDC_1159", f"{bill['id']} : You cannot overpay a bill.")
            for credit_id, used in sums.items():
                credits_used[credit_id] = credits_used.get(credit_id, Decimal(0)) + used
                self._credits.usable(
                    call.organization,
                    credit_id,
                    credits_used[credit_id],
                    vendor_id=bill["vendorId"],
                )
            return bill

        return payable

    def _record(self, call: Received) -> Body:
        """A payment that was made outside; that it may not overpay is inferred (§5.3)."""
        told = call.fields
        _check(RECORDED, told)
        payable = self._payable(call, told["vendorId"])
        for part in told["payments"]:
            payable(part)
        total = sum((exact(part["amount"]) for part in told["payments"]), Decimal(0))
        shown = ("toPrintCheck", "classifications", "syncReference", "allowExport", "description")
        payment = self._payments.record(
            call.organization,
            {
                **{name: told[name] for name in shown if name in told},
                "vendorId": told["vendorId"],
                "amount": total,
                "billPayments": _cash(told["payments"]),
                "processDate": told["processDate"],
                "createdBy": call.session.user,
            },
        )
        self._apply_credits(call, payment, told["payments"])
        return payment

    def _cancel(self, call: Received) -> Body:
        self._disbursements.progress(call.organization)
        self._payments.cancel(call.organization, call.ids["paymentId"])
        return self._payments.payment(call.organization, call.ids["paymentId"])

    def _void(self, call: Received) -> Body:
        self._disbursements.progress(call.organization)
        _check(VOID, call.fields)
        payment_id = call.ids["paymentId"]
        told = call.fields
        self._payments.void(call.organization, payment_id, told["type"], told["reason"])
        payment = self._payments.payment(call.organization, payment_id)
        if payment.get("onlinePayment") is False:
            # Nobody has to be asked about a payment that was made outside.
            decided = {"result": "ACCEPTED", "state_after": "VOIDED"}
            return self._payments.decide_void(call.organization, payment_id, decided)
        return payment

    def _check_image(self, call: Received) -> Body:
        self._get(call)
        return {"results": []}

    def _bill_for(self, call: Received, told: Mapping[str, Any]) -> str:
        """The bill that a payment creates for itself."""
        if not told.get("vendorId"):
            raise Refusal.invalid(["vendorId: must not be blank"])
        today = self._now().date().isoformat()
        bill = self._bills.create(
            call.organization,
            {
                "vendorId": told["vendorId"],
                "dueDate": told.get("processDate") or today,
                "invoice": {"invoiceNumber": f"PAY-{today}", "invoiceDate": today},
                "billLineItems": [{"amount": told["amount"]}],
            },
        )
        return str(bill["id"])

    def _check_date(self, told: Mapping[str, Any]) -> None:
        process = told.get("processDate")
        if process and date.fromisoformat(process) < self._now().date():
            raise Refusal.rule("BDC_1152", "Invalid process date.")

    def _bill(self, call: Received, bill_id: object) -> Body:
        bill = self._books.get(call.organization, "bills", bill_id)
        if bill is None:
            raise Refusal.not_found(str(bill_id))
        return bill


def _cash(parts: Sequence[Mapping[str, Any]]) -> Sequence[Body]:
    """What of each bill is paid in cash."""
    return [{"billId": part["billId"], "amount": part["amount"]} for part in parts]


def _way(vendor: Mapping[str, Any]) -> str:
    """How the vendor is paid: by its bank account where it has one, else by check."""
    return str(vendor.get("paymentInformation", {}).get("payByType") or "CHECK")


def _check(shape: Shape, body: Mapping[str, Any]) -> None:
    wrong = list(problems(shape, body, whole=True))
    if wrong:
        raise Refusal.invalid(wrong)
