"""Enumerations of the ledger, of journals and of dimensions."""

from __future__ import annotations

from d365_client.models.open_enum import OpenEnum


class DimensionHierarchyType(OpenEnum):
    """What a dimension format is for."""

    ACCOUNT_STRUCTURE = "AccountStructure"
    ACCOUNT_RULE_STRUCTURE = "AccountRuleStructure"
    JOURNAL_CONTROL_STRUCTURE = "JournalControlStructure"
    FOCUS = "Focus"
    CUSTOMER = "Customer"
    VENDOR = "Vendor"
    PROJECT = "Project"
    FIXED_ASSET = "FixedAsset"
    BANK_ACCOUNT = "BankAccount"
    EMPLOYEE = "Employee"
    ITEM = "Item"
    SINGLE_ATTRIBUTE_STRUCTURE = "SingleAttributeStructure"
    DEFAULT_ACCOUNT = "DefaultAccount"
    FIXED_ASSETS_RU = "FixedAssets_RU"
    R_DEFERRALS = "RDeferrals"
    R_CASH = "RCash"
    EMPLOYEE_RU = "Employee_RU"
    ALL_ATTRIBUTE_STRUCTURE = "AllAttributeStructure"
    DATA_ENTITY_DEFAULT_DIMENSION_FORMAT = "DataEntityDefaultDimensionFormat"
    DATA_ENTITY_LEDGER_DIMENSION_FORMAT = "DataEntityLedgerDimensionFormat"
    DATA_ENTITY_BUDGET_DIMENSION_FORMAT = "DataEntityBudgetDimensionFormat"
    DATA_ENTITY_BUDGET_PLANNING_DIMENSION_FORMAT = "DataEntityBudgetPlanningDimensionFormat"
    FINANCIAL_REPORTING_DIMENSION_FORMAT = "FinancialReportingDimensionFormat"
    DERIVED_DIMENSION = "DerivedDimension"
    CASH_FLOW_FORECAST = "CashFlowForecast"


class DimensionLedgerAccountType(OpenEnum):
    """What a main account collects."""

    BLANK = "Blank"
    PROFIT_AND_LOSS = "ProfitAndLoss"
    REVENUE = "Revenue"
    EXPENSE = "Expense"
    BALANCE_SHEET = "BalanceSheet"
    ASSET = "Asset"
    LIABILITY = "Liability"
    EQUITY = "Equity"
    TOTAL = "Total"
    REPORTING = "Reporting"
    COMMON_CN = "Common_CN"


class DimensionSegmentDelimiter(OpenEnum):
    """What separates the segments of a display value."""

    HYPHEN = "Hyphen"
    PERIOD = "Period"
    UNDERSCORE = "Underscore"
    BAR = "Bar"
    TILDE = "Tilde"
    DOUBLE_HYPHEN = "DoubleHyphen"
    DOUBLE_PERIOD = "DoublePeriod"
    DOUBLE_UNDERSCORE = "DoubleUnderscore"
    DOUBLE_BAR = "DoubleBar"
    DOUBLE_TILDE = "DoubleTilde"


class FiscalPeriodStatus(OpenEnum):
    """Whether a fiscal period takes postings.

    The case of the type's name is not verified (`d365.md` §12).
    """

    ON_HOLD = "OnHold"
    OPEN = "Open"
    CLOSED = "Closed"


class LedgerJournalACType(OpenEnum):
    """What kind of account a journal line names."""

    LEDGER = "Ledger"
    CUST = "Cust"
    VEND = "Vend"
    PROJECT = "Project"
    FIXED_ASSETS = "FixedAssets"
    BANK = "Bank"
    FIXED_ASSETS_RU = "FixedAssets_RU"
    EMPLOYEE_RU = "Employee_RU"
    R_DEFERRALS = "RDeferrals"
    R_CASH = "RCash"


class LedgerJournalFeePosting(OpenEnum):
    """How the fees of a payment are posted."""

    KEEP = "Keep"
    TRANSFER_KEEP = "TransferKeep"
    TRANSFER_NEW = "TransferNew"


