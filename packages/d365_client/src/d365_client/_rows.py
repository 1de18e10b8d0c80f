"""Pages and rows of a set, as a model or plain. Pure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Generic, TypeAlias, TypeVar, cast

import attrs
import msgspec

from d365_client._converter import decode, structure
from d365_client._fast_rows import fast_reading
from d365_client.errors import Undecodable
from d365_client.models.entity import Entity

R = TypeVar("R")
E = TypeVar("E", bound=Entity)

PlainRow: TypeAlias = dict[str, object]
"""A row under the wire's names: texts, ints, exact Decimals, bools, None."""


@attrs.frozen(kw_only=True)
class RowsOfPage(Generic[R]):
    """A page as its body tells it; `link` is the next page's, and `count` the whole list's."""

    rows: Sequence[R]
    link: str | None
    count: int | None


@attrs.frozen(kw_only=True)
class RowReader(Generic[R]):
    """How the rows of one set are read, from the body of a page or of a row.

    Both raise `Undecodable` for what does not fit.
    """

    page: Callable[[bytes], RowsOfPage[R]] = attrs.field(repr=False)
    row: Callable[[bytes], R] = attrs.field(repr=False)


def plain_reader() -> RowReader[PlainRow]:
    """Rows as they are on the wire, with exact numbers."""
    return RowReader(page=_plain_page, row=_plain_row)


def model_reader(model: type[E], more: tuple[str, ...] = ()) -> RowReader[E]:
    """Rows as `model`; `more` are the wire's names of fields that come in `extra`."""
    fast = _fast_reading(cast("Any", model), more)  # a class is hashable, whatever mypy says of it

    def page(body: bytes) -> RowsOfPage[E]:
        read = fast(body) if fast else None
        if read is not None:
            return RowsOfPage(rows=read[0], link=read[1], count=read[2])
        told = _plain_page(body)
        rows = [structure(model, row) for row in told.rows]
        return RowsOfPage(rows=rows, link=told.link, count=told.count)

    return RowReader(page=page, row=lambda body: structure(model, decode(body)))


_fast_reading = functools.cache(fast_reading)  # made once for each model and selection


class _PlainPage(msgspec.Struct):
    value: list[PlainRow]
    link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    count: int | None = msgspec.field(default=None, name="@odata.count")


_PLAIN_PAGE = msgspec.json.Decoder(_PlainPage, float_hook=Decimal)


def _plain_page(body: bytes) -> RowsOfPage[PlainRow]:
    try:
        page = _PLAIN_PAGE.decode(body)
    except msgspec.ValidationError as error:
        raise Undecodable(f"the answer is not a page of rows: {error}") from error
    except ValueError:
        decode(body)  # tells why it is no JSON
        raise
    return RowsOfPage(rows=page.value, link=page.link, count=page.count)


def _plain_row(body: bytes) -> PlainRow:
    row = decode(body)
    if not isinstance(row, dict):
        raise Undecodable(f"a row is {type(row).__name__}, not an object")
    return row
