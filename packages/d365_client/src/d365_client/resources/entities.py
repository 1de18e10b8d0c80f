"""Entity sets to choose from: by a model, or by a name."""

from __future__ import annotations

from typing import TypeVar, overload

import attrs

from d365_client._api import Api
from d365_client._known_sets import KnownSet, modelled, named
from d365_client._rows import PlainRow
from d365_client.models.entity import Entity
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

    @overload
    def __getitem__(self, of: type[E]) -> EntitySet[E]: ...
    @overload
    def __getitem__(self, of: str) -> EntitySet[PlainRow]: ...
    def __getitem__(self, of: type[E] | str) -> EntitySet[E] | EntitySet[PlainRow]:
        """The set of this model, or of this name."""
        return self._of(named(of)) if isinstance(of, str) else self._of(modelled(of))

    def _of(self, known_set: KnownSet[R]) -> EntitySet[R]:
        return EntitySet(api=self._api, known_set=known_set, query=known_set.query)
