"""What every enumeration is: a text that is one of its members, or becomes one."""

from __future__ import annotations

import enum


class OpenEnum(enum.StrEnum):
    """An enumeration that grows: an unknown member becomes one when it is met.

    No list of BILL's values could be checked against its specification, so none is complete.
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member
