"""What a vendor's body may hold (`bill.md` §5.1)."""

from __future__ import annotations

from bill_client.emulator.shapes import (
    Shape,
    array,
    flag,
    inner,
    number,
    text,
    texts_matching,
    whole,
    word,
)

ACCOUNT: Shape = {
    "nameOnAccount": text(),
    "accountNumber": text(required=True),
    "routingNumber": text(),
    "type": word("CHECKING", "SAVINGS"),
    "ownerType": word("BUSINESS", "PERSONAL", "PERSON"),
    "paymentCurrency": text(),
    "regulatoryFields": array({"name": text(required=True), "value": text(required=True)}),
}
"""A bank account as it is sent."""

_INFORMATION: Shape = {
    "payeeName": text(),
    "email": text(),
    "transferMethod": word("LOCAL", "WIRE"),
    "paymentPurpose": inner({"text": text(), "code": inner({"name": text(), "value": text()})}),
}
_ADDRESS: Shape = {
    "line1": text(required=True),
    "line2": text(),
    "city": text(required=True),
    "stateOrProvince": text(),
    "zipOrPostalCode": text(required=True),
    "country": texts_matching("[A-Z]{2}", required=True),  # ISO 3166 alpha-2
}
_ADDITIONAL: Shape = {
    "taxId": text(),
    "taxIdType": word("EIN", "SSN", "UNDEFINED"),
    "track1099": flag(),
    "leadTimeInDays": whole(),
    "combinePayments": flag(),
    "paymentTermId": text(),
    "companyName": text(),
}
_AUTO_PAY: Shape = {
    "enabled": flag(required=True),
    "bankAccountId": text(refers="funding-accounts"),
    "maxAmount": number(),
    "daysBeforeDueDate": whole(),
}
VENDOR: Shape = {
    "name": text(required=True, shortest=1, longest=100),
    "shortName": text(longest=40),
    "accountNumber": text(),
    "accountType": word("BUSINESS", "PERSON", "NONE", "UNDEFINED"),
    "email": text(),
    "phone": text(),
    "address": inner(_ADDRESS, required=True),
    "paymentInformation": inner({**_INFORMATION, "bankAccount": inner(ACCOUNT)}),
    "additionalInfo": inner(_ADDITIONAL),
    "billCurrency": texts_matching("[A-Z]{3}"),
    "autoPay": inner(_AUTO_PAY),
}
VENDOR_PATCH: Shape = {**VENDOR, "paymentInformation": inner(_INFORMATION)}
"""A bank account is deleted and created, never changed."""
