"""The client for callers that cannot await: a script, or a notebook.

Written by tools/sync_twin.py from the asynchronous surface: change that one, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Generic, Self, TypeVar

from api_transport.blocking import Blocking
from bill_client._answers import RawAnswer
from bill_client._changes import Changes
from bill_client._content import Progress, Source
from bill_client._listing import Listing, Page
from bill_client._query import LARGEST_PAGE, Condition
from bill_client._time_queries import OVERLAP
from bill_client.environment import Environment
from bill_client.models.approvals import (
    ApprovalActionDraft,
    ApprovalPolicy,
    ApprovalPolicyDraft,
    PendingApproval,
)
from bill_client.models.bills import Bill, BillDraft, BillPatch, BillReplacement
from bill_client.models.documents import Attachment, Document, Upload
from bill_client.models.enums import SingleStatus
from bill_client.models.funding_accounts import (
    ApCard,
    BankAccount,
    BankAccountDraft,
    BankAccountPatch,
    BankAccountUser,
    CardAccount,
    CardAccounts,
    CardAccountUser,
    FundingPermissions,
    FundingPurposes,
    Verification,
)
from bill_client.models.organizations import (
    AvailableOrganization,
    BillingStatement,
    Organization,
    OrganizationPatch,
    PricePlan,
    Role,
    User,
    UserDraft,
    UserPatch,
)
from bill_client.models.payment_options import CheckImage, ExchangeRate, PaymentOptions
from bill_client.models.payments import (
    BulkPaymentDraft,
    DisbursementInfo,
    Payment,
    PaymentDraft,
    RecordedPayment,
    RecordedPaymentDraft,
    VoidDraft,
)
from bill_client.models.recurring_bills import (
    RecurringBill,
    RecurringBillDraft,
    RecurringBillPatch,
    RecurringBillReplacement,
)
from bill_client.models.reports import AuditEntry
from bill_client.models.resource import Changed, Draft, Resource
from bill_client.models.sessions import (
    Done,
    MfaChallenge,
    MfaPhone,
    MfaSetup,
    RememberedDevice,
    SessionDetails,
    Trust,
)
from bill_client.models.subscriptions import (
    CatalogueEntry,
    DeliveredEvent,
    EventTestDraft,
    SecurityKey,
    Subscription,
    SubscriptionDraft,
    SubscriptionPatch,
)
from bill_client.models.vendor_configurations import InternationalPayments, VendorConfiguration
from bill_client.models.vendor_credits import (
    VendorCredit,
    VendorCreditDraft,
    VendorCreditPatch,
    VendorCreditReplacement,
)
from bill_client.models.vendor_enums import VendorAccountType
from bill_client.models.vendors import (
    Vendor,
    VendorBankAccount,
    VendorBankAccountDraft,
    VendorDraft,
    VendorPatch,
)
from bill_client.resources.approvals import BillApprovals
from bill_client.resources.bills import Bills
from bill_client.resources.classifications import Classification
from bill_client.resources.documents import Attachments, Documents
from bill_client.resources.funding_accounts import BankAccounts, FundingAccounts
from bill_client.resources.organizations import Organizations
from bill_client.resources.payments import Payments
from bill_client.resources.recurring_bills import RecurringBills
from bill_client.resources.reports import Reports
from bill_client.resources.sessions import MultiFactor, Sessions
from bill_client.resources.users import Roles, Users
from bill_client.resources.vendor_credits import VendorCredits
from bill_client.resources.vendors import Vendors
from bill_client.resources.webhooks import Webhooks

C = TypeVar("C", bound=Resource)
D = TypeVar("D", bound=Draft)
P = TypeVar("P", bound=Draft)
T = TypeVar("T")
V = TypeVar("V", bound=Changed)


class SyncListing(Generic[T]):
    """Items one by one, or pages by `pages()`. Nothing is sent before one iterates.

    Breaking out leaks nothing: each page is a finished request. Iterating again reads again.
    A list may be made of several `queries`, whose pages follow each other; some of them are read
    `side_by_side`, since the pages of one can only be found one after the other.
    """

    def __init__(self, blocking: Blocking, twin: Listing[T]) -> None:
        self._blocking, self._twin = blocking, twin

    def pages(self) -> Iterator[Page[T]]:
        """Page after page.

        Raises:
            Undecodable: a page names one that was read before, so the list would never end.
        """
        return self._blocking.iterate(self._twin.pages())

    def __iter__(self) -> Iterator[T]:
        """Item after item, over all pages."""
        for page in self.pages():
            yield from page.items

    def all(self) -> Sequence[T]:
        """Every item, read to the end."""
        return self._blocking.call(self._twin.all)


class SyncChanges(Generic[V]):
    """Rows in the order of their changes; each version of a row once, however often it is met.

    Page tokens are not trusted over changes: a row that changes meanwhile moves to the end, and
    what was behind it would be skipped. So each page begins anew at the last instant that was
    seen. Give the `watermark` to the next `changed_since`. It is a filter and never proof: rows may
    come twice, with and without overlap (`domain.md` I-30).
    """

    def __init__(self, blocking: Blocking, twin: Changes[V]) -> None:
        self._blocking, self._twin = blocking, twin

    @property
    def watermark(self) -> datetime | None:
        """The newest change that was given, by BILL's clock; None where nothing was."""
        return self._twin.watermark

    def pages(self) -> Iterator[Page[V]]:
        """Page after page of what was not given before.

        Raises:
            Undecodable: a row does not tell when it was changed, or rows come in another order.
        """
        return self._blocking.iterate(self._twin.pages())

    def __iter__(self) -> Iterator[V]:
        """Row after row."""
        for page in self.pages():
            yield from page.items

    def all(self) -> Sequence[V]:
        """Every row, read to the end."""
        return self._blocking.call(self._twin.all)


