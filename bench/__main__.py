"""`nox -s bench -- [--out FILE] [--quick] [--no-peers] [--rounds N]`."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import statistics
import sys
from collections.abc import Sequence
from importlib import metadata

import attrs
from rich.console import Console
from rich.table import Table

from bench.bill_reading import QUICK as BILL_QUICK
from bench.bill_reading import BillMeasured, BillSize, measure_bill
from bench.d365_reading import QUICK, Measured, Size, measure
from bench.figures import Figure, figures
from bench.processes import Failed

_VERSIONS = (
    "tieout-d365-client",
    "tieout-bill-client",
    "httpx",
    "httpcore",
    "msgspec",
    "attrs",
    "anyio",
)


def main() -> None:
    """Measure, print a table, write the figures; exit 1 only if our server or reader failed.

    A figure that misses its promise is told and no more: a machine with other things to do must
    not decide whether a change lands.
    """
    arguments = _arguments()
    size = QUICK if arguments.quick else Size()
    if arguments.rounds:
        size = attrs.evolve(size, rounds=arguments.rounds)
    bill_size = BILL_QUICK if arguments.quick else BillSize()
    if arguments.rounds:
        bill_size = attrs.evolve(bill_size, rounds=arguments.rounds)
    try:
        bill = measure_bill(bill_size)
        measured = measure(size, peers=arguments.peers)
    except Failed as reason:
        sys.exit(f"nothing was measured: {reason}")
    found = [*figures(measured), *bill.figures()]
    _print(found, measured, bill)
    if arguments.out is not None:
        text = json.dumps(_written(found, measured, bill, size), indent=2)
        arguments.out.write_text(f"{text}\n", encoding="utf-8")
    sys.exit(1 if any(name.startswith("tieout") for name in measured.failed) else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s bench --", description="How fast we are.")
    parser.add_argument("--out", type=pathlib.Path, help="write the figures here, as JSON")
    parser.add_argument("--quick", action="store_true", help="few rows, once: does it still run?")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="our client alone")
    parser.add_argument("--rounds", type=int, help="how often each contender runs")
    return parser.parse_args()


def _print(found: Sequence[Figure], measured: Measured, bill: BillMeasured) -> None:
    console = Console()
    console.print(_figures_table(found))
    console.print(_seconds_table("Seconds, median of the rounds", measured.seconds))
    console.print(_seconds_table("Seconds with 300 ms a page", measured.delayed))
    console.print(_seconds_table("Seconds for BILL's bills", bill.seconds))
    for verb, reasons in (("left out", measured.left_out), ("failed", measured.failed)):
        for name, reason in reasons.items():
            console.print(f"{verb}: {name}: {reason}", markup=False)


def _figures_table(found: Sequence[Figure]) -> Table:
    table = Table("figure", "value", "promised", "", "against", title="Figures")
    for figure in found:
        promised = ""
        if figure.at_least is not None:
            promised = f"≥ {figure.at_least:g}"
        elif figure.at_most is not None:
            promised = f"≤ {figure.at_most:g}"
        verdict = {True: "holds", False: "MISSED", None: ""}[figure.holds]
        table.add_row(figure.name, f"{figure.value:.2f}", promised, verdict, figure.against)
    return table


def _seconds_table(title: str, taken: dict[str, list[float]]) -> Table:
    table = Table("reader", "median", "least", "most", title=title)
    for name, seconds in sorted(taken.items(), key=lambda item: statistics.median(item[1])):
        shown = (statistics.median(seconds), min(seconds), max(seconds))
        table.add_row(name, *(f"{value:.2f}" for value in shown))
    return table


def _written(
    found: Sequence[Figure], measured: Measured, bill: BillMeasured, size: Size
) -> dict[str, object]:
    """One object: each figure under its name, and under other names how it came about."""
    return {
        **{figure.name: round(figure.value, 3) for figure in found},
        "missed": [figure.name for figure in found if figure.holds is False],
        "size": attrs.asdict(size),
        "measured": attrs.asdict(measured),
        "bill": attrs.asdict(bill),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "versions": {name: metadata.version(name) for name in _VERSIONS},
        },
    }


if __name__ == "__main__":
    main()
