"""What of an entity set is wanted, and the requests that ask for it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import attrs

from d365_client._call import Call
from d365_client._odata import Condition, Expansion, Field, Order, field, options


@attrs.frozen(kw_only=True)
class Query:
    """A set by its name on the wire, and what of its rows is wanted.

    `key` are the key's fields, empty where nobody knows them; `names` what is selected, empty for
    everything. `known` are the fields that there are, None where nobody knows; selecting one more
    makes it known, unless they come from the tenant's metadata, which are `complete`.
    """

    entity_set: str
    key: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    known: frozenset[str] | None = None
    complete: bool = False
    condition: Condition | None = None
    order: tuple[Order, ...] = ()
    top: int | None = None
    expansions: tuple[Expansion, ...] = ()

    def where(self, conditions: Iterable[Condition]) -> Query:
        """With these conditions too."""
        condition = self.condition
        for following in conditions:
            condition = following if condition is None else condition & following
        return attrs.evolve(self, condition=condition)

    def order_by(self, orders: Iterable[str | Field | Order]) -> Query:
        """In this order."""
        return attrs.evolve(self, order=tuple(map(_order, orders)))

    def select(self, names: Iterable[str | Field]) -> Query:
        """With these fields too."""
        wanted = [name.name if isinstance(name, Field) else field(name).name for name in names]
        known = self.known
        if known is not None and not self.complete:
            known |= {*wanted}
        return attrs.evolve(self, names=tuple(dict.fromkeys((*self.names, *wanted))), known=known)

    def first(self, count: int) -> Query:
        """At most the first `count` rows.

        Raises:
            ValueError: there are no such rows.
        """
        if count < 1:
            raise ValueError(f"top({count}): ask for one row at least")
        return attrs.evolve(self, top=count)

    def expand(self, expansion: Expansion) -> Query:
        """With the rows that a navigation property leads to."""
        others = (one for one in self.expansions if one.name != expansion.name)
        return attrs.evolve(self, expansions=(*others, expansion))

    @property
    def texts(self) -> Sequence[str]:
        """The `$filter` of each request: more than one where many values are named."""
        return self.condition.texts if self.condition else ("",)

    def checked(self) -> Query:
        """The same, if it can be asked.

        Raises:
            ValueError: a field that the set does not have, rows of an order that nobody knows,
                or the first rows of several requests, which have none in common.
        """
        self._check_fields()
        if not self.key and not self.order:
            raise ValueError(
                f"the key of {self.entity_set} is not known, and pages of rows in no order may "
                "overlap: read the metadata first, or give order_by the key's fields"
            )
        if self.top is not None and len(self.texts) > 1:
            raise ValueError(f"top({self.top}) of {len(self.texts)} requests: name fewer values")
        return self

    def targets(self, *, counted: bool) -> Sequence[str]:
        """The requests for the first pages, one for each of `texts`."""
        return [self._target(text, top=self.top, count=counted) for text in self.texts]

    def window(self, text: str, *, skip: int, top: int, counted: bool) -> str:
        """The request for `top` rows of one of `texts`, after the first `skip`."""
        return self._target(text, skip=skip or None, top=top, count=counted and not skip)

    def counting(self, text: str) -> Call:
        """The request for the number of rows of one of `texts`, which is all of the answer."""
        return Call(
            method="GET",
            path=f"/data/{self.entity_set}/$count",
            query=options(text=text),
            headers={"Accept": "text/plain"},
        )

    def _target(self, text: str, *, skip: int | None = None, top: int | None, count: bool) -> str:
        asked = options(
            text=text,
            select=self.names,
            expand=self.expansions,
            order_by=self._total_order(),
            skip=skip,
            top=top,
            count=count,
        )
        return Call(method="GET", path=f"/data/{self.entity_set}", query=asked).target

    def _total_order(self) -> tuple[Order, ...]:
        named = {order.name for order in self.order}
        return (*self.order, *(Order(name=name) for name in self.key if name not in named))

    def _check_fields(self) -> None:
        if self.known is None:
            return
        asked = {order.name for order in self.order} | {*self.names}
        asked |= self.condition.fields if self.condition else frozenset()
        unknown = sorted(asked - self.known)
        if unknown:
            close = difflib.get_close_matches(unknown[0], sorted(self.known), n=3)
            hint = f"; did you mean {' or '.join(close)}?" if close else "."
            more = "" if self.complete else f' A field of your own: select("{unknown[0]}") first.'
            raise ValueError(f"{self.entity_set} has no known field {unknown[0]}{hint}{more}")


def _order(given: str | Field | Order) -> Order:
    if isinstance(given, Order):
        return given
    return Order(name=given.name if isinstance(given, Field) else field(given).name)
