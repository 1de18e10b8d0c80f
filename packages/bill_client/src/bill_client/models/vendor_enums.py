"""The words that BILL has for vendors and how they are paid, as far as known (`bill.md` §10)."""

from __future__ import annotations

from bill_client.models.open_enum import OpenEnum


class BankAccountOwnerType(OpenEnum):
    """Whose a bank account is; the sources disagree on the word for a person."""

    BUSINESS = "BUSINESS"
    PERSONAL = "PERSONAL"
    PERSON = "PERSON"


class BankAccountType(OpenEnum):
    """What kind of bank account it is."""

    CHECKING = "CHECKING"
    SAVINGS = "SAVINGS"


class NetworkStatus(OpenEnum):
    """Whether a vendor is on the BILL network."""

    CONNECTED = "CONNECTED"
    CONNECTED_RPPS = "CONNECTED_RPPS"
    NOT_CONNECTED = "NOT_CONNECTED"
    PENDING = "PENDING"


class PayBySubType(OpenEnum):
    """How exactly a vendor is paid."""

    ACH = "ACH"
    IACH = "IACH"
    LOCAL = "LOCAL"
    MULTIPLE = "MULTIPLE"
    NONE = "NONE"
    UNDEFINED = "UNDEFINED"
    WIRE = "WIRE"


class PayByType(OpenEnum):
    """How a vendor is paid."""

    ACH = "ACH"
    CHECK = "CHECK"
    INTERNATIONAL_E_PAYMENT = "INTERNATIONAL_E_PAYMENT"
    OFFLINE = "OFFLINE"
    RPPS = "RPPS"
    UNDEFINED = "UNDEFINED"
    VIRTUAL_CARD = "VIRTUAL_CARD"
    WALLET = "WALLET"


class TaxIdType(OpenEnum):
    """What kind of tax id it is."""

    EIN = "EIN"
    SSN = "SSN"
    UNDEFINED = "UNDEFINED"


class TransferMethod(OpenEnum):
    """How money travels abroad."""

    LOCAL = "LOCAL"
    WIRE = "WIRE"


class VendorAccountType(OpenEnum):
    """Whether a vendor is a business or a person."""

    BUSINESS = "BUSINESS"
    PERSON = "PERSON"
    NONE = "NONE"
    UNDEFINED = "UNDEFINED"


class VendorBankAccountStatus(OpenEnum):
    """Whether a vendor has a bank account in BILL."""

    NET_LINKED_ACCOUNT = "NET_LINKED_ACCOUNT"
    NO_ACCOUNT = "NO_ACCOUNT"
    NO_NET_LINKED_ACCOUNT = "NO_NET_LINKED_ACCOUNT"
    UNDEFINED = "UNDEFINED"


class VirtualCardStatus(OpenEnum):
    """How far a vendor is with being paid by virtual card."""

    CONFIRMED = "CONFIRMED"
    DECLINED = "DECLINED"
    ENROLLED = "ENROLLED"
    ON_HOLD = "ON_HOLD"
    OPEN = "OPEN"
    PAY_FOR_YOUR_OPPORTUNITY = "PAY_FOR_YOUR_OPPORTUNITY"
    PAYER_ASSIST = "PAYER_ASSIST"
    PENDING = "PENDING"
    PHONE_NUMBER_NEEDED = "PHONE_NUMBER_NEEDED"
    RECRUITING = "RECRUITING"
    REQUIRE_MORE_INFO = "REQUIRE_MORE_INFO"
    UNDEFINED = "UNDEFINED"
    UNKNOWN = "UNKNOWN"
    VERBAL_COMMITMENT = "VERBAL_COMMITMENT"
