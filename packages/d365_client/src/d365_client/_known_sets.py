"""What is known of an entity set: by its model, or by its name alone. Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

import attrs

from d365_client._call import Call, Operation
from d365_client._converter import body_of, body_of_draft, decode, encode, structure, wire_names
from d365_client._odata import Literal, key_predicate, options
from d365_client._query import Query
from d365_client._rows import PlainRow, RowReader, model_reader, plain_reader
from d365_client.models.entity import Entity, EntityDraft

R = TypeVar("R")
E = TypeVar("E", bound=Entity)

JSON = {"Content-Type": "application/json; charset=utf-8"}


@attrs.frozen(kw_only=True)
class KnownSet(Generic[R]):
    """A set: what it is called in errors, its key on the wire, and how its rows are read.

    `attributes` are the model's own names and the wire's, empty where there is no model. `reader`
    is given the fields that are selected beside the model's.
    """

    title: str
    query: Query
    attributes: Mapping[str, str]
    reader: Callable[[tuple[str, ...]], RowReader[R]] = attrs.field(repr=False, eq=False)
    key_of: Callable[[R], Hashable] = attrs.field(repr=False, eq=False)
    read_row: Callable[[bytes], R] = attrs.field(repr=False, eq=False)

    def selected(self, query: Query) -> Query:
        """The query with the key's fields, where it selects some and not all."""
        if not query.names or self.attributes:
            return query
        return attrs.evolve(query, names=tuple(dict.fromkeys((*query.key, *query.names))))

    def reading(self, query: Query) -> RowReader[R]:
        """How the rows of a query are read."""
        own = {*self.attributes.values()}
        more = [name for name in query.names if name not in own]
        more += [expansion.name for expansion in query.expansions]
        return self.reader(tuple(more))

    def getting(self, query: Query, key: Mapping[str, Literal]) -> Operation[R]:
        """Read the row of this key.

        Raises:
            ValueError: that is not the key.
        """
        wanted = self.selected(query)
        call = Call(
            method="GET",
            path=self.path(key),
            query=options(select=wanted.names, expand=wanted.expansions),
        )
        return Operation(call=call, read=self.read_row)

    def creating(self, draft: EntityDraft[R] | Mapping[str, object]) -> Operation[R]:
        """Create a row; it is read as D365 stored it."""
        body = body_of_draft(draft) if isinstance(draft, EntityDraft) else self._body(draft)
        call = Call(
            method="POST",
            path=f"/data/{self.query.entity_set}",
            query=options(),
            body=encode(body),
            headers=JSON,
        )
        return Operation(call=call, read=self.read_row)

    def updating(
        self, key: Mapping[str, Literal], changes: Mapping[str, object], etag: str
    ) -> Operation[None]:
        """Change these fields of a row, and no others."""
        call = Call(
            method="PATCH",
            path=self.path(key),
            query=options(),
            body=encode(self._body(changes)),
            headers={**JSON, "If-Match": etag} if etag else JSON,
        )
        return Operation(call=call, read=_nothing)

    def deleting(self, key: Mapping[str, Literal], etag: str) -> Operation[None]:
        """Delete a row."""
        headers = {"If-Match": etag} if etag else {}
        call = Call(method="DELETE", path=self.path(key), query=options(), headers=headers)
        return Operation(call=call, read=_nothing)

    def path(self, key: Mapping[str, Literal]) -> str:
        """Where the row of this key is; attributes or the wire's names, all of the key.

        Raises:
            ValueError: that is not the key.
        """
        wired = {self.attributes.get(name, name): value for name, value in key.items()}
        names = self.query.key or tuple(wired)
        if not names:
            raise ValueError(f"{self.title}: give the fields of the key")
        if set(wired) != set(names):
            attributes = {wire: name for name, wire in self.attributes.items()}
            known = ", ".join(attributes.get(name, name) for name in names)
            raise ValueError(f"the key of {self.title} is {known}, not {', '.join(key) or 'empty'}")
        ordered = {name: wired[name] for name in names}
        return f"/data/{key_predicate(self.query.entity_set, ordered)}"

    def _body(self, values: Mapping[str, object]) -> dict[str, object]:
        return body_of({self.attributes.get(name, name): values[name] for name in values})


def modelled(model: type[E], known: frozenset[str] | None = None) -> KnownSet[E]:
    """The set of a model; `known` are all of its fields, where the metadata have been read."""
    names = wire_names(model)
    read = operator.attrgetter(*model.KEY)
    selected = tuple(names.values())
    return KnownSet(
        title=model.__name__,
        query=Query(
            entity_set=model.ENTITY_SET,
            key=tuple(names[name] for name in model.KEY),
            names=selected,
            known=frozenset(selected) if known is None else known,
            complete=known is not None,
        ),
        attributes=names,
        reader=lambda more: model_reader(model, more),
        key_of=read,
        read_row=lambda body: structure(model, decode(body)),
    )


def named(
    entity_set: str, key: tuple[str, ...] = (), known: frozenset[str] | None = None
) -> KnownSet[PlainRow]:
    """A set by its name, whose rows are plain; `key` and `known` where somebody knows them."""
    return KnownSet(
        title=entity_set,
        query=Query(entity_set=entity_set, key=key, known=known, complete=known is not None),
        attributes={},
        reader=lambda _: plain_reader(),
        key_of=lambda row: tuple(row.get(name) for name in key) if key else tuple(row.items()),
        read_row=plain_reader().row,
    )


def _nothing(body: bytes) -> None:
    """An answer that says nothing more."""
