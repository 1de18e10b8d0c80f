"""What every enumeration is: a text that is one of its members, or becomes one."""

from __future__ import annotations

import enum


class OpenEnum(enum.StrEnum):
    """An enumeration that grows: an unknown member becomes one when it is met.

    The class is named as the type is in D365: a filter's literal is made from it (`d365.md` §2.3).
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member