class SyncVendors:
    """The organisation's vendors."""

    def __init__(self, blocking: Blocking, twin: Vendors) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[Vendor]:
        """Vendors for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def created_between(
        self,
        since: datetime,
        until: datetime,
        *conditions: Condition,
        windows: int = 24,
        side_by_side: int = 6,
    ) -> SyncListing[Vendor]:
        """Vendors created from `since` to before `until`, in windows that are read side by side.

        The pages of one list can only be found one after the other, which uses one of BILL's three
        slots; windows use them all. They come in order, and nothing is in two of them.

        Raises:
            ValueError: BILL documents no such filter, or there is no such window of time.
        """
        return SyncListing(
            self._blocking,
            self._twin.created_between(
                since, until, *conditions, windows=windows, side_by_side=side_by_side
            ),
        )

    def changed_since(
        self, since: datetime, *conditions: Condition, overlap: timedelta = OVERLAP
    ) -> SyncChanges[Vendor]:
        """Vendors changed since then, archived ones too, the oldest change first.

        It begins `overlap` earlier, since clocks differ and rows become visible late; so what an
        earlier call gave may come again. `watermark` of what it returns is the next `since`.

        Raises:
            ValueError: BILL documents no such filter, or `since` is naive.
        """
        return SyncChanges(
            self._blocking, self._twin.changed_since(since, *conditions, overlap=overlap)
        )

    def get(self, vendor_id: str) -> Vendor:
        """The vendor of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, vendor_id)

    def create(self, draft: VendorDraft) -> Vendor:
        """Create a vendor and return it as BILL stored it.

        One that is paid without being asked needs a trusted session. Whether BILL takes the same
        name twice is unverified.

        Raises:
            MfaRequired: the session is not trusted, and the draft enables `auto_pay`.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def create_all(self, drafts: Sequence[VendorDraft]) -> Sequence[Vendor]:
        """Create up to 20 vendors, all or none, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been created all the same.
        """
        return self._blocking.call(self._twin.create_all, drafts)

    def update(self, vendor_id: str, patch: VendorPatch) -> Vendor:
        """Change what the patch names and return the vendor.

        Raises:
            MfaRequired: the session is not trusted, and the patch enables `auto_pay`.
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, vendor_id, patch)

    def archive(self, vendor_id: str) -> Vendor:
        """Archive a vendor, who gets no more bills. Archiving twice does no more than once."""
        return self._blocking.call(self._twin.archive, vendor_id)

    def restore(self, vendor_id: str) -> Vendor:
        """Undo archiving. Restoring twice does no more than once."""
        return self._blocking.call(self._twin.restore, vendor_id)

    def bank_account(self, vendor_id: str) -> VendorBankAccount:
        """Where the vendor is paid.

        Raises:
            NotFound: the vendor has no bank account, or there is no such vendor.
        """
        return self._blocking.call(self._twin.bank_account, vendor_id)

    def create_bank_account(
        self, vendor_id: str, draft: VendorBankAccountDraft
    ) -> VendorBankAccount:
        """Give a vendor a bank account; to change one, delete it and create it anew.

        In production it can be paid to two business days later (BDC_1402).

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create_bank_account, vendor_id, draft)

    def delete_bank_account(self, vendor_id: str) -> None:
        """Take a vendor's bank account away.

        Raises:
            BillError: `outcome` says whether it may be gone all the same.
        """
        self._blocking.call(self._twin.delete_bank_account, vendor_id)

    def configuration(self, vendor_id: str) -> VendorConfiguration:
        """What paying this vendor takes, by its country and currency."""
        return self._blocking.call(self._twin.configuration, vendor_id)

    def international_payments(
        self, *, country: str, bill_currency: str, account_type: VendorAccountType | str
    ) -> InternationalPayments:
        """What paying into a country (ISO 3166 alpha-2) in a currency (ISO 4217) takes."""
        return self._blocking.call(
            self._twin.international_payments,
            country=country,
            bill_currency=bill_currency,
            account_type=account_type,
        )


class SyncBills:
    """The organisation's bills."""

    def __init__(self, blocking: Blocking, twin: Bills) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[Bill]:
        """Bills for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def created_between(
        self,
        since: datetime,
        until: datetime,
        *conditions: Condition,
        windows: int = 24,
        side_by_side: int = 6,
    ) -> SyncListing[Bill]:
        """Bills created from `since` to before `until`, in windows that are read side by side.

        The pages of one list can only be found one after the other, which uses one of BILL's three
        slots; windows use them all. They come in order, and nothing is in two of them.

        Raises:
            ValueError: BILL documents no such filter, or there is no such window of time.
        """
        return SyncListing(
            self._blocking,
            self._twin.created_between(
                since, until, *conditions, windows=windows, side_by_side=side_by_side
            ),
        )

    def changed_since(
        self, since: datetime, *conditions: Condition, overlap: timedelta = OVERLAP
    ) -> SyncChanges[Bill]:
        """Bills changed since then, archived ones too, the oldest change first.

        It begins `overlap` earlier, since clocks differ and rows become visible late; so what an
        earlier call gave may come again. `watermark` of what it returns is the next `since`.

        Raises:
            ValueError: BILL documents no such filter, or `since` is naive.
        """
        return SyncChanges(
            self._blocking, self._twin.changed_since(since, *conditions, overlap=overlap)
        )

    def get(self, bill_id: str) -> Bill:
        """The bill of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, bill_id)

    def create(self, draft: BillDraft) -> Bill:
        """Create a bill and return it as BILL stored it.

        BILL documents no refusal of a number that the vendor has already (§6): after an uncertain
        outcome look first.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def create_all(self, drafts: Sequence[BillDraft]) -> Sequence[Bill]:
        """Create up to 100 bills, all or none, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: of the one that does not fit; `outcome` says whether they may have been
                created all the same.
        """
        return self._blocking.call(self._twin.create_all, drafts)

    def update(self, bill_id: str, patch: BillPatch) -> Bill:
        """Change what the patch names and return the bill; other lines stay as they are.

        What BILL does with a change of a paid or approved bill is undocumented.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, bill_id, patch)

    def replace(
        self,
        bill: Bill,
        replacement: BillReplacement,
        *,
        dropping: Collection[str] = (),
        unapplying_credits: bool = False,
    ) -> Bill:
        """Put the replacement in the place of the bill, and return what is there now.

        BILL removes lines that a PUT does not name, and takes back credits that it does not name.
        So each line of `bill`, as it was read, is in the replacement by its id or in `dropping`.

        Raises:
            ValueError: a line would be lost that `dropping` does not name; or the bill has credits
                and the replacement names none, without `unapplying_credits`. Nothing was sent.
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        return self._blocking.call(
            self._twin.replace,
            bill,
            replacement,
            dropping=dropping,
            unapplying_credits=unapplying_credits,
        )

    def archive(self, bill_id: str) -> Bill:
        """Archive a bill, which is not to be paid. Archiving twice does no more than once."""
        return self._blocking.call(self._twin.archive, bill_id)

    def restore(self, bill_id: str) -> Bill:
        """Undo archiving. Restoring twice does no more than once."""
        return self._blocking.call(self._twin.restore, bill_id)

    def record_payment(self, draft: RecordedPaymentDraft) -> RecordedPayment:
        """Tell BILL of a payment that was made outside, and return it; its undoing is a void.

        Needs no trusted session. What BILL does with more than is due is inferred: `Overpaid`.

        Raises:
            BillError: `outcome` says whether it may have been recorded all the same.
        """
        return self._blocking.call(self._twin.record_payment, draft)


class SyncRecurringBills:
    """The organisation's recurring bills."""

    def __init__(self, blocking: Blocking, twin: RecurringBills) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[RecurringBill]:
        """Recurring bills for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, recurring_bill_id: str) -> RecurringBill:
        """The recurring bill of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, recurring_bill_id)

    def create(self, draft: RecurringBillDraft) -> RecurringBill:
        """Create a recurring bill and return it as BILL stored it.

        One that pays without being asked needs a trusted session.

        Raises:
            MfaRequired: the session is not trusted, and the draft asks for payments.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def update(self, recurring_bill_id: str, patch: RecurringBillPatch) -> RecurringBill:
        """Change what the patch names and return the recurring bill.

        Raises:
            MfaRequired: the session is not trusted, and the patch asks for payments.
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, recurring_bill_id, patch)

    def replace(
        self,
        recurring_bill: RecurringBill,
        replacement: RecurringBillReplacement,
        *,
        dropping: Collection[str] = (),
    ) -> RecurringBill:
        """Put the replacement in the place of the recurring bill, and return what is there now.

        Raises:
            ValueError: a line would be lost that `dropping` does not name. Nothing was sent.
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        return self._blocking.call(
            self._twin.replace, recurring_bill, replacement, dropping=dropping
        )

    def archive(self, recurring_bill_id: str) -> RecurringBill:
        """Archive it: no more bills are made. Archiving twice does no more than once."""
        return self._blocking.call(self._twin.archive, recurring_bill_id)

    def restore(self, recurring_bill_id: str) -> RecurringBill:
        """Undo archiving. Restoring twice does no more than once."""
        return self._blocking.call(self._twin.restore, recurring_bill_id)


class SyncVendorCredits:
    """The organisation's vendor credits.

    They are applied by a bill, a payment or a recorded payment; from a payment they cannot be
    taken back.
    """

    def __init__(self, blocking: Blocking, twin: VendorCredits) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[VendorCredit]:
        """Vendor credits for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, vendor_credit_id: str) -> VendorCredit:
        """The vendor credit of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, vendor_credit_id)

    def create(self, draft: VendorCreditDraft) -> VendorCredit:
        """Create a vendor credit and return it as BILL stored it.

        Raises:
            ValueError: it applies to an account and to a bank account. Nothing was sent.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def create_all(self, drafts: Sequence[VendorCreditDraft]) -> Sequence[VendorCredit]:
        """Create all of up to 50 vendor credits, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been created all the same.
        """
        return self._blocking.call(self._twin.create_all, drafts)

    def update(self, vendor_credit_id: str, patch: VendorCreditPatch) -> VendorCredit:
        """Change what the patch names and return the vendor credit.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, vendor_credit_id, patch)

    def update_all(self, patches: Mapping[str, VendorCreditPatch]) -> Sequence[VendorCredit]:
        """Change up to 50 vendor credits, each told by its id.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been changed all the same.
        """
        return self._blocking.call(self._twin.update_all, patches)

    def replace(
        self,
        vendor_credit: VendorCredit,
        replacement: VendorCreditReplacement,
        *,
        dropping: Collection[str] = (),
    ) -> VendorCredit:
        """Put the replacement in the place of the vendor credit, and return what is there now.

        Raises:
            ValueError: a line would be lost that `dropping` does not name. Nothing was sent.
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        return self._blocking.call(
            self._twin.replace, vendor_credit, replacement, dropping=dropping
        )

    def replace_all(
        self,
        replacements: Sequence[tuple[VendorCredit, VendorCreditReplacement]],
        *,
        dropping: Collection[str] = (),
    ) -> Sequence[VendorCredit]:
        """Replace up to 50 vendor credits.

        Raises:
            ValueError: a line would be lost that `dropping` does not name; there is none, or
                there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been replaced all the same.
        """
        return self._blocking.call(self._twin.replace_all, replacements, dropping=dropping)

    def archive(self, vendor_credit_id: str) -> VendorCredit:
        """Archive a vendor credit, for good: BILL cannot restore it."""
        return self._blocking.call(self._twin.archive, vendor_credit_id)

    def archive_all(self, vendor_credit_ids: Sequence[str]) -> Sequence[VendorCredit]:
        """Archive up to 50 vendor credits, for good.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
        """
        return self._blocking.call(self._twin.archive_all, vendor_credit_ids)


