"""Lists by time: cut into windows of creation, or by change (`bill.md` §4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bill_client._query import Condition, field, parameters

OVERLAP = timedelta(hours=24)
"""How much earlier than asked a list of changes begins (`domain.md` I-30)."""

_FINEST = timedelta(milliseconds=1)
"""BILL's instants have milliseconds (`bill.md` §4)."""


def created_in_windows(
    resource: str,
    conditions: Sequence[Condition],
    since: datetime,
    until: datetime,
    number: int,
) -> Sequence[Mapping[str, str]]:
    """One query for each window of time in which rows were created.

    Raises:
        ValueError: there is no such window, or BILL documents no such filter.
    """
    created = field("createdTime")
    return [
        parameters(
            resource,
            conditions=[*conditions, created >= start, created < end],
            sort="createdTime:asc",
        )
        for start, end in windows(since, until, number)
    ]


def changed_from(
    resource: str, conditions: Sequence[Condition]
) -> Sequence[Callable[[datetime], Mapping[str, str]]]:
    """What makes the queries for rows changed at an instant or later, the oldest change first.

    Whether a list shows archived rows unasked is unverified, so both kinds are asked for, unless
    `conditions` say which.

    Raises:
        ValueError: BILL documents no such filter.
    """
    archived = field("archived")
    either: Sequence[Sequence[Condition]] = [[archived == False], [archived == True]]  # noqa: E712 - these are conditions
    if any(condition.field == "archived" for condition in conditions):
        either = [[]]

    def making(which: Sequence[Condition]) -> Callable[[datetime], Mapping[str, str]]:
        def query(start: datetime) -> Mapping[str, str]:
            changed = field("updatedTime") >= start
            everything = [*conditions, *which, changed]
            return parameters(resource, conditions=everything, sort="updatedTime:asc")

        return query

    return [making(which) for which in either]


def windows(since: datetime, until: datetime, number: int) -> Iterator[tuple[datetime, datetime]]:
    """Up to `number` windows of equal length: from the first instant of each to before the second.

    Raises:
        ValueError: an instant is naive, `until` is not after `since`, or `number` is below one.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("since and until: give aware instants")
    if until <= since or number < 1:
        raise ValueError(f"since {since}, until {until}, {number} windows: there is no such window")
    length = max((until - since) / number, _FINEST)
    # To the millisecond, as they are sent: one window begins where the one before ends.
    starts = [_to_the_millisecond(since + length * index) for index in range(number)]
    starts = [start for start in starts if start < until]
    return zip(starts, [*starts[1:], until], strict=True)


def _to_the_millisecond(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
