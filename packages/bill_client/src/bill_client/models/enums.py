"""The words that BILL has for kinds and states, as far as they are known (`bill.md` §5, §10)."""

from __future__ import annotations

from bill_client.models.open_enum import OpenEnum


class AccountType(OpenEnum):
    """What kind of account of the ledger a BILL account is."""

    UNSPECIFIED = "UNSPECIFIED"
    ACCOUNTS_PAYABLE = "ACCOUNTS_PAYABLE"
    ACCOUNTS_RECEIVABLE = "ACCOUNTS_RECEIVABLE"
    BANK = "BANK"
    COST_OF_GOODS_SOLD = "COST_OF_GOODS_SOLD"
    CREDIT_CARD = "CREDIT_CARD"
    EQUITY = "EQUITY"
    EXPENSE = "EXPENSE"
    FIXED_ASSET = "FIXED_ASSET"
    INCOME = "INCOME"
    LONG_TERM_LIABILITY = "LONG_TERM_LIABILITY"
    OTHER_ASSET = "OTHER_ASSET"
    OTHER_CURRENT_ASSET = "OTHER_CURRENT_ASSET"
    OTHER_CURRENT_LIABILITY = "OTHER_CURRENT_LIABILITY"
    OTHER_EXPENSE = "OTHER_EXPENSE"
    OTHER_INCOME = "OTHER_INCOME"
    NON_POSTING = "NON_POSTING"


class ApCardStatus(OpenEnum):
    """How far a card for accounts payable is."""

    DRAFT = "DRAFT"
    INACTIVE = "INACTIVE"


class ApprovalAction(OpenEnum):
    """What an approver says of a bill."""

    APPROVE = "APPROVE"
    DENY = "DENY"


class ApprovalRuleKey(OpenEnum):
    """What a rule of an approval policy looks at."""

    BILL_AMOUNT = "BILL_AMOUNT"
    CHART_OF_ACCOUNT_ID = "CHART_OF_ACCOUNT_ID"
    JOB_ID = "JOB_ID"
    LOCATION_ID = "LOCATION_ID"
    VENDOR_ID = "VENDOR_ID"


class ApprovalStatus(OpenEnum):
    """How far the approval of a bill is."""

    UNASSIGNED = "UNASSIGNED"
    ASSIGNED = "ASSIGNED"
    APPROVING = "APPROVING"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    UNDEFINED = "UNDEFINED"


class ApproverStatus(OpenEnum):
    """What one approver has said."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    REROUTED = "REROUTED"
    UNDEFINED = "UNDEFINED"


class BankAccountStatus(OpenEnum):
    """How far an organisation's bank account is."""

    INVALID = "INVALID"
    NOT_VERIFIED = "NOT_VERIFIED"
    PENDING = "PENDING"
    VERIFIED = "VERIFIED"


class BillPaymentStatus(OpenEnum):
    """How far a bill is paid. The word for a part is unverified: compare amounts."""

    UNPAID = "UNPAID"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    SCHEDULED = "SCHEDULED"
    IN_PROCESS = "IN_PROCESS"
    PAID = "PAID"
    UNDEFINED = "UNDEFINED"


class CheckDelivery(OpenEnum):
    """How a check travels."""

    STANDARD = "STANDARD"
    UPS_1DAY = "UPS_1DAY"
    UPS_2DAY = "UPS_2DAY"
    RTP_DELIVERY = "RTP_DELIVERY"


class DisbursementStatus(OpenEnum):
    """How the money's way to the vendor stands."""

    DONE = "DONE"
    FAILED = "FAILED"
    HOLD = "HOLD"


class DisbursementType(OpenEnum):
    """How a vendor is paid."""

    ACH = "ACH"
    AMEX = "AMEX"
    CHECK = "CHECK"
    INTERNATIONAL_E_PAYMENT = "INTERNATIONAL_E_PAYMENT"
    OFFLINE = "OFFLINE"
    RPPS = "RPPS"
    VIRTUAL_CARD = "VIRTUAL_CARD"
    WALLET = "WALLET"


class FundingAccountType(OpenEnum):
    """What a payment is made from."""

    BANK_ACCOUNT = "BANK_ACCOUNT"
    CARD_ACCOUNT = "CARD_ACCOUNT"
    WALLET = "WALLET"
    AP_CARD = "AP_CARD"


class ItemType(OpenEnum):
    """What kind of thing an item is."""

    FIXED_ASSET = "FIXED_ASSET"
    INVENTORY = "INVENTORY"
    OTHER_CHARGE = "OTHER_CHARGE"
    PAYMENT = "PAYMENT"
    SALES_TAX = "SALES_TAX"
    SALES_TAX_GROUP = "SALES_TAX_GROUP"


class PaymentStatus(OpenEnum):
    """The older word for where a payment is; `SingleStatus` is the one to go by."""

    SCHEDULED = "SCHEDULED"
    PAID = "PAID"
    VOID = "VOID"
    CANCELLED = "CANCELLED"
    APPROVING = "APPROVING"


class SchedulePeriod(OpenEnum):
    """The unit in which a recurring bill comes again."""

    MONTHLY = "MONTHLY"
    NONE = "NONE"
    WEEKLY = "WEEKLY"


class SingleStatus(OpenEnum):
    """Where a payment is."""

    SCHEDULED = "SCHEDULED"
    FUNDING_STARTED = "FUNDING_STARTED"
    PROCESSED = "PROCESSED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    CLEARED = "CLEARED"
    CANCELED = "CANCELED"
    VOIDED = "VOIDED"
    VOID_PENDING = "VOID_PENDING"
    EXPIRING = "EXPIRING"
    FUNDING_FAILED_VOIDED = "FUNDING_FAILED_VOIDED"
    FUNDING_FAILED_ACTION_NEEDED = "FUNDING_FAILED_ACTION_NEEDED"
    DISBURSEMENT_ON_HOLD = "DISBURSEMENT_ON_HOLD"
    DISBURSEMENT_FAILED_ACTION_NEEDED = "DISBURSEMENT_FAILED_ACTION_NEEDED"
    DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED = "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED"
    FUNDS_ESCHEATED = "FUNDS_ESCHEATED"


class UploadStatus(OpenEnum):
    """How far an uploaded document is."""

    IN_PROGRESS = "IN_PROGRESS"
    UPLOADED = "UPLOADED"
    IVA_PROCESSING = "IVA_PROCESSING"


class VendorCreditStatus(OpenEnum):
    """How much of a vendor credit is used."""

    NOT_APPLIED = "NOT_APPLIED"
    PARTIALLY_APPLIED = "PARTIALLY_APPLIED"
    FULLY_APPLIED = "FULLY_APPLIED"
    IN_PROCESS = "IN_PROCESS"
    UNDEFINED = "UNDEFINED"


class VerificationStatus(OpenEnum):
    """Whether a user may pay from an account."""

    UNDEFINED = "UNDEFINED"
    VERIFIED = "VERIFIED"


class VoidStatus(OpenEnum):
    """What became of a request to void a payment."""

    ACCEPTED = "ACCEPTED"
    ARCHIVED = "ARCHIVED"
    NO_OP = "NO_OP"
    REJECTED = "REJECTED"
    TO_BE_PROCESSED = "TO_BE_PROCESSED"


class VoidType(OpenEnum):
    """What is to follow when a payment is voided."""

    VOID_AND_CREDIT = "VOID_AND_CREDIT"
    VOID_AND_REISSUE = "VOID_AND_REISSUE"
    VOID_AND_REISSUE_VCARD = "VOID_AND_REISSUE_VCARD"
    VOID_ONLY = "VOID_ONLY"
