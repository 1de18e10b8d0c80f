"""A check is switched off for one line, for one reason, and the line says which."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]

IGNORE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:|mypy:|ruff:)(?P<rest>.*)")
CODE_AND_REASON = re.compile(
    r"[:\s]*\[?[A-Za-z0-9-]+(?:,\s*[A-Za-z0-9-]+)*\]?\s*[-#(:;].*[a-z]{3,}"
)


def test_every_ignore_has_a_code_and_a_reason(repository_files: list[pathlib.Path]) -> None:
    """Each `noqa` and each `type: ignore` names what it silences and why, on its own line."""
    unexplained = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in repository_files
        if path.suffix == ".py" and path != pathlib.Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (ignore := IGNORE.search(line)) and not CODE_AND_REASON.match(ignore["rest"])
    ]

    assert unexplained == []


@pytest.mark.parametrize(
    ("comment", "explained"),
    [
        ("# noqa", False),
        ("# noqa: S101", False),
        ("# noqa: S101, PLR2004", False),
        ("# type: ignore[override]", False),
        ("# noqa: S101 - a test asserts", True),
        ("# noqa: S101, S105  # a test asserts", True),
        ("# type: ignore[override]  # builds a condition", True),
    ],
)
def test_a_reason_is_told_from_a_code(comment: str, *, explained: bool) -> None:
    """A code alone is no reason."""
    ignore = IGNORE.search(comment)

    assert ignore is not None
    assert bool(CODE_AND_REASON.match(ignore["rest"])) is explained
