"""Reading a large set, side by side with the peers: every round runs every contender once."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence

import attrs

from bench.contenders import (
    BY_HAND,
    EXACT,
    OURS,
    OURS_PREFETCHING,
    TYPED_ROW_BY_ROW,
    UNTYPED,
    Contender,
)
from bench.environments import LeftOut
from bench.processes import Failed, read, served

SECONDS_A_PAGE = 0.3
_WARM = 100  # rows to warm up with


@attrs.frozen(kw_only=True)
class Size:
    """How much is read: rows, rows of the large set for memory, and rounds.

    The exact peers are slow, and far enough away for `exact_rounds` to do.
    """

    rows: int = 100_000
    many_rows: int = 1_000_000
    rounds: int = 5
    exact_rounds: int = 2


QUICK = Size(rows=12_000, many_rows=24_000, rounds=1, exact_rounds=1)


@attrs.define(kw_only=True)
class Measured:
    """What came of it: seconds a contender and round, peaks in bytes, and who is missing.

    `delayed` are the seconds where every page takes `SECONDS_A_PAGE` longer. `left_out` and
    `failed` say why, by contender.
    """

    seconds: dict[str, list[float]] = attrs.field(factory=dict)
    delayed: dict[str, list[float]] = attrs.field(factory=dict)
    peaks: dict[int, int] = attrs.field(factory=dict)
    pythons: dict[str, str] = attrs.field(factory=dict)
    left_out: dict[str, str] = attrs.field(factory=dict)
    failed: dict[str, str] = attrs.field(factory=dict)

    def note(
        self,
        contender: Contender,
        *,
        small: str,
        url: str,
        rows: int,
        made: int,
        into: dict[str, list[float]] | None = None,
    ) -> None:
        """Run it once, and keep its seconds, or without `into` its peak; one that fails is out."""
        if contender.name in self.left_out or contender.name in self.failed:
            return
        _say(f"{contender.name}, {rows} rows")
        try:
            reading = read(contender, small=small, url=url, rows=rows, made=made)
        except LeftOut as reason:
            self.left_out[contender.name] = str(reason)
            _say(f"{contender.name} is left out: {reason}")
        except Failed as reason:
            self.failed[contender.name] = str(reason)
            for taken in (self.seconds, self.delayed):
                taken.pop(contender.name, None)
            _say(f"{contender.name} failed: {reason}")
        else:
            self.pythons[contender.name] = reading.python
            if into is not None:
                into.setdefault(contender.name, []).append(reading.seconds)
            elif reading.peak is not None:
                self.peaks[rows] = reading.peak


def measure(size: Size, *, peers: bool) -> Measured:
    """Everything that is measured of reading, with the peers or without."""
    measured = Measured()
    services = [(size.rows, 0.0), (size.rows, SECONDS_A_PAGE), (size.many_rows, 0.0), (_WARM, 0.0)]
    with served(size.rows, services) as (at_once, delayed, large, small):
        note = functools.partial(measured.note, small=small, made=size.rows)
        for number in range(size.rounds):
            others = (*UNTYPED, *BY_HAND) if peers else ()
            exact = EXACT if peers and number < size.exact_rounds else ()
            for contender in _turned((*OURS, *others, *exact), number):
                note(contender, url=at_once, rows=size.rows, into=measured.seconds)
            for contender in _turned((*OURS_PREFETCHING, *(UNTYPED if peers else ())), number):
                note(contender, url=delayed, rows=size.rows, into=measured.delayed)
        for url, rows in ((at_once, size.rows), (large, size.many_rows)):
            note(TYPED_ROW_BY_ROW, url=url, rows=rows)
    return measured


def _turned(contenders: Sequence[Contender], number: int) -> Sequence[Contender]:
    """The same, beginning with another each round: nobody always runs after the same one."""
    first = number % len(contenders)
    return (*contenders[first:], *contenders[:first])


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
