"""The session, and making it trusted (`bill.md` §1.3, §1.6)."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._requests import posting, reading
from bill_client.models.organizations import AvailableOrganization
from bill_client.models.sessions import (
    Done,
    MfaChallenge,
    MfaPhone,
    MfaSetup,
    RememberedDevice,
    SessionDetails,
    Trust,
)


@attrs.frozen
class Sessions:
    """The session that the client's authentication has opened."""

    _api: Api = attrs.field(repr=False)

    async def details(self) -> SessionDetails:
        """Whose session it is, and what it says of multi-factor authentication."""
        return await self._api.one(SessionDetails, reading("login", "session"))

    async def log_out(self) -> None:
        """End the session; the next call opens a new one."""
        await self._api.done(posting("logout"))

    def organizations(self) -> Listing[AvailableOrganization]:
        """The organisations that the user may log in to, up to a hundred a page."""
        return self._api.listing(AvailableOrganization, "/login/organizations", {})


@attrs.frozen
class MultiFactor:
    """Multi-factor authentication: it makes the session trusted, which payments need.

    A session that a sync token has opened cannot become trusted. BILL sends at most five texts a
    minute.
    """

    _api: Api = attrs.field(repr=False)

    async def phones(self) -> Sequence[MfaPhone]:
        """The phones that tokens are sent to."""
        return await self._api.many(MfaPhone, reading("mfa", "phones"), "results")

    async def set_up(self, phone: str, *, kind: str = "TEXT", primary: bool = True) -> MfaSetup:
        """Begin to set up a phone: a token is sent to it.

        Raises:
            BillError: `outcome` says whether a token may have been sent all the same.
        """
        body = {"phone": phone, "type": kind, "primary": primary}
        return await self._api.one(MfaSetup, posting("mfa", "setup", body=body))

    async def validate_setup(self, setup_id: str, token: str, *, kind: str = "TEXT") -> Done:
        """Finish setting up a phone, with the token that was sent to it.

        Raises:
            BillError: the token is not the one, or came too late.
        """
        body = {"setupId": setup_id, "type": kind, "token": token}
        return await self._api.one(Done, posting("mfa", "setup", "validate", body=body))

    async def challenge(self, *, use_backup: bool = False) -> MfaChallenge:
        """Send a token of six digits to the phone, or to the one kept as a backup.

        Raises:
            BillError: `outcome` says whether a token may have been sent all the same.
        """
        # The collection samples the flag as text.
        body = {"useBackup": str(use_backup).lower()}
        return await self._api.one(MfaChallenge, posting("mfa", "challenge", body=body))

    async def validate(
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
        told = {
            "challengeId": challenge_id,
            "token": token,
            "device": device,
            "machineName": machine_name,
            "rememberMe": remember_me,
        }
        body = {name: value for name, value in told.items() if value is not None}
        call = posting("mfa", "challenge", "validate", body=body)
        return await self._api.one(RememberedDevice, call)

    async def step_up(self, remember_me_id: str, device: str) -> Trust:
        """Make this session trusted, with what an earlier challenge on this device gave.

        Raises:
            BillError: it is too old, or another device's.
        """
        body = {"rememberMeId": remember_me_id, "device": device}
        return await self._api.one(Trust, posting("mfa", "step-up", body=body))
