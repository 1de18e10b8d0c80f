"""A reader that did not read every row once has failed, however quick it was."""

from __future__ import annotations

import pytest

from bench.contenders import TYPED, Contender
from bench.d365_reading import Measured
from bench.processes import Failed, read, served


def test_a_reader_is_believed_only_with_every_row_once() -> None:
    """All rows are a reading; a row missing or too many is a failure, and so is a crash."""
    gone = Contender(name="gone", module="bench.readers.not_there")
    with served(100, [(100, 0.0), (150, 0.0)]) as (small, url):
        reading = read(TYPED, small=small, url=url, rows=150, made=100)
        with pytest.raises(Failed, match="of 151 rows it gave 150"):
            read(TYPED, small=small, url=url, rows=151, made=100)
        with pytest.raises(Failed, match="not each of them once"):
            read(TYPED, small=small, url=url, rows=150, made=150)
        with pytest.raises(Failed, match=r"it stopped with 1: .*not_there"):
            read(gone, small=small, url=url, rows=150, made=100)

    assert reading.rows == 150
    assert reading.seconds > 0


def test_a_reader_that_fails_once_has_no_seconds_left() -> None:
    """What it took in the rounds before is forgotten, and it is not run again."""
    measured = Measured(seconds={"gone": [0.1]}, delayed={"gone": [0.1], "other": [0.2]})
    gone = Contender(name="gone", module="bench.readers.not_there")
    for _ in range(2):
        measured.note(gone, small="", url="", rows=1, made=1, into=measured.seconds)

    assert (measured.seconds, measured.delayed) == ({}, {"other": [0.2]})
    assert "not_there" in measured.failed["gone"]


def test_a_server_that_stops_by_itself_is_told() -> None:
    """Nothing is read from it, and nobody takes that for a reader's failure."""
    with (
        pytest.raises(Failed, match="the server stopped by itself, with 1"),
        served(100, [(1.5, 0.0)]),  # type: ignore[list-item]  # no count of rows
    ):
        pass
