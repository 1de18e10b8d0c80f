"""Entity sets by model: reading, creating, changing, deleting."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

import attrs

from d365_client._api import Api
from d365_client._call import Call
from d365_client._converter import body_of, body_of_draft, encode, wire_names
from d365_client._listing import Listing, Page
from d365_client._odata import Condition, Field, Literal, Order, field, key_predicate, query
from d365_client.models.entity import Entity, EntityDraft

E = TypeVar("E", bound=Entity)

_JSON = {"Content-Type": "application/json; charset=utf-8"}


@attrs.frozen(kw_only=True)
class EntitySet(Generic[E]):
    """A set, and what of it is wanted: `where`, `select`, `order_by` and `top` give a new one.

    Nothing is sent before a row is asked for. Rows of all companies that the user may see come:
    narrow them by `dataAreaId` (`d365.md` §2.4). Names are the wire's in `field`, `order_by` and
    `select`; keys and changes are given by the model's attributes.
    """

    _api: Api = attrs.field(alias="api", repr=False)
    _model: type[E] = attrs.field(alias="model")
    _condition: Condition | None = attrs.field(default=None, alias="condition")
    _order: tuple[Order, ...] = attrs.field(default=(), alias="order")
    _top: int | None = attrs.field(default=None, alias="limit")
    _extra: tuple[str, ...] = attrs.field(default=(), alias="extra")

    def where(self, *conditions: Condition) -> EntitySet[E]:
        """Only rows for which all conditions hold, with those given before."""
        condition = self._condition
        for following in conditions:
            condition = following if condition is None else condition & following
        return attrs.evolve(self, condition=condition)

    def select(self, *, extra: Iterable[str]) -> EntitySet[E]:
        """Also these fields, such as a tenant's own, which come in the rows' `extra`.

        The model's own fields are always selected, so none is missing because it was not.
        """
        names = (field(name).name for name in extra)
        return attrs.evolve(self, extra=tuple(dict.fromkeys((*self._extra, *names))))

    def order_by(self, *orders: str | Field | Order) -> EntitySet[E]:
        """In this order; the key is appended, since pages of a partial order may overlap (§2.6)."""
        return attrs.evolve(self, order=tuple(map(_order, orders)))

    def top(self, count: int) -> EntitySet[E]:
        """At most the first `count` rows."""
        return attrs.evolve(self, limit=count)

    def list(self) -> Listing[E]:
        """The rows, page by page as they are asked for.

        Where a condition names more values than fit into one request, several are sent: each row
        comes once, and the order holds within each request's rows. Reading raises a `D365Error`
        where a page cannot be had: a list is never cut short.

        Raises:
            ValueError: `top` of several requests, which have no first rows in common.
        """
        texts = self._condition.texts if self._condition else ("",)
        if self._top is not None and len(texts) > 1:
            raise ValueError(f"top({self._top}) of {len(texts)} requests: name fewer values")
        calls = (
            Call(
                method="GET",
                path=f"/data/{self._model.ENTITY_SET}",
                query=query(
                    text=text,
                    select=self._selected(),
                    order_by=self._total_order(),
                    top=self._top,
                ),
            )
            for text in texts
        )
        return Listing(fetch=self._page, starts=[call.target for call in calls], key=self._key_of)

    async def get(self, **key: Literal) -> E:
        """The row of this key, by the model's attributes, all of the key.

        Raises:
            NotFound: there is none.
            ValueError: that is not the key.
        """
        options = query(select=self._selected())
        call = Call(method="GET", path=f"/data/{self._predicate(key)}", query=options)
        return await self._api.row(self._model, call)

    async def create(self, draft: EntityDraft[E]) -> E:
        """Create a row and return it as D365 stored it, with its defaults.

        Raises:
            D365Error: `outcome` says whether it may have been created all the same.
        """
        call = Call(
            method="POST",
            path=f"/data/{self._model.ENTITY_SET}",
            query=query(),
            body=encode(body_of_draft(draft)),
            headers=_JSON,
        )
        return await self._api.row(self._model, call)

    async def update(
        self, key: Mapping[str, Literal], changes: Mapping[str, object], *, etag: str = ""
    ) -> None:
        """Change these fields of a row, and no others (PATCH, `d365.md` §2.9).

        Names are the model's attributes, or wire names of fields that it does not have. With
        `etag` only if the row is still the one that was read.

        Raises:
            D365Error: `outcome` says whether it may have been changed all the same.
        """
        names = wire_names(self._model)
        wired = {names.get(name, name): value for name, value in changes.items()}
        call = Call(
            method="PATCH",
            path=f"/data/{self._predicate(key)}",
            query=query(),
            body=encode(body_of(wired)),
            headers={**_JSON, "If-Match": etag} if etag else _JSON,
        )
        await self._api.send(call)

    async def delete(self, key: Mapping[str, Literal]) -> None:
        """Delete a row; D365 answers a missing one with 400 (`d365.md` §2.9).

        Raises:
            D365Error: `outcome` says whether it may have been deleted all the same.
        """
        path = f"/data/{self._predicate(key)}"
        await self._api.send(Call(method="DELETE", path=path, query=query()))

    async def _page(self, target: str) -> Page[E]:
        return await self._api.page(self._model, Call(method="GET", path=target))

    def _selected(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*wire_names(self._model).values(), *self._extra)))

    def _total_order(self) -> tuple[Order, ...]:
        names = wire_names(self._model)
        named = {order.name for order in self._order}
        keys = (Order(name=names[name]) for name in self._model.KEY)
        return (*self._order, *(order for order in keys if order.name not in named))

    def _key_of(self, row: E) -> Hashable:
        return tuple(getattr(row, name) for name in self._model.KEY)

    def _predicate(self, key: Mapping[str, Literal]) -> str:
        if set(key) != set(self._model.KEY):
            raise ValueError(
                f"the key of {self._model.__name__} is {', '.join(self._model.KEY)}, "
                f"not {', '.join(key) or 'empty'}"
            )
        names = wire_names(self._model)
        wired = {names[name]: key[name] for name in self._model.KEY}
        return key_predicate(self._model.ENTITY_SET, wired)


@attrs.frozen(kw_only=True)
class Entities:
    """Entity sets by model: `client.entities[Vendor]`."""

    _api: Api = attrs.field(alias="api", repr=False)

    def __getitem__(self, model: type[E]) -> EntitySet[E]:
        return EntitySet(api=self._api, model=model)


def _order(given: str | Field | Order) -> Order:
    if isinstance(given, Order):
        return given
    return Order(name=given.name if isinstance(given, Field) else field(given).name)
