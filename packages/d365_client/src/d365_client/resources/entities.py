"""Entity sets to choose from: by a model, or by a name."""

from __future__ import annotations

from typing import TypeVar, overload

import attrs

from d365_client._api import Api
from d365_client._known_sets import KnownSet, modelled, named
from d365_client._metadata import Metadata
from d365_client._rows import PlainRow
from d365_client.models.entity import Entity
from d365_client.models.keys import KEYS
from d365_client.resources.entity_sets import EntitySet

R = TypeVar("R")
E = TypeVar("E", bound=Entity)


@attrs.frozen(kw_only=True)
class Entities:
    """`client.entities[Vendor]` has rows of that model, `client.entities["VendorsV2"]` plain ones.

    Plain rows are dicts under the wire's names, with the wire's values and exact numbers: dates
    and members of enumerations are texts.
    """

    _api: Api = attrs.field(alias="api", repr=False)
    _metadata: Metadata | None = attrs.field(default=None, alias="metadata", repr=False)

    def described_by(self, metadata: Metadata) -> Entities:
        """The same, with what the environment says of itself (`client.metadata.read()`).

        Every field that the environment has may be named, and no other; sets that we know nothing
        of have their keys.
        """
        return attrs.evolve(self, metadata=metadata)

    @overload
    def __getitem__(self, of: type[E]) -> EntitySet[E]: ...
    @overload
    def __getitem__(self, of: str) -> EntitySet[PlainRow]: ...
    def __getitem__(self, of: type[E] | str) -> EntitySet[E] | EntitySet[PlainRow]:
        """The set of this model, or of this name.

        Raises:
            ValueError: the metadata, where they are given, have no such set.
        """
        if isinstance(of, str):
            key, fields = self._described(of)
            return self._of(named(of, key or KEYS.get(of, ()), fields))
        return self._of(modelled(of, self._described(of.ENTITY_SET)[1]))

    def _described(self, entity_set: str) -> tuple[tuple[str, ...], frozenset[str] | None]:
        """The key and the fields of a set, as the metadata have them."""
        if self._metadata is None:
            return (), None
        entity = self._metadata.entity(entity_set)
        return entity.key, frozenset(entity.properties)

    def _of(self, known_set: KnownSet[R]) -> EntitySet[R]:
        return EntitySet(api=self._api, known_set=known_set, query=known_set.query)
