"""What a run tells while it goes on: bars on a terminal, plain lines elsewhere (on stderr)."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from syncengine.observation import Notice, Point


class ProgressObserver:
    """An observer that shows each flow of each connection; a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def noticed(self, notice: Notice) -> None:
        """See `ports.Observer`."""
        name = (notice.connection, notice.flow)
        match notice.point:
            case Point.FLOW_STARTED:
                label = f"{notice.connection} {notice.flow}"
                self._tasks[name] = self._bars.add_task(label, total=None)
            case Point.BEFORE_INTENT if notice.flow:
                task = self._tasks[name]
                known = self._bars.tasks[task].total or 0
                self._bars.update(task, total=known + notice.count)
            case Point.OPERATION_OVER:
                self._bars.advance(self._tasks[name], notice.count)
            case Point.FLOW_FINISHED:
                self._finished(notice)
            case _:
                return

    def _finished(self, notice: Notice) -> None:
        if not self._console.is_terminal:
            self._console.print(
                f"{notice.connection} {notice.flow}: {notice.count} written", highlight=False
            )