class SyncPayments:
    """The organisation's payments."""

    def __init__(self, blocking: Blocking, twin: Payments) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[Payment]:
        """Payments for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, payment_id: str) -> Payment:
        """The payment of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, payment_id)

    def status(self, payment_id: str) -> SingleStatus | None:
        """Where the payment is now; None where BILL does not say.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.status, payment_id)

    def disbursement(self, payment_id: str) -> DisbursementInfo | None:
        """Which way the money went, and when it arrives; None where BILL does not say.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.disbursement, payment_id)

    def create(self, draft: PaymentDraft) -> Payment:
        """Pay. Needs a trusted session, which no sync token can open.

        Raises:
            ValueError: it names neither a bill nor asks for one to be created. Nothing was sent.
            MfaRequired: the session is not trusted; nothing was paid.
            BillError: `outcome` says whether it may have been paid all the same. There is no
                idempotency key: look before you pay again.
        """
        return self._blocking.call(self._twin.create, draft)

    def create_all(self, draft: BulkPaymentDraft) -> Sequence[Payment]:
        """Pay up to 50 existing bills, all or none. Needs a trusted session.

        BILL combines payments of one vendor, up to 35 bills each: there may be fewer payments
        than bills.

        Raises:
            ValueError: there is nothing to pay, or more than 50. Nothing was sent.
            MfaRequired: the session is not trusted; nothing was paid.
            BillError: `outcome` says whether they may have been paid all the same.
        """
        return self._blocking.call(self._twin.create_all, draft)

    def cancel(self, payment_id: str) -> Payment:
        """Cancel a payment that is still `SCHEDULED`; any other is to be voided.

        Raises:
            BillError: `outcome` says whether it may have been cancelled all the same.
        """
        return self._blocking.call(self._twin.cancel, payment_id)

    def void(self, payment_id: str, draft: VoidDraft) -> Payment:
        """Ask for a payment to be voided. Of an online payment this is a request only.

        What becomes of it is in `void_info` and `single_status` later.

        Raises:
            BillError: `outcome` says whether it may have been asked for all the same.
        """
        return self._blocking.call(self._twin.void, payment_id, draft)

    def options(self, vendor_id: str, amount: Decimal) -> PaymentOptions:
        """What a vendor can be paid this amount from, when it would arrive, and what it costs."""
        return self._blocking.call(self._twin.options, vendor_id, amount)

    def exchange_rate(
        self, vendor_id: str, amount: Decimal, *, base_currency: str | None = None
    ) -> ExchangeRate:
        """At which rate a vendor can be paid this amount; it is good for 20 minutes at most."""
        return self._blocking.call(
            self._twin.exchange_rate, vendor_id, amount, base_currency=base_currency
        )

    def check_images(self, payment_id: str) -> Sequence[CheckImage]:
        """Where the pictures of a payment's check are; `documents.read` takes their links."""
        return self._blocking.call(self._twin.check_images, payment_id)


