"""What our transports raise beside httpx's own errors."""

from __future__ import annotations

import httpx


class GateShut(httpx.TransportError):
    """Nothing was sent: the server asked to be left alone for longer than anybody waits here.

    `retry_after` is how much longer, in seconds.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"the server asked to be left alone for {retry_after:.0f} seconds more")
        self.retry_after = retry_after
