"""What we write on rows of the other side, so that they can be found again. Pure.

Neither side has a key of ours (`bill.md` §6, `d365.md` §5.1). A marker is evidence, not truth:
people can edit it; the link in the journal is the truth (`domain.md` §3.3, *Markers*).
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

VENDOR_MARKER_LIMIT = 40
"""BILL's `shortName` holds at most this many characters (`bill.md` §6)."""

_BILL_MARKER = re.compile(r"\[d365 (\S+) (\S+) (\S+) #([0-9a-f]{6})\]\s*$")


class BillMarker(NamedTuple):
    """What a bill's description says about where it comes from."""

    legal_entity: str
    vendor_account: str
    voucher: str
    digest: str


def vendor_marker(legal_entity: str, vendor_account: str) -> str:
    """The `shortName` of a vendor's twin in BILL (`domain.md` D8).

    Raises:
        ValueError: it would be longer than BILL takes; a cut marker could be another vendor's.
    """
    marker = f"{legal_entity}:{vendor_account}"
    if len(marker) > VENDOR_MARKER_LIMIT:
        raise ValueError(
            f"vendor {vendor_account}: the marker {marker!r} is longer than "
            f"{VENDOR_MARKER_LIMIT} characters"
        )
    return marker


def bill_marker(legal_entity: str, vendor_account: str, voucher: str, key: str) -> str:
    """The end of a bill's description; the digest is of the record's key."""
    digest = hashlib.sha256(f"{legal_entity}/{key}".encode()).hexdigest()[:6]
    return f"[d365 {legal_entity} {vendor_account} {voucher} #{digest}]"


def read_bill_marker(description: str) -> BillMarker | None:
    """The marker at the end of a description, or None."""
    found = _BILL_MARKER.search(description)
    return BillMarker(*found.groups()) if found else None


def line_text(bill_payment_id: str, payment_id: str) -> str:
    """The transaction text of a payment journal line: 46 characters with BILL's ids of 20."""
    return f"BILL {bill_payment_id} {payment_id}"
