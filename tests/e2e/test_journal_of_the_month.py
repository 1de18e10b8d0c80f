"""What the engine wrote down of the month: a chain, from which its state can be made again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from syncengine.app.history import history
from syncengine.demo.month import Month
from syncengine.demo.stage import Stage
from syncengine.events import EventType, first_broken
from syncengine.payables import APPROVALS, BILLS, PAYMENTS, VENDORS
from syncengine.ports import Store
from syncengine.stores.sql import SqlStores

FLOWS = (VENDORS, BILLS, PAYMENTS, APPROVALS)
PROJECTIONS = ("links", "operations", "claims", "parks", "cursors", "leases")


@pytest.fixture
def state(played: tuple[Month, Stage], tmp_path: Path) -> Path:
    """A copy of the state that the month left behind."""
    month, _ = played
    with sqlite3.connect(month.files["state"]) as original:
        original.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    original.close()
    return Path(shutil.copy(month.files["state"], tmp_path / "state.sqlite"))


async def everything(store: Store) -> Mapping[str, object]:
    """All that the store says of a connection."""
    return {
        flow: (
            await store.links(flow),
            list(await store.open_operations(flow)),
            list(await store.parked(flow)),
            await store.cursor(flow),
        )
        for flow in FLOWS
    }


def tables(path: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """Every projection, row by row."""
    database = sqlite3.connect(path)
    try:
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}"))  # noqa: S608 - our own names
            for name in PROJECTIONS
        }
    finally:
        database.close()


@pytest.mark.parametrize("connection", ["MQUS", "MQGS"])
async def test_the_chain_of_the_month_is_unbroken(state: Path, connection: str) -> None:
    """Every write has intent, attempt and outcome, and no event is missing."""
    async with await SqlStores.open(state) as stores:
        events = [item async for item in stores.connection(connection).events()]
    by_operation: dict[str, list[EventType]] = {}
    for item in events:
        if item.event.operation:
            by_operation.setdefault(item.event.operation, []).append(item.event.type)

    assert first_broken(connection, events) is None
    for told in by_operation.values():
        assert told[0] is EventType.INTENT
        assert told[-1] is EventType.LINKED
        assert told.count(EventType.ATTEMPT) == told.count(EventType.OUTCOME)


async def test_deleted_projections_are_rebuilt_equal(state: Path) -> None:
    """The journal alone gives back every link, park, claim, cursor and lease."""
    before = tables(state)
    async with await SqlStores.open(state) as stores:
        told = {name: await everything(stores.connection(name)) for name in ("MQUS", "MQGS")}
    database = sqlite3.connect(state)
    with database:
        for name in PROJECTIONS:
            database.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
    database.close()
    async with await SqlStores.open(state) as stores:
        for name in ("MQUS", "MQGS"):
            await stores.connection(name).rebuild()
        again = {name: await everything(stores.connection(name)) for name in ("MQUS", "MQGS")}

    assert told == again
    assert before == tables(state)


async def test_a_records_history_is_told_from_discovery_to_link(state: Path) -> None:
    """By voucher, and by the id on the other side."""
    async with await SqlStores.open(state) as stores:
        store = stores.connection("MQUS")
        by_voucher = await history(store, "MQUS-API-040044")
        link = next(iter((await store.links(BILLS)).values()))
        by_bill = await history(store, link.target_id)

    assert [
        EventType.DISCOVERED,
        EventType.INTENT,
        EventType.ATTEMPT,
        EventType.OUTCOME,
        EventType.LINKED,
    ] == [item.event.type for item in by_voucher]
    assert by_bill
