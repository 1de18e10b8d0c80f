"""What an organisation offers: its vendors, bills, payments, and everything around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bill_client._answers import RawAnswer
from bill_client._api import Api
from bill_client.models.classifications import (
    AccountingClass,
    ChartOfAccount,
    Department,
    Employee,
    Item,
    Job,
    Location,
)
from bill_client.resources.approvals import BillApprovals
from bill_client.resources.bills import Bills
from bill_client.resources.classifications import (
    ChartOfAccounts,
    Employees,
    Items,
    NamedClassifications,
)
from bill_client.resources.documents import Attachments, Documents
from bill_client.resources.funding_accounts import BankAccounts, FundingAccounts
from bill_client.resources.organizations import Organizations
from bill_client.resources.payments import Payments
from bill_client.resources.raw import RawRequests
from bill_client.resources.recurring_bills import RecurringBills
from bill_client.resources.reports import Reports
from bill_client.resources.sessions import MultiFactor, Sessions
from bill_client.resources.users import Roles, Users
from bill_client.resources.vendor_credits import VendorCredits
from bill_client.resources.vendors import Vendors
from bill_client.resources.webhooks import Webhooks


class Environment:
    """A BILL organisation, as one asks it and as it answers."""

    def __init__(self, api: Api) -> None:
        self._raw = RawRequests(api)
        self.vendors = Vendors(api)
        self.bills = Bills(api)
        self.recurring_bills = RecurringBills(api)
        self.vendor_credits = VendorCredits(api)
        self.payments = Payments(api)
        self.bill_approvals = BillApprovals(api)
        self.documents = Documents(api)
        self.attachments = Attachments(api)
        self.bank_accounts = BankAccounts(api)
        self.funding_accounts = FundingAccounts(api)
        self.organizations = Organizations(api)
        self.users = Users(api)
        self.roles = Roles(api)
        self.reports = Reports(api)
        self.session = Sessions(api)
        self.mfa = MultiFactor(api)
        self.webhooks = Webhooks(api)
        self.chart_of_accounts = ChartOfAccounts(
            api=api, model=ChartOfAccount, kind="chart-of-accounts", wrapper="chartOfAccounts"
        )
        self.departments = NamedClassifications[Department](
            api=api, model=Department, kind="departments", wrapper="departments"
        )
        self.locations = NamedClassifications[Location](
            api=api, model=Location, kind="locations", wrapper="locations"
        )
        self.accounting_classes = NamedClassifications[AccountingClass](
            api=api, model=AccountingClass, kind="accounting-classes", wrapper="accountingClasses"
        )
        self.jobs = NamedClassifications[Job](api=api, model=Job, kind="jobs", wrapper="jobs")
        self.items = Items(api=api, model=Item, kind="items", wrapper="items")
        self.employees = Employees(api=api, model=Employee, kind="employees", wrapper="employees")

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | Sequence[object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - it is httpx's
        reads: bool | None = None,
    ) -> RawAnswer:
        """The answer to any request below the API's root: for what has no method of its own.

        `path` begins with a slash, such as `/customers`, and is percent-encoded already; `query` is
        not. `json` takes exact numbers, dates and aware instants; `content` are bytes as they are.
        A POST that only `reads` is asked again when something breaks. `timeout` is in seconds.

        Raises:
            BillError: it was no success; `outcome` says what may have been done all the same.
            ValueError: the path is not below the API's root, or there are two bodies.
        """
        return await self._raw.request(
            method,
            path,
            query=query,
            json=json,
            content=content,
            headers=headers,
            timeout=timeout,
            reads=reads,
        )
