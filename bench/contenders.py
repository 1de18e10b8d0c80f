"""Who is measured: our ways of reading, the peers, and what one writes by hand."""

from __future__ import annotations

import enum

import attrs

EVERY_PYTHON = (3, 11)


class Kind(enum.Enum):
    """What a contender is compared as."""

    OURS = "ours"
    UNTYPED = "untyped peer"
    EXACT = "exact peer"
    BY_HAND = "by hand"


@attrs.frozen(kw_only=True)
class Contender:
    """One reader: a program, its arguments, and the environment that it runs in.

    `environment` None is our own; `at_least` is the oldest Python on which it can be installed.
    """

    name: str
    kind: Kind
    module: str
    arguments: tuple[str, ...] = ()
    environment: str | None = None
    at_least: tuple[int, int] = EVERY_PYTHON


def ours(way: str) -> Contender:
    """Our client, reading in this way."""
    return Contender(
        name=f"tieout, {way}", kind=Kind.OURS, module="bench.readers.tieout", arguments=(way,)
    )


PLAIN = ours("plain")
TYPED = ours("typed")
TYPED_EVERY_FIELD = ours("typed, every field")
TYPED_ROW_BY_ROW = ours("typed, row by row")
PLAIN_PREFETCH = ours("plain, prefetch")
TYPED_PREFETCH = ours("typed, prefetch")

OURS = (PLAIN, TYPED, TYPED_EVERY_FIELD)
OURS_PREFETCHING = (PLAIN_PREFETCH, TYPED_PREFETCH)

UNTYPED = (
    Contender(
        name="d365fo-client",
        kind=Kind.UNTYPED,
        module="bench.readers.d365fo_client",
        environment="d365fo-client",
        at_least=(3, 13),
    ),
    Contender(
        name="d365-client",
        kind=Kind.UNTYPED,
        module="bench.readers.d365_client",
        environment="d365-client",
    ),
    Contender(
        name="fxpyD365api",
        kind=Kind.UNTYPED,
        module="bench.readers.fxpyd365api",
        environment="fxpyd365api",
    ),
    Contender(
        name="fxpyD365api, async",
        kind=Kind.UNTYPED,
        module="bench.readers.fxpyd365api",
        arguments=("async",),
        environment="fxpyd365api",
    ),
)
EXACT = (
    Contender(
        name="python-odata",
        kind=Kind.EXACT,
        module="bench.readers.python_odata",
        environment="python-odata",
    ),
    Contender(
        name="odatapy", kind=Kind.EXACT, module="bench.readers.odatapy", environment="odatapy"
    ),
)
BY_HAND = (
    Contender(
        name="httpx by hand",
        kind=Kind.BY_HAND,
        module="bench.readers.httpx_by_hand",
        environment="by-hand",
    ),
    Contender(
        name="requests by hand",
        kind=Kind.BY_HAND,
        module="bench.readers.requests_by_hand",
        environment="by-hand",
    ),
)
