"""A typed async client for Microsoft Dynamics 365 Finance and Operations.

Names are loaded when they are first used, so that `d365_client.emulator` loads none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from d365_client._answers import RawAnswer as RawAnswer
    from d365_client._auth import BearerAuth as BearerAuth
    from d365_client._batch import Changeset as Changeset
    from d365_client._call import Operation as Operation
    from d365_client._credentials import AccessToken as AccessToken
    from d365_client._credentials import AsyncTokenCredential as AsyncTokenCredential
    from d365_client._credentials import ClientCertificate as ClientCertificate
    from d365_client._credentials import ClientSecret as ClientSecret
    from d365_client._credentials import Cloud as Cloud
    from d365_client._credentials import TokenCredential as TokenCredential
    from d365_client._listing import Listing as Listing
    from d365_client._listing import Page as Page
    from d365_client._odata import Condition as Condition
    from d365_client._odata import Field as Field
    from d365_client._odata import Order as Order
    from d365_client._odata import escape_display_value as escape_display_value
    from d365_client._odata import field as field
    from d365_client._odata import split_display_value as split_display_value
    from d365_client._odata import unescape_display_value as unescape_display_value
    from d365_client._rows import PlainRow as PlainRow
    from d365_client._tokens import Token as Token
    from d365_client._tokens import TokenSource as TokenSource
    from d365_client.client import D365Client as D365Client
    from d365_client.errors import BadRequest as BadRequest
    from d365_client.errors import Broken as Broken
    from d365_client.errors import Conflict as Conflict
    from d365_client.errors import D365Error as D365Error
    from d365_client.errors import Forbidden as Forbidden
    from d365_client.errors import LoginFailed as LoginFailed
    from d365_client.errors import NoAnswer as NoAnswer
    from d365_client.errors import NotFound as NotFound
    from d365_client.errors import Outcome as Outcome
    from d365_client.errors import Refused as Refused
    from d365_client.errors import Throttled as Throttled
    from d365_client.errors import Unauthenticated as Unauthenticated
    from d365_client.errors import Undecodable as Undecodable
    from d365_client.models.entity import Entity as Entity
    from d365_client.models.entity import EntityDraft as EntityDraft
    from d365_client.models.enums import AccountRole as AccountRole
    from d365_client.models.enums import CustVendorBlocked as CustVendorBlocked
    from d365_client.models.enums import CustVendPaymStatus as CustVendPaymStatus
    from d365_client.models.enums import DimensionHierarchyType as DimensionHierarchyType
    from d365_client.models.enums import DimensionLedgerAccountType as DimensionLedgerAccountType
    from d365_client.models.enums import DimensionSegmentDelimiter as DimensionSegmentDelimiter
    from d365_client.models.enums import FiscalPeriodStatus as FiscalPeriodStatus
    from d365_client.models.enums import LedgerJournalACType as LedgerJournalACType
    from d365_client.models.enums import LedgerJournalType as LedgerJournalType
    from d365_client.models.enums import LedgerTransType as LedgerTransType
    from d365_client.models.enums import ModulePeriodStat as ModulePeriodStat
    from d365_client.models.enums import MonetaryAmount as MonetaryAmount
    from d365_client.models.enums import NetCurrent as NetCurrent
    from d365_client.models.enums import NoYes as NoYes
    from d365_client.models.enums import OpenEnum as OpenEnum
    from d365_client.models.enums import SettlementType as SettlementType
    from d365_client.models.invoices import AccountingDistribution as AccountingDistribution
    from d365_client.models.invoices import PostedInvoice as PostedInvoice
    from d365_client.models.invoices import PostedInvoiceLine as PostedInvoiceLine
    from d365_client.models.ledger import DimensionCombination as DimensionCombination
    from d365_client.models.ledger import DimensionIntegrationFormat as DimensionIntegrationFormat
    from d365_client.models.ledger import DimensionParameters as DimensionParameters
    from d365_client.models.ledger import FinancialDimensionValue as FinancialDimensionValue
    from d365_client.models.ledger import FiscalPeriod as FiscalPeriod
    from d365_client.models.ledger import GeneralJournalAccountEntry as GeneralJournalAccountEntry
    from d365_client.models.ledger import GeneralJournalEntry as GeneralJournalEntry
    from d365_client.models.ledger import JournalName as JournalName
    from d365_client.models.ledger import Ledger as Ledger
    from d365_client.models.ledger import LedgerFiscalPeriod as LedgerFiscalPeriod
    from d365_client.models.ledger import LegalEntity as LegalEntity
    from d365_client.models.ledger import MainAccount as MainAccount
    from d365_client.models.payment_journal import SettledInvoice as SettledInvoice
    from d365_client.models.payment_journal import SettledInvoiceDraft as SettledInvoiceDraft
    from d365_client.models.payment_journal import (
        VendorPaymentJournalHeader as VendorPaymentJournalHeader,
    )
    from d365_client.models.payment_journal import (
        VendorPaymentJournalHeaderDraft as VendorPaymentJournalHeaderDraft,
    )
    from d365_client.models.payment_journal import (
        VendorPaymentJournalLine as VendorPaymentJournalLine,
    )
    from d365_client.models.payment_journal import (
        VendorPaymentJournalLineDraft as VendorPaymentJournalLineDraft,
    )
    from d365_client.models.vendors import PaymentTerm as PaymentTerm
    from d365_client.models.vendors import Vendor as Vendor
    from d365_client.models.vendors import VendorPaymentMethod as VendorPaymentMethod
    from d365_client.models.vendors import VendorSettlement as VendorSettlement
    from d365_client.models.vendors import VendorTransaction as VendorTransaction
    from d365_client.resources.batches import PartResult as PartResult
    from d365_client.resources.entity_sets import EntitySet as EntitySet
    from d365_client.sync_client import SyncD365Client as SyncD365Client
    from d365_client.sync_client import SyncEntitySet as SyncEntitySet
    from d365_client.sync_client import SyncListing as SyncListing

_HOME = {
    "AccessToken": "d365_client._credentials",
    "AccountRole": "d365_client.models.enums",
    "AccountingDistribution": "d365_client.models.invoices",
    "AsyncTokenCredential": "d365_client._credentials",
    "BadRequest": "d365_client.errors",
    "BearerAuth": "d365_client._auth",
    "Broken": "d365_client.errors",
    "Changeset": "d365_client._batch",
    "ClientCertificate": "d365_client._credentials",
    "ClientSecret": "d365_client._credentials",
    "Cloud": "d365_client._credentials",
    "Condition": "d365_client._odata",
    "Conflict": "d365_client.errors",
    "CustVendPaymStatus": "d365_client.models.enums",
    "CustVendorBlocked": "d365_client.models.enums",
    "D365Client": "d365_client.client",
    "D365Error": "d365_client.errors",
    "DimensionCombination": "d365_client.models.ledger",
    "DimensionHierarchyType": "d365_client.models.enums",
    "DimensionIntegrationFormat": "d365_client.models.ledger",
    "DimensionLedgerAccountType": "d365_client.models.enums",
    "DimensionParameters": "d365_client.models.ledger",
    "DimensionSegmentDelimiter": "d365_client.models.enums",
    "Entity": "d365_client.models.entity",
    "EntityDraft": "d365_client.models.entity",
    "EntitySet": "d365_client.resources.entity_sets",
    "Field": "d365_client._odata",
    "FinancialDimensionValue": "d365_client.models.ledger",
    "FiscalPeriod": "d365_client.models.ledger",
    "FiscalPeriodStatus": "d365_client.models.enums",
    "Forbidden": "d365_client.errors",
    "GeneralJournalAccountEntry": "d365_client.models.ledger",
    "GeneralJournalEntry": "d365_client.models.ledger",
    "JournalName": "d365_client.models.ledger",
    "Ledger": "d365_client.models.ledger",
    "LedgerFiscalPeriod": "d365_client.models.ledger",
    "LedgerJournalACType": "d365_client.models.enums",
    "LedgerJournalType": "d365_client.models.enums",
    "LedgerTransType": "d365_client.models.enums",
    "LegalEntity": "d365_client.models.ledger",
    "Listing": "d365_client._listing",
    "LoginFailed": "d365_client.errors",
    "MainAccount": "d365_client.models.ledger",
    "ModulePeriodStat": "d365_client.models.enums",
    "MonetaryAmount": "d365_client.models.enums",
    "NetCurrent": "d365_client.models.enums",
    "NoAnswer": "d365_client.errors",
    "NoYes": "d365_client.models.enums",
    "NotFound": "d365_client.errors",
    "OpenEnum": "d365_client.models.enums",
    "Operation": "d365_client._call",
    "Order": "d365_client._odata",
    "Outcome": "d365_client.errors",
    "Page": "d365_client._listing",
    "PartResult": "d365_client.resources.batches",
    "PaymentTerm": "d365_client.models.vendors",
    "PlainRow": "d365_client._rows",
    "PostedInvoice": "d365_client.models.invoices",
    "PostedInvoiceLine": "d365_client.models.invoices",
    "RawAnswer": "d365_client._answers",
    "Refused": "d365_client.errors",
    "SettledInvoice": "d365_client.models.payment_journal",
    "SettledInvoiceDraft": "d365_client.models.payment_journal",
    "SettlementType": "d365_client.models.enums",
    "SyncD365Client": "d365_client.sync_client",
    "SyncEntitySet": "d365_client.sync_client",
    "SyncListing": "d365_client.sync_client",
    "Throttled": "d365_client.errors",
    "Token": "d365_client._tokens",
    "TokenCredential": "d365_client._credentials",
    "TokenSource": "d365_client._tokens",
    "Unauthenticated": "d365_client.errors",
    "Undecodable": "d365_client.errors",
    "Vendor": "d365_client.models.vendors",
    "VendorPaymentJournalHeader": "d365_client.models.payment_journal",
    "VendorPaymentJournalHeaderDraft": "d365_client.models.payment_journal",
    "VendorPaymentJournalLine": "d365_client.models.payment_journal",
    "VendorPaymentJournalLineDraft": "d365_client.models.payment_journal",
    "VendorPaymentMethod": "d365_client.models.vendors",
    "VendorSettlement": "d365_client.models.vendors",
    "VendorTransaction": "d365_client.models.vendors",
    "escape_display_value": "d365_client._odata",
    "field": "d365_client._odata",
    "split_display_value": "d365_client._odata",
    "unescape_display_value": "d365_client._odata",
}

__all__ = [
    "AccessToken",
    "AccountRole",
    "AccountingDistribution",
    "AsyncTokenCredential",
    "BadRequest",
    "BearerAuth",
    "Broken",
    "Changeset",
    "ClientCertificate",
    "ClientSecret",
    "Cloud",
    "Condition",
    "Conflict",
    "CustVendPaymStatus",
    "CustVendorBlocked",
    "D365Client",
    "D365Error",
    "DimensionCombination",
    "DimensionHierarchyType",
    "DimensionIntegrationFormat",
    "DimensionLedgerAccountType",
    "DimensionParameters",
    "DimensionSegmentDelimiter",
    "Entity",
    "EntityDraft",
    "EntitySet",
    "Field",
    "FinancialDimensionValue",
    "FiscalPeriod",
    "FiscalPeriodStatus",
    "Forbidden",
    "GeneralJournalAccountEntry",
    "GeneralJournalEntry",
    "JournalName",
    "Ledger",
    "LedgerFiscalPeriod",
    "LedgerJournalACType",
    "LedgerJournalType",
    "LedgerTransType",
    "LegalEntity",
    "Listing",
    "LoginFailed",
    "MainAccount",
    "ModulePeriodStat",
    "MonetaryAmount",
    "NetCurrent",
    "NoAnswer",
    "NoYes",
    "NotFound",
    "OpenEnum",
    "Operation",
    "Order",
    "Outcome",
    "Page",
    "PartResult",
    "PaymentTerm",
    "PlainRow",
    "PostedInvoice",
    "PostedInvoiceLine",
    "RawAnswer",
    "Refused",
    "SettledInvoice",
    "SettledInvoiceDraft",
    "SettlementType",
    "SyncD365Client",
    "SyncEntitySet",
    "SyncListing",
    "Throttled",
    "Token",
    "TokenCredential",
    "TokenSource",
    "Unauthenticated",
    "Undecodable",
    "Vendor",
    "VendorPaymentJournalHeader",
    "VendorPaymentJournalHeaderDraft",
    "VendorPaymentJournalLine",
    "VendorPaymentJournalLineDraft",
    "VendorPaymentMethod",
    "VendorSettlement",
    "VendorTransaction",
    "escape_display_value",
    "field",
    "split_display_value",
    "unescape_display_value",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
