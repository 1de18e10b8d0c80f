"""Figures are ratios of medians, against the fastest peer that is there."""

from __future__ import annotations

import pytest

from bench.d365_reading import Measured
from bench.figures import Figure, figures


def by_name(measured: Measured) -> dict[str, Figure]:
    """The figures, by their names."""
    return {figure.name: figure for figure in figures(measured)}


def test_the_peer_with_the_least_median_is_compared_with() -> None:
    """One lucky round makes nobody the fastest: 6 by 5 seconds are 1.2, against the right peer."""
    measured = Measured(
        seconds={
            "tieout, plain": [9.0, 5.0, 4.0],
            "d365-client": [6.0, 7.0, 6.0],
            "d365fo-client": [1.0, 8.0, 8.0],
        }
    )

    assert by_name(measured) == {
        "d365_plain_rows_vs_fastest_peer": Figure(
            name="d365_plain_rows_vs_fastest_peer",
            value=1.2,
            against="d365-client",
            at_least=1.1,
        )
    }


def test_exact_peers_are_compared_with_rows_of_which_every_field_was_read() -> None:
    """A peer that makes its values when they are read is not quick because nobody read them."""
    measured = Measured(
        seconds={
            "tieout, typed": [1.0],
            "tieout, typed, every field": [2.0],
            "python-odata": [20.0],
            "odatapy": [12.0],
        }
    )

    figure = by_name(measured)["d365_typed_rows_vs_fastest_exact_peer"]

    assert (figure.value, figure.against) == (6.0, "odatapy")


def test_without_peers_there_is_no_ratio() -> None:
    """A figure whose contenders are missing is missing, and never a number made up."""
    measured = Measured(seconds={"tieout, plain": [1.0]}, delayed={"tieout, plain, prefetch": [1]})

    assert by_name(measured) == {}


def test_memory_is_told_in_megabytes_and_as_growth() -> None:
    """The peak is the higher of both; flat means that ten times the rows take hardly more."""
    measured = Measured(peaks={100: 100_000_000, 1_000: 120_000_000})

    told = {name: figure.value for name, figure in by_name(measured).items()}

    assert told == {
        "d365_paging_peak_mb": 120.0,
        "d365_paging_peak_mb_at_100_rows": 100.0,
        "d365_paging_peak_mb_at_1000_rows": 120.0,
        "d365_paging_peak_growth": 1.2,
    }


@pytest.mark.parametrize(
    ("value", "at_least", "at_most", "holds"),
    [
        (1.1, 1.1, None, True),
        (1.09, 1.1, None, False),
        (200.0, None, 200.0, True),
        (200.1, None, 200.0, False),
        (1.0, None, None, None),
    ],
)
def test_a_promise_holds_at_its_limit(
    value: float, at_least: float | None, at_most: float | None, *, holds: bool | None
) -> None:
    """What was promised is reached at the limit itself; where nothing was, nothing is told."""
    figure = Figure(name="any", value=value, at_least=at_least, at_most=at_most)

    assert figure.holds is holds
