"""No fragment of the changelog is lost: towncrier passes over a folder that it does not know."""

from __future__ import annotations

import pathlib
import re
import tomllib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
TOWNCRIER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "towncrier"
]
FRAGMENTS = ROOT / TOWNCRIER["directory"]
SECTIONS = {section["path"] for section in TOWNCRIER["section"]}
KINDS = {kind["directory"] for kind in TOWNCRIER["type"]}


def lost(directory: pathlib.Path) -> list[str]:
    """The files under `directory` that towncrier would not put into the changelog."""
    name = re.compile(rf"(?:\d+|\+[\w-]+)\.(?:{'|'.join(sorted(KINDS))})(?:\.\d+)?\.md")
    return sorted(
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file()
        if path.parent.relative_to(directory).as_posix() not in SECTIONS
        or not name.fullmatch(path.name)
    )


def test_there_is_a_section_for_every_package() -> None:
    """A package's changes are told in a section of its own."""
    assert {path.name for path in (ROOT / "packages").iterdir() if path.is_dir()} == SECTIONS


def test_no_fragment_is_lost() -> None:
    """Each fragment lies in a section's folder and is named `<issue>.<kind>.md`."""
    assert lost(FRAGMENTS) == []


@pytest.mark.parametrize(
    "fragment", ["engine/2.added.md", "2.added.md", "syncengine/2.feature.md", "syncengine/note.md"]
)
def test_a_misplaced_fragment_is_found(tmp_path: pathlib.Path, fragment: str) -> None:
    """A fragment in an unknown folder or of an unknown kind is found, not passed over."""
    path = tmp_path / fragment
    path.parent.mkdir(exist_ok=True)
    path.write_text("Something changed.\n", encoding="utf-8")

    assert lost(tmp_path) == [fragment]
