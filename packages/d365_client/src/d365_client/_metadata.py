"""What an environment says of its entity sets: properties, keys, enumerations, actions. Pure.

Values only, whatever they were read from: `_csdl` reads `$metadata`, `_public_entities` the JSON of
`/metadata` (`d365.md` §2.1, §2.2). Annotations and members that we do not know never break a read.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

import attrs

NAMESPACE = "Microsoft.Dynamics.DataEntities"


class Binding(enum.StrEnum):
    """What an action is called on."""

    UNBOUND = "Unbound"
    ENTITY = "BoundToEntityInstance"
    ENTITY_SET = "BoundToEntitySet"


@attrs.frozen(kw_only=True)
class MetadataProperty:
    """One field of an entity set.

    `type` is the wire's: `Edm.String`, or an enumeration with its namespace. `ax_type` is what X++
    calls it (`Date`, `UtcDateTime`, `Real`, …), empty where the tenant does not say; of the two
    kinds of `Edm.DateTimeOffset` it tells which this is (`d365.md` §2.7). `label` is an id, such
    as `@SYS123`, or a text.
    """

    name: str
    type: str = "Edm.String"
    ax_type: str = ""
    is_key: bool = False
    is_mandatory: bool = False
    is_nullable: bool = True
    allow_edit: bool = True
    allow_edit_on_create: bool = True
    label: str = ""

    @property
    def enum(self) -> str | None:
        """The enumeration's name without its namespace; None where the type is not of D365."""
        return self.type.rpartition(".")[2] if self.type.startswith(f"{NAMESPACE}.") else None


@attrs.frozen(kw_only=True)
class MetadataNavigation:
    """A way to other rows: `target` is their entity type, `constraints` our fields to theirs."""

    name: str
    target: str
    is_many: bool = False
    constraints: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class MetadataAction:
    """An action: `entity` is the entity type it is bound to, `parameters` the types by name.

    Types are the wire's; a list's is `Collection(…)`. `returns` is empty where nothing comes back.
    """

    name: str
    binding: Binding = Binding.UNBOUND
    entity: str = ""
    parameters: Mapping[str, str] = attrs.field(factory=dict)
    returns: str = ""


@attrs.frozen(kw_only=True)
class MetadataEnum:
    """An enumeration: its members' values by name, in the order of the metadata."""

    name: str
    members: Mapping[str, int] = attrs.field(factory=dict)
    label: str = ""


@attrs.frozen(kw_only=True)
class MetadataEntity:
    """An entity set and the type of its rows; `key` in the order of the metadata."""

    name: str
    entity_set: str = ""
    key: tuple[str, ...] = ()
    properties: Mapping[str, MetadataProperty] = attrs.field(factory=dict)
    navigation: tuple[MetadataNavigation, ...] = ()
    actions: tuple[MetadataAction, ...] = ()
    is_read_only: bool = False
    label: str = ""


@attrs.frozen(kw_only=True)
class SetOfType:
    """An entity set's name and its entity type's, which CSDL keeps apart from the type."""

    entity_set: str
    entity: str


Part: TypeAlias = MetadataEntity | SetOfType | MetadataEnum | MetadataAction
"""What a reader finds, in any order."""


@attrs.frozen(kw_only=True)
class Metadata:
    """An environment's entity sets by their names, its enumerations, and its unbound actions."""

    entities: Mapping[str, MetadataEntity] = attrs.field(factory=dict)
    enums: Mapping[str, MetadataEnum] = attrs.field(factory=dict)
    actions: tuple[MetadataAction, ...] = ()

    def entity(self, entity_set: str) -> MetadataEntity:
        """An entity set.

        Raises:
            ValueError: there is none of this name; the message has names that are close.
        """
        known("entity set", entity_set, self.entities)
        return self.entities[entity_set]


def known(what: str, name: str, names: Collection[str]) -> None:
    """Nothing, where a name is among the names.

    Raises:
        ValueError: it is not; the message has names that are close, as names are case-sensitive.
    """
    if name in names:
        return
    folded = {item.casefold(): item for item in names}
    close = [folded[item] for item in difflib.get_close_matches(name.casefold(), folded)]
    hint = f"; close: {', '.join(close)}" if close else ""
    raise ValueError(f"{what} {name} is not in the metadata{hint}")


def assembled(parts: Iterable[Part], *, only: Collection[str] | None = None) -> Metadata:
    """The metadata of these parts; `only` names the sets that are kept, with their enumerations.

    Raises:
        ValueError: `only` names a set that is not among them.
    """
    types: dict[str, MetadataEntity] = {}
    sets: dict[str, str] = {}
    enums: dict[str, MetadataEnum] = {}
    actions: dict[str, list[MetadataAction]] = {}
    for part in parts:
        match part:
            case MetadataEntity(name=name):
                types[name] = part
                if part.entity_set:
                    sets[part.entity_set] = name
            case SetOfType(entity_set=entity_set, entity=name):
                sets[entity_set] = name
            case MetadataEnum(name=name):
                enums[name] = part
            case MetadataAction(entity=name):
                actions.setdefault(name, []).append(part)
    for name in only or ():
        known("entity set", name, sets)
    entities = {
        entity_set: attrs.evolve(
            types[name],
            entity_set=entity_set,
            actions=(*types[name].actions, *actions.get(name, ())),
        )
        for entity_set, name in sets.items()
        if name in types and (only is None or entity_set in only)
    }
    if only is not None:
        used = {item.enum for entity in entities.values() for item in entity.properties.values()}
        enums = {name: enums[name] for name in enums if name in used}
    return Metadata(entities=entities, enums=enums, actions=tuple(actions.get("", ())))
