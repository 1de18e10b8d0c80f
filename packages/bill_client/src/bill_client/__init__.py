"""A typed async client for the BILL v3 API.

Names are loaded when they are first used, so that `bill_client.emulator` loads none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bill_client._auth import SessionAuth as SessionAuth
    from bill_client._listing import Listing as Listing
    from bill_client._listing import Page as Page
    from bill_client._query import Condition as Condition
    from bill_client._query import field as field
    from bill_client.client import BillClient as BillClient
    from bill_client.errors import BadRequest as BadRequest
    from bill_client.errors import BillError as BillError
    from bill_client.errors import Broken as Broken
    from bill_client.errors import Conflict as Conflict
    from bill_client.errors import Forbidden as Forbidden
    from bill_client.errors import LoginFailed as LoginFailed
    from bill_client.errors import NoAnswer as NoAnswer
    from bill_client.errors import NotFound as NotFound
    from bill_client.errors import Outcome as Outcome
    from bill_client.errors import Refused as Refused
    from bill_client.errors import Throttled as Throttled
    from bill_client.errors import Unauthenticated as Unauthenticated
    from bill_client.errors import Undecodable as Undecodable
    from bill_client.models.bills import Bill as Bill
    from bill_client.models.bills import BillDraft as BillDraft
    from bill_client.models.bills import BillLineItem as BillLineItem
    from bill_client.models.bills import BillLineItemDraft as BillLineItemDraft
    from bill_client.models.bills import BillPatch as BillPatch
    from bill_client.models.bills import Classifications as Classifications
    from bill_client.models.bills import ClassificationsDraft as ClassificationsDraft
    from bill_client.models.bills import Invoice as Invoice
    from bill_client.models.bills import InvoiceDraft as InvoiceDraft
    from bill_client.models.classifications import ChartOfAccount as ChartOfAccount
    from bill_client.models.classifications import Department as Department
    from bill_client.models.classifications import LedgerAccount as LedgerAccount
    from bill_client.models.payments import BillPayment as BillPayment
    from bill_client.models.payments import FundingAccount as FundingAccount
    from bill_client.models.payments import Payment as Payment
    from bill_client.models.payments import VoidInfo as VoidInfo
    from bill_client.models.vendors import AdditionalInfoDraft as AdditionalInfoDraft
    from bill_client.models.vendors import Address as Address
    from bill_client.models.vendors import AddressDraft as AddressDraft
    from bill_client.models.vendors import PaymentInformationDraft as PaymentInformationDraft
    from bill_client.models.vendors import Vendor as Vendor
    from bill_client.models.vendors import VendorDraft as VendorDraft
    from bill_client.models.vendors import VendorPatch as VendorPatch

_HOME = {
    "AdditionalInfoDraft": "bill_client.models.vendors",
    "Address": "bill_client.models.vendors",
    "AddressDraft": "bill_client.models.vendors",
    "BadRequest": "bill_client.errors",
    "Bill": "bill_client.models.bills",
    "BillClient": "bill_client.client",
    "BillDraft": "bill_client.models.bills",
    "BillError": "bill_client.errors",
    "BillLineItem": "bill_client.models.bills",
    "BillLineItemDraft": "bill_client.models.bills",
    "BillPatch": "bill_client.models.bills",
    "BillPayment": "bill_client.models.payments",
    "Broken": "bill_client.errors",
    "ChartOfAccount": "bill_client.models.classifications",
    "Classifications": "bill_client.models.bills",
    "ClassificationsDraft": "bill_client.models.bills",
    "Condition": "bill_client._query",
    "Conflict": "bill_client.errors",
    "Department": "bill_client.models.classifications",
    "Forbidden": "bill_client.errors",
    "FundingAccount": "bill_client.models.payments",
    "Invoice": "bill_client.models.bills",
    "InvoiceDraft": "bill_client.models.bills",
    "LedgerAccount": "bill_client.models.classifications",
    "Listing": "bill_client._listing",
    "LoginFailed": "bill_client.errors",
    "NoAnswer": "bill_client.errors",
    "NotFound": "bill_client.errors",
    "Outcome": "bill_client.errors",
    "Page": "bill_client._listing",
    "Payment": "bill_client.models.payments",
    "PaymentInformationDraft": "bill_client.models.vendors",
    "Refused": "bill_client.errors",
    "SessionAuth": "bill_client._auth",
    "Throttled": "bill_client.errors",
    "Unauthenticated": "bill_client.errors",
    "Undecodable": "bill_client.errors",
    "Vendor": "bill_client.models.vendors",
    "VendorDraft": "bill_client.models.vendors",
    "VendorPatch": "bill_client.models.vendors",
    "VoidInfo": "bill_client.models.payments",
    "field": "bill_client._query",
}

__all__ = [
    "AdditionalInfoDraft",
    "Address",
    "AddressDraft",
    "BadRequest",
    "Bill",
    "BillClient",
    "BillDraft",
    "BillError",
    "BillLineItem",
    "BillLineItemDraft",
    "BillPatch",
    "BillPayment",
    "Broken",
    "ChartOfAccount",
    "Classifications",
    "ClassificationsDraft",
    "Condition",
    "Conflict",
    "Department",
    "Forbidden",
    "FundingAccount",
    "Invoice",
    "InvoiceDraft",
    "LedgerAccount",
    "Listing",
    "LoginFailed",
    "NoAnswer",
    "NotFound",
    "Outcome",
    "Page",
    "Payment",
    "PaymentInformationDraft",
    "Refused",
    "SessionAuth",
    "Throttled",
    "Unauthenticated",
    "Undecodable",
    "Vendor",
    "VendorDraft",
    "VendorPatch",
    "VoidInfo",
    "field",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
