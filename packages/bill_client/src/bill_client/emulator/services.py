"""Everything that the API offers, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bill_client.emulator.accounts import Organization
from bill_client.emulator.api import EVENTS_ROOT, ROOT
from bill_client.emulator.approvals import Approvals
from bill_client.emulator.bills import Bills
from bill_client.emulator.books import Books
from bill_client.emulator.deliveries import Deliveries
from bill_client.emulator.directory import Directory, plant_users
from bill_client.emulator.disbursements import Disbursements
from bill_client.emulator.documents import Documents
from bill_client.emulator.funding import Funding
from bill_client.emulator.kinds import KINDS
from bill_client.emulator.mfa import Mfa
from bill_client.emulator.operations import Operation, Operations
from bill_client.emulator.pages import Pages
from bill_client.emulator.payment_calls import PaymentCalls
from bill_client.emulator.payment_terms import PaymentTerms
from bill_client.emulator.payments import Payments
from bill_client.emulator.people import People
from bill_client.emulator.records import Records
from bill_client.emulator.sessions import Sessions
from bill_client.emulator.settings import EmulatorSettings
from bill_client.emulator.vendor_accounts import VendorAccounts
from bill_client.emulator.vendors import Vendors
from bill_client.emulator.webhooks import Webhooks


class Offering(Protocol):
    """A part of the API."""

    def operations(self) -> Sequence[Operation]:
        """What can be asked of it."""


class Services:
    """The parts of the API over one set of books, and the people who work with them."""

    def __init__(
        self,
        *,
        organizations: Mapping[str, Organization],
        books: Books,
        sessions: Sessions,
        settings: EmulatorSettings,
        now: Callable[[], datetime],
    ) -> None:
        if books.is_new:
            for organization in organizations.values():
                plant_users(books, organization)
        pages = Pages(books, settings, now)
        vendors = Vendors(books, settings, pages, organizations)
        bills = Bills(books, settings, pages)
        payments = Payments(books, settings)
        disbursements = Disbursements(books, payments, settings, now)
        mfa = Mfa(sessions, now)
        self.people = People(
            organizations=organizations,
            books=books,
            vendors=vendors,
            bills=bills,
            payments=payments,
            disbursements=disbursements,
            mfa=mfa,
        )
        calls = PaymentCalls(books, pages, bills, payments, disbursements, now)
        self.deliveries = Deliveries(books, settings, now)
        webhooks = Webhooks(books, pages, self.deliveries, now)
        self.operations = _by_root(
            webhooks,
            [sessions, mfa, vendors, VendorAccounts(vendors), bills, Approvals(books)],
            [calls, PaymentTerms(books, now), Documents(books, pages, settings, now)],
            [Funding(books, pages), Directory(books, pages, organizations)],
            [Records(kind, books, pages) for kind in KINDS],
        )


def _by_root(webhooks: Webhooks, *parts: Sequence[Offering]) -> Mapping[str, Operations]:
    """What the parts offer, below the root that each is under."""
    below = [operation for some in parts for part in some for operation in part.operations()]
    return {ROOT: Operations(below), EVENTS_ROOT: Operations(webhooks.operations())}