class SyncBillApprovals:
    """Who approves which bills, and what they say."""

    def __init__(self, blocking: Blocking, twin: BillApprovals) -> None:
        self._blocking, self._twin = blocking, twin

    def policies(self) -> Sequence[ApprovalPolicy]:
        """The organisation's approval policies."""
        return self._blocking.call(self._twin.policies)

    def create_policy(self, draft: ApprovalPolicyDraft) -> ApprovalPolicy:
        """Create a policy and return it as BILL reads it.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create_policy, draft)

    def replace_policy(self, policy_id: str, draft: ApprovalPolicyDraft) -> ApprovalPolicy:
        """Put the draft in the place of a policy: its rules and approvers are all there are then.

        Raises:
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        return self._blocking.call(self._twin.replace_policy, policy_id, draft)

    def delete_policy(self, policy_id: str) -> Done:
        """Delete a policy, for good.

        Raises:
            BillError: `outcome` says whether it may have been deleted all the same.
        """
        return self._blocking.call(self._twin.delete_policy, policy_id)

    def act(self, actions: Sequence[ApprovalActionDraft]) -> Done:
        """Approve or deny bills, as the user of the session.

        Raises:
            ValueError: there is nothing to say. Nothing was sent.
            BillError: `outcome` says whether it may have been done all the same.
        """
        return self._blocking.call(self._twin.act, actions)

    def pending(self) -> Sequence[PendingApproval]:
        """The bills that wait for the user of the session."""
        return self._blocking.call(self._twin.pending)


