"""The figures that are promised, made of what was measured; pure.

A ratio is the peer's seconds by ours, so more is better and 1 is as fast; the seconds of a
contender are the median of its rounds, and the fastest peer is the one whose median is least.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

import attrs

from bench.contenders import (
    EXACT,
    PLAIN,
    PLAIN_PREFETCH,
    TYPED,
    TYPED_EVERY_FIELD,
    TYPED_PREFETCH,
    UNTYPED,
    Contender,
)
from bench.d365_reading import Measured

_MEGABYTE = 1_000_000
_FLAT = 1.2
"""Memory is flat if ten times the rows take at most a fifth more.

What an allocator keeps between pages grows by a tenth or so; rows that were kept would be tenfold.
"""


@attrs.frozen(kw_only=True)
class Figure:
    """A named figure; `at_least` or `at_most` is what was promised, None nothing."""

    name: str
    value: float
    against: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where nothing was promised."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


def figures(measured: Measured) -> Sequence[Figure]:
    """Every figure that can be made: one whose contenders are missing is missing."""
    return (*_ratios(measured), *_memory(measured.peaks))


def _ratios(measured: Measured) -> Iterator[Figure]:
    seconds, delayed = measured.seconds, measured.delayed
    for name, own, peers, taken, promised in (
        ("d365_plain_rows_vs_fastest_peer", PLAIN, UNTYPED, seconds, 1.1),
        ("d365_typed_rows_vs_fastest_peer", TYPED, UNTYPED, seconds, 0.75),
        ("d365_typed_rows_vs_fastest_exact_peer", TYPED_EVERY_FIELD, EXACT, seconds, 5.0),
        ("d365_prefetch_vs_fastest_peer", PLAIN_PREFETCH, UNTYPED, delayed, 2.0),
        ("d365_typed_prefetch_vs_fastest_peer", TYPED_PREFETCH, UNTYPED, delayed, None),
    ):
        fastest = _fastest(peers, taken)
        if fastest is not None and own.name in taken:
            ratio = statistics.median(taken[fastest]) / statistics.median(taken[own.name])
            yield Figure(name=name, value=ratio, against=fastest, at_least=promised)


def _fastest(peers: Sequence[Contender], taken: Mapping[str, Sequence[float]]) -> str | None:
    present = [peer.name for peer in peers if peer.name in taken]
    return min(present, key=lambda name: statistics.median(taken[name]), default=None)


def _memory(peaks: Mapping[int, int]) -> Iterator[Figure]:
    """The peaks, in megabytes of a million bytes, and how the larger set's is to the smaller's."""
    if not peaks:
        return
    least, most = min(peaks), max(peaks)
    yield Figure(name="d365_paging_peak_mb", value=max(peaks.values()) / _MEGABYTE, at_most=200.0)
    for rows in (least, most):
        yield Figure(name=f"d365_paging_peak_mb_at_{rows}_rows", value=peaks[rows] / _MEGABYTE)
    yield Figure(name="d365_paging_peak_growth", value=peaks[most] / peaks[least], at_most=_FLAT)
