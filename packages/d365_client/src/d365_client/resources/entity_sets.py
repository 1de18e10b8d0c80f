"""Entity sets, by model or by name: reading, creating, changing, deleting, acting."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Generic, TypeVar

import attrs

from d365_client._answers import RawAnswer
from d365_client._api import Api
from d365_client._call import Call, Operation
from d365_client._known_sets import KnownSet
from d365_client._listing import Listing, Page, Windows
from d365_client._odata import NAMESPACE, Condition, Expansion, Field, Literal, Order, field
from d365_client._query import Query
from d365_client.errors import garbled
from d365_client.models.entity import EntityDraft
from d365_client.resources.actions import acting

R = TypeVar("R")
T = TypeVar("T")

LARGEST_PAGE = 10_000
"""So many rows D365 gives in one answer at most (`d365.md` §2.3)."""


@attrs.frozen(kw_only=True)
class EntitySet(Generic[R]):
    """A set, and what of it is wanted: `where`, `select`, `order_by` and the like give a new one.

    Nothing is sent before a row is asked for. Rows of all companies that the user may see come:
    narrow them by `in_company` or `dataAreaId` (`d365.md` §2.4). Names are the wire's in `field`,
    `order_by`, `select` and `expand`; keys and changes are given by the model's attributes, or by
    the wire's names. A field that the set is not known to have is refused before anything is sent.
    """

    _api: Api = attrs.field(alias="api", repr=False)
    _set: KnownSet[R] = attrs.field(alias="known_set")
    _query: Query = attrs.field(alias="query")
    _timeout: float | None = attrs.field(default=None, alias="timeout")
    _headers: Mapping[str, str] = attrs.field(factory=dict, alias="headers", repr=False)
    _company: str = attrs.field(default="", alias="company")

    def where(self, *conditions: Condition) -> EntitySet[R]:
        """Only rows for which all conditions hold, with those given before."""
        return attrs.evolve(self, query=self._query.where(conditions))

    def select(self, *names: str | Field) -> EntitySet[R]:
        """These fields too, such as a tenant's own.

        The fields of a model are always selected, so none is missing because it was not; what is
        beside them comes in the rows' `extra`. Of plain rows these fields come, and the key's.
        """
        return attrs.evolve(self, query=self._query.select(names))

    def expand(self, name: str, *names: str) -> EntitySet[R]:
        """With the rows that this navigation property leads to, or only these fields of them.

        They come plain: in the `extra` of a model, in a plain row itself. One level deep
        (`d365.md` §2.3).
        """
        expansion = Expansion(name=field(name).name, names=tuple(field(one).name for one in names))
        return attrs.evolve(self, query=self._query.expand(expansion))

    def order_by(self, *orders: str | Field | Order) -> EntitySet[R]:
        """In this order; the key is appended, since pages of a partial order may overlap (§2.6)."""
        return attrs.evolve(self, query=self._query.order_by(orders))

    def top(self, count: int) -> EntitySet[R]:
        """At most the first `count` rows.

        Raises:
            ValueError: `count` is less than one.
        """
        return attrs.evolve(self, query=self._query.first(count))

    def in_company(self, data_area_id: str) -> EntitySet[R]:
        """Only rows of this legal entity; it also completes a key that does not name one."""
        return attrs.evolve(self.where(field("dataAreaId") == data_area_id), company=data_area_id)

    def with_options(
        self, *, timeout: float | None = None, headers: Mapping[str, str] | None = None
    ) -> EntitySet[R]:
        """With so many seconds to wait for each answer, and with these headers too."""
        return attrs.evolve(
            self,
            timeout=self._timeout if timeout is None else timeout,
            headers={**self._headers, **(headers or {})},
        )

    def list(
        self, *, count: bool = False, concurrency: int = 1, page_size: int = LARGEST_PAGE
    ) -> Listing[R]:
        """The rows, page by page as they are asked for.

        With `count` D365 counts them, and a list that has others is an error. With `concurrency`
        more than one, they are counted too, and pages of `page_size` rows are read side by side
        and come in order. Where a
        condition names more values than fit into one request, several are sent: each row comes
        once, and the order holds within each request's rows. Reading raises a `D365Error` where
        a page cannot be had: a list is never cut short.

        Raises:
            ValueError: a field that is not known; no order that is; or `top` of several requests,
                which have no first rows in common.
        """
        query = self._set.selected(self._query).checked()
        reader = self._set.reading(query)

        async def fetch(target: str) -> Page[R]:
            return await self._api.page(reader, self._to_send(Call(method="GET", path=target)))

        def window(text: str, skip: int, top: int) -> str:
            return query.window(text, skip=skip, top=top, counted=True)

        side_by_side = concurrency > 1
        size = min(page_size, LARGEST_PAGE)
        windows = Windows(target=window, size=size, concurrency=concurrency)
        return Listing(
            fetch=fetch,
            starts=query.texts if side_by_side else query.targets(counted=count),
            key=self._set.key_of,
            limit=query.top,
            windows=windows if side_by_side else None,
        )

    async def count(self) -> int:
        """How many rows there are, as D365 counts them.

        Raises:
            D365Error: they cannot be counted.
            ValueError: more values are named than one request holds; the counts may overlap.
        """
        query = self._query.checked()
        if len(query.texts) > 1:
            raise ValueError(f"a count of {len(query.texts)} requests: name fewer values")
        call = self._to_send(query.counting(query.texts[0]))
        return await self._api.run(Operation(call=call, read=_number, json=False))

    async def raw_pages(self) -> AsyncGenerator[RawAnswer, None]:
        """The answers as they are, one a page, to the last.

        Raises:
            D365Error: a page cannot be had.
        """
        query = self._set.selected(self._query).checked()
        for target in query.targets(counted=False):
            following: str | None = target
            while following is not None:
                call = self._to_send(Call(method="GET", path=following))
                answer, following = await self._api.raw_page(call)
                yield answer

    async def get(self, **key: Literal) -> R:
        """The row of this key, all of it.

        Raises:
            NotFound: there is none.
            ValueError: that is not the key.
        """
        return await self._api.run(self.to_get(**key))

    async def create(self, draft: EntityDraft[R] | Mapping[str, object]) -> R:
        """Create a row and return it as D365 stored it, with its defaults.

        Raises:
            D365Error: `outcome` says whether it may have been created all the same.
        """
        return await self._api.run(self.to_create(draft))

    async def update(
        self, key: Mapping[str, Literal], changes: Mapping[str, object], *, etag: str = ""
    ) -> None:
        """Change these fields of a row, and no others (PATCH, `d365.md` §2.9).

        With `etag` only if the row is still the one that was read.

        Raises:
            D365Error: `outcome` says whether it may have been changed all the same.
        """
        await self._api.run(self.to_update(key, changes, etag=etag))

    async def delete(self, key: Mapping[str, Literal], *, etag: str = "") -> None:
        """Delete a row; D365 answers a missing one with 400 (`d365.md` §2.9).

        Raises:
            D365Error: `outcome` says whether it may have been deleted all the same.
        """
        await self._api.run(self.to_delete(key, etag=etag))

    async def invoke(
        self,
        action: str,
        parameters: Mapping[str, object] | None = None,
        *,
        key: Mapping[str, Literal] | None = None,
        reads: bool = False,
    ) -> object:
        """What an action of the set returns, or with `key` one of that row (`d365.md` §2.12).

        Numbers are exact. An action that only `reads` is asked again when something breaks.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same.
        """
        path = (
            f"/data/{self._query.entity_set}" if key is None else self._set.path(self._keyed(key))
        )
        operation = acting(f"{path}/{NAMESPACE}.{field(action).name}", parameters, reads=reads)
        return await self._api.run(self._sent_with(operation))

    def to_get(self, **key: Literal) -> Operation[R]:
        """`get` as a part of a batch."""
        return self._sent_with(self._set.getting(self._query, self._keyed(key)))

    def to_create(self, draft: EntityDraft[R] | Mapping[str, object]) -> Operation[R]:
        """`create` as a part of a batch."""
        return self._sent_with(self._set.creating(draft))

    def to_update(
        self, key: Mapping[str, Literal], changes: Mapping[str, object], *, etag: str = ""
    ) -> Operation[None]:
        """`update` as a part of a batch."""
        return self._sent_with(self._set.updating(self._keyed(key), changes, etag))

    def to_delete(self, key: Mapping[str, Literal], *, etag: str = "") -> Operation[None]:
        """`delete` as a part of a batch."""
        return self._sent_with(self._set.deleting(self._keyed(key), etag))

    def _keyed(self, key: Mapping[str, Literal]) -> Mapping[str, Literal]:
        """The key with the company, where one was chosen and the key does not name another."""
        company = {"data_area_id", "dataAreaId"}
        if not self._company or company & {*key}:
            return key
        return {"dataAreaId": self._company, **key}

    def _sent_with(self, operation: Operation[T]) -> Operation[T]:
        return attrs.evolve(operation, call=self._to_send(operation.call))

    def _to_send(self, call: Call) -> Call:
        """The call with the options of this set."""
        headers = {**call.headers, **self._headers}
        return attrs.evolve(call, timeout=self._timeout, headers=headers)


def _number(body: bytes) -> int:
    """The plain number that `$count` answers, which may begin with a byte order mark."""
    text = body.decode("utf-8-sig").strip()
    if not text.isdecimal():
        raise garbled(f"the answer is {text[:40]!r}, not a number of rows")
    return int(text)
