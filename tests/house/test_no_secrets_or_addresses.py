"""What is in the repository is true on every machine, and gives nothing away."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]

REVEALING = {
    "the address of a package index": r"(?i)https?://[^\s\"'<>]*(?:pypi|/simple\b|artifactory|nexus)",
    "a package index as an option": r"(?i)--(?:extra-)?index-url|\bindex[-_]url\s*=",
    "a directory of one machine": r"(?<![\w.-])/(?:root|home|Users|work|opt|mnt)/\w",
    "a directory of one Windows machine": r"(?i)\b[a-z]:\\+users\\",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a signed token": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{36}\b",
    "a secret of an Entra application": r"\b[\w~.-]{3}8Q~[\w~.-]{34}\b",
    "a password in an address": r"\b[a-z][a-z+.-]*://[^\s/:@\"']+:[^\s/:@\"'{]+@",
}


def lines(path: pathlib.Path) -> list[str]:
    """The lines of a file, readable also where it is not text."""
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


@pytest.mark.parametrize("what", REVEALING)
def test_no_file_reveals(repository_files: list[pathlib.Path], what: str) -> None:
    """No file of the repository holds what belongs to one machine, one network or one person."""
    pattern = re.compile(REVEALING[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in repository_files
        if path != pathlib.Path(__file__)
        for number, line in enumerate(lines(path), start=1)
        if pattern.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("the address of a package index", "index = https://files.pypi.example/simple/"),
        ("a package index as an option", "pip install --extra-index-url x"),
        ("a directory of one machine", "see /home/somebody/notes"),
        ("a directory of one Windows machine", r"see C:\Users\somebody"),
        ("a private key", "-----BEGIN RSA PRIVATE KEY-----"),
        ("a signed token", f"eyJ{'a' * 30}.eyJ{'b' * 30}.{'c' * 30}"),
        ("a key of a cloud", "AKIA" + "A1" * 8),
        ("a secret of an Entra application", "abc8Q~" + "x" * 34),
        ("a password in an address", "postgresql://user:word@host/db"),
    ],
)
def test_each_pattern_finds_what_it_is_for(what: str, line: str) -> None:
    """A line that gives something away is found by the pattern meant for it."""
    assert re.search(REVEALING[what], line)


def test_no_lock_file_is_kept(repository_files: list[pathlib.Path]) -> None:
    """No file records where packages came from: the pins are in constraints.txt."""
    assert [path.name for path in repository_files if path.name.endswith(".lock")] == []