class SyncDocuments:
    """The documents of bills, and what any download link leads to."""

    def __init__(self, blocking: Blocking, twin: Documents) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, bill_id: str) -> SyncListing[Document]:
        """The documents of a bill."""
        return SyncListing(self._blocking, self._twin.list(bill_id))

    def get(self, document_id: str) -> Document:
        """The document of this id.

        Raises:
            NotFound: there is none, or it is an upload that is not finished.
        """
        return self._blocking.call(self._twin.get, document_id)

    def upload(
        self, bill_id: str, name: str, source: Source, *, progress: Progress | None = None
    ) -> Document:
        """Give a bill a document of at most 6 MB; its id is the upload's.

        BILL takes the file in later: `upload_status` tells when, and the document's own id.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether the bill may have it all the same.
        """
        return self._blocking.call(self._twin.upload, bill_id, name, source, progress=progress)

    def upload_status(self, upload_ids: Sequence[str]) -> Sequence[Upload]:
        """How far these uploads are, and the documents that they became."""
        return self._blocking.call(self._twin.upload_status, upload_ids)

    def read(
        self, linked: Document | Attachment | CheckImage | str, *, progress: Progress | None = None
    ) -> Iterator[bytes]:
        """The bytes behind a download link, piece by piece.

        The link needs the session, which is given to BILL only.

        Raises:
            ValueError: there is no link, or it leads away from BILL.
            BillError: the answer is not a success, there was none, or it ended too soon.
        """
        return self._blocking.iterate(self._twin.read(linked, progress=progress))

    def download(
        self,
        linked: Document | Attachment | CheckImage | str,
        to: Path,
        *,
        progress: Progress | None = None,
    ) -> None:
        """Write what is behind a download link into a file: all of it, or nothing.

        Raises:
            ValueError: there is no link, or it leads away from BILL.
            BillError: as for `read`. The file is as it was before.
            OSError: the file cannot be written.
        """
        self._blocking.call(self._twin.download, linked, to, progress=progress)


class SyncAttachments:
    """Files of vendors, and of customers and AR invoices."""

    def __init__(self, blocking: Blocking, twin: Attachments) -> None:
        self._blocking, self._twin = blocking, twin

    def of_vendor(self, vendor_id: str) -> SyncListing[Attachment]:
        """The files of a vendor."""
        return SyncListing(self._blocking, self._twin.of_vendor(vendor_id))

    def of_customer(self, customer_id: str) -> SyncListing[Attachment]:
        """The files of a customer."""
        return SyncListing(self._blocking, self._twin.of_customer(customer_id))

    def of_invoice(self, invoice_id: str) -> SyncListing[Attachment]:
        """The files of an AR invoice."""
        return SyncListing(self._blocking, self._twin.of_invoice(invoice_id))

    def get(self, attachment_id: str) -> Attachment:
        """The file of this id; `documents.read` takes its link.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, attachment_id)

    def upload_to_vendor(
        self, vendor_id: str, name: str, source: Source, *, progress: Progress | None = None
    ) -> Attachment:
        """Give a vendor a file of at most 6 MB.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether it may be there all the same.
        """
        return self._blocking.call(
            self._twin.upload_to_vendor, vendor_id, name, source, progress=progress
        )

    def upload_to_customer(
        self, customer_id: str, name: str, source: Source, *, progress: Progress | None = None
    ) -> Attachment:
        """Give a customer a file of at most 6 MB.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether it may be there all the same.
        """
        return self._blocking.call(
            self._twin.upload_to_customer, customer_id, name, source, progress=progress
        )

    def upload_to_invoice(
        self,
        invoice_id: str,
        name: str,
        source: Source,
        *,
        replace_invoice_pdf: bool | None = None,
        progress: Progress | None = None,
    ) -> Attachment:
        """Give an AR invoice a file of at most 6 MB, which may take the place of its PDF.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether it may be there all the same.
        """
        return self._blocking.call(
            self._twin.upload_to_invoice,
            invoice_id,
            name,
            source,
            replace_invoice_pdf=replace_invoice_pdf,
            progress=progress,
        )

    def delete(self, attachment_id: str) -> Done:
        """Delete a file, for good.

        Raises:
            BillError: `outcome` says whether it may be gone all the same.
        """
        return self._blocking.call(self._twin.delete, attachment_id)


class SyncBankAccounts:
    """The organisation's bank accounts, and who may pay from them."""

    def __init__(self, blocking: Blocking, twin: BankAccounts) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[BankAccount]:
        """Bank accounts for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, bank_account_id: str) -> BankAccount:
        """The bank account of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, bank_account_id)

    def create(self, draft: BankAccountDraft) -> BankAccount:
        """Create a bank account, to be verified. Needs a trusted session.

        Raises:
            MfaRequired: the session is not trusted; nothing was created.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def update(self, bank_account_id: str, patch: BankAccountPatch) -> BankAccount:
        """Change what the patch names and return the bank account.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, bank_account_id, patch)

    def archive(self, bank_account_id: str) -> BankAccount:
        """Archive a bank account: nothing is paid from it any more."""
        return self._blocking.call(self._twin.archive, bank_account_id)

    def verify(self, bank_account_id: str, deposit_amount: Decimal) -> Verification:
        """Tell the amount of the small deposit that BILL made; in the sandbox it is 0.50.

        Raises:
            BillError: it was another amount.
        """
        return self._blocking.call(self._twin.verify, bank_account_id, deposit_amount)

    def users(self, *, current_user: bool | None = None) -> SyncListing[BankAccountUser]:
        """Who may pay from which account; with `current_user` only the session's."""
        return SyncListing(self._blocking, self._twin.users(current_user=current_user))

    def nominate_user(self, bank_account_id: str, user_id: str) -> Done:
        """Let a user pay from a bank account.

        Raises:
            BillError: `outcome` says whether it may have been done all the same.
        """
        return self._blocking.call(self._twin.nominate_user, bank_account_id, user_id)

    def archive_user(self, bank_account_user_id: str) -> BankAccountUser:
        """Let a user pay from a bank account no more."""
        return self._blocking.call(self._twin.archive_user, bank_account_user_id)


