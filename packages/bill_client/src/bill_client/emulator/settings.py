"""The switches for what nobody has verified about BILL (`bill.md` §10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import attrs


class UnknownSetting(ValueError):
    """A switch that does not exist, or a value that it does not have."""


@attrs.define(kw_only=True)
class EmulatorSettings:
    """How the emulator behaves where the reference does not say.

    `limit_status`: the status that goes with a limit's code (§2).
    `duplicate_invoice_numbers`: `accept` or `reject` the same number twice for one vendor (§6).
    `invoice_number_limit`: the longest number taken, or None (§6).
    `list_lag_seconds`: how long a created object stays out of lists (`domain.md` W10).
    `archived_in_unfiltered_lists`: whether archived rows show where `archived` is not asked (§4).
    `updated_time_moves_on_status_change`: whether `updatedTime` tells of a payment's progress.
    `reissue_keeps_payment_id`: whether a voided and reissued payment stays itself (`domain.md` §8).
    """

    limit_status: int = 429
    duplicate_invoice_numbers: str = "accept"
    invoice_number_limit: int | None = None
    list_lag_seconds: float = 0.0
    archived_in_unfiltered_lists: bool = True
    updated_time_moves_on_status_change: bool = True
    reissue_keeps_payment_id: bool = True

    def change(self, values: Mapping[str, object]) -> None:
        """Set these switches, all or none.

        Raises:
            UnknownSetting: one does not exist, or its value is of another kind.
        """
        known = attrs.fields_dict(EmulatorSettings)
        for name, value in values.items():
            if name not in known:
                raise UnknownSetting(f"setting {name!r} is unknown; known are {sorted(known)}")
            if not _FITS[name](value):
                raise UnknownSetting(f"{name} cannot be {value!r}; {_ALLOWED[name]}")
        for name, value in values.items():
            setattr(self, name, value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


_FLAG = "say true or false"
_ALLOWED: Mapping[str, str] = {
    "limit_status": "say 429 or 422",
    "duplicate_invoice_numbers": "say accept or reject",
    "invoice_number_limit": "say how many characters, or null",
    "list_lag_seconds": "say seconds, 0 for none",
    "archived_in_unfiltered_lists": _FLAG,
    "updated_time_moves_on_status_change": _FLAG,
    "reissue_keeps_payment_id": _FLAG,
}
_FITS: Mapping[str, Callable[[object], bool]] = {
    "limit_status": lambda value: value in (429, 422),
    "duplicate_invoice_numbers": lambda value: value in ("accept", "reject"),
    "invoice_number_limit": lambda value: value is None or type(value) is int,
    "list_lag_seconds": _is_number,
    "archived_in_unfiltered_lists": lambda value: isinstance(value, bool),
    "updated_time_moves_on_status_change": lambda value: isinstance(value, bool),
    "reissue_keeps_payment_id": lambda value: isinstance(value, bool),
}
