"""Parallel inserts of lines into one journal conflict (d365.md §5.1, §9, 10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import COMPANY
from d365_client.emulator.keys import parse_resource
from d365_client.emulator.marks import LINES
from d365_client.emulator.values import read_json

Header = tuple[str, str]


def headers_touched(calls: Iterable[Call]) -> frozenset[Header]:
    """The journals (company, JournalBatchNumber) that these calls insert lines into."""
    return frozenset(header for call in calls if (header := _header(call)) is not None)


class BusyHeaders:
    """Which journals are being written to, so that a second writer meets a conflict."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self._busy: set[Header] = set()

    @asynccontextmanager
    async def inserting(
        self, touched: frozenset[Header], seconds: float
    ) -> AsyncIterator[frozenset[Header]]:
        """Keep the journals busy for at least `seconds`; gives those that were busy already."""
        conflicting = touched & self._busy
        taken = touched - conflicting
        self._busy |= taken
        try:
            if taken:
                await self._sleep(seconds)
            yield conflicting
        finally:
            self._busy -= taken


def _header(call: Call) -> Header | None:
    resource = parse_resource(call.path)
    if call.method != "POST" or resource is None or resource.set_name != LINES:
        return None
    try:
        body = read_json(call.body)
    except ValueError:
        return None  # the write itself will say what is wrong with its body
    if not isinstance(body, dict):
        return None
    company = body.get(COMPANY) or call.principal.default_company
    return str(company).lower(), str(body.get("JournalBatchNumber"))