class LedgerJournalType(OpenEnum):
    """What a journal is for."""

    DAILY = "Daily"
    PERIODIC = "Periodic"
    PURCHASE_LEDGER = "PurchaseLedger"
    APPROVAL = "Approval"
    PAYMENT = "Payment"
    CUST_PAYMENT = "CustPayment"
    COST = "Cost"
    VEND_INVOICE_REGISTER = "VendInvoiceRegister"
    VEND_INVOICE_POOL = "VendInvoicePool"
    ASSETS = "Assets"
    ASSET_BUDGETS = "AssetBudgets"
    CUST_PAYM_REMITTANCE = "CustPaymRemittance"
    CUST_BILL_OF_EXCHANGE_DRAW = "CustBillOfExchangeDraw"
    CUST_BILL_OF_EXCHANGE_PROTEST = "CustBillOfExchangeProtest"
    CUST_BILL_OF_EXCHANGE_REDRAW = "CustBillOfExchangeRedraw"
    VEND_PROMISSORY_NOTE_DRAW = "VendPromissoryNoteDraw"
    CUST_BILL_OF_EXCHANGE_ACCEPT = "CustBillOfExchangeAccept"
    VEND_PROMISSORY_NOTE_REDRAW = "VendPromissoryNoteRedraw"
    VEND_PAYM_REMITTANCE = "VendPaymRemittance"
    CUST_BILL_OF_EXCHANGE_SETTLE = "CustBillOfExchangeSettle"
    VEND_PROMISSORY_NOTE_SETTLE = "VendPromissoryNoteSettle"
    R_DEFERRALS = "RDeferrals"
    R_CASH = "RCash"
    ASSETS_RU = "Assets_RU"
    ASSET_BUDGETS_RU = "AssetBudgets_RU"
    R_TAX_25 = "RTax25"
    R_TAX_25_AMOUNT_DIFFERENCE = "RTax25AmountDifference"
    R_TAX_25_EXCH_DIFFERENCE = "RTax25ExchDifference"
    R_ASSET_ASSESSED_TAX = "RAssetAssessedTax"
    R_ASSET_TRANSPORT_TAX = "RAssetTransportTax"
    R_ASSET_LAND_TAX = "RAssetLandTax"
    STAT_TRANS = "StatTrans"
    ALLOCATION = "Allocation"
    ELIMINATION = "Elimination"
    BANK_CHEQUE_REVERSAL = "BankChequeReversal"
    BANK_DEPOSIT_PAYM_CANCEL = "BankDepositPaymCancel"
    BUDGET = "Budget"
    PAYROLL = "Payroll"
    PAYROLL_DISBURSEMENT = "PayrollDisbursement"
    R_TAX_25_TAX_REMAIN_GOODS = "RTax25TaxRemainGoods"
    PAYROLL_RU = "Payroll_RU"
    FB_TAX_ASSESSMENT_ADJUSTMENTS_BR = "FBTaxAssessmentAdjustments_BR"
    NONE = "None"
    VEND_INVOICE = "VendInvoice"
    NETTING = "Netting"
    CUSTOMS_DECLARATION_IT = "CustomsDeclaration_IT"
    REPORTING_CURRENCY_ADJUSTMENT = "ReportingCurrencyAdjustment"
    R_TAX_25_DEBT_DEBIT_RESERVE = "RTax25DebtDebitReserve"
    R_TAX_25_TAX_DIFF_BY_BALANCE = "RTax25TaxDiffByBalance"
    CUST_VEND_NETTING = "CustVendNetting"
    ASSET_LEASE = "AssetLease"
    REVENUE_RECOGNITION = "RevenueRecognition"