class SyncFundingAccounts:
    """What else can be paid from, and who may."""

    def __init__(self, blocking: Blocking, twin: FundingAccounts) -> None:
        self._blocking, self._twin = blocking, twin

    def cards(self, *, card_user_status: str | None = None) -> CardAccounts:
        """The organisation's cards and what they cost."""
        return self._blocking.call(self._twin.cards, card_user_status=card_user_status)

    def card(self, card_account_id: str) -> CardAccount:
        """The card of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.card, card_account_id)

    def card_users(self, *, current_user: bool | None = None) -> SyncListing[CardAccountUser]:
        """Who may pay by which card; with `current_user` only the session's."""
        return SyncListing(self._blocking, self._twin.card_users(current_user=current_user))

    def funding_purposes(self, vendor_id: str, *, brand: str) -> FundingPurposes:
        """What a payment to a vendor may be for, where it is made by a card of this brand."""
        return self._blocking.call(self._twin.funding_purposes, vendor_id, brand=brand)

    def ap_cards(self) -> Sequence[ApCard]:
        """The organisation's cards for accounts payable."""
        return self._blocking.call(self._twin.ap_cards)

    def permissions(self) -> FundingPermissions:
        """What this organisation and the session's user may pay from."""
        return self._blocking.call(self._twin.permissions)


class SyncOrganizations:
    """The organisation of the session, by its id."""

    def __init__(self, blocking: Blocking, twin: Organizations) -> None:
        self._blocking, self._twin = blocking, twin

    def get(self, organization_id: str) -> Organization:
        """The organisation of this id.

        Raises:
            NotFound: there is none, or the session is another's.
        """
        return self._blocking.call(self._twin.get, organization_id)

    def update(self, organization_id: str, patch: OrganizationPatch) -> Organization:
        """Change what the patch names and return the organisation.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, organization_id, patch)

    def industries(self) -> Sequence[str]:
        """The words that BILL has for industries."""
        return self._blocking.call(self._twin.industries)

    def price_plan(self, organization_id: str) -> PricePlan:
        """What BILL charges the organisation."""
        return self._blocking.call(self._twin.price_plan, organization_id)

    def billing_statements(
        self,
        organization_id: str,
        *,
        invoiced_from: date | None = None,
        invoiced_to: date | None = None,
    ) -> SyncListing[BillingStatement]:
        """What BILL charged, statement by statement, invoiced in these days."""
        return SyncListing(
            self._blocking,
            self._twin.billing_statements(
                organization_id, invoiced_from=invoiced_from, invoiced_to=invoiced_to
            ),
        )

    def billing_statement(self, organization_id: str, statement_id: str) -> BillingStatement:
        """One statement, with its details and where it can be downloaded.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.billing_statement, organization_id, statement_id)


class SyncUsers:
    """The organisation's users."""

    def __init__(self, blocking: Blocking, twin: Users) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[User]:
        """Users for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, user_id: str) -> User:
        """The user of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, user_id)

    def create(self, draft: UserDraft) -> User:
        """Invite a user, and return who it is.

        Raises:
            BillError: `outcome` says whether the user may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def update(self, user_id: str, patch: UserPatch) -> User:
        """Change what the patch names and return the user.

        Raises:
            BillError: `outcome` says whether the user may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, user_id, patch)

    def archive(self, user_id: str) -> User:
        """Archive a user, who cannot log in any more."""
        return self._blocking.call(self._twin.archive, user_id)

    def restore(self, user_id: str) -> User:
        """Undo archiving."""
        return self._blocking.call(self._twin.restore, user_id)


class SyncRoles:
    """What users may do."""

    def __init__(self, blocking: Blocking, twin: Roles) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[Role]:
        """Roles for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, role_id: str) -> Role:
        """The role of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, role_id)


