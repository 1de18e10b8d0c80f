"""What only a session may do that multi-factor authentication made trusted (`bill.md` §1.6)."""

from __future__ import annotations

from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Received


def require_trust(call: Received) -> None:
    """Refuse a session that is not trusted; that of a sync token never is.

    Raises:
        Refusal: 403 BDC_1361.
    """
    if not call.session.trusted:
        raise Refusal.rule("BDC_1361", "Untrusted session.", status=403)
