"""Lists that are read page by page, when they are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

import attrs

from d365_client.errors import Undecodable

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """One finished request: its items, and where the next page is (None: this was the last)."""

    items: Sequence[T]
    next: str | None


@attrs.frozen(kw_only=True)
class Listing(Generic[T]):
    """Items as an async iterator, or pages by `pages()`. Nothing is sent before one iterates.

    Breaking out leaks nothing: each page is a finished request. Iterating again reads again.
    A list that does not fit into one request has several `starts`; an item that more than one
    of them gives, told by `key`, comes once.
    """

    _fetch: Callable[[str], Awaitable[Page[T]]] = attrs.field(alias="fetch", repr=False)
    _starts: Sequence[str] = attrs.field(alias="starts")
    _key: Callable[[T], Hashable] = attrs.field(alias="key", repr=False)

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Page after page.

        Raises:
            Undecodable: a page names one that was read before, so the list would never end.
        """
        given: set[Hashable] = set()
        for start in self._starts:
            async for page in self._from(start):
                if len(self._starts) == 1:
                    yield page
                else:
                    items = [item for item in page.items if self._key(item) not in given]
                    given.update(map(self._key, items))
                    yield Page(items=items, next=page.next)

    async def __aiter__(self) -> AsyncIterator[T]:
        """Item after item, over all pages."""
        async for page in self.pages():
            for item in page.items:
                yield item

    async def all(self) -> Sequence[T]:
        """Every item, read to the end."""
        return [item async for item in self]

    async def _from(self, start: str) -> AsyncIterator[Page[T]]:
        read: set[str] = {start}
        page = await self._fetch(start)
        while page.next is not None:
            if page.next in read:
                raise Undecodable("a page names one that was read before; the list has no end")
            read.add(page.next)
            yield page
            page = await self._fetch(page.next)
        yield page