class SyncReports:
    """What BILL reports."""

    def __init__(self, blocking: Blocking, twin: Reports) -> None:
        self._blocking, self._twin = blocking, twin

    def vendor_audit_trail(
        self,
        vendor_id: str,
        *,
        start: int = 0,
        largest: int = LARGEST_PAGE,
        include_archived: bool = False,
    ) -> Sequence[AuditEntry]:
        """Who changed what of a vendor: up to `largest` changes, the first `start` left out.

        Raises:
            NotFound: there is no such vendor.
        """
        return self._blocking.call(
            self._twin.vendor_audit_trail,
            vendor_id,
            start=start,
            largest=largest,
            include_archived=include_archived,
        )


class SyncSessions:
    """The session that the client's authentication has opened."""

    def __init__(self, blocking: Blocking, twin: Sessions) -> None:
        self._blocking, self._twin = blocking, twin

    def details(self) -> SessionDetails:
        """Whose session it is, and what it says of multi-factor authentication."""
        return self._blocking.call(self._twin.details)

    def log_out(self) -> None:
        """End the session; the next call opens a new one."""
        self._blocking.call(self._twin.log_out)

    def organizations(self) -> SyncListing[AvailableOrganization]:
        """The organisations that the user may log in to, up to a hundred a page."""
        return SyncListing(self._blocking, self._twin.organizations())


class SyncMultiFactor:
    """Multi-factor authentication: it makes the session trusted, which payments need.

    A session that a sync token has opened cannot become trusted. BILL sends at most five texts a
    minute.
    """

    def __init__(self, blocking: Blocking, twin: MultiFactor) -> None:
        self._blocking, self._twin = blocking, twin

    def phones(self) -> Sequence[MfaPhone]:
        """The phones that tokens are sent to."""
        return self._blocking.call(self._twin.phones)

    def set_up(self, phone: str, *, kind: str = "TEXT", primary: bool = True) -> MfaSetup:
        """Begin to set up a phone: a token is sent to it.

        Raises:
            BillError: `outcome` says whether a token may have been sent all the same.
        """
        return self._blocking.call(self._twin.set_up, phone, kind=kind, primary=primary)

    def validate_setup(self, setup_id: str, token: str, *, kind: str = "TEXT") -> Done:
        """Finish setting up a phone, with the token that was sent to it.

        Raises:
            BillError: the token is not the one, or came too late.
        """
        return self._blocking.call(self._twin.validate_setup, setup_id, token, kind=kind)

    def challenge(self, *, use_backup: bool = False) -> MfaChallenge:
        """Send a token of six digits to the phone, or to the one kept as a backup.

        Raises:
            BillError: `outcome` says whether a token may have been sent all the same.
        """
        return self._blocking.call(self._twin.challenge, use_backup=use_backup)

    def validate(
        self,
        challenge_id: str,
        token: str,
        *,
        device: str | None = None,
        machine_name: str | None = None,
        remember_me: bool = False,
    ) -> RememberedDevice:
        """Answer a challenge: the session is trusted from now on.

        With `remember_me` and a `device` there is a `remember_me_id`, good for 30 days and this
        `device` only: give both to the `SessionAuth` of later programs.

        Raises:
            BillError: the token is not the one, or came too late.
        """
        return self._blocking.call(
            self._twin.validate,
            challenge_id,
            token,
            device=device,
            machine_name=machine_name,
            remember_me=remember_me,
        )

    def step_up(self, remember_me_id: str, device: str) -> Trust:
        """Make this session trusted, with what an earlier challenge on this device gave.

        Raises:
            BillError: it is too old, or another device's.
        """
        return self._blocking.call(self._twin.step_up, remember_me_id, device)


class SyncWebhooks:
    """What BILL tells of by itself, and to whom. At most ten subscriptions an organisation."""

    def __init__(self, blocking: Blocking, twin: Webhooks) -> None:
        self._blocking, self._twin = blocking, twin

    def catalogue(self) -> Sequence[CatalogueEntry]:
        """The types of events that there are."""
        return self._blocking.call(self._twin.catalogue)

    def subscriptions(self) -> SyncListing[Subscription]:
        """The organisation's subscriptions."""
        return SyncListing(self._blocking, self._twin.subscriptions())

    def get(self, subscription_id: str) -> Subscription:
        """The subscription of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, subscription_id)

    def create(
        self, draft: SubscriptionDraft, *, idempotency_key: str | None = None
    ) -> Subscription:
        """Subscribe, and return the subscription with its security key, which is told only here.

        With an `idempotency_key` of your own (a UUID) you may ask again after an uncertain
        outcome: for 24 hours BILL answers the same key with what it answered first.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft, idempotency_key=idempotency_key)

    def update(self, subscription_id: str, patch: SubscriptionPatch) -> Subscription:
        """Change what the patch names and return the subscription.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, subscription_id, patch)

    def replace(self, subscription_id: str, draft: SubscriptionDraft) -> Subscription:
        """Put the draft in the place of the subscription, and return what is there now.

        Raises:
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        return self._blocking.call(self._twin.replace, subscription_id, draft)

    def delete(self, subscription_id: str) -> None:
        """End a subscription.

        Raises:
            BillError: `outcome` says whether it may be gone all the same.
        """
        self._blocking.call(self._twin.delete, subscription_id)

    def new_security_key(
        self, subscription_id: str, *, idempotency_key: str | None = None
    ) -> SecurityKey:
        """Have events signed with a new key from now on. See `create` for the idempotency key.

        Raises:
            BillError: `outcome` says whether there may be a new key all the same.
        """
        return self._blocking.call(
            self._twin.new_security_key, subscription_id, idempotency_key=idempotency_key
        )

    def test(self, subscription_id: str, event: EventTestDraft) -> DeliveredEvent:
        """Have an event sent that nothing happened for, and return what came back.

        Raises:
            BillError: `outcome` says whether it may have been sent all the same.
        """
        return self._blocking.call(self._twin.test, subscription_id, event)

    def history(
        self, subscription_id: str, *, entity_id: str | None = None
    ) -> SyncListing[DeliveredEvent]:
        """The events that were sent in the last 180 days, of one entity if it is named."""
        return SyncListing(self._blocking, self._twin.history(subscription_id, entity_id=entity_id))

    def resend(self, subscription_id: str, event_id: str) -> DeliveredEvent:
        """Have an event of the history sent again, and return what came back.

        Raises:
            BillError: `outcome` says whether it may have been sent all the same.
        """
        return self._blocking.call(self._twin.resend, subscription_id, event_id)


