"""What has changed since an instant, with nothing left out when rows change meanwhile."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from bill_client._listing import Fetch, Page, chain
from bill_client.errors import Undecodable
from bill_client.models.resource import Changed

V = TypeVar("V", bound=Changed)

Query = Callable[[datetime], Mapping[str, str]]
"""The query for rows changed at an instant or later, the oldest change first."""


@attrs.define(kw_only=True)
class Changes(Generic[V]):
    """Rows in the order of their changes; each version of a row once, however often it is met.

    Page tokens are not trusted over changes: a row that changes meanwhile moves to the end, and
    what was behind it would be skipped. So each page begins anew at the last instant that was
    seen. Give the `watermark` to the next `changed_since`. It is a filter and never proof: rows may
    come twice, with and without overlap (`domain.md` I-30).
    """

    _fetch: Fetch[V] = attrs.field(alias="fetch", repr=False)
    _queries: Sequence[Query] = attrs.field(alias="queries", repr=False)
    _since: datetime = attrs.field(alias="since")
    _watermark: datetime | None = attrs.field(default=None, init=False)

    @property
    def watermark(self) -> datetime | None:
        """The newest change that was given, by BILL's clock; None where nothing was."""
        return self._watermark

    async def pages(self) -> AsyncGenerator[Page[V], None]:
        """Page after page of what was not given before.

        Raises:
            Undecodable: a row does not tell when it was changed, or rows come in another order.
        """
        newest: datetime | None = None
        for query in self._queries:
            given: set[tuple[str, datetime]] = set()
            async with aclosing(self._following(query, given)) as pages:
                async for page in pages:
                    yield page
            newest = max((at for _, at in given), default=newest)
            # What changed sides while a later query was read is met again from the first one's end.
            self._watermark = self._watermark or newest

    async def __aiter__(self) -> AsyncGenerator[V, None]:
        """Row after row."""
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def all(self) -> Sequence[V]:
        """Every row, read to the end."""
        return [item async for item in self]

    async def _following(
        self, query: Query, given: set[tuple[str, datetime]]
    ) -> AsyncGenerator[Page[V], None]:
        """The pages of one query, each begun anew at the last instant of the one before."""
        start = self._since
        while True:
            ended, last, news, read = False, start, False, 0
            async with aclosing(chain(self._fetch, query(start))) as pages:
                async for page in pages:
                    read += 1
                    new = [item for item in page.items if (item.id, _changed(item)) not in given]
                    given.update((item.id, _changed(item)) for item in new)
                    news = news or bool(new)
                    ended = page.next is None
                    last = max((_changed(item) for item in page.items), default=last)
                    if new:
                        yield Page(items=new, next=page.next)
                    # More rows than a page has may be of one instant: then the token goes on.
                    if last > start:
                        break
            if read > 1 and news:
                continue  # by a token: rows may have moved up unseen, so they are looked for again
            if ended:
                return
            start = last


def _changed(item: Changed) -> datetime:
    if item.updated_time is None:
        raise Undecodable(f"{item.id} does not tell when it was changed")
    return item.updated_time
