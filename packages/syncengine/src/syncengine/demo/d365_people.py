"""What people did in D365 in the month, done again in its emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from syncengine.demo.d365_payables import INACTIVE_FIELD
from syncengine.demo.d365_terms import yes_no
from syncengine.demo.emulator_admin import EmulatorAdmin
from syncengine.demo.errors import DemoFailed
from syncengine.demo.facts import Happening
from syncengine.demo.ledger import Ledger

_VENDOR_FIELDS = {
    "name": "VendorOrganizationName",
    "on_hold": "OnHoldStatus",
    "active": INACTIVE_FIELD,
}


@attrs.frozen(kw_only=True)
class D365People:
    """Vendor master, accountants, treasury and controller.

    `payment_id` is BILL's id of a payment that the ledger calls by a label.
    """

    admin: EmulatorAdmin
    ledger: Ledger
    payment_id: Callable[[str], str]

    def play(self, happening: Happening) -> str:
        """Do one `d365_event`; returns a note of what was refused, else nothing.

        Raises:
            DemoFailed: the event is of no known kind, or D365 refuses it.
        """
        plays: Mapping[str, Callable[[Happening], str]] = {
            "change_vendor": self._change_vendor,
            "merge_vendor": self._merge_vendor,
            "settle_outside": self._settle_outside,
            "set_period": self._set_period,
            "post_journals": self._post_journals,
            "bank_debit": self._bank_debit,
            "bank_credit": self._bank_credit,
            "resettle": self._resettle,
        }
        if happening.action not in plays:
            raise DemoFailed(f"event {happening.seq}: D365 people cannot {happening.action}")
        return plays[happening.action](happening)

    def _change_vendor(self, happening: Happening) -> str:
        payload = happening.payload
        field, value = payload["field"], payload["to"]
        self.admin.act(
            "change_vendor",
            dataAreaId=happening.legal_entity,
            VendorAccountNumber=payload["vendor"],
            # The ledger tells whether a vendor is active, the firm's field whether it is not.
            changes={_VENDOR_FIELDS[field]: yes_no(not value) if field == "active" else value},
        )
        return ""

    def _merge_vendor(self, happening: Happening) -> str:
        self.admin.act(
            "merge_vendor",
            dataAreaId=happening.legal_entity,
            VendorAccountNumber=happening.payload["vendor"],
            into=happening.payload["into"],
        )
        return ""

    def _settle_outside(self, happening: Happening) -> str:
        payload = happening.payload
        self.admin.act(
            "settle_outside",
            dataAreaId=happening.legal_entity,
            Voucher=self._voucher(payload),
            payment_voucher=payload["voucher"],
            amount=Decimal(payload["amount"]),
            PaymMode=payload["method"],
            bank_account=payload["bank_account"],
            date=happening.date.isoformat(),
        )
        return ""

    def _set_period(self, happening: Happening) -> str:
        self.admin.act(
            "set_period",
            LegalEntityId=happening.legal_entity,
            PeriodName=happening.payload["period"],
            PeriodStatus=happening.payload["to"],
        )
        return ""

    def _post_journals(self, happening: Happening) -> str:
        posted = self.admin.act(
            "post_journals",
            dataAreaId=happening.legal_entity,
            JournalName=happening.payload["journal_name"],
        )
        return "; ".join(
            f"journal {refused['JournalBatchNumber']} was not posted: {refused['infolog']}"
            for refused in posted["refused"]
        )

    def _bank_debit(self, happening: Happening) -> str:
        self._bank_statement(happening, Decimal(happening.payload["amount"]), "BILL funds transfer")
        return ""

    def _bank_credit(self, happening: Happening) -> str:
        payload = happening.payload
        text = f"{payload['text']} {' '.join(payload['payments'])}"
        self._bank_statement(happening, -Decimal(payload["amount"]), text)
        return ""

    def _bank_statement(self, happening: Happening, amount: Decimal, text: str) -> None:
        """A line of the bank statement: debit clearing, credit the bank (or the reverse)."""
        payload = happening.payload
        self.admin.act(
            "post_general_journal",
            dataAreaId=happening.legal_entity,
            date=happening.date.isoformat(),
            text=text,
            lines=[
                {"main_account": payload["account"], "amount": amount},
                {"main_account": payload["bank_account"], "amount": -amount},
            ],
        )

    def _resettle(self, happening: Happening) -> str:
        """Undo a settlement and settle the payment with its reversal, if there is a reversal."""
        payment_id = self.payment_id(happening.payload["payment"])
        lines = [
            line
            for line in self.admin.rows("VendorPaymentJournalLines")
            if line["TransactionText"].endswith(payment_id)
        ]
        payments = [line for line in lines if line["DebitAmount"]]
        reversals = [line for line in lines if line["CreditAmount"]]
        if not payments or not reversals:
            return ""
        self.admin.act(
            "resettle",
            dataAreaId=happening.legal_entity,
            invoice_voucher=self._voucher(happening.payload),
            payment_voucher=payments[0]["Voucher"],
            reversal_voucher=reversals[0]["Voucher"],
        )
        return ""

    def _voucher(self, payload: Mapping[str, Any]) -> str:
        return self.ledger.by_number[payload["document"]].voucher
