"""Where vendors are paid, and what paying abroad takes (`bill.md` §5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from bill_client.emulator.books import Body
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.shapes import problems
from bill_client.emulator.vendor_shapes import ACCOUNT
from bill_client.emulator.vendors import Vendors

_SHOWN_DIGITS = 4
_NO_CONTENT = 204


class VendorAccounts:
    """A vendor's bank account is created and deleted, never changed."""

    def __init__(self, vendors: Vendors) -> None:
        self._vendors = vendors

    def operations(self) -> Sequence[Operation]:
        """What can be asked of vendors' accounts and configurations."""
        account = "vendors/{vendorId}/bank-account"
        abroad = "vendors/configuration/international-payments"
        return [
            Operation("GET", account, self._get),
            Operation("POST", account, self._create),
            Operation("DELETE", account, self._delete),
            Operation("GET", "vendors/{vendorId}/configuration", self._configuration),
            Operation("GET", abroad, self._international),
        ]

    def _get(self, call: Received) -> Body:
        account = _account(self._vendors.found(call))
        if account is None:
            raise Refusal.not_found(call.ids["vendorId"])
        return account

    def _create(self, call: Received) -> Body:
        vendor = self._vendors.found(call)
        wrong = list(problems(ACCOUNT, call.fields, whole=True))
        if wrong:
            raise Refusal.invalid(wrong)
        if _account(vendor) is not None:
            raise Refusal.rule("BDC_1191", "The vendor has a bank account; delete it first.")
        account = _masked({"type": "CHECKING", "ownerType": "BUSINESS", **call.fields})
        information = {**vendor["paymentInformation"], "bankAccount": account, "payByType": "ACH"}
        after = {**vendor, "paymentInformation": information}
        self._vendors.changed(call, vendor, {**after, "bankAccountStatus": "NET_LINKED_ACCOUNT"})
        return account

    def _delete(self, call: Received) -> Response:
        vendor = self._vendors.found(call)
        if _account(vendor) is None:
            raise Refusal.not_found(call.ids["vendorId"])
        information = {
            name: value
            for name, value in vendor["paymentInformation"].items()
            if name != "bankAccount"
        }
        after = {**vendor, "paymentInformation": {**information, "payByType": "CHECK"}}
        self._vendors.changed(call, vendor, {**after, "bankAccountStatus": "NO_ACCOUNT"})
        return Response(status_code=_NO_CONTENT)

    def _configuration(self, call: Received) -> Body:
        vendor = self._vendors.found(call)
        country = vendor.get("address", {}).get("country", "US")
        return {"internationalPayments": _requirements(country)}

    def _international(self, call: Received) -> Body:
        needed = ("country", "billCurrency", "accountType")
        missing = [f"{name}: must not be blank" for name in needed if not call.query.get(name)]
        if missing:
            raise Refusal.invalid(missing)
        return _requirements(call.query["country"])


def _account(vendor: Body) -> Body | None:
    account: Body | None = vendor.get("paymentInformation", {}).get("bankAccount")
    return account


def _masked(account: Mapping[str, object]) -> Body:
    """Numbers are shown by their last digits; how BILL masks them is unverified."""
    shown = {name: value for name, value in account.items() if name != "regulatoryFields"}
    number = str(shown["accountNumber"])
    shown["accountNumber"] = "*" * max(0, len(number) - _SHOWN_DIGITS) + number[-_SHOWN_DIGITS:]
    return shown


def _requirements(country: str) -> Body:
    """Invented: nothing is asked of the United States, a purpose and an IBAN of all others."""
    abroad = country != "US"
    field = {
        "name": "iban",
        "description": "International bank account number",
        "regularExpression": "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}",
        "required": True,
    }
    codes = [{"name": "Goods", "value": "GDS"}, {"name": "Services", "value": "SRV"}]
    return {
        "paymentPurpose": {"required": abroad, "type": "CODE", "codes": codes if abroad else []},
        "validations": {"fields": [field] if abroad else []},
    }
