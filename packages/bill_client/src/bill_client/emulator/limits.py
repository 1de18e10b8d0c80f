"""How much a developer key may ask for (`bill.md` §2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.settings import EmulatorSettings

CONCURRENT = 3
CALLS_PER_HOUR = 20_000
LOGINS_PER_HOUR = 200


class LimitsEnforced:
    """Counts calls and logins per key and clock hour."""

    def __init__(self, settings: EmulatorSettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._calls: Counter[tuple[str, datetime]] = Counter()
        self._logins: Counter[tuple[str, datetime]] = Counter()

    def count_call(self, dev_key: str) -> None:
        """Count a call against the hour.

        Raises:
            Refusal: BDC_1144.
        """
        self._count(self._calls, dev_key, CALLS_PER_HOUR)

    def count_login(self, dev_key: str) -> None:
        """Count a login against the hour.

        Raises:
            Refusal: BDC_1144; that logins have the same code is unverified.
        """
        self._count(self._logins, dev_key, LOGINS_PER_HOUR)

    def check_concurrency(self, in_flight: int) -> None:
        """Refuse a call that found all slots of its key and organisation taken.

        `in_flight` counts the calls there were when it came in, itself included; a call is in
        flight until its reply is out.

        Raises:
            Refusal: BDC_1322.
        """
        if in_flight > CONCURRENT:
            raise Refusal.rule(
                "BDC_1322",
                "Max number of concurrent requests per organization reached.",
                status=self._settings.limit_status,
            )

    def _count(self, counter: Counter[tuple[str, datetime]], dev_key: str, limit: int) -> None:
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        counter[dev_key, hour] += 1
        if counter[dev_key, hour] > limit:
            raise Refusal.rule(
                "BDC_1144",
                f"Max number of allowed requests per hour reached: {limit}.",
                status=self._settings.limit_status,
            )
