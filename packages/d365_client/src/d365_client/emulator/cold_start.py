"""The first call after a restart is slow (d365.md §2.1, §9, 16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio


class ColdStart:
    """Keeps calls waiting until the environment is warm; `sleep` is how that takes its time."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self._warming = anyio.Lock()
        self._is_cold = True

    def restart(self) -> None:
        """The next call finds the environment cold."""
        self._is_cold = True

    async def over(self, seconds: float) -> None:
        """Return when the environment is warm, `seconds` after the first call came."""
        if self._is_cold and seconds:
            async with self._warming:
                if self._is_cold:
                    await self._sleep(seconds)
        self._is_cold = False
