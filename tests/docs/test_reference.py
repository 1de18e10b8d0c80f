"""The reference has every public name, once, and no other."""

from __future__ import annotations

import importlib
import pathlib
import re

import pytest

PAGES = pathlib.Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("package", ["d365_client"])
def test_every_public_name_is_on_the_page(package: str) -> None:
    """What a package exports is what its page shows."""
    text = (PAGES / f"{package}.md").read_text(encoding="utf-8")
    shown = re.findall(rf"^::: {package}\.(\w+)$", text, re.MULTILINE)

    assert sorted(shown) == sorted(importlib.import_module(package).__all__)
