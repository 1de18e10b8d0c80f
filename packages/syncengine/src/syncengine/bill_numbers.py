"""Invoice numbers on their way into BILL: comparing them, and finding one that fits. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection

_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}
_DIGEST_LENGTH = 6


def comparable(number: str) -> str:
    """The form in which two invoice numbers are the same number (`domain.md` I-38).

    NFKC, zero-width characters removed, blanks collapsed, case folded. For comparing only: what
    is sent is the original.
    """
    visible = "".join(
        character
        for character in unicodedata.normalize("NFKC", number)
        if character not in _INVISIBLE and unicodedata.category(character) != "Cf"
    )
    return re.sub(r"\s+", " ", visible).strip().casefold()


def bill_number(number: str, *, distinct: str, taken: Collection[str], limit: int) -> str:
    """The number a bill gets in BILL (`domain.md` I-35, I-36).

    The original as it stands, if it has at most `limit` characters and no other bill of the
    vendor has it (`taken`, in comparable form). Else as much of it as fits, `~`, and six digits
    of a digest of the number and `distinct` (what tells this invoice from another of the same
    number): two invoices of one vendor never get the same number.

    Raises:
        ValueError: `limit` leaves no room for a digest.
    """
    if len(number) <= limit and comparable(number) not in taken:
        return number
    if limit <= _DIGEST_LENGTH + 1:
        raise ValueError(f"a limit of {limit} characters leaves no room for a distinct number")
    for salt in range(1_000):
        told = f"{number}\0{distinct}\0{salt}"
        short = hashlib.sha256(told.encode()).hexdigest()[:_DIGEST_LENGTH]
        candidate = f"{number[: limit - _DIGEST_LENGTH - 1]}~{short}"
        if comparable(candidate) not in taken:
            return candidate
    raise ValueError(f"no free number was found for invoice {number!r}")
