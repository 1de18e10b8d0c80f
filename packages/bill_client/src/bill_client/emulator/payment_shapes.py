"""What may be said of a payment that is to be made, recorded or voided (`bill.md` §5.3)."""

from __future__ import annotations

from bill_client.emulator.payments import VOID_TYPES
from bill_client.emulator.shapes import Shape, array, day, flag, inner, number, text, word

_PURPOSE = inner({"text": text(), "code": inner({"name": text(), "value": text()})})
_FUNDING = inner(
    {
        "type": word("BANK_ACCOUNT", "CARD_ACCOUNT", "WALLET", "AP_CARD", required=True),
        "id": text(),
    },
    required=True,
)
_OPTIONS: Shape = {
    "requestPayFaster": flag(),
    "createBill": flag(),
    "requestCheckDeliveryType": text(),
}
_COMMON: Shape = {
    "vendorId": text(refers="vendors"),
    "description": text(longest=70),
    "processDate": day(),
    "fundingAccount": _FUNDING,
    "transactionNumber": text(longest=50),
    "cardFundingPurpose": text(),
}
PAYMENT: Shape = {
    **_COMMON,
    "amount": number(required=True),
    "billId": text(refers="bills"),
    "processingOptions": inner(_OPTIONS, required=True),
    "paymentPurpose": _PURPOSE,
    "exchangeRateBatchId": text(),
}
_PART: Shape = {
    "billId": text(required=True, refers="bills"),
    "amount": number(required=True),
    "vendorCredits": array({"id": text(required=True), "amount": number(required=True)}),
}
BULK: Shape = {
    **_COMMON,
    "payments": array(_PART, required=True),
    "processingOptions": inner(_OPTIONS),
}
RECORDED: Shape = {
    "vendorId": text(required=True, refers="vendors"),
    "processDate": day(required=True),
    "toPrintCheck": flag(required=True),
    "payments": array(_PART, required=True),
    "classifications": inner({"chartOfAccountId": text(refers="chart-of-accounts")}),
    "description": text(longest=70),
    "syncReference": text(),
    "allowExport": flag(),
}
VOID: Shape = {
    "type": word(*VOID_TYPES, required=True),
    "reason": text(required=True, longest=4000),
}
