"""What people in BILL and the banks behind it do, as admin actions. The API's rules still hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bill_client.emulator.accounts import Organization
from bill_client.emulator.bills import Bills
from bill_client.emulator.books import Body, Books
from bill_client.emulator.disbursements import Disbursements
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.mfa import Mfa
from bill_client.emulator.money import exact
from bill_client.emulator.payments import Payments
from bill_client.emulator.vendors import Vendors
from bill_client.emulator.wire_json import present

Told = Mapping[str, Any]


class BadAction(ValueError):
    """An action that nobody can do, or that lacks a field."""


class People:
    """Clerks, approvers, payers and banks."""

    def __init__(
        self,
        *,
        organizations: Mapping[str, Organization],
        books: Books,
        vendors: Vendors,
        bills: Bills,
        payments: Payments,
        disbursements: Disbursements,
        mfa: Mfa,
    ) -> None:
        self._organizations = organizations
        self._books = books
        self._vendors = vendors
        self._bills = bills
        self._payments = payments
        self._disbursements = disbursements
        self._mfa = mfa
        self._actions: Mapping[str, tuple[Callable[[str, Told], Body], tuple[str, ...]]] = {
            "type_vendor": (self._type_vendor, ("name", "address")),
            "type_bill": (self._type_bill, ("vendorId", "invoice", "dueDate", "billLineItems")),
            "assign": (self._assign, ("bill_ids",)),
            "approve": (self._approve, ("bill_ids",)),
            "deny": (self._deny, ("bill_id",)),
            "edit_bill": (self._edit_bill, ("bill_id", "add_lines", "amount_after")),
            "pay": (
                self._pay,
                (
                    *("vendorId", "amount", "billPayments", "fundingAccount", "disbursementType"),
                    *("processDate", "fundingAmount", "exchangeRate", "currency"),
                ),
            ),
            "advance": (self._advance, ("payment_ids", "singleStatus")),
            "cancel": (self._cancel, ("payment_id",)),
            "void": (self._void, ("payment_id", "type", "reason")),
            "plan_payment": (self._plan_payment, ("payment_id", "after", "becomes")),
            "read_text_message": (self._read_text_message, ()),
            "decide_void": (self._decide_void, ("payment_id", "result", "state_after")),
        }

    def do(self, action: str, told: Told) -> Body:
        """Do one thing; returns what came of it.

        Raises:
            BadAction: the action or the organisation is unknown, or a field is missing.
            Refusal: the service refuses it to people as well.
        """
        if action not in self._actions:
            raise BadAction(f"action {action!r} is unknown; known are {sorted(self._actions)}")
        organization = str(told.get("organizationId", ""))
        if organization not in self._organizations:
            raise BadAction(f"{action}: organizationId {organization!r} is not in the seed")
        do, needed = self._actions[action]
        missing = [name for name in needed if name not in told]
        if missing:
            raise BadAction(f"{action}: field {missing[0]} is missing")
        return do(organization, told)

    def _type_vendor(self, organization: str, told: Told) -> Body:
        body = {key: value for key, value in told.items() if key != "organizationId"}
        currency = self._organizations[organization].currency
        vendor = self._vendors.create(organization, present(body), base_currency=currency)
        return {"id": vendor["id"]}

    def _type_bill(self, organization: str, told: Told) -> Body:
        body = {key: value for key, value in told.items() if key != "organizationId"}
        return {"id": self._bills.create(organization, body)["id"]}

    def _assign(self, organization: str, told: Told) -> Body:
        """Bills wait for approvers: for those that are named, or for nobody in particular."""
        for bill_id in told["bill_ids"]:
            approvers = [
                {"userId": user, "status": "WAITING", "approverOrder": order}
                for order, user in enumerate(told.get("user_ids", ()), start=1)
            ]
            if approvers:
                self._bill(organization, bill_id)["approvers"] = approvers
        return self._approval(organization, told["bill_ids"], "ASSIGNED")

    def _approve(self, organization: str, told: Told) -> Body:
        return self._approval(organization, told["bill_ids"], "APPROVED")

    def _deny(self, organization: str, told: Told) -> Body:
        return self._approval(organization, [told["bill_id"]], "DENIED")

    def _approval(self, organization: str, bill_ids: list[str], status: str) -> Body:
        for bill_id in bill_ids:
            bill = self._bill(organization, bill_id)
            bill["approvalStatus"] = status
            self._books.touch(organization, "bills", bill)
        return {}

    def _edit_bill(self, organization: str, told: Told) -> Body:
        bill = self._bills.add_lines(
            organization, self._bill(organization, told["bill_id"]), told["add_lines"]
        )
        if exact(bill["amount"]) != exact(told["amount_after"]):
            raise BadAction(
                f"edit_bill: the bill is {bill['amount']} now, not {told['amount_after']}"
            )
        return {"amount": bill["amount"]}

    def _pay(self, organization: str, told: Told) -> Body:
        if told["currency"] not in self._organizations[organization].currencies:
            raise BadAction(f"pay: {organization} cannot pay {told['currency']}")
        payment = self._payments.pay(organization, told)
        parts = [{"id": part["id"], "billId": part["billId"]} for part in payment["billPayments"]]
        return {"id": payment["id"], "billPayments": parts}

    def _advance(self, organization: str, told: Told) -> Body:
        for payment_id in told["payment_ids"]:
            self._payments.advance(organization, payment_id, told["singleStatus"])
        return {}

    def _cancel(self, organization: str, told: Told) -> Body:
        self._payments.cancel(organization, told["payment_id"])
        return {}

    def _void(self, organization: str, told: Told) -> Body:
        self._payments.void(organization, told["payment_id"], told["type"], told["reason"])
        return {}

    def _decide_void(self, organization: str, told: Told) -> Body:
        return {"id": self._payments.decide_void(organization, told["payment_id"], told)["id"]}

    def _plan_payment(self, organization: str, told: Told) -> Body:
        self._payments.payment(organization, told["payment_id"])
        after, becomes = str(told["after"]), str(told["becomes"])
        self._disbursements.plan(str(told["payment_id"]), after=after, becomes=becomes)
        return {}

    def _read_text_message(self, _: str, __: Told) -> Body:
        """The token that was sent last, as the phone shows it."""
        return {"token": self._mfa.sent}

    def _bill(self, organization: str, bill_id: str) -> Body:
        bill = self._books.get(organization, "bills", bill_id)
        if bill is None:
            raise Refusal.not_found(bill_id)
        return bill