class SyncClassification(Generic[C, D, P]):
    """One kind of thing that lines are booked on: the seven have the same operations."""

    def __init__(self, blocking: Blocking, twin: Classification[C, D, P]) -> None:
        self._blocking, self._twin = blocking, twin

    def list(self, *conditions: Condition, sort: str | None = None) -> SyncListing[C]:
        """Those for which all conditions hold; archived ones as BILL tells them.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        return SyncListing(self._blocking, self._twin.list(*conditions, sort=sort))

    def get(self, classification_id: str) -> C:
        """The one of this id.

        Raises:
            NotFound: there is none.
        """
        return self._blocking.call(self._twin.get, classification_id)

    def create(self, draft: D) -> C:
        """Create one and return it as BILL stored it.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def create_all(self, drafts: Sequence[D]) -> Sequence[C]:
        """Create up to 50 together, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been created all the same.
        """
        return self._blocking.call(self._twin.create_all, drafts)

    def update(self, classification_id: str, patch: P) -> C:
        """Change what the patch names and return it.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return self._blocking.call(self._twin.update, classification_id, patch)

    def update_all(self, patches: Mapping[str, P]) -> Sequence[C]:
        """Change up to 50, each told by its id.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been changed all the same.
        """
        return self._blocking.call(self._twin.update_all, patches)

    def archive(self, classification_id: str) -> C:
        """Archive it: nothing new can be booked on it. Archiving twice does no more than once."""
        return self._blocking.call(self._twin.archive, classification_id)

    def restore(self, classification_id: str) -> C:
        """Undo archiving. Restoring twice does no more than once."""
        return self._blocking.call(self._twin.restore, classification_id)

    def archive_all(self, classification_ids: Sequence[str]) -> Sequence[C]:
        """Archive up to 50.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
        """
        return self._blocking.call(self._twin.archive_all, classification_ids)

    def restore_all(self, classification_ids: Sequence[str]) -> Sequence[C]:
        """Undo archiving of up to 50.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
        """
        return self._blocking.call(self._twin.restore_all, classification_ids)


class SyncBillClient:
    """A BILL organisation, as one asks it and as it answers."""

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[Environment]]) -> None:
        self._blocking = Blocking()
        try:
            self._twin = self._blocking.enter(make)
        except BaseException:  # whatever it was; it is raised again
            self._blocking.close()
            raise
        self.vendors = SyncVendors(self._blocking, self._twin.vendors)
        self.bills = SyncBills(self._blocking, self._twin.bills)
        self.recurring_bills = SyncRecurringBills(self._blocking, self._twin.recurring_bills)
        self.vendor_credits = SyncVendorCredits(self._blocking, self._twin.vendor_credits)
        self.payments = SyncPayments(self._blocking, self._twin.payments)
        self.bill_approvals = SyncBillApprovals(self._blocking, self._twin.bill_approvals)
        self.documents = SyncDocuments(self._blocking, self._twin.documents)
        self.attachments = SyncAttachments(self._blocking, self._twin.attachments)
        self.bank_accounts = SyncBankAccounts(self._blocking, self._twin.bank_accounts)
        self.funding_accounts = SyncFundingAccounts(self._blocking, self._twin.funding_accounts)
        self.organizations = SyncOrganizations(self._blocking, self._twin.organizations)
        self.users = SyncUsers(self._blocking, self._twin.users)
        self.roles = SyncRoles(self._blocking, self._twin.roles)
        self.reports = SyncReports(self._blocking, self._twin.reports)
        self.session = SyncSessions(self._blocking, self._twin.session)
        self.mfa = SyncMultiFactor(self._blocking, self._twin.mfa)
        self.webhooks = SyncWebhooks(self._blocking, self._twin.webhooks)
        self.chart_of_accounts = SyncClassification(self._blocking, self._twin.chart_of_accounts)
        self.departments = SyncClassification(self._blocking, self._twin.departments)
        self.locations = SyncClassification(self._blocking, self._twin.locations)
        self.accounting_classes = SyncClassification(self._blocking, self._twin.accounting_classes)
        self.jobs = SyncClassification(self._blocking, self._twin.jobs)
        self.items = SyncClassification(self._blocking, self._twin.items)
        self.employees = SyncClassification(self._blocking, self._twin.employees)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection, and end the thread."""
        self._blocking.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | Sequence[object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
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
        return self._blocking.call(
            self._twin.request,
            method,
            path,
            query=query,
            json=json,
            content=content,
            headers=headers,
            timeout=timeout,
            reads=reads,
        )
