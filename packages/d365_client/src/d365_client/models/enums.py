"""Enumerations of vendors, their invoices and orders, how they are paid; and yes or no."""

from __future__ import annotations

from d365_client.models.open_enum import OpenEnum


class AccountRole(OpenEnum):
    """Whether a distribution is the first of its amount, or takes one back.

    The case of the type's name is not verified (`d365.md` §12).
    """

    ORIGINAL = "Original"
    REVERSING = "Reversing"
    ADJUSTING = "Adjusting"
    CLOSING = "Closing"
    OPENING = "Opening"


class BankAccountHoldStatus(OpenEnum):
    """Whether a bank account may be used."""

    ACTIVE_FOR_ALL_TRANSACTIONS = "ActiveForAllTransactions"
    INACTIVE_FOR_NEW_TRANSACTIONS = "InactiveForNewTransactions"
    INACTIVE_FOR_ALL_TRANSACTIONS = "InactiveForAllTransactions"


class BankAccountType(OpenEnum):
    """What kind of account a bank keeps.

    The case of the type's name is not verified (`d365.md` §12).
    """

    CHECKING_ACCOUNT = "CheckingAccount"
    SAVINGS_ACCOUNT = "SavingsAccount"
    BANK_GIROT = "BankGirot"
    PLUS_GIROT = "PlusGirot"
    PAYROLL = "Payroll"


class BankCodeType(OpenEnum):
    """What kind of number a routing number is."""

    CODE_NONE = "Code_None"
    CODE_AT = "Code_AT"
    CODE_BL = "Code_BL"
    CODE_CC = "Code_CC"
    CODE_CP = "Code_CP"
    CODE_CH = "Code_CH"
    CODE_FW = "Code_FW"
    CODE_SC = "Code_SC"


class CustVendPaymStatus(OpenEnum):
    """How far a payment has gone on its way to the bank."""

    NONE = "None"
    SENT = "Sent"
    RECIEVED = "Recieved"
    CONFIRMED = "Confirmed"
    REJECTED = "Rejected"
    DELETE = "Delete"
    SENT_DELETE = "SentDelete"
    DELETED = "Deleted"


class CustVendorBlocked(OpenEnum):
    """What a vendor is on hold for."""

    NO = "No"
    INVOICE = "Invoice"
    ALL = "All"
    PAYMENT = "Payment"
    REQUISITION = "Requisition"
    NEVER = "Never"
    PURCH_ORDER = "PurchOrder"


class DocuRestriction(OpenEnum):
    """Whether an attachment may be shown outside the company.

    The case of the type's name is not verified (`d365.md` §12).
    """

    INTERNAL = "Internal"
    EXTERNAL = "External"


class ExchangeRateDisplayFactor(OpenEnum):
    """How many units of a currency a rate is for."""

    ONE = "One"
    TEN = "Ten"
    HUNDRED = "Hundred"
    THOUSAND = "Thousand"
    TEN_THOUSAND = "TenThousand"


class MonetaryAmount(OpenEnum):
    """Which part of a document an accounting distribution splits.

    The case of the type's name is not verified (`d365.md` §12).
    """

    EXTENDED_PRICE = "ExtendedPrice"
    ROUNDING_AMOUNT = "RoundingAmount"
    PRICE_ADJUSTMENT = "PriceAdjustment"
    DISCOUNT = "Discount"
    CHARGE = "Charge"
    TAX_NON_RECOVERABLE = "TaxNonRecoverable"
    TAX = "Tax"
    DISCOUNT_VARIANCE = "DiscountVariance"
    CHARGE_VARIANCE = "ChargeVariance"
    TAX_NON_RECOVERABLE_VARIANCE = "TaxNonRecoverableVariance"
    TAX_VARIANCE = "TaxVariance"
    QUANTITY_VARIANCE = "QuantityVariance"
    PRICE_VARIANCE = "PriceVariance"
    PRICE_ADJUSTMENT_VARIANCE = "PriceAdjustmentVariance"
    TOTAL_DISCOUNT = "TotalDiscount"
    TOTAL_DISCOUNT_VARIANCE = "TotalDiscountVariance"
    TOTAL_DISCOUNT_ROUNDING = "TotalDiscountRounding"
    CASH_DISCOUNT = "CashDiscount"
    CASH_DISCOUNT_VARIANCE = "CashDiscountVariance"
    STATEMENT_AMOUNT = "StatementAmount"
    PAYROLL_COST = "PayrollCost"
    PAYROLL_LIABILITY = "PayrollLiability"
    TAX_DEFERRED_IN = "TaxDeferred_IN"
    TAX_DEFERRED_VARIANCE_IN = "TaxDeferredVariance_IN"
    WITHHOLD_TAX_IN = "WithholdTax_IN"
    INCENTIVESCHEMETAX_IN = "Incentiveschemetax_IN"
    SERVICE_TAX_INTERIM_AMOUNT_IN = "ServiceTaxInterimAmount_IN"
    SERVICE_TAX_INTERIM_AMOUNT_VARIANCE_IN = "ServiceTaxInterimAmountVariance_IN"
    SERVICE_TAX_NON_RECOVERABLE_IN = "ServiceTaxNonRecoverable_IN"
    SERVICE_TAX_NON_RECOVERABLE_VARIANCE_IN = "ServiceTaxNonRecoverableVariance_IN"
    SERVICE_TAX_EXPENSE_IN = "ServiceTaxExpense_IN"
    SERVICE_TAX_EXPENSE_VARIANCE_IN = "ServiceTaxExpenseVariance_IN"
    SERVICE_TAX_INTERIM_EXPENSE_IN = "ServiceTaxInterimExpense_IN"
    SERVICE_TAX_INTERIM_EXPENSE_VARIANCE_IN = "ServiceTaxInterimExpenseVariance_IN"
    TAX_MEASURE_COMPONENT = "TaxMeasureComponent"
    TAX_MEASURE = "TaxMeasure"
    WORK_IN_PROCESS = "WorkInProcess"
    TAX_MEASURE_NON_RECOVERABLE = "TaxMeasureNonRecoverable"
    LANDED_COST = "LandedCost"


