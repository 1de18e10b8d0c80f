"""Each page on BILL does what it says, against the emulator."""

from __future__ import annotations

import pathlib
import re
import textwrap
from typing import Any

import pytest

from bill_client import SessionAuth
from bill_client.emulator.server import BillServer

PAGES = pathlib.Path(__file__).parents[2] / "docs" / "how-to"


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        ("query-bill.md", "1 bills of a year\n['Fabrikam']"),
        ("write-to-bill.md", "101.00\nOFFLINE"),
    ],
)
async def test_every_block_of_a_page_runs_after_the_others(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: pathlib.Path,
    bill_server: BillServer,
    page: str,
    printed: str,
) -> None:
    """And prints what the page says; what a page cannot know, such as a phone, is there."""
    text = (PAGES / page).read_text(encoding="utf-8")
    source = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    auth = SessionAuth(
        username=bill_server.username,
        password=bill_server.password,
        organization_id=bill_server.organization_id,
        dev_key=bill_server.dev_key,
    )
    namespace: dict[str, Any] = {"url": bill_server.url, "auth": auth}
    exec(f"async def how_to():\n{textwrap.indent(source, '    ')}", namespace)  # noqa: S102 - the page is ours
    for name, value in bill_server.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    await namespace["how_to"]()

    assert printed in capsys.readouterr().out
