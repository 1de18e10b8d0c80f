"""The engine as a process of its own that may kill itself at a named point.

Run by `runpy`, which the test gives the scene.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio

from syncengine.app.compose import run_once
from syncengine.app.settings import read_settings
from syncengine.clock import ShiftedClock
from syncengine.observation import Notice

SCENE: Mapping[str, Any] = globals()["SCENE"]
"""What the test wants: settings, secrets, now, point, after, result."""


class KillSwitch:
    """Kills this process at the n-th notice of a point, as a lost power supply would."""

    def __init__(self) -> None:
        self._seen = 0

    def noticed(self, notice: Notice) -> None:
        """Count, and die when it is time."""
        if notice.point.value == SCENE["point"]:
            self._seen += 1
            if self._seen > SCENE["after"]:
                os.kill(os.getpid(), signal.SIGKILL)


async def main() -> Mapping[str, object]:
    """One run of every connection, in short."""
    settings = read_settings(Path(SCENE["settings"]), environment=SCENE["secrets"])
    clock = ShiftedClock(datetime.fromisoformat(SCENE["now"]))
    reports = await run_once(settings, clock=clock, observer=KillSwitch())
    return {
        "writes": sum(report.writes for report in reports),
        "complete": all(report.complete for report in reports),
    }


if __name__ == "__main__":
    Path(SCENE["result"]).write_text(json.dumps(anyio.run(main)), encoding="utf-8")
