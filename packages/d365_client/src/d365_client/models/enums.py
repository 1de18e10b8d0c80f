"""Enumerations of D365. A member that we do not know survives under its own name.

Class names are the type's names: a filter's literal is made from them (`d365.md` §2.3).
"""

from __future__ import annotations

import enum


class OpenEnum(enum.StrEnum):
    """An enumeration that grows: an unknown member becomes one when it is met."""

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


class NoYes(OpenEnum):
    """Yes or no."""

    NO = "No"
    YES = "Yes"


class CustVendorBlocked(OpenEnum):
    """What a vendor is on hold for."""

    NO = "No"
    INVOICE = "Invoice"
    ALL = "All"
    PAYMENT = "Payment"
    REQUISITION = "Requisition"
    NEVER = "Never"
    PURCH_ORDER = "PurchOrder"


class CustVendPaymStatus(OpenEnum):
    """How far a payment has gone on its way to the bank."""

    NONE = "None"
    SENT = "Sent"
    RECEIVED = "Recieved"  # as D365 spells it
    CONFIRMED = "Confirmed"
    REJECTED = "Rejected"


class NetCurrent(OpenEnum):
    """What a term of payment counts from."""

    NET = "Net"
    CURRENT_MONTH = "CurrentMth"
    CURRENT_QUARTER = "CurrentQuart"
    CURRENT_YEAR = "CurrentYear"
    CURRENT_WEEK = "CurrentWeek"
    CASH_ON_DELIVERY = "COD"
    CUT_OFF_DATE = "CutOffDate"


class LedgerTransType(OpenEnum):
    """What a ledger transaction comes from; those that accounts payable meets."""

    NONE = "None"
    PURCHASE = "Purch"
    VENDOR = "Vend"
    PAYMENT = "Payment"
    BANK = "Bank"
    EXCHANGE_ADJUSTMENT = "ExchAdjustment"
    SETTLEMENT = "Settlement"
    CASH_DISCOUNT = "CashDiscount"
    PENNY_DIFFERENCE = "PennyDifference"
    GENERAL_JOURNAL = "GeneralJournal"


class LedgerJournalType(OpenEnum):
    """What a journal is for; those that accounts payable meets."""

    DAILY = "Daily"
    APPROVAL = "Approval"
    PAYMENT = "Payment"
    VENDOR_INVOICE_REGISTER = "VendInvoiceRegister"
    VENDOR_INVOICE_POOL = "VendInvoicePool"


class LedgerJournalACType(OpenEnum):
    """What kind of account a journal line names."""

    LEDGER = "Ledger"
    CUSTOMER = "Cust"
    VENDOR = "Vend"
    PROJECT = "Project"
    FIXED_ASSETS = "FixedAssets"
    BANK = "Bank"


class DimensionLedgerAccountType(OpenEnum):
    """What a main account collects."""

    PROFIT_AND_LOSS = "ProfitAndLoss"
    REVENUE = "Revenue"
    EXPENSE = "Expense"
    BALANCE_SHEET = "BalanceSheet"
    ASSET = "Asset"
    LIABILITY = "Liability"
    EQUITY = "Equity"
    TOTAL = "Total"
    REPORTING = "Reporting"


class MonetaryAmount(OpenEnum):
    """Which part of a document an accounting distribution splits; the ones that invoices have."""

    EXTENDED_PRICE = "ExtendedPrice"
    DISCOUNT = "Discount"
    CHARGE = "Charge"
    TAX_NON_RECOVERABLE = "TaxNonRecoverable"
    TAX = "Tax"
    PRICE_VARIANCE = "PriceVariance"
    TOTAL_DISCOUNT = "TotalDiscount"
    CASH_DISCOUNT = "CashDiscount"


class AccountRole(OpenEnum):
    """Whether a distribution is the first of its amount, or takes one back."""

    ORIGINAL = "Original"
    REVERSING = "Reversing"
    ADJUSTING = "Adjusting"
    CLOSING = "Closing"
    OPENING = "Opening"


class SettlementType(OpenEnum):
    """How a journal line settles."""

    NONE = "None"
    OPEN_TRANSACTION = "OpenTransact"
    SELECTED_TRANSACTION = "SelectedTransact"


class FiscalPeriodStatus(OpenEnum):
    """Whether a fiscal period takes postings."""

    ON_HOLD = "OnHold"
    OPEN = "Open"
    CLOSED = "Closed"


class ModulePeriodStat(OpenEnum):
    """Who of a module may post into a period."""

    ALL = "All"
    NONE = "None"
    USER = "User"


class DimensionHierarchyType(OpenEnum):
    """What a dimension format is for."""

    LEDGER_DIMENSION_FORMAT = "DataEntityLedgerDimensionFormat"
    DEFAULT_DIMENSION_FORMAT = "DataEntityDefaultDimensionFormat"


class DimensionSegmentDelimiter(OpenEnum):
    """What separates the segments of a display value."""

    HYPHEN = "Hyphen"
    PERIOD = "Period"
    UNDERSCORE = "Underscore"
    BAR = "Bar"
    DOUBLE_HYPHEN = "DoubleHyphen"
    DOUBLE_PERIOD = "DoublePeriod"
    DOUBLE_UNDERSCORE = "DoubleUnderscore"
    DOUBLE_BAR = "DoubleBar"
    TILDE = "Tilde"
    DOUBLE_TILDE = "DoubleTilde"

    @property
    def text(self) -> str:
        """The delimiter itself.

        Raises:
            ValueError: a member that we do not know.
        """
        singles = {"Hyphen": "-", "Period": ".", "Underscore": "_", "Bar": "|", "Tilde": "~"}
        double = self.value.startswith("Double")
        name = self.value.removeprefix("Double")
        if name not in singles:
            raise ValueError(f"{self.value} is a dimension delimiter that is not known")
        return singles[name] * (2 if double else 1)
