"""Lists that are read page by page, when they are asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

import attrs

from api_transport.side_by_side import in_order
from d365_client.errors import Undecodable

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """One finished request: its items, and where the next page is (None: this was the last).

    `count` is how many items the list has, on the first page of a list that counts them.
    """

    items: Sequence[T]
    next: str | None
    count: int | None = None


@attrs.frozen(kw_only=True)
class Windows:
    """How a list is cut into requests that do not wait for each other.

    `target` makes the request for so many rows after so many; `size` is how many rows a request
    asks for, `concurrency` how many are read ahead.
    """

    target: Callable[[str, int, int], str] = attrs.field(repr=False)
    size: int
    concurrency: int


@attrs.frozen(kw_only=True)
class Listing(Generic[T]):
    """Items one by one, or pages by `pages()`. Nothing is sent before one iterates.

    Breaking out leaks nothing: each page is a finished request. Iterating again reads again.
    A list that does not fit into one request has several `starts`; an item that more than one
    of them gives, told by `key`, comes once. One that counts is whole or an error. With
    `windows` pages are read side by side, and come in order all the same; none is asked for beyond
    what was counted.
    """

    _fetch: Callable[[str], Awaitable[Page[T]]] = attrs.field(alias="fetch", repr=False)
    _starts: Sequence[str] = attrs.field(alias="starts")
    _key: Callable[[T], Hashable] = attrs.field(alias="key", repr=False)
    _top: int | None = attrs.field(default=None, alias="limit")
    _windows: Windows | None = attrs.field(default=None, alias="windows")

    async def pages(self) -> AsyncGenerator[Page[T], None]:
        """Page after page.

        Raises:
            Undecodable: a page names one that was read before, so the list would never end; the
                rows are not as many as were counted; or rows follow a page that was not full.
        """
        given: set[Hashable] = set()
        for start in self._starts:
            async with aclosing(self._counted(start)) as pages:
                async for page in pages:
                    if len(self._starts) == 1:
                        yield page
                    else:
                        items = [item for item in page.items if self._key(item) not in given]
                        given.update(map(self._key, items))
                        yield attrs.evolve(page, items=items)
                        del items
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

    async def _counted(self, start: str) -> AsyncGenerator[Page[T], None]:
        """The pages of one start; in the end there were as many rows as it counted, if it did."""
        expected: int | None = None
        given = 0
        windows = self._windows
        reading = self._chain(start) if windows is None else self._side_by_side(start, windows)
        async with aclosing(reading) as pages:
            async for page in pages:
                expected = page.count if expected is None else expected
                given += len(page.items)
                yield page
                del page  # not kept while the next one is read
        if expected is not None and self._top is not None:
            expected = min(expected, self._top)
        if expected is not None and given != expected:
            raise Undecodable(
                f"{expected} rows were counted and {given} came: rows were lost, or the set "
                "changed while it was read; read it again"
            )

    async def _chain(self, start: str) -> AsyncGenerator[Page[T], None]:
        """Page by page, each found by the link of the one before."""
        read: set[str] = set()
        following: str | None = start
        while following is not None:
            if following in read:
                raise Undecodable("a page names one that was read before; the list has no end")
            read.add(following)
            page = await self._fetch(following)
            following = page.next
            yield page
            del page  # not kept while the next one is read

    async def _side_by_side(self, start: str, windows: Windows) -> AsyncGenerator[Page[T], None]:
        """Window by window, several being read at a time; the one that is not full is the last."""

        async def window(number: int) -> Page[T]:
            skip = number * windows.size
            size = windows.size if self._top is None else min(windows.size, self._top - skip)
            return await self._window(windows.target(start, skip, size), size)

        most = None if self._top is None else -(-self._top // windows.size)
        ended = False
        reading = in_order(
            window,
            concurrency=windows.concurrency,
            wanted=lambda number: not ended and (most is None or number < most),
        )
        async with aclosing(reading) as pages:
            async for page in pages:
                if page.count is not None:  # of all windows, the first one's: so many there are
                    counted = -(-page.count // windows.size)
                    most = counted if most is None else min(most, counted)
                if ended and page.items:
                    raise Undecodable(
                        "rows follow a page that was not full: rows were lost, or the set changed "
                        "while it was read; read it again"
                    )
                if not ended:
                    ended = len(page.items) < windows.size
                    yield page
                del page  # not kept while the next one is read

    async def _window(self, target: str, size: int) -> Page[T]:
        """The rows of one window as one page, however the service cuts them."""
        items: list[T] = []
        count: int | None = None
        async with aclosing(self._chain(target)) as pages:
            async for page in pages:
                items.extend(page.items)
                count = page.count if count is None else count
                if len(items) >= size:
                    break
        if len(items) > size:
            raise Undecodable(f"{size} rows were asked for and {len(items)} came")
        return Page(items=items, next=None, count=count)