class LedgerTransType(OpenEnum):
    """What a ledger transaction comes from.

    The case of the type's name is not verified (`d365.md` §12).
    """

    NONE = "None"
    TRANSFER = "Transfer"
    SALES = "Sales"
    PURCH = "Purch"
    INVENT = "Invent"
    PRODUCTION = "Production"
    PROJECT = "Project"
    INTEREST = "Interest"
    CUST = "Cust"
    EXCH_ADJUSTMENT = "ExchAdjustment"
    SUMMED_UP = "SummedUp"
    PAYROLL = "Payroll"
    FIXED_ASSETS = "FixedAssets"
    COLLECTION_LETTER = "CollectionLetter"
    VEND = "Vend"
    PAYMENT = "Payment"
    TAX = "Tax"
    BANK = "Bank"
    CONVERSION = "Conversion"
    BILL_OF_EXCHANGE = "BillOfExchange"
    PROMISSORY_NOTE = "PromissoryNote"
    COST = "Cost"
    WORK = "Work"
    FEE = "Fee"
    SETTLEMENT = "Settlement"
    ALLOCATION = "Allocation"
    ELIMINATION = "Elimination"
    CASH_DISCOUNT = "CashDiscount"
    OVER_UNDER = "OverUnder"
    PENNY_DIFFERENCE = "PennyDifference"
    CROSS_COMPANY_SETTLEMENT = "CrossCompanySettlement"
    PURCH_REQ = "PurchReq"
    INFLATION_ADJUSTMENT_MX = "InflationAdjustment_MX"
    PURCH_ADVANCE_APPLICATION = "PurchAdvanceApplication"
    CONVERSION_REPORTING = "ConversionReporting"
    FIXED_ASSETS_RU = "FixedAssets_RU"
    R_TAX_25_BAD_DEBT_DEBIT_AMORTISATION = "RTax25_BadDebtDebitAmortisation"
    R_DEFERRALS = "RDeferrals"
    R_TAX_25_BAD_DEBT_CREDIT_AMORTISATION = "RTax25_BadDebtCreditAmortisation"
    ADVANCE_ADJUSTMENT_RU = "AdvanceAdjustment_RU"
    VAT_TAX_AGENT_RU = "VATTaxAgent_RU"
    GAIN_LOSS_CURRENCY_DEAL_RU = "GainLossCurrencyDeal_RU"
    PDS_REBATE_CREDIT_NOTE = "PdsRebateCreditNote"
    PDS_REBATE_PASS_TO_AP = "PdsRebatePassToAP"
    WRITE_OFF = "WriteOff"
    GENERAL_JOURNAL = "GeneralJournal"
    MCR_UNDERPAY_WRITE_OFF = "MCRUnderpayWriteOff"
    CUST_VEND_NETTING = "CustVendNetting"
    SALES_PREPAYMENT = "SalesPrepayment"
    REPORTING_CURRENCY_ADJUSTMENT = "ReportingCurrencyAdjustment"
    LEDGER_SETTLEMENT = "LedgerSettlement"
    LEDGER_SETTLEMENT_REVERSAL = "LedgerSettlementReversal"
    ASSET_LEASE_LEASE_IR = "AssetLeaseLeaseIR"
    ASSET_LEASE_LEASE_INTEREST = "AssetLeaseLeaseInterest"
    ASSET_LEASE_LEASE_PAYMENT = "AssetLeaseLeasePayment"
    ASSET_LEASE_LEASE_ADJUSTMENT = "AssetLeaseLeaseAdjustment"
    ASSET_LEASE_LEASE_IR_REVERSAL = "AssetLeaseLeaseIRReversal"
    ASSET_LEASE_LEASE_INTEREST_REVERSAL = "AssetLeaseLeaseInterestReversal"
    ASSET_LEASE_LEASE_PAYMENT_REVERSAL = "AssetLeaseLeasePaymentReversal"
    ASSET_LEASE_LEASE_ROU_DEPRECIATION = "AssetLeaseLeaseROUDepreciation"
    ASSET_LEASE_LEASE_ROU_DEPRECIATION_REVERSAL = "AssetLeaseLeaseROUDepreciationReversal"
    ASSET_LEASE_LEASE_ADJUSTMENT_INCREASE = "AssetLeaseLeaseAdjustmentIncrease"
    ASSET_LEASE_LEASE_ADJUSTMENT_DECREASE = "AssetLeaseLeaseAdjustmentDecrease"
    ASSET_LEASE_REVERSE_PRIOR_LEASE_CLASSIFICATION = "AssetLeaseReversePriorLeaseClassification"
    ASSET_LEASE_RECORD_NEW_LEASE_CLASSIFICATION = "AssetLeaseRecordNewLeaseClassification"
    ASSET_LEASE_LEASE_ADJUSTMENT_REVERSAL = "AssetLeaseLeaseAdjustmentReversal"
    ASSET_LEASE_LEASE_ADJUSTMENT_INCREASE_REVERSAL = "AssetLeaseLeaseAdjustmentIncreaseReversal"
    ASSET_LEASE_LEASE_ADJUSTMENT_DECREASE_REVERSAL = "AssetLeaseLeaseAdjustmentDecreaseReversal"
    ASSET_LEASE_REVERSE_PRIOR_LEASE_CLASSIFICATION_REVERSAL = (
        "AssetLeaseReversePriorLeaseClassificationReversal"
    )
    ASSET_LEASE_RECORD_NEW_LEASE_CLASSIFICATION_REVERSAL = (
        "AssetLeaseRecordNewLeaseClassificationReversal"
    )
    ASSET_LEASE_LEASE_EXPENSE = "AssetLeaseLeaseExpense"
    ASSET_LEASE_LEASE_EXPENSE_REVERSAL = "AssetLeaseLeaseExpenseReversal"
    ASSET_LEASE_LEASE_LIABILITY_SHORT_TERM_RECLASS = "AssetLeaseLeaseLiabilityShortTermReclass"
    ASSET_LEASE_LEASE_LIABILITY_SHORT_TERM_RECLASS_REVERSAL = (
        "AssetLeaseLeaseLiabilityShortTermReclassReversal"
    )
    ASSET_LEASE_ASSET_IMPAIRMENT = "AssetLeaseAssetImpairment"
    ASSET_LEASE_LEASE_ASSET_IMPAIRMENT_REVERSAL = "AssetLeaseLeaseAssetImpairmentReversal"
    ASSET_LEASE_LEASE_TERMINATION = "AssetLeaseLeaseTermination"
    ASSET_LEASE_LEASE_TERMINATION_REVERSAL = "AssetLeaseLeaseTerminationReversal"
    LTM_INFLATION_ADJUSTMENT_AR = "LTMInflationAdjustment_AR"
    REV_REC_SALES_ORDER_REVENUE_ADJUSTMENT = "RevRecSalesOrderRevenueAdjustment"


class ModulePeriodStat(OpenEnum):
    """Who of a module may post into a period.

    The case of the type's name is not verified (`d365.md` §12).
    """

    ALL = "All"
    NONE = "None"
    USER = "User"
