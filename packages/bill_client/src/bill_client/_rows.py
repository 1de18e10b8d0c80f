"""Pages of objects: the fast way, and the slow one that takes everything. Pure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import attrs

from bill_client._converter import decode, structure
from bill_client._fast_rows import fast_reading
from bill_client.errors import Undecodable
from bill_client.models.resource import Resource

R = TypeVar("R", bound=Resource)

_MOST_LEARNED = 50


@attrs.frozen(kw_only=True)
class RowsOfPage(Generic[R]):
    """A page as its body tells it; `token` is the next page's, None on the last."""

    rows: Sequence[R]
    token: str | None


class RowReader(Generic[R]):
    """Reads pages of one model.

    A field that no model names sends a page the slow way. Which fields these are is remembered:
    the next page that has them is read fast again.
    """

    def __init__(self, model: type[R]) -> None:
        self._model = model
        self._learned: dict[type[Resource], frozenset[str]] = {}
        self._fast = fast_reading(model, {})

    def __call__(self, body: bytes) -> RowsOfPage[R]:
        """The page that a body tells.

        Raises:
            Undecodable: it is not a page, or a row does not fit the model.
        """
        read = self._fast(body) if self._fast else None
        if read is not None:
            return RowsOfPage(rows=read[0], token=read[1])
        page = _slowly(self._model, body)
        self._learn(page)
        return page

    def _learn(self, page: RowsOfPage[R]) -> None:
        learned = dict(self._learned)
        for item in page.rows:
            for part in _parts(item):
                if part.extra:
                    kind = type(part)
                    learned[kind] = learned.get(kind, frozenset()) | {*part.extra}
        known = sum(map(len, learned.values()))
        if learned != self._learned and known <= _MOST_LEARNED:
            self._learned = learned
            more = {kind: sorted(names) for kind, names in learned.items()}
            self._fast = fast_reading(self._model, more)


@functools.cache
def _reader(model: type[Any]) -> RowReader[Any]:
    return RowReader(model)


def row_reader(model: type[R]) -> Callable[[bytes], RowsOfPage[R]]:
    """What reads pages of a model; there is one for each."""
    return cast("RowReader[R]", _reader(cast("Any", model)))  # a class is hashable


def _slowly(model: type[R], body: bytes) -> RowsOfPage[R]:
    told = decode(body)
    rows = told.get("results") if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping) or not isinstance(rows, list):
        raise Undecodable("the answer has no list of results")
    following = told.get("nextPage")
    return RowsOfPage(
        rows=[structure(model, row) for row in rows],
        token=str(following) if following else None,
    )


def _parts(item: Resource) -> Iterator[Resource]:
    """An object and the objects in it."""
    yield item
    for field in attrs.fields(type(item)):
        value = getattr(item, field.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Resource):
                yield from _parts(inner)
