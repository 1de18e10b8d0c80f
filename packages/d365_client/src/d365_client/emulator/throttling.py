"""Service protection: who asks too much is told to keep away for a while (d365.md §3)."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import attrs

from d365_client.emulator.answers import throttled
from d365_client.emulator.settings import Switches

_WINDOW_SECONDS = 300
_LONGEST_SECONDS = 300
# What was sent before anybody could read the first refusal is not held against the caller;
# Retry-After counts whole seconds, so one second is as fine as it gets.
_BURST = timedelta(seconds=1)


@attrs.frozen(kw_only=True)
class Pause:
    """An application was told, at `since`, to keep away for `seconds`."""

    since: datetime
    seconds: int

    @property
    def ends(self) -> datetime:
        """When it may come back."""
        return self.since + timedelta(seconds=self.seconds)


def next_pause(before: Pause | None, now: datetime, first_seconds: int) -> Pause:
    """The pause of an application that is refused now, after the pause `before`.

    It is `first_seconds` for one that kept away for as long as it was told to, the same pause for
    calls of the same second, and else twice the last one, up to five minutes: "the interval grows
    if you keep hammering" (d365.md §3).
    """
    if before is None or not before.since <= now < before.ends:
        return Pause(since=now, seconds=first_seconds)
    if now < before.since + _BURST:
        return before
    return Pause(since=now, seconds=min(2 * before.seconds, _LONGEST_SECONDS))


@attrs.define
class _Usage:
    """What one application did lately."""

    admitted: deque[datetime] = attrs.field(factory=deque)
    at_work: int = 0
    pause: Pause | None = None

    def count(self, now: datetime) -> int:
        """How many of its calls were admitted in the window that ends now."""
        while self.admitted and self.admitted[0] <= now - timedelta(seconds=_WINDOW_SECONDS):
            self.admitted.popleft()
        return len(self.admitted)


class Throttle:
    """Counts calls by application and in all, and refuses those that are too much.

    For one event loop. A batch is one call.
    """

    def __init__(
        self,
        switches: Switches,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._switches = switches
        self._now = now
        self._sleep = sleep
        self._usages: dict[str, _Usage] = {}

    @asynccontextmanager
    async def admitted(self, client_id: str) -> AsyncIterator[None]:
        """Be one of the calls at work, for as long as a call takes at least.

        Raises:
            RefusedError: 429 with Retry-After; the call is not executed.
        """
        usage = self._usages.setdefault(client_id, _Usage())
        now = self._now()
        reason = self._reason(usage, now)
        if reason:
            first_seconds = self._switches.current.first_retry_after_seconds
            usage.pause = next_pause(usage.pause, now, first_seconds)
            as_odata_error = self._switches.current.throttled_has_odata_error
            raise throttled(reason, usage.pause.seconds, as_odata_error=as_odata_error)
        if self._switches.current.application_request_limit:
            usage.admitted.append(now)
        usage.at_work += 1
        try:
            if self._switches.current.call_seconds:
                await self._sleep(self._switches.current.call_seconds)
            yield
        finally:
            usage.at_work -= 1

    def _reason(self, usage: _Usage, now: datetime) -> str:
        """Why the next call is too much; empty if it is not. The texts are the documented ones."""
        settings = self._switches.current
        is_early = usage.pause is not None and usage.pause.since <= now < usage.pause.ends
        at_work = sum(one.at_work for one in self._usages.values())
        if (is_early and settings.early_calls_are_refused) or 0 < settings.load_limit <= at_work:
            return (
                "This request could not be processed at this time due to system experiencing high "
                "resource utilization. Please retry the request after {0} seconds"
            )
        limit = settings.application_concurrency_limit
        if 0 < limit <= usage.at_work:
            return f"Number of concurrent requests exceeded the limit of {limit}."
        limit = settings.application_request_limit
        if 0 < limit <= usage.count(now):
            return (
                f"Number of requests exceeded the limit of {limit} over the time window of "
                f"{_WINDOW_SECONDS} seconds."
            )
        return ""
