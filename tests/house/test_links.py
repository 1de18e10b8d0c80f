"""A link in the documentation leads somewhere."""

from __future__ import annotations

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:|#)(?P<target>[^)#\s]+)")


def test_no_link_between_documents_is_dead(repository_files: list[pathlib.Path]) -> None:
    """Each relative link in a Markdown file names a file or folder of the repository."""
    dead = [
        f"{path.relative_to(ROOT)}: {link['target']}"
        for path in repository_files
        if path.suffix == ".md"
        for link in LINK.finditer(path.read_text(encoding="utf-8"))
        if not (path.parent / link["target"]).exists()
    ]

    assert dead == []
