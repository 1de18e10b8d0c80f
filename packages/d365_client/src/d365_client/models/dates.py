"""How D365 writes dates and instants, which are of one type on the wire (`d365.md` §2.7)."""

from __future__ import annotations

from datetime import UTC, date, datetime

_NULL = date(1900, 1, 1)


def date_text(value: date) -> str:
    """A date, which D365 keeps at noon UTC."""
    return f"{value.isoformat()}T12:00:00Z"


def instant_text(value: datetime) -> str:
    """An instant, in UTC.

    Raises:
        ValueError: it is naive, so nobody knows which instant it is.
    """
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} is naive; give an aware instant")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_date(text: str) -> date | None:
    """The date, never moved through a time zone; None for the null date of 1900.

    Raises:
        ValueError: it is no date.
    """
    day = date.fromisoformat(text[:10])
    return None if day == _NULL else day


def read_instant(text: str) -> datetime | None:
    """The instant, in UTC; None for the null instant of 1900.

    Raises:
        ValueError: it is no instant, or one without an offset.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} is an instant without an offset")
    utc = instant.astimezone(UTC)
    return None if utc.date() == _NULL else utc
