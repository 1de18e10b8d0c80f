"""BILL's error bodies: an array of problems (`bill.md` §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import attrs


@attrs.frozen
class Problem:
    """One element of an error array."""

    code: str | None
    category: str
    message: str


class Refusal(Exception):
    """The service refuses a request: a status and one problem or several."""

    def __init__(self, status: int, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.status = status
        self.problems = problems

    @classmethod
    def invalid(cls, messages: Sequence[str]) -> Refusal:
        """400, one element per bad field, `code` null."""
        return cls(400, [Problem(None, "REQUEST", message) for message in messages])

    @classmethod
    def rule(cls, code: str, message: str, *, status: int = 422) -> Refusal:
        """A business rule, told by code."""
        return cls(status, [Problem(code, "DOWNSTREAM", message)])

    @classmethod
    def not_found(cls, object_id: str) -> Refusal:
        """404 BDC_1205."""
        message = f"No data found for object with given ID {object_id}."
        return cls.rule("BDC_1205", message, status=404)

    def body(self, now: datetime) -> list[dict[str, object]]:
        """The array, with the time at which it was refused."""
        return [error_entry(problem, now) for problem in self.problems]


def error_entry(problem: Problem, now: datetime) -> dict[str, object]:
    """One element as live bodies show it: `params` is an empty object."""
    return {
        "timestamp": timestamp(now),
        "code": problem.code,
        "severity": "ERROR",
        "category": problem.category,
        "message": problem.message,
        "params": {},
    }


def timestamp(instant: datetime) -> str:
    """An instant in BILL's form: `2026-12-30T23:15:23.127+00:00` (`bill.md` §5)."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")
