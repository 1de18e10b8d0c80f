"""Sessions and multi-factor authentication (`bill.md` §1.3, §1.6)."""

from __future__ import annotations

from typing import ClassVar

import attrs

from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class SessionDetails(Resource):
    """Whose session it is. Words seen for `mfa_status`: DISABLED, COMPLETE, INCOMPLETE."""

    organization_id: str | None = None
    user_id: str | None = None
    mfa_status: str | None = None
    mfa_bypass: bool | None = None


@attrs.frozen(kw_only=True)
class MfaPhone(Resource):
    """A phone that tokens are sent to."""

    WIRE_NAMES: ClassVar = {"last_4_digits": "last4digits"}

    type: str | None = None
    last_4_digits: str | None = None
    primary: bool | None = None


@attrs.frozen(kw_only=True)
class MfaSetup(Resource):
    """A phone that is being set up."""

    setup_id: str


@attrs.frozen(kw_only=True)
class MfaChallenge(Resource):
    """A challenge: a token of six digits was sent to the phone."""

    challenge_id: str


@attrs.frozen(kw_only=True)
class RememberedDevice(Resource):
    """What makes a later session of the same device trusted, for 30 days. A secret."""

    remember_me_id: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Trust(Resource):
    """Whether the session is trusted now."""

    trusted: bool | None = None


@attrs.frozen(kw_only=True)
class Done(Resource):
    """That it was done; the word is SUCCESS."""

    status: str | None = None
