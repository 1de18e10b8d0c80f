"""The page on BILL's webhooks runs from top to bottom, and prints what it says."""

from __future__ import annotations

import pathlib
import re
import textwrap
from datetime import timedelta
from typing import Any

import pytest

from bill_client import BillClient, BillPatch, SubscribedEventDraft, SubscriptionDraft
from bill_client.emulator.server import BillServer
from bill_client.emulator.small_organization import FIRST_ROWS

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "how-to" / "receive-bill-webhooks.md"
BILL = str(FIRST_ROWS["bills"][0]["id"])
SUBSCRIPTION = SubscriptionDraft(
    name="Sync",
    events=(SubscribedEventDraft(type="bill.updated"),),
    notification_url="http://localhost:9/bill",
)


def blocks(language: str) -> list[str]:
    """The page's blocks in a language."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


async def run() -> dict[str, Any]:
    """What the page's Python blocks have defined, one after the other, as a notebook would."""
    source = textwrap.indent("\n".join(blocks("python")), "    ")
    namespace: dict[str, Any] = {}
    exec(f"async def page():\n{source}\n    return locals()", namespace)  # noqa: S102 - the page is ours
    defined: dict[str, Any] = await namespace["page"]()
    return defined


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that the page finds by its variable."""
    monkeypatch.setenv("BILL_SECURITY_KEY", "the-security-key")


async def test_the_page_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """An event is handled once, its duplicate acknowledged, a forged one refused."""
    await run()
    (told,) = blocks("text")

    assert told == capsys.readouterr().out


async def test_gaps_are_closed_as_the_page_does(
    bill_server: BillServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What BILL delivered to nobody is handled from its history, and then no more."""
    defined = await run()
    capsys.readouterr()
    async with BillClient.from_environment(bill_server.environ) as client:
        subscription = await client.webhooks.create(SUBSCRIPTION)
        for description in ("March", "March, corrected"):
            bill_server.control.set_clock(bill_server.control.now + timedelta(minutes=1))
            await client.bills.update(BILL, BillPatch(description=description))
        for _ in range(2):
            await defined["close_gaps"](client, subscription.id)

    assert capsys.readouterr().out == (
        f"bill.updated {BILL} 42\n"
        f"bill.updated {BILL} 42\n"
        "2 handled, 0 failed\n"
        "0 handled, 0 failed\n"
    )