class NetCurrent(OpenEnum):
    """What a term of payment counts from."""

    NET = "Net"
    CURRENT_MTH = "CurrentMth"
    CURRENT_QUART = "CurrentQuart"
    CURRENT_YEAR = "CurrentYear"
    CURRENT_WEEK = "CurrentWeek"
    COD = "COD"
    CUT_OFF_DATE = "CutOffDate"


class NoYes(OpenEnum):
    """Yes or no."""

    NO = "No"
    YES = "Yes"


class PaymSumBy(OpenEnum):
    """Which invoices one payment of a proposal pays."""

    INVOICE = "Invoice"
    TRANS_DATE = "TransDate"
    WEEK = "Week"
    TOTAL = "Total"


class PaymentType(OpenEnum):
    """How a payment reaches the vendor."""

    BLANK = "Blank"
    CHECK = "Check"
    ELECTRONIC_PAYMENT = "ElectronicPayment"
    PROMISSORY_NOTE = "PromissoryNote"


class PurchInvoiceLineType(OpenEnum):
    """What a line of a pending invoice is for.

    The case of the type's name is not verified (`d365.md` §12).
    """

    STANDARD = "Standard"
    ADVANCE = "Advance"
    ADVANCE_APPLICATION = "AdvanceApplication"
    REVERSE_ADVANCE_APPLICATION = "ReverseAdvanceApplication"


class PurchInvoiceType(OpenEnum):
    """Whether an invoice is an ordinary one.

    The case of the type's name is not verified (`d365.md` §12).
    """

    STANDARD = "Standard"
    VENDOR_ADVANCE = "VendorAdvance"
    INVOICE_POOL = "InvoicePool"


class PurchStatus(OpenEnum):
    """How far an order has gone.

    The case of the type's name is not verified (`d365.md` §12).
    """

    NONE = "None"
    BACKORDER = "Backorder"
    RECEIVED = "Received"
    INVOICED = "Invoiced"
    CANCELED = "Canceled"


class SettlementType(OpenEnum):
    """How a journal line settles."""

    NONE = "None"
    OPEN_TRANSACT = "OpenTransact"
    SELECTED_TRANSACT = "SelectedTransact"


class VendInvoiceRequestStatus(OpenEnum):
    """How far the review of a pending invoice has gone.

    The case of the type's name is not verified (`d365.md` §12).
    """

    DRAFT = "Draft"
    IN_REVIEW = "InReview"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    CANCELLED = "Cancelled"


class VendTableChangeProposalWorkflowState(OpenEnum):
    """How far the approval of a vendor's change has gone.

    The case of the type's name is not verified (`d365.md` §12).
    """

    NOT_SUBMITTED = "NotSubmitted"
    SUBMITTED = "Submitted"
    APPROVED = "Approved"
    REJECTED = "Rejected"


class VersioningDocumentState(OpenEnum):
    """How far the approval of an order has gone.

    The case of the type's name is not verified (`d365.md` §12).
    """

    DRAFT = "Draft"
    IN_REVIEW = "InReview"
    REJECTED = "Rejected"
    APPROVED = "Approved"
    IN_EXTERNAL_REVIEW = "InExternalReview"
    FINALIZED = "Finalized"
    CONFIRMED = "Confirmed"
