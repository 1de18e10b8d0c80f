"""Frozen models of the entities that accounts payable needs; drafts are separate types.

Names are loaded when they are first used; `d365_client` has those of everyday as well.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from d365_client.models.attachments import (
        PendingInvoiceDocumentAttachment,
        PendingInvoiceDocumentAttachmentDraft,
        PurchaseOrderDocumentAttachment,
        PurchaseOrderDocumentAttachmentDraft,
        VendorDocumentAttachment,
        VendorDocumentAttachmentDraft,
    )
    from d365_client.models.currencies import (
        Currency,
        CurrencyDraft,
        ExchangeRate,
        ExchangeRateDraft,
    )
    from d365_client.models.dimensions import (
        DimensionCombination,
        DimensionIntegrationFormat,
        DimensionParameters,
        DimensionSet,
        FinancialDimension,
        FinancialDimensionValue,
        FinancialDimensionValueDraft,
    )
    from d365_client.models.enums import (
        AccountRole,
        BankAccountHoldStatus,
        BankAccountType,
        BankCodeType,
        CustVendorBlocked,
        CustVendPaymStatus,
        DocuRestriction,
        ExchangeRateDisplayFactor,
        MonetaryAmount,
        NetCurrent,
        NoYes,
        PaymentType,
        PaymSumBy,
        PurchInvoiceLineType,
        PurchInvoiceType,
        PurchStatus,
        SettlementType,
        VendInvoiceRequestStatus,
        VendTableChangeProposalWorkflowState,
        VersioningDocumentState,
    )
    from d365_client.models.invoices import AccountingDistribution, PostedInvoice, PostedInvoiceLine
    from d365_client.models.ledger import (
        ChartOfAccounts,
        FiscalPeriod,
        GeneralJournalAccountEntry,
        GeneralJournalEntry,
        JournalName,
        Ledger,
        LedgerFiscalPeriod,
        LegalEntity,
        MainAccount,
        MainAccountDraft,
    )
    from d365_client.models.ledger_enums import (
        DimensionHierarchyType,
        DimensionLedgerAccountType,
        DimensionSegmentDelimiter,
        FiscalPeriodStatus,
        LedgerJournalACType,
        LedgerJournalFeePosting,
        LedgerJournalType,
        LedgerTransType,
        ModulePeriodStat,
    )
    from d365_client.models.payment_journal import (
        SettledInvoice,
        SettledInvoiceDraft,
        VendorPaymentJournalFee,
        VendorPaymentJournalFeeDraft,
        VendorPaymentJournalHeader,
        VendorPaymentJournalHeaderDraft,
        VendorPaymentJournalLine,
        VendorPaymentJournalLineDraft,
    )
    from d365_client.models.payment_methods import (
        BankAccount,
        PaymentTerm,
        PaymentTermDraft,
        VendorPaymentMethod,
        VendorPaymentMethodDraft,
    )
    from d365_client.models.pending_invoices import (
        PendingInvoice,
        PendingInvoiceDraft,
        PendingInvoiceLine,
        PendingInvoiceLineDraft,
    )
    from d365_client.models.purchase_orders import (
        PurchaseOrder,
        PurchaseOrderDraft,
        PurchaseOrderLine,
        PurchaseOrderLineDraft,
    )
    from d365_client.models.vendor_transactions import VendorSettlement, VendorTransaction
    from d365_client.models.vendors import (
        Vendor,
        VendorBankAccount,
        VendorBankAccountDraft,
        VendorDraft,
        VendorGroup,
        VendorGroupDraft,
        VendTable,
    )
    from d365_client.models.vendors_v3 import VendorV3, VendorV3Draft

_MODULES = (
    "attachments",
    "currencies",
    "dimensions",
    "enums",
    "invoices",
    "ledger",
    "ledger_enums",
    "payment_journal",
    "payment_methods",
    "pending_invoices",
    "purchase_orders",
    "vendor_transactions",
    "vendors",
    "vendors_v3",
)

__all__ = [
    "AccountRole",
    "AccountingDistribution",
    "BankAccount",
    "BankAccountHoldStatus",
    "BankAccountType",
    "BankCodeType",
    "ChartOfAccounts",
    "Currency",
    "CurrencyDraft",
    "CustVendPaymStatus",
    "CustVendorBlocked",
    "DimensionCombination",
    "DimensionHierarchyType",
    "DimensionIntegrationFormat",
    "DimensionLedgerAccountType",
    "DimensionParameters",
    "DimensionSegmentDelimiter",
    "DimensionSet",
    "DocuRestriction",
    "ExchangeRate",
    "ExchangeRateDisplayFactor",
    "ExchangeRateDraft",
    "FinancialDimension",
    "FinancialDimensionValue",
    "FinancialDimensionValueDraft",
    "FiscalPeriod",
    "FiscalPeriodStatus",
    "GeneralJournalAccountEntry",
    "GeneralJournalEntry",
    "JournalName",
    "Ledger",
    "LedgerFiscalPeriod",
    "LedgerJournalACType",
    "LedgerJournalFeePosting",
    "LedgerJournalType",
    "LedgerTransType",
    "LegalEntity",
    "MainAccount",
    "MainAccountDraft",
    "ModulePeriodStat",
    "MonetaryAmount",
    "NetCurrent",
    "NoYes",
    "PaymSumBy",
    "PaymentTerm",
    "PaymentTermDraft",
    "PaymentType",
    "PendingInvoice",
    "PendingInvoiceDocumentAttachment",
    "PendingInvoiceDocumentAttachmentDraft",
    "PendingInvoiceDraft",
    "PendingInvoiceLine",
    "PendingInvoiceLineDraft",
    "PostedInvoice",
    "PostedInvoiceLine",
    "PurchInvoiceLineType",
    "PurchInvoiceType",
    "PurchStatus",
    "PurchaseOrder",
    "PurchaseOrderDocumentAttachment",
    "PurchaseOrderDocumentAttachmentDraft",
    "PurchaseOrderDraft",
    "PurchaseOrderLine",
    "PurchaseOrderLineDraft",
    "SettledInvoice",
    "SettledInvoiceDraft",
    "SettlementType",
    "VendInvoiceRequestStatus",
    "VendTable",
    "VendTableChangeProposalWorkflowState",
    "Vendor",
    "VendorBankAccount",
    "VendorBankAccountDraft",
    "VendorDocumentAttachment",
    "VendorDocumentAttachmentDraft",
    "VendorDraft",
    "VendorGroup",
    "VendorGroupDraft",
    "VendorPaymentJournalFee",
    "VendorPaymentJournalFeeDraft",
    "VendorPaymentJournalHeader",
    "VendorPaymentJournalHeaderDraft",
    "VendorPaymentJournalLine",
    "VendorPaymentJournalLineDraft",
    "VendorPaymentMethod",
    "VendorPaymentMethodDraft",
    "VendorSettlement",
    "VendorTransaction",
    "VendorV3",
    "VendorV3Draft",
    "VersioningDocumentState",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in _MODULES:
            found = vars(importlib.import_module(f"{__name__}.{module}")).get(name)
            if found is not None:
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
