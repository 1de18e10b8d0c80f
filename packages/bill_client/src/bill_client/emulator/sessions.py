"""Logins and sessions (`bill.md` §1.3 to §1.5)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from starlette.responses import Response

from bill_client.emulator.accounts import Organization, Session, User
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.settings import EmulatorSettings

IDLE = timedelta(minutes=35)
"""A session lapses after this long without a call; every call begins it anew."""

IDLE_OF_SYNC_TOKENS = timedelta(hours=48)
"""The session of a sync token does; that these are idle hours is unverified (§1.4)."""

REMEMBERED = timedelta(days=30)
"""How long a device is remembered (§1.6)."""


class Sessions:
    """Who is logged in."""

    def __init__(
        self,
        organizations: Mapping[str, Organization],
        now: Callable[[], datetime],
        settings: EmulatorSettings,
    ) -> None:
        self._organizations = organizations
        self._now = now
        self._settings = settings
        self._remembered: dict[str, tuple[str, str, datetime]] = {}
        self._open: dict[str, Session] = {}

    def login(self, body: object) -> dict[str, object]:
        """Open a session; a new one each time.

        Raises:
            Refusal: fields are missing (400), the key is not one (BDC_1102), or the password is
                wrong (BDC_1101). The status of these two is unverified: a setting.
        """
        told = body if isinstance(body, Mapping) else {}
        needed = ("username", "password", "organizationId", "devKey")
        missing = [f"{name}: must not be blank" for name in needed if not told.get(name)]
        if missing:
            raise Refusal.invalid(missing)
        organization = self._organizations.get(str(told["organizationId"]))
        if organization is None or told["devKey"] not in organization.dev_keys:
            raise Refusal.rule("BDC_1102", "Developer key is invalid", status=self._refusing)
        user, of_a_token = _who(organization, told["username"], told["password"])
        if user is None:
            message = "Login information is invalid. User name and/or password do not match."
            raise Refusal.rule("BDC_1101", message, status=self._refusing)
        session_id = secrets.token_urlsafe(24)
        self._open[session_id] = Session(
            organization=organization.id,
            user=user.id,
            dev_key=str(told["devKey"]),
            used=self._now(),
            trusted=not of_a_token and self._remembers(user.id, told),
            sync_token=of_a_token,
        )
        return {
            "organizationId": organization.id,
            "sessionId": session_id,
            "trusted": self._open[session_id].trusted,
            "userId": user.id,
        }

    def operations(self) -> Sequence[Operation]:
        """What can be asked about the session; opening one is apart, since it needs none."""
        return [
            Operation("GET", "login/session", self._details),
            Operation("GET", "login/organizations", self._list),
            Operation("POST", "logout", self._log_out),
        ]

    def trust(self, session: Session) -> None:
        """A second factor was shown: the session is trusted."""
        session.trusted = True

    def remember(self, user: str, device: str) -> str:
        """An id by which sessions of this device are trusted, for 30 days."""
        remember_me_id = secrets.token_urlsafe(24)
        self._remembered[remember_me_id] = (user, device, self._now() + REMEMBERED)
        return remember_me_id

    def remembered(self, user: str, remember_me_id: object, device: object) -> bool:
        """Whether the id is this user's and this device's, and not too old."""
        known = self._remembered.get(str(remember_me_id))
        return known is not None and known[:2] == (user, device) and self._now() < known[2]

    def _remembers(self, user: str, told: Mapping[str, object]) -> bool:
        return self.remembered(user, told.get("rememberMeId"), told.get("device"))

    @property
    def _refusing(self) -> int:
        return self._settings.login_failure_status

    def _details(self, call: Received) -> dict[str, object]:
        session = call.session
        status = "COMPLETE" if session.trusted else "DISABLED"
        told = {"organizationId": session.organization, "userId": session.user}
        return {**told, "mfaStatus": status, "mfaBypass": False}

    def _list(self, call: Received) -> dict[str, object]:
        """The organisations that the user may log in to; the fields' names are unverified."""
        organizations = [
            {"organizationId": one.id, "organizationName": one.name}
            for one in self._organizations.values()
            if any(user.id == call.session.user for user in one.users)
        ]
        return {"results": organizations}

    def _log_out(self, call: Received) -> Response:
        self.close(call.headers.get("sessionId", ""))
        return Response()

    def of(self, session_id: str, dev_key: str) -> Session:
        """The session, used now.

        Raises:
            Refusal: 401 BDC_1109, when it lapsed, was never opened, or belongs to another key
                (the last is a guess).
        """
        session = self._open.get(session_id)
        if session is None or session.dev_key != dev_key or self._lapsed(session):
            self._open.pop(session_id, None)
            # Two blanks, as BILL writes it.
            message = "Session is invalid.  Please log in."
            raise Refusal.rule("BDC_1109", message, status=401)
        session.used = self._now()
        return session

    def _lapsed(self, session: Session) -> bool:
        idle = IDLE_OF_SYNC_TOKENS if session.sync_token else IDLE
        return self._now() - session.used > idle

    def organization_of(self, session_id: str) -> str:
        """Whose session this is, without using it; empty when it is nobody's."""
        session = self._open.get(session_id)
        return session.organization if session else ""

    def close(self, session_id: str) -> None:
        """Log out."""
        self._open.pop(session_id, None)

    def expire_all(self) -> None:
        """Let every session lapse now."""
        self._open.clear()


def _who(organization: Organization, name: object, secret: object) -> tuple[User | None, bool]:
    """The user of a name and password, or of a sync token's name and token, and whether it is one.

    A token acts for the organisation's first user.
    """
    for user in organization.users:
        if (user.username, user.password) == (name, secret):
            return user, False
    if name in organization.sync_tokens and organization.sync_tokens[str(name)] == secret:
        return organization.users[0], True
    return None, False
