"""Logins and sessions (`bill.md` §1.3 to §1.5)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from bill_client.emulator.envelopes import Refusal

IDLE = timedelta(minutes=35)
"""A session lapses after this long without a call; every call begins it anew."""


@attrs.frozen(kw_only=True)
class User:
    """A user of an organisation."""

    id: str
    username: str
    password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Organization:
    """An organisation: who may log in, with which keys, and what it can pay."""

    id: str
    name: str
    currency: str
    currencies: frozenset[str]
    users: Sequence[User]
    dev_keys: frozenset[str] = attrs.field(repr=False)


@attrs.define(kw_only=True)
class Session:
    """An open session, good only with the key it was made with."""

    organization: str
    user: str
    dev_key: str = attrs.field(repr=False)
    used: datetime
    trusted: bool = False


class Sessions:
    """Who is logged in."""

    def __init__(
        self, organizations: Mapping[str, Organization], now: Callable[[], datetime]
    ) -> None:
        self._organizations = organizations
        self._now = now
        self._open: dict[str, Session] = {}

    def login(self, body: object) -> dict[str, object]:
        """Open a session; a new one each time.

        Raises:
            Refusal: fields are missing (400), the key is not one (BDC_1102), or the password is
                wrong (BDC_1101). That these come with 401 is unverified.
        """
        told = body if isinstance(body, Mapping) else {}
        needed = ("username", "password", "organizationId", "devKey")
        missing = [f"{name}: must not be blank" for name in needed if not told.get(name)]
        if missing:
            raise Refusal.invalid(missing)
        organization = self._organizations.get(str(told["organizationId"]))
        if organization is None or told["devKey"] not in organization.dev_keys:
            raise Refusal.rule("BDC_1102", "Developer key is invalid", status=401)
        user = next(
            (
                user
                for user in organization.users
                if (user.username, user.password) == (told["username"], told["password"])
            ),
            None,
        )
        if user is None:
            message = "Login information is invalid. User name and/or password do not match."
            raise Refusal.rule("BDC_1101", message, status=401)
        session_id = secrets.token_urlsafe(24)
        self._open[session_id] = Session(
            organization=organization.id,
            user=user.id,
            dev_key=str(told["devKey"]),
            used=self._now(),
        )
        return {
            "organizationId": organization.id,
            "sessionId": session_id,
            "trusted": False,
            "userId": user.id,
        }

    def of(self, session_id: str, dev_key: str) -> Session:
        """The session, used now.

        Raises:
            Refusal: 401 BDC_1109, when it lapsed, was never opened, or belongs to another key
                (the last is a guess).
        """
        session = self._open.get(session_id)
        if session is None or session.dev_key != dev_key or self._now() - session.used > IDLE:
            self._open.pop(session_id, None)
            # Two blanks, as BILL writes it.
            message = "Session is invalid.  Please log in."
            raise Refusal.rule("BDC_1109", message, status=401)
        session.used = self._now()
        return session

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
