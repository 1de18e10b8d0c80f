"""Who is measured: our ways of reading, the peers, and what one writes by hand."""

from __future__ import annotations

import attrs

EVERY_PYTHON = (3, 11)


@attrs.frozen(kw_only=True)
class Contender:
    """One reader: a program, its arguments, and the environment that it runs in.

    `environment` None is our own; `at_least` is the oldest Python on which it can be installed.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    environment: str | None = None
    at_least: tuple[int, int] = EVERY_PYTHON


def ours(way: str) -> Contender:
    """Our client, reading in this way."""
    return Contender(name=f"tieout, {way}", module="bench.readers.tieout", arguments=(way,))


PLAIN = ours("plain")
TYPED = ours("typed")
TYPED_EVERY_FIELD = ours("typed, every field")
TYPED_ROW_BY_ROW = ours("typed, row by row")
PLAIN_PREFETCH = ours("plain, prefetch")
TYPED_PREFETCH = ours("typed, prefetch")

OURS = (PLAIN, TYPED, TYPED_EVERY_FIELD)
OURS_PREFETCHING = (PLAIN_PREFETCH, TYPED_PREFETCH)

# They give float dicts.
UNTYPED = (
    Contender(
        name="d365fo-client",
        module="bench.readers.d365fo_client",
        environment="d365fo-client",
        at_least=(3, 13),
    ),
    Contender(
        name="d365-client",
        module="bench.readers.d365_client",
        environment="d365-client",
    ),
    Contender(
        name="fxpyD365api",
        module="bench.readers.fxpyd365api",
        environment="fxpyd365api",
    ),
    Contender(
        name="fxpyD365api, async",
        module="bench.readers.fxpyd365api",
        arguments=("async",),
        environment="fxpyd365api",
    ),
)
# They give decimals and dates.
EXACT = (
    Contender(
        name="python-odata",
        module="bench.readers.python_odata",
        environment="python-odata",
    ),
    Contender(name="odatapy", module="bench.readers.odatapy", environment="odatapy"),
)
# They are no clients: what one writes without any, to compare with by eye.
BY_HAND = (
    Contender(
        name="httpx by hand",
        module="bench.readers.httpx_by_hand",
        environment="by-hand",
    ),
    Contender(
        name="requests by hand",
        module="bench.readers.requests_by_hand",
        environment="by-hand",
    ),
)
