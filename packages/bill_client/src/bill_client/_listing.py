"""Lists that are read page by page, when they are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import attrs

from bill_client.errors import Undecodable

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """One finished request: its items, and where the next page is (None: this was the last)."""

    items: Sequence[T]
    next: str | None


@attrs.frozen(kw_only=True)
class Listing(Generic[T]):
    """Items as an async iterator, or pages by `pages()`. Nothing is sent before one iterates.

    Breaking out leaks nothing: each page is a finished request.
    """

    _fetch: Callable[[str | None], Awaitable[Page[T]]] = attrs.field(alias="fetch")

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Page after page.

        Raises:
            Undecodable: a page named one that was read before, so the list would never end.
        """
        seen: set[str] = set()
        page = await self._fetch(None)
        yield page
        while page.next is not None:
            if page.next in seen:
                raise Undecodable("a page names one that was read before; the list has no end")
            seen.add(page.next)
            page = await self._fetch(page.next)
            yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        """Item after item, over all pages."""
        async for page in self.pages():
            for item in page.items:
                yield item

    async def all(self) -> Sequence[T]:
        """Every item, read to the end."""
        return [item async for item in self]
