"""What people and banks did in BILL in the month, done again in its emulator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from syncengine.demo.emulator_admin import EmulatorAdmin
from syncengine.demo.errors import DemoFailed
from syncengine.demo.facts import Document, Happening
from syncengine.demo.ledger import Ledger

_MARKER = re.compile(r"\[d365 \S+ \S+ (?P<voucher>\S+) #\w+\]\s*$")

DISBURSEMENTS: Mapping[str, str] = {
    "ach": "ACH",
    "check": "CHECK",
    "vcard": "VIRTUAL_CARD",
    "international": "INTERNATIONAL",
}
"""BILL's `disbursementType` for the ledger's ways to pay (`bill.md` §5.4; the last is a guess)."""


@attrs.frozen(kw_only=True)
class _Bill:
    id: str
    vendor_id: str


@attrs.define(kw_only=True)
class BillPeople:
    """Clerks, approvers, payers and the banks behind BILL.

    They name documents, not bills: the bill of a document is the one typed by hand, else the one
    whose marker names its voucher.
    """

    admin: EmulatorAdmin
    ledger: Ledger
    _bills: dict[tuple[str, str], _Bill] = attrs.field(factory=dict, init=False)
    _vendors: dict[tuple[str, str], str] = attrs.field(factory=dict, init=False)
    _payments: dict[str, str] = attrs.field(factory=dict, init=False)
    _codes: dict[tuple[str, str], Mapping[str, str]] = attrs.field(factory=dict, init=False)

    def play(self, happening: Happening) -> None:
        """Do one `bill_event`.

        Raises:
            DemoFailed: the event is of no known kind, names a document without a bill, or BILL
                refuses it.
        """
        plays: Mapping[str, Callable[[str, Mapping[str, Any]], object]] = {
            "type_vendor": self._type_vendor,
            "type_bill": self._type_bill,
            "assign": self._assign,
            "approve": self._approve,
            "deny": self._deny,
            "edit_bill": self._edit_bill,
            "pay": self._pay,
            "advance": self._advance,
            "cancel": self._cancel,
            "void": self._void,
            "decide_void": self._decide_void,
        }
        if happening.action not in plays:
            raise DemoFailed(f"event {happening.seq}: people in BILL cannot {happening.action}")
        organization = self.ledger.entity(happening.legal_entity).bill_organization
        plays[happening.action](organization, happening.payload)

    def payment_id(self, label: str) -> str:
        """BILL's id of a payment that the ledger calls by a label.

        Raises:
            DemoFailed: it was not made.
        """
        try:
            return self._payments[label]
        except KeyError:
            raise DemoFailed(f"payment {label} was not made") from None

    def _type_vendor(self, organization: str, payload: Mapping[str, Any]) -> None:
        vendor = self.ledger.vendor(payload["vendor"])
        address = vendor.address
        typed = self.admin.act(
            "type_vendor",
            organizationId=organization,
            name=payload["name"],
            accountNumber=payload["account_number"],
            billCurrency=vendor.currency,
            address={
                "line1": address.line1,
                "city": address.city,
                "stateOrProvince": address.state,
                "zipOrPostalCode": address.postal_code,
                "country": address.country,
            }
            if address
            else {},
        )
        self._vendors[organization, vendor.account] = typed["id"]

    def _type_bill(self, organization: str, payload: Mapping[str, Any]) -> None:
        vendor_id = self._vendors[organization, payload["vendor"]]
        typed = self.admin.act(
            "type_bill",
            organizationId=organization,
            vendorId=vendor_id,
            invoice={
                "invoiceNumber": payload["invoice_number"],
                "invoiceDate": payload["invoice_date"],
            },
            dueDate=payload["due_date"],
            description=payload["description"],
            billLineItems=self._lines(organization, payload["lines"]),
        )
        document = self.ledger.by_number[payload["document"]]
        bill = _Bill(id=typed["id"], vendor_id=vendor_id)
        self._bills[organization, document.voucher] = bill

    def _assign(self, organization: str, payload: Mapping[str, Any]) -> None:
        self.admin.act(
            "assign",
            organizationId=organization,
            bill_ids=self._bill_ids(organization, payload["documents"]),
        )

    def _approve(self, organization: str, payload: Mapping[str, Any]) -> None:
        self.admin.act(
            "approve",
            organizationId=organization,
            bill_ids=self._bill_ids(organization, payload["documents"]),
        )

    def _deny(self, organization: str, payload: Mapping[str, Any]) -> None:
        (bill,) = self._bill_ids(organization, [payload["document"]])
        self.admin.act(
            "deny", organizationId=organization, bill_id=bill, comment=payload["comment"]
        )

    def _edit_bill(self, organization: str, payload: Mapping[str, Any]) -> None:
        (bill,) = self._bill_ids(organization, [payload["document"]])
        self.admin.act(
            "edit_bill",
            organizationId=organization,
            bill_id=bill,
            add_lines=self._lines(organization, payload["add_lines"]),
            amount_after=Decimal(payload["amount_after"]),
        )

    def _pay(self, organization: str, payload: Mapping[str, Any]) -> None:
        bills = self._bills_of(organization, [part["document"] for part in payload["bills"]])
        paid = self.admin.act(
            "pay",
            organizationId=organization,
            vendorId=bills[0].vendor_id,
            amount=Decimal(payload["amount"]),
            # Credits are left out: no vendor credit is in BILL yet, and the cash stays.
            billPayments=[
                {"billId": bill.id, "amount": Decimal(part["amount"])}
                for bill, part in zip(bills, payload["bills"], strict=True)
            ],
            fundingAccount={"type": payload["funding"]},
            disbursementType=DISBURSEMENTS[payload["method"]],
            processDate=payload["process_date"],
            fundingAmount=Decimal(payload["funding_amount"]),
            exchangeRate=Decimal(payload["exchange_rate"]),
            transactionNumber=payload["payment"],
            currency=payload["currency"],
        )
        self._payments[payload["payment"]] = paid["id"]

    def _advance(self, organization: str, payload: Mapping[str, Any]) -> None:
        self.admin.act(
            "advance",
            organizationId=organization,
            payment_ids=[self.payment_id(label) for label in payload["payments"]],
            singleStatus=payload["state"],
        )

    def _cancel(self, organization: str, payload: Mapping[str, Any]) -> None:
        payment = self.payment_id(payload["payment"])
        self.admin.act("cancel", organizationId=organization, payment_id=payment)

    def _void(self, organization: str, payload: Mapping[str, Any]) -> None:
        self.admin.act(
            "void",
            organizationId=organization,
            payment_id=self.payment_id(payload["payment"]),
            type=payload["type"],
            reason=payload["reason"],
        )

    def _decide_void(self, organization: str, payload: Mapping[str, Any]) -> None:
        reissued = {
            "check_number": payload.get("check_number"),
            "new_check_number": payload.get("new_check_number"),
            "replacement_transaction_number": payload.get("replacement_payment"),
        }
        self.admin.act(
            "decide_void",
            organizationId=organization,
            payment_id=self.payment_id(payload["payment"]),
            result=payload["result"],
            state_after=payload["state_after"],
            **{name: value for name, value in reissued.items() if value is not None},
        )

    def _bill_ids(self, organization: str, documents: Iterable[int]) -> list[str]:
        return [bill.id for bill in self._bills_of(organization, documents)]

    def _bills_of(self, organization: str, documents: Iterable[int]) -> list[_Bill]:
        wanted = [self.ledger.by_number[number] for number in documents]
        if any((organization, document.voucher) not in self._bills for document in wanted):
            self._look_for_markers(organization)
        return [self._bill(organization, document) for document in wanted]

    def _look_for_markers(self, organization: str) -> None:
        for row in self.admin.rows(f"{organization}/bills"):
            if marker := _MARKER.search(row.get("description", "")):
                bill = _Bill(id=row["id"], vendor_id=row["vendorId"])
                self._bills.setdefault((organization, marker["voucher"]), bill)

    def _bill(self, organization: str, document: Document) -> _Bill:
        try:
            return self._bills[organization, document.voucher]
        except KeyError:
            raise DemoFailed(
                f"document {document.document} ({document.voucher}) has no bill in BILL"
            ) from None

    def _lines(
        self, organization: str, lines: Iterable[Mapping[str, Any]]
    ) -> list[Mapping[str, object]]:
        accounts = self._ids(organization, "chart-of-accounts")
        departments = self._ids(organization, "departments")
        return [
            {
                "amount": Decimal(line["amount"]),
                "description": line.get("description", ""),
                "classifications": {
                    "chartOfAccountId": accounts[line["main_account"]],
                    **(
                        {"departmentId": departments[line["department"]]}
                        if line["department"]
                        else {}
                    ),
                },
            }
            for line in lines
        ]

    def _ids(self, organization: str, resource: str) -> Mapping[str, str]:
        """BILL's ids by account number or department code."""
        key = (organization, resource)
        if key not in self._codes:
            self._codes[key] = {
                row["shortName"] if resource == "departments" else row["account"]["number"]: row[
                    "id"
                ]
                for row in self.admin.rows(f"{organization}/{resource}")
            }
        return self._codes[key]
