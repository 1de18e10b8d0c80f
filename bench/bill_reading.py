"""BILL: reading beside plain httpx, and how full the three slots are kept."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs

from api_transport.emulation import RemoteControl
from bench.environments import ROOT
from bench.figures import Figure
from bench.processes import Failed
from bill_client import BillClient, BillDraft, BillLineItemDraft, InvoiceDraft, VendorDraft
from bill_client.models.addresses import AddressDraft

_READERS = {"httpx": "bench.readers.bill_httpx", "tieout": "bench.readers.bill_tieout"}
_SLOTS = 3
_ANSWER = 0.2
"""Seconds from the receipt of a call to its answer, as BILL might take."""

_CREATORS = 12
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTES = 10


@attrs.frozen(kw_only=True)
class BillSize:
    """How much is read and created, and how often."""

    bills: int = 10_000
    rounds: int = 5
    created: int = 240
    listed: int = 9_000


QUICK = BillSize(bills=300, rounds=1, created=24, listed=300)


@attrs.define(kw_only=True)
class BillMeasured:
    """Seconds a reader and round, and the mean share of the slots that were in use."""

    seconds: dict[str, list[float]] = attrs.field(factory=dict)
    utilisation: dict[str, float] = attrs.field(factory=dict)

    def figures(self) -> Sequence[Figure]:
        """What was promised."""
        medians = {name: statistics.median(taken) for name, taken in self.seconds.items()}
        ratio = medians["httpx"] / medians["tieout"]
        slots = [
            Figure(name=f"bill_slot_utilisation_{name}", value=value, at_least=0.95)
            for name, value in self.utilisation.items()
        ]
        return [
            Figure(name="bill_rows_vs_httpx", value=ratio, against="httpx and json", at_least=0.85),
            *slots,
        ]


def measure_bill(size: BillSize) -> BillMeasured:
    """Read side by side, round by round; then fill the slots of an emulator.

    Raises:
        Failed: a server or a reader stopped, or read other bills than there are.
    """
    measured = BillMeasured(seconds={name: [] for name in _READERS})
    with _served("bench.bill_pages", f"--bills={size.bills}") as told:
        for _ in range(size.rounds):
            for name, module in _READERS.items():
                measured.seconds[name].append(_read(module, str(told), size.bills))
    with _served("bill_client.emulator") as told:
        measured.utilisation = asyncio.run(_utilisation(_described(told), size))
    return measured


def _read(module: str, url: str, bills: int) -> float:
    done = subprocess.run(  # noqa: S603 - a module of ours
        [sys.executable, "-m", module, url],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{module}: {done.stderr.strip().splitlines()[-1:]}")
    told = json.loads(done.stdout)
    cents = 100 * sum(range(bills)) + 1775 * bills
    if (told["bills"], told["cents"]) != (bills, cents):
        raise Failed(f"{module}: read {told}, not {bills} bills of {cents} cents")
    return float(told["seconds"])


async def _utilisation(told: Mapping[str, str], size: BillSize) -> dict[str, float]:
    environ = {
        "BILL_URL": told["url"],
        "BILL_USERNAME": "integration@example.com",
        "BILL_PASSWORD": "an invented password",
        "BILL_ORGANIZATION_ID": "00801CONTOSOAAAAAAAA",
        "BILL_DEV_KEY": "an-invented-developer-key",
    }
    control = RemoteControl(admin=told["admin"])
    async with BillClient.from_environment(environ) as client:
        vendor = await client.vendors.create(
            VendorDraft(
                name="Orrin",
                address=AddressDraft(
                    line_1="1", city="Boston", zip_or_postal_code="02110", country="US"
                ),
            )
        )
        control.add_fault("delay", seconds=_ANSWER, times=None)
        await _create(client, vendor.id, 3)  # connections are open, and the session is
        control.forget_requests()
        await _create(client, vendor.id, size.created)
        creates = _in_use(control.requests)
        rows = [_row(number, vendor.id) for number in range(size.listed)]
        control.send("POST", f"rows/{environ['BILL_ORGANIZATION_ID']}/bills", {"rows": rows})
        control.forget_requests()
        until = _BEGAN + timedelta(minutes=_MINUTES * size.listed)
        listed = await client.bills.created_between(_BEGAN, until, windows=45).all()
        if len(listed) != size.listed:
            raise Failed(f"of {size.listed} bills {len(listed)} were listed")
        return {"creates": creates, "lists": _in_use(control.requests)}


async def _create(client: BillClient, vendor_id: str, number: int) -> None:
    """Bills by twelve tasks, each taking the next one."""
    left = iter(range(number))

    async def creates() -> None:
        for one in left:
            await client.bills.create(
                BillDraft(
                    vendor_id=vendor_id,
                    due_date=date(2026, 10, 31),
                    invoice=InvoiceDraft(
                        invoice_number=f"NEW-{one}", invoice_date=date(2026, 10, 1)
                    ),
                    bill_line_items=(BillLineItemDraft(amount=Decimal("1.10")),),
                )
            )

    async with asyncio.TaskGroup() as tasks:
        for _ in range(_CREATORS):
            tasks.create_task(creates())


def _in_use(requests: Sequence[Mapping[str, object]]) -> float:
    """Mean calls in flight by the emulator's log, as a share of the slots."""
    times = [(float(str(one["received"])), float(str(one["answered"]))) for one in requests]
    busy = sum(answered - received for received, answered in times)
    lasted = max(end for _, end in times) - min(start for start, _ in times)
    return busy / lasted / _SLOTS


def _row(number: int, vendor_id: str) -> dict[str, object]:
    at = (_BEGAN + timedelta(minutes=_MINUTES * number)).isoformat(timespec="milliseconds")
    return {
        "id": f"00n{number:017d}",
        "vendorId": vendor_id,
        "invoice": {"invoiceNumber": f"INV-{number}", "invoiceDate": "2026-01-01"},
        "dueDate": "2026-12-31",
        "amount": number,
        "billLineItems": [{"id": f"bli{number:017d}", "amount": number}],
        "createdTime": at,
        "updatedTime": at,
    }


def _described(told: object) -> Mapping[str, str]:
    if not isinstance(told, dict):
        raise Failed("the emulator did not say where it is")
    return told


@contextlib.contextmanager
def _served(module: str, *arguments: str) -> Iterator[object]:
    """What a server tells in its first line; it is stopped in the end.

    Raises:
        Failed: it told nothing.
    """
    with subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                raise Failed(f"{module} stopped by itself")
            yield json.loads(line)
        finally:
            server.terminate()
