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
    `undocumented_filters`: whether lists can be filtered by times, id and `archived` where no page
    documents it (§4).
    `patch_adds_lines`: whether a PATCH adds a bill's line that has no id, or refuses it (§5.2).
    `edits_of_paid_bills`: `accept` or `reject` changes of paid or approved bills (§5.2).
    `duplicate_vendor_names`: `accept` or `reject` a name twice (§5.1).
    `login_failure_status`: the status of a failed login (§1.3).
    `payments_progress_on_the_clock`: whether payments move by themselves, and
    `hours_per_payment_state`: how long each state lasts then (§5.4).
    `document_upload_seconds`: how long an uploaded document is taken in (§5.8).
    `webhook_body`: `escaped`, JSON in a JSON string, as the documents say, or `plain` (§5.10).
    `webhook_attempts`: how often an event is sent before its subscription is disabled (§5.10).
    """

    limit_status: int = 429
    duplicate_invoice_numbers: str = "accept"
    invoice_number_limit: int | None = None
    list_lag_seconds: float = 0.0
    archived_in_unfiltered_lists: bool = True
    updated_time_moves_on_status_change: bool = True
    reissue_keeps_payment_id: bool = True
    undocumented_filters: bool = False
    patch_adds_lines: bool = False
    edits_of_paid_bills: str = "accept"
    duplicate_vendor_names: str = "accept"
    login_failure_status: int = 401
    payments_progress_on_the_clock: bool = False
    hours_per_payment_state: float = 24.0
    document_upload_seconds: float = 0.0
    webhook_body: str = "escaped"
    webhook_attempts: int = 5

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
    "undocumented_filters": _FLAG,
    "patch_adds_lines": _FLAG,
    "edits_of_paid_bills": "say accept or reject",
    "duplicate_vendor_names": "say accept or reject",
    "login_failure_status": "say 400, 401, 403 or 422",
    "payments_progress_on_the_clock": _FLAG,
    "hours_per_payment_state": "say hours, more than 0",
    "document_upload_seconds": "say seconds, 0 for none",
    "webhook_body": "say escaped or plain",
    "webhook_attempts": "say how many, 1 at least",
}
_FITS: Mapping[str, Callable[[object], bool]] = {
    "limit_status": lambda value: value in (429, 422),
    "duplicate_invoice_numbers": lambda value: value in ("accept", "reject"),
    "invoice_number_limit": lambda value: value is None or type(value) is int,
    "list_lag_seconds": _is_number,
    "archived_in_unfiltered_lists": lambda value: isinstance(value, bool),
    "updated_time_moves_on_status_change": lambda value: isinstance(value, bool),
    "reissue_keeps_payment_id": lambda value: isinstance(value, bool),
    "undocumented_filters": lambda value: isinstance(value, bool),
    "patch_adds_lines": lambda value: isinstance(value, bool),
    "edits_of_paid_bills": lambda value: value in ("accept", "reject"),
    "duplicate_vendor_names": lambda value: value in ("accept", "reject"),
    "login_failure_status": lambda value: value in (400, 401, 403, 422),
    "payments_progress_on_the_clock": lambda value: isinstance(value, bool),
    "hours_per_payment_state": lambda value: _is_number(value) and float(str(value)) > 0,
    "document_upload_seconds": _is_number,
    "webhook_body": lambda value: value in ("escaped", "plain"),
    "webhook_attempts": lambda value: type(value) is int and value > 0,
}
