"""Lists that are read page by page, when they are asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

import attrs

from api_transport.side_by_side import in_order
from bill_client.errors import Undecodable

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """One finished request: its items, and where the next page is (None: this was the last)."""

    items: Sequence[T]
    next: str | None


Fetch = Callable[[Mapping[str, str]], Awaitable[Page[T]]]
"""Reads the page that a query asks for."""


@attrs.frozen(kw_only=True)
class Listing(Generic[T]):
    """Items one by one, or pages by `pages()`. Nothing is sent before one iterates.

    Breaking out leaks nothing: each page is a finished request. Iterating again reads again.
    A list may be made of several `queries`, whose pages follow each other; some of them are read
    `side_by_side`, since the pages of one can only be found one after the other.
    """

    _fetch: Fetch[T] = attrs.field(alias="fetch", repr=False)
    _queries: Sequence[Mapping[str, str]] = attrs.field(alias="queries")
    _side_by_side: int = attrs.field(default=1, alias="side_by_side")

    async def pages(self) -> AsyncGenerator[Page[T], None]:
        """Page after page.

        Raises:
            Undecodable: a page names one that was read before, so the list would never end.
        """
        if self._side_by_side > 1:
            async with aclosing(self._windows()) as windows:
                async for window in windows:
                    for page in window:
                        yield page
            return
        for query in self._queries:
            async with aclosing(chain(self._fetch, query)) as pages:
                async for page in pages:
                    yield page
                    del page  # not kept while the next one is read

    async def __aiter__(self) -> AsyncGenerator[T, None]:
        """Item after item, over all pages."""
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item
                del page  # not kept while the next one is read

    async def all(self) -> Sequence[T]:
        """Every item, read to the end."""
        items: list[T] = []
        async for page in self.pages():
            items.extend(page.items)
        return items

    def _windows(self) -> AsyncGenerator[Sequence[Page[T]], None]:
        """All pages of one query after the other, some queries being read at a time."""

        async def window(number: int) -> Sequence[Page[T]]:
            return [page async for page in chain(self._fetch, self._queries[number])]

        return in_order(
            window,
            concurrency=self._side_by_side,
            wanted=lambda number: number < len(self._queries),
        )


async def chain(fetch: Fetch[T], query: Mapping[str, str]) -> AsyncGenerator[Page[T], None]:
    """The pages of one query, each found by the token of the one before.

    Raises:
        Undecodable: a page names one that was read before, so the list would never end.
    """
    size = {name: value for name, value in query.items() if name == "max"}
    read: set[str] = set()
    while True:
        page = await fetch(query)
        following = page.next
        yield page
        del page  # not kept while the next one is read
        if following is None:
            return
        if following in read:
            raise Undecodable("a page names one that was read before; the list has no end")
        read.add(following)
        # With a page token neither filters nor sort are sent again (`bill.md` §4).
        query = {**size, "page": following}
