"""The package's README does what it says, against the emulator."""

from __future__ import annotations

import pathlib
import re
import textwrap
from typing import Any

import pytest

from api_transport.emulation import running
from bill_client.emulator.app import BillEmulator

README = pathlib.Path(__file__).parents[2] / "packages" / "bill_client" / "README.md"
SEED = {
    "organizations": [
        {
            "id": "00801",
            "name": "Contoso",
            "currency": "USD",
            "currencies": ["USD"],
            "users": [{"username": "u", "password": "p"}],
            "dev_keys": ["k"],
        }
    ],
    "resources": {
        "00801": {
            "vendors": [{"id": "00901", "name": "Fabrikam", "billCurrency": "USD"}],
            "chart-of-accounts": [{"name": "Supplies", "account": {"number": "6000"}}],
            "bills": [
                {
                    "vendorId": "00901",
                    "dueDate": "2026-10-31",
                    "invoice": {"invoiceNumber": "INV-0"},
                    "billLineItems": [{"id": "bli1", "amount": 42}],
                    "amount": 42,
                }
            ],
        }
    },
}


async def test_the_examples_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    """Every block runs after the others, and prints what a reader expects of it."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    namespace: dict[str, Any] = {}
    source = textwrap.indent("\n".join(blocks), "    ")
    exec(f"async def readme():\n{source}", namespace)  # noqa: S102 - the page is ours
    emulator = BillEmulator(SEED, books=tmp_path / "bill.sqlite")
    monkeypatch.setenv("BILL_ORGANIZATION_ID", "00801")
    for name, value in (("USERNAME", "u"), ("PASSWORD", "p"), ("DEV_KEY", "k")):
        monkeypatch.setenv(f"BILL_{name}", value)
    with running(emulator) as port:
        monkeypatch.setenv("BILL_URL", f"http://127.0.0.1:{port}/connect/v3")
        await namespace["readme"]()
    emulator.close()

    assert capsys.readouterr().out.splitlines() == [
        "00901 Fabrikam",
        "1 [Decimal('42')]",
        "100.10 UNASSIGNED",
        "rejected billLineItems.amount: too many decimals for USD",
    ]
