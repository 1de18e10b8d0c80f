"""Users of the organisation and their roles (`bill.md` §5.9)."""

from __future__ import annotations

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import patching, posting, reading
from bill_client.models.organizations import Role, User, UserDraft, UserPatch


@attrs.frozen
class Users:
    """The organisation's users."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[User]:
        """Users for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("users", conditions=conditions, sort=sort)
        return self._api.listing(User, "/users", query)

    async def get(self, user_id: str) -> User:
        """The user of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(User, reading("users", user_id))

    async def create(self, draft: UserDraft) -> User:
        """Invite a user, and return who it is.

        Raises:
            BillError: `outcome` says whether the user may have been created all the same.
        """
        return await self._api.one(User, posting("users", body=draft))

    async def update(self, user_id: str, patch: UserPatch) -> User:
        """Change what the patch names and return the user.

        Raises:
            BillError: `outcome` says whether the user may have been changed all the same.
        """
        return await self._api.one(User, patching("users", user_id, body=patch))

    async def archive(self, user_id: str) -> User:
        """Archive a user, who cannot log in any more."""
        return await self._api.one(User, posting("users", user_id, "archive"))

    async def restore(self, user_id: str) -> User:
        """Undo archiving."""
        return await self._api.one(User, posting("users", user_id, "restore"))


@attrs.frozen
class Roles:
    """What users may do."""

    _api: Api = attrs.field(repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[Role]:
        """Roles for which all conditions hold.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("roles", conditions=conditions, sort=sort)
        return self._api.listing(Role, "/roles", query)

    async def get(self, role_id: str) -> Role:
        """The role of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Role, reading("roles", role_id))
