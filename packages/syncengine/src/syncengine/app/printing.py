"""Reports as tables for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from syncengine.events import RecordedEvent, instant_text
from syncengine.model import Park
from syncengine.report import FlowReport, RunReport


def run_json(reports: Sequence[RunReport]) -> list[dict[str, object]]:
    """Run reports as JSON values."""
    return [
        {
            "connection": report.connection,
            "run": report.run,
            "settle_window_seconds": report.settle_window,
            "complete": report.complete,
            "writes": report.writes,
            "flows": [_flow_json(flow) for flow in report.flows],
        }
        for report in reports
    ]


def _flow_json(flow: FlowReport) -> dict[str, object]:
    return {
        "flow": flow.flow,
        "read": flow.read,
        "created": flow.created,
        "adopted": flow.adopted,
        "updated": flow.updated,
        "rejected": flow.rejected,
        "parked": flow.parked,
        "lifted": flow.lifted,
        "left_open": list(flow.left_open),
        "problem": flow.problem,
    }


def print_runs(console: Console, reports: Sequence[RunReport]) -> None:
    """Run reports as a table, with what is left open below it."""
    for report in reports:
        table = Table(
            title=f"{report.connection}, settle window {report.settle_window:g} s",
            title_justify="left",
        )
        table.add_column("flow")
        for name in ("read", "created", "adopted", "updated", "rejected", "parked", "lifted"):
            table.add_column(name, justify="right")
        for flow in report.flows:
            counts = (flow.read, flow.created, flow.adopted, flow.updated)
            more = (flow.rejected, flow.parked, flow.lifted)
            table.add_row(flow.flow, *(str(count) for count in (*counts, *more)))
        console.print(table)
        for flow in report.flows:
            for line in (*flow.left_open, *((flow.problem,) if flow.problem else ())):
                console.print(f"  {flow.flow}: {line}", highlight=False)


def parked_json(parks: Iterable[tuple[str, Park]]) -> list[dict[str, object]]:
    """Parks as JSON values, each with its connection."""
    return [
        {
            "connection": connection,
            "flow": park.ref.flow,
            "key": park.ref.key,
            "code": park.code,
            "disposition": park.disposition.value,
            "amount": None if park.amount is None else str(park.amount),
            "currency": park.currency,
            "field": park.field,
            "value": park.value,
            "sentence": park.sentence,
            "owner": park.owner,
            "clears": park.clears,
            "first_seen": instant_text(park.first_seen),
        }
        for connection, park in parks
    ]


def print_parked(console: Console, parks: Sequence[tuple[str, Park]]) -> None:
    """Parks as a table, one line a record."""
    table = Table(title=f"{len(parks)} records wait or need a person", title_justify="left")
    for name in ("connection", "code", "record"):
        table.add_column(name)
    table.add_column("amount", justify="right")
    for name in ("owner", "why", "clears when"):
        table.add_column(name)
    for connection, park in parks:
        amount = "" if park.amount is None else f"{park.amount} {park.currency}"
        table.add_row(
            connection, park.code, str(park.ref), amount, park.owner, park.sentence, park.clears
        )
    console.print(table)


def events_json(events: Iterable[tuple[str, RecordedEvent]]) -> list[dict[str, object]]:
    """Journal events as JSON values, each with its connection."""
    return [
        {
            "connection": connection,
            "sequence": item.sequence,
            "at": instant_text(item.event.at),
            "type": item.event.type.value,
            "record": str(item.event.ref) if item.event.ref else "",
            "operation": item.event.operation,
            "data": item.event.data,
            "hash": item.hash,
        }
        for connection, item in events
    ]


def print_events(console: Console, events: Sequence[tuple[str, RecordedEvent]]) -> None:
    """A record's history, one line an event."""
    table = Table(title=f"{len(events)} events", title_justify="left")
    for name in ("connection", "#", "at", "event", "operation", "what"):
        table.add_column(name)
    for connection, item in events:
        table.add_row(
            connection,
            str(item.sequence),
            instant_text(item.event.at),
            item.event.type.value,
            item.event.operation,
            _told(item.event.data),
        )
    console.print(table)


def _told(data: Mapping[str, object]) -> str:
    """The part of an event that a person reads; its progress and payload are for programs."""
    shown = {key: value for key, value in data.items() if key not in ("progress", "operation")}
    return json.dumps(shown, ensure_ascii=False) if shown else ""
