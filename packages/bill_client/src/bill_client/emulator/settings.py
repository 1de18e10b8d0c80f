"""The switches for what nobody has verified about BILL (`bill.md` §10)."""

from __future__ import annotations

from collections.abc import Mapping

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
        kinds = {item.name: item.default for item in attrs.fields(EmulatorSettings)}
        for name, value in values.items():
            if name not in kinds:
                raise UnknownSetting(f"setting {name!r} is unknown; known are {sorted(kinds)}")
            if name == "duplicate_invoice_numbers" and value not in ("accept", "reject"):
                raise UnknownSetting(f"{name} is accept or reject, not {value!r}")
            if name == "limit_status" and value not in (422, 429):
                raise UnknownSetting(f"{name} is 429 or 422, not {value!r}")
        for name, value in values.items():
            setattr(self, name, value)
