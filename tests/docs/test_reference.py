"""The reference has every public name, once, and no other."""

from __future__ import annotations

import importlib
import pathlib
import re

import attrs
import pytest

from bill_client.emulator.settings import EmulatorSettings

PAGES = pathlib.Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(
    ("package", "page"),
    [
        ("d365_client", "d365_client.md"),
        ("d365_client.models", "d365_models.md"),
        ("bill_client", "bill_client.md"),
    ],
)
def test_every_public_name_is_on_the_page(package: str, page: str) -> None:
    """What a package exports is what its page shows."""
    text = (PAGES / page).read_text(encoding="utf-8")
    shown = re.findall(rf"^::: {package}\.(\w+)$", text, re.MULTILINE)

    assert sorted(shown) == sorted(importlib.import_module(package).__all__)


def test_every_switch_of_the_bill_emulator_is_on_its_page() -> None:
    """The table has each switch with its default, and no other."""
    text = (PAGES / "bill-emulator.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", text, re.MULTILINE))

    assert shown == {name: str(value) for name, value in attrs.asdict(EmulatorSettings()).items()}
