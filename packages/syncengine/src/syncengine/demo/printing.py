"""A played month on a terminal: what was done, the bridges, and where the files are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from syncengine.demo.bridge import KEYS, Bridge
from syncengine.demo.clearing import Clearing
from syncengine.demo.counts import EntityFigures
from syncengine.demo.ledger import Ledger
from syncengine.demo.month import Month
from syncengine.demo.month_json import money, month_json

_WIDTH = 160
_TAKEN_OFF = {"bill_open_vendor_credits", "journaled_not_paid"}


class Screen:
    """What the demo tells while it goes on: a bar on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(console=console, disable=not console.is_terminal, transient=True)
        self._task = self._bar.add_task("the month", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def tell(self, line: str) -> None:
        """See `month.Tell`."""
        self._console.print(line, highlight=False, soft_wrap=True)

    def moved(self, done: int, total: int) -> None:
        """See `month.Moved`."""
        self._bar.update(self._task, completed=done, total=total)


def shown(amount: Decimal, currency: str, ledger: Ledger) -> str:
    """An amount with its currency's decimals and separators between thousands."""
    return f"{Decimal(money(amount, ledger.decimals[currency])):,f}"


def print_month_json(month: Month) -> None:
    """The month as one JSON object on standard output, and nothing else."""
    json.dump(month_json(month), sys.stdout, indent=2)
    sys.stdout.write("\n")


def print_month(console: Console, month: Month) -> None:
    """The month as tables; where there is no terminal, as plain lines of their full width."""
    if not console.is_terminal:
        console = Console(file=console.file, width=_WIDTH, color_system=None)
    for figures in month.tie_out.entities:
        _print_entity(console, month, figures)
    _print_exceptions(console, month)
    _print_outcome(console, month)


def _print_entity(console: Console, month: Month, figures: EntityFigures) -> None:
    entity = month.ledger.entity(figures.legal_entity)
    console.rule(f"[bold]{entity.id}  {entity.name}", align="left")
    console.print(
        f"{figures.vendors_linked} vendors linked, {figures.bills_created} bills created "
        f"({figures.bill_lines} lines mapped), {figures.bills_adopted} adopted, "
        f"{figures.payment_lines_created} payment lines created",
        highlight=False,
    )
    _print_parked(console, month, entity.id)
    bridges = [bridge for bridge in month.tie_out.bridges if bridge.legal_entity == entity.id]
    for bridge in bridges:
        if any(bridge.figures.values()):
            _print_bridge(console, month.ledger, bridge)
    settled = [bridge.currency for bridge in bridges if not any(bridge.figures.values())]
    if settled:
        console.print(f"{entity.id} {', '.join(settled)}: nothing open on either side")
    for clearing in month.tie_out.clearing:
        if clearing.legal_entity == entity.id:
            _print_clearing(console, month.ledger, clearing)
    console.print()


def _print_parked(console: Console, month: Month, legal_entity: str) -> None:
    rows = [
        (row.code, str(row.count), shown(row.amount, row.currency, month.ledger), row.currency)
        for row in month.tie_out.parked
        if row.legal_entity == legal_entity
    ]
    if rows:
        _print_table(console, "Parked", ("code", "records", "amount", ""), rows)


def _print_bridge(console: Console, ledger: Ledger, bridge: Bridge) -> None:
    def told(amount: Decimal) -> str:
        return shown(amount, bridge.currency, ledger)

    table = Table(
        title=f"{bridge.legal_entity} {bridge.currency} as of {ledger.as_of}",
        title_justify="left",
        show_edge=False,
    )
    table.add_column("")
    table.add_column("of which", justify="right", style="dim")
    table.add_column("amount", justify="right")
    table.add_column("records", justify="right", style="dim")
    opened, *explaining = KEYS
    for key in explaining:
        amount = -bridge.figures[key] if key in _TAKEN_OFF else bridge.figures[key]
        table.add_row(KEYS[key], "", told(amount), str(len(bridge.records[key])))
        for line in bridge.lines:
            if line.key == key:
                table.add_row(f"     {line.code}", told(line.amount), "", str(len(line.records)))
    table.add_section()
    table.add_row("   Explained", "", told(bridge.figures[opened] - bridge.difference), "")
    table.add_row(KEYS[opened], "", told(bridge.figures[opened]), str(len(bridge.records[opened])))
    style = "bold red" if bridge.difference else "bold green"
    table.add_row(Text("   Difference", style), "", Text(told(bridge.difference), style), "")
    console.print(table)
    for name, amount in bridge.unexplained.items():
        console.print(f"  {name}: {told(amount)} that nothing explains", style="red")


def _print_clearing(console: Console, ledger: Ledger, clearing: Clearing) -> None:
    currency = ledger.entity(clearing.legal_entity).currency
    items = ", ".join(
        f"{x.payment} {shown(x.amount, currency, ledger)}" for x in clearing.open_items
    )
    console.print(
        f"Clearing {clearing.main_account}: {shown(clearing.closing, currency, ledger)}"
        f"{f' = {items}' if items else ''}",
        highlight=False,
    )


def _print_exceptions(console: Console, month: Month) -> None:
    rows = (
        (
            row.code,
            "" if row.document is None else str(row.document),
            row.payment or "",
            row.owner,
            row.sentence,
        )
        for row in month.tie_out.exceptions
    )
    _print_table(
        console, "For people to look at", ("code", "document", "payment", "owner", "why"), rows
    )


def _print_outcome(console: Console, month: Month) -> None:
    result = month.tie_out
    console.print(
        f"{result.checked} cross-checks made, {len(result.failed_checks)} failed; the last run "
        f"wrote {month.second_run_writes} times; settle window {month.settle_window:g} s; "
        f"{month.seconds:.0f} s in all.",
        highlight=False,
    )
    for problem in month.problems:
        console.print(problem, style="red", highlight=False, soft_wrap=True)
    if not month.problems:
        console.print("Everything ties out.", style="bold green")
    console.print(f"Left behind in {month.directory}:", highlight=False, soft_wrap=True)
    for name, path in month.files.items():
        console.print(f"  {name:14} {path.name}", highlight=False, soft_wrap=True)


def _print_table(
    console: Console, title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]
) -> None:
    table = Table(title=title, title_justify="left", show_edge=False)
    for column in columns:
        table.add_column(
            column, justify="right" if column in {"records", "amount", "document"} else "left"
        )
    for row in rows:
        table.add_row(*row)
    console.print(table)
