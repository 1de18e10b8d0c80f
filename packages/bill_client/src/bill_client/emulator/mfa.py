"""Multi-factor authentication (`bill.md` §1.6).

The codes of its refusals are a third party's; that a wrong token is refused with BDC_1356, like a
late one, is a guess, as is how long a token is good.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import attrs

from bill_client.emulator.books import Body
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.sessions import Sessions
from bill_client.emulator.shapes import Shape, flag, problems, text, word

_LIVES = timedelta(minutes=10)
_ATTEMPTS = 5
_SHOWN_DIGITS = 4
_SETUP: Shape = {
    "phone": text(required=True),
    "type": word("TEXT", required=True),
    "primary": flag(required=True),
}
_SETUP_TOKEN: Shape = {
    "setupId": text(required=True),
    "type": word("TEXT", required=True),
    "token": text(required=True),
}
_CHALLENGE: Shape = {"useBackup": text()}
_TOKEN: Shape = {
    "challengeId": text(required=True),
    "token": text(required=True),
    "device": text(),
    "machineName": text(),
    "rememberMe": flag(),
}
_STEP_UP: Shape = {"rememberMeId": text(required=True), "device": text(required=True)}


@attrs.define
class _Sent:
    """A token that was sent to a user's phone."""

    user: str
    token: str = attrs.field(repr=False)
    until: datetime
    phone: Body
    attempts: int = 0


class Mfa:
    """Phones, tokens, and which sessions they make trusted."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions, self._now = sessions, now
        self._phones: dict[str, list[Body]] = {}
        self._open: dict[str, _Sent] = {}
        self.sent = ""

    def operations(self) -> Sequence[Operation]:
        """What can be asked about the second factor."""
        return [
            Operation("GET", "mfa/phones", self._list),
            Operation("POST", "mfa/setup", self._set_up),
            Operation("POST", "mfa/setup/validate", self._validate_setup),
            Operation("POST", "mfa/challenge", self._challenge),
            Operation("POST", "mfa/challenge/validate", self._validate),
            Operation("POST", "mfa/step-up", self._step_up),
        ]

    def _list(self, call: Received) -> Body:
        phones = self._phones.get(call.session.user, [])
        return {"results": phones}

    def _set_up(self, call: Received) -> Body:
        _check(_SETUP, call)
        told = call.fields
        phone = {
            "type": "MOBILE",
            "last4digits": told["phone"][-_SHOWN_DIGITS:],
            "primary": told["primary"],
        }
        return {"setupId": self._send(call, phone)}

    def _validate_setup(self, call: Received) -> Body:
        _check(_SETUP_TOKEN, call)
        sent = self._answered(call, call.fields["setupId"])
        phones = self._phones.setdefault(call.session.user, [])
        if sent.phone["primary"]:
            for phone in phones:
                phone["primary"] = False
        phones.append(sent.phone)
        return {"status": "SUCCESS"}

    def _challenge(self, call: Received) -> Body:
        _check(_CHALLENGE, call)
        self._refuse_sync_tokens(call)
        phones = self._phones.get(call.session.user, [])
        if not phones:
            raise Refusal.rule("BDC_1354", "No MFA device is set up.")
        return {"challengeId": self._send(call, phones[0])}

    def _validate(self, call: Received) -> Body:
        _check(_TOKEN, call)
        told = call.fields
        self._answered(call, told["challengeId"])
        self._sessions.trust(call.session)
        if not told.get("rememberMe") or not told.get("device"):
            return {}
        return {"rememberMeId": self._sessions.remember(call.session.user, told["device"])}

    def _step_up(self, call: Received) -> Body:
        _check(_STEP_UP, call)
        self._refuse_sync_tokens(call)
        told = call.fields
        user = call.session.user
        if not self._sessions.remembered(user, told["rememberMeId"], told["device"]):
            raise Refusal.rule("BDC_1374", "The remembered device is unknown or too old.")
        self._sessions.trust(call.session)
        return {"trusted": True}

    def _send(self, call: Received, phone: Body) -> str:
        self.sent = f"{secrets.randbelow(1_000_000):06d}"
        sent_id = secrets.token_urlsafe(12)
        until = self._now() + _LIVES
        self._open[sent_id] = _Sent(call.session.user, self.sent, until, phone)
        return sent_id

    def _answered(self, call: Received, sent_id: str) -> _Sent:
        """What was sent, if the token is the one.

        Raises:
            Refusal: it is not, it came too late, or too often.
        """
        sent = self._open.get(sent_id)
        if sent is None or sent.user != call.session.user:
            raise Refusal.not_found(sent_id)
        if sent.attempts >= _ATTEMPTS:
            raise Refusal.rule("BDC_1358", "Too many attempts.")
        sent.attempts += 1
        if self._now() > sent.until or not secrets.compare_digest(sent.token, call.fields["token"]):
            raise Refusal.rule("BDC_1356", "The token is expired or is not the one.")
        del self._open[sent_id]
        return sent

    def _refuse_sync_tokens(self, call: Received) -> None:
        if call.session.sync_token:
            raise Refusal.rule("BDC_1361", "Untrusted session.", status=403)


def _check(shape: Shape, call: Received) -> None:
    wrong = list(problems(shape, call.fields, whole=True))
    if wrong:
        raise Refusal.invalid(wrong)
