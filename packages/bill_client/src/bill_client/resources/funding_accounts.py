"""What the organisation pays from: bank accounts, cards, wallets (`bill.md` §5.9)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import patching, posting, reading
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
from bill_client.models.sessions import Done

_PATH = "funding-accounts"


@attrs.frozen
class BankAccounts:
    """The organisation's bank accounts, and who may pay from them."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[BankAccount]:
        """Bank accounts for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("bank-accounts", conditions=conditions, sort=sort)
        return self._api.listing(BankAccount, f"/{_PATH}/banks", query)

    async def get(self, bank_account_id: str) -> BankAccount:
        """The bank account of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(BankAccount, reading(_PATH, "banks", bank_account_id))

    async def create(self, draft: BankAccountDraft) -> BankAccount:
        """Create a bank account, to be verified. Needs a trusted session.

        Raises:
            MfaRequired: the session is not trusted; nothing was created.
            BillError: `outcome` says whether it may have been created all the same.
        """
        return await self._api.one(BankAccount, posting(_PATH, "banks", body=draft))

    async def update(self, bank_account_id: str, patch: BankAccountPatch) -> BankAccount:
        """Change what the patch names and return the bank account.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        call = patching(_PATH, "banks", bank_account_id, body=patch)
        return await self._api.one(BankAccount, call)

    async def archive(self, bank_account_id: str) -> BankAccount:
        """Archive a bank account: nothing is paid from it any more."""
        return await self._api.one(BankAccount, posting(_PATH, "banks", bank_account_id, "archive"))

    async def verify(self, bank_account_id: str, deposit_amount: Decimal) -> Verification:
        """Tell the amount of the small deposit that BILL made; in the sandbox it is 0.50.

        Raises:
            BillError: it was another amount.
        """
        body = {"depositAmount": deposit_amount}
        call = posting(_PATH, "banks", bank_account_id, "verify", body=body)
        return await self._api.one(Verification, call)

    def users(self, *, current_user: bool | None = None) -> Listing[BankAccountUser]:
        """Who may pay from which account; with `current_user` only the session's."""
        query = _of_user("bank-account-users", current_user=current_user)
        return self._api.listing(BankAccountUser, f"/{_PATH}/banks/users", query)

    async def nominate_user(self, bank_account_id: str, user_id: str) -> Done:
        """Let a user pay from a bank account.

        Raises:
            BillError: `outcome` says whether it may have been done all the same.
        """
        body = {"bankAccountId": bank_account_id, "userId": user_id}
        return await self._api.one(Done, posting(_PATH, "banks", "users", "nominate", body=body))

    async def archive_user(self, bank_account_user_id: str) -> BankAccountUser:
        """Let a user pay from a bank account no more."""
        call = posting(_PATH, "banks", "users", bank_account_user_id, "archive")
        return await self._api.one(BankAccountUser, call)


@attrs.frozen
class FundingAccounts:
    """What else can be paid from, and who may."""

    _api: Api = attrs.field(repr=False)

    async def cards(self, *, card_user_status: str | None = None) -> CardAccounts:
        """The organisation's cards and what they cost."""
        query = {"cardUserStatus": card_user_status} if card_user_status else {}
        return await self._api.one(CardAccounts, reading(_PATH, "cards", query=query))

    async def card(self, card_account_id: str) -> CardAccount:
        """The card of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(CardAccount, reading(_PATH, "cards", card_account_id))

    def card_users(self, *, current_user: bool | None = None) -> Listing[CardAccountUser]:
        """Who may pay by which card; with `current_user` only the session's."""
        query = _of_user("card-account-users", current_user=current_user)
        return self._api.listing(CardAccountUser, f"/{_PATH}/cards/users", query)

    async def funding_purposes(self, vendor_id: str, *, brand: str) -> FundingPurposes:
        """What a payment to a vendor may be for, where it is made by a card of this brand."""
        query = {"vendorId": vendor_id, "brand": brand}
        call = reading(_PATH, "cards", "funding-purposes", query=query)
        return await self._api.one(FundingPurposes, call)

    async def ap_cards(self) -> Sequence[ApCard]:
        """The organisation's cards for accounts payable."""
        return await self._api.many(ApCard, reading(_PATH, "ap-cards"), None)

    async def permissions(self) -> FundingPermissions:
        """What this organisation and the session's user may pay from."""
        return await self._api.one(FundingPermissions, reading(_PATH, "permissions"))


def _of_user(resource: str, *, current_user: bool | None) -> dict[str, str]:
    query = parameters(resource)
    if current_user is not None:
        query["currentUser"] = str(current_user).lower()
    return query
