"""What every model has: its entity set, its key, and room for fields that it does not name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

import attrs


@attrs.frozen(kw_only=True)
class Entity:
    """A row as it was read.

    Attribute names are the wire's in snake case; `WIRE_NAMES` has those from which the rule does
    not give the wire's name back, such as `AmountMST`. `extra` keeps what the model does not
    name, under the wire's names and as the wire has it. `ENTITY_SET` is the set's name, `KEY` its
    key's attributes. A model that you write works wherever one of ours does.
    """

    ENTITY_SET: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {}

    etag: str = ""
    extra: Mapping[str, object] = attrs.field(factory=dict)


E_co = TypeVar("E_co", covariant=True)


@attrs.frozen(kw_only=True)
class EntityDraft(Generic[E_co]):
    """A row as it is to be created; None leaves a field to D365's defaults.

    `CREATES` is the model of the row that comes of it. `extra` adds fields of the tenant, under
    the wire's names.
    """

    CREATES: ClassVar[type[Entity]]
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {}

    extra: Mapping[str, object] = attrs.field(factory=dict)
