"""The entity sets that an environment starts with, widened by what a customer added.

The field lists under `data/` are copies of `reference/d365_entities/` (a real `$metadata` of
2025, cross-checked with recordings of 2026). That reference names the ways from set to set, but
not the fields that they join by: `sets.json` has the ways whose fields are plain to see.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from importlib import resources

import attrs

from d365_client.emulator.catalog import (
    NAMESPACE,
    Catalog,
    EntitySet,
    EnumType,
    Field,
    Kind,
    Navigation,
)

# d365.md §2.7 names the two kinds of date and says that only the annotation or the field tells
# them apart: these are AX's own names for instants, all other DateTimeOffset fields are dates.
_INSTANT_NAMES = frozenset({"CreatedOn", "ModifiedOn"})
_INSTANT_ENDINGS = ("DateTime", "ValidFrom", "ValidTo")

_KINDS = {
    "Edm.Binary": Kind.BINARY,
    "Edm.Boolean": Kind.BOOLEAN,
    "Edm.Decimal": Kind.DECIMAL,
    "Edm.Guid": Kind.GUID,
    "Edm.Int32": Kind.INT32,
    "Edm.Int64": Kind.INT64,
    "Edm.String": Kind.TEXT,
}


@attrs.frozen(kw_only=True)
class Extension:
    """A field that a customer added to an entity set (d365.md §9, 18).

    Attributes:
        initial: what it has where nothing was given.
        read_only: whether callers may not set it.
        mandatory: whether a row needs it.
    """

    entity_set: str
    name: str
    edm_type: str
    initial: str | int | None = None
    read_only: bool = False
    mandatory: bool = False


def load_catalog(
    extensions: Iterable[Extension] = (),
    members: Mapping[str, Mapping[str, int]] | None = None,
) -> Catalog:
    """The shipped entity sets, widened.

    Args:
        extensions: fields to add to sets.
        members: by the short name of an enum type, the members (name and value) to add to it; a
            type that is not known is a new one.

    Raises:
        ValueError: an extension names an unknown set or type, or a field that exists; a member
            exists already.
    """
    catalog = _with_members(_shipped(), members or {})
    sets = dict(catalog.sets)
    for extension in extensions:
        extended = sets.get(extension.entity_set)
        if extended is None:
            raise ValueError(f"entity set {extension.entity_set} is not known")
        if extension.name in extended.fields:
            raise ValueError(f"{extension.entity_set} has a field {extension.name} already")
        sets[extended.name] = _extended(extended, extension, catalog.enums)
    return attrs.evolve(catalog, sets=sets)


def _extended(
    entity_set: EntitySet, extension: Extension, enums: Mapping[str, EnumType]
) -> EntitySet:
    added = _field(
        {
            "name": extension.name,
            "type": extension.edm_type,
            "initial": extension.initial,
            "required": extension.mandatory,
        },
        enums,
    )
    fixed = {extension.name} if extension.read_only else set()
    return attrs.evolve(
        entity_set,
        fields={**entity_set.fields, added.name: added},
        read_only=entity_set.read_only | fixed,
    )


def _with_members(catalog: Catalog, added: Mapping[str, Mapping[str, int]]) -> Catalog:
    changed = {
        name: _widened(catalog.enums.get(name), name, members) for name, members in added.items()
    }
    if not changed:
        return catalog
    sets = {
        name: attrs.evolve(
            entity_set,
            fields={field.name: _retyped(field, changed) for field in entity_set.fields.values()},
        )
        for name, entity_set in catalog.sets.items()
    }
    return Catalog(sets=sets, enums={**catalog.enums, **changed})


def _widened(known: EnumType | None, name: str, members: Mapping[str, int]) -> EnumType:
    enum_type = known or EnumType(name=f"{NAMESPACE}.{name}", members=())
    for member, value in members.items():
        if any(value == taken or member == named for named, taken in enum_type.members):
            raise ValueError(f"enum {name} has a member {member}, or its value {value}, already")
    return EnumType(name=enum_type.name, members=(*enum_type.members, *members.items()))


def _retyped(field: Field, changed: Mapping[str, EnumType]) -> Field:
    enum_type = changed.get(field.edm_type.removeprefix(f"{NAMESPACE}."))
    return field if enum_type is None else attrs.evolve(field, enum_type=enum_type)


@functools.cache
def _shipped() -> Catalog:
    data = resources.files(__package__).joinpath("data")
    enums = {
        name: EnumType(
            name=f"{NAMESPACE}.{name}",
            members=tuple((member["name"], member["value"]) for member in listed["members"]),
        )
        for name, listed in json.loads(data.joinpath("enums.json").read_text("utf-8")).items()
    }
    described = json.loads(data.joinpath("sets.json").read_text("utf-8"))
    sets = {}
    for name, description in described.items():
        listed = json.loads(data.joinpath("entities", f"{name}.json").read_text("utf-8"))
        sets[name] = _entity_set(name, description, listed, enums)
    return Catalog(sets=sets, enums=enums)


def _entity_set(
    name: str,
    description: Mapping[str, object],
    listed: list[dict[str, object]],
    enums: Mapping[str, EnumType],
) -> EntitySet:
    described = dict(description)
    navigation = described.pop("navigation", {})
    described.setdefault("table", f"{described['entity']}Entity")
    defaulted = _names(described.pop("defaulted", ())) | _names(described.get("assigned", ()))
    fields = [
        _field({**entry, "required": entry["required"] and entry["name"] not in defaulted}, enums)
        for entry in listed
    ]
    return EntitySet(
        name=name,
        fields={field.name: field for field in fields},
        keys=tuple(str(entry["name"]) for entry in listed if entry["key"]),
        navigation={way: Navigation(name=way, **facts) for way, facts in navigation.items()},  # type: ignore[attr-defined]  # JSON of our own making
        assigned=_names(described.pop("assigned", ())),
        read_only=_names(described.pop("read_only", ())),
        **described,  # type: ignore[arg-type]  # the rest of sets.json: entity, table, record_id, data_sources, view_of
    )


def _names(listed: object) -> frozenset[str]:
    return frozenset(str(name) for name in listed)  # type: ignore[attr-defined]  # JSON of our own making


def _field(entry: Mapping[str, object], enums: Mapping[str, EnumType]) -> Field:
    name, edm_type = str(entry["name"]), str(entry["type"])
    enum_type = enums.get(edm_type.removeprefix(f"{NAMESPACE}."))
    initial = entry.get("initial")
    if edm_type == "Edm.DateTimeOffset":
        is_instant = name in _INSTANT_NAMES or name.endswith(_INSTANT_ENDINGS)
        kind = Kind.INSTANT if is_instant else Kind.DATE
    elif enum_type is not None:
        kind = Kind.ENUM
    elif edm_type in _KINDS:
        kind = _KINDS[edm_type]
    else:
        raise ValueError(f"field {name} has a type that is not known: {edm_type}")
    return Field(
        name=name,
        edm_type=edm_type,
        kind=kind,
        enum_type=enum_type,
        nullable=bool(entry.get("nullable", True)),
        required=bool(entry.get("required", False)),
        initial=initial if isinstance(initial, str | int) else None,
    )
