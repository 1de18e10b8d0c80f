"""What the environment knows: entity sets, their fields, keys and navigation, and enum types.

The field lists under `data/` are copies of `reference/d365_entities/` (a real `$metadata` of
2025, cross-checked with recordings of 2026). Names are case-sensitive, oddities included
(d365.md §2.1).
"""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Iterable, Mapping
from importlib import resources

import attrs

NAMESPACE = "Microsoft.Dynamics.DataEntities"
COMPANY = "dataAreaId"

# Fields that hold a company: their case varies from place to place and never matters (§2.4).
COMPANY_FIELDS = frozenset(
    {
        COMPANY,
        "Company",
        "InvoiceCompany",
        "JournalLineCompany",
        "LegalEntityId",
        "MarkedInvoiceCompany",
        "OffsetCompany",
    }
)

# d365.md §2.7 names the two kinds of date and says that only the annotation or the field tells
# them apart: these are AX's own names for instants, all other DateTimeOffset fields are dates.
_INSTANT_NAMES = frozenset({"CreatedOn", "ModifiedOn"})
_INSTANT_ENDINGS = ("DateTime", "ValidFrom", "ValidTo")


class Kind(enum.Enum):
    """How a field's values are kept, compared and written; the value is AX's own type name."""

    TEXT = "String"
    DECIMAL = "Real"
    INT32 = "Integer"
    INT64 = "Int64"
    DATE = "Date"
    INSTANT = "UtcDateTime"
    ENUM = "Enum"


_KINDS = {
    "Edm.String": Kind.TEXT,
    "Edm.Decimal": Kind.DECIMAL,
    "Edm.Int32": Kind.INT32,
    "Edm.Int64": Kind.INT64,
}
_NULL_FORMS: Mapping[Kind, str | int | None] = {
    Kind.TEXT: "",
    Kind.DECIMAL: "0",
    Kind.INT32: 0,
    Kind.INT64: 0,
    Kind.DATE: "1900-01-01T12:00:00Z",
    Kind.INSTANT: "1900-01-01T00:00:00Z",
}


@attrs.frozen(kw_only=True)
class EnumType:
    """An enum type: `members` are (name, value) in the order of the metadata."""

    name: str
    members: tuple[tuple[str, int], ...]

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """The member names, as they stand in JSON."""
        return frozenset(name for name, _ in self.members)

    @property
    def zero(self) -> str | None:
        """The member with value 0; None where there is none, and the field then reads null."""
        return next((name for name, value in self.members if value == 0), None)


@attrs.frozen(kw_only=True)
class Field:
    """One property of an entity type."""

    name: str
    edm_type: str
    kind: Kind
    enum_type: EnumType | None = None
    nullable: bool = True
    required: bool = False
    initial: str | int | None = attrs.field(default=None)

    @property
    def null_form(self) -> str | int | None:
        """What the service stores where nothing was given (d365.md §2.7)."""
        if self.initial is not None:
            return self.initial
        if self.enum_type is not None:
            return self.enum_type.zero
        return _NULL_FORMS[self.kind]


@attrs.frozen(kw_only=True)
class Navigation:
    """A way from one set to another: `join` maps our fields to the target's."""

    name: str
    target: str
    many: bool
    join: Mapping[str, str]


@attrs.frozen(kw_only=True)
class EntitySet:
    """One public data entity.

    Attributes:
        entity: the entity type's name, for contexts and CSDL.
        table: the name that write failures quote (`Write failed for table row of type …`).
        assigned: fields that the service gives out when a create leaves them away.
        read_only: fields that a caller cannot set.
        record_id: the field that shows the row's RecId, if one does.
        data_sources: how many (RecVersion, RecId) pairs an ETag has (d365.md §2.8).
    """

    name: str
    entity: str
    table: str
    fields: Mapping[str, Field]
    keys: tuple[str, ...]
    assigned: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()
    navigation: Mapping[str, Navigation] = attrs.field(factory=dict)
    record_id: str | None = None
    data_sources: int = 1

    @functools.cached_property
    def blank(self) -> Mapping[str, str | int | None]:
        """A row for which nothing was given, in the order of the fields."""
        return {name: field.null_form for name, field in self.fields.items()}

    @property
    def by_company(self) -> bool:
        """Whether rows belong to one company each (d365.md §2.4)."""
        return COMPANY in self.fields

    @property
    def is_bi(self) -> bool:
        """Whether this is a Bi entity, to be treated as read-only (d365.md §4.2)."""
        return self.name.endswith("BiEntities")

    @property
    def type_name(self) -> str:
        """The entity type with its namespace."""
        return f"{NAMESPACE}.{self.entity}"


@attrs.frozen(kw_only=True)
class Extension:
    """A field that a customer added to an entity set (d365.md §9, 18)."""

    entity_set: str
    name: str
    edm_type: str
    initial: str | int | None = None


@attrs.frozen(kw_only=True)
class Catalog:
    """All entity sets and enum types of one environment."""

    sets: Mapping[str, EntitySet]
    enums: Mapping[str, EnumType]


def load_catalog(extensions: Iterable[Extension] = ()) -> Catalog:
    """The shipped entity sets, widened by `extensions`.

    Raises:
        ValueError: an extension names an unknown set or type, or a field that exists.
    """
    catalog = _shipped()
    sets = dict(catalog.sets)
    for extension in extensions:
        extended = sets.get(extension.entity_set)
        if extended is None:
            raise ValueError(f"entity set {extension.entity_set} is not known")
        if extension.name in extended.fields:
            raise ValueError(f"{extension.entity_set} has a field {extension.name} already")
        added = _field(
            {"name": extension.name, "type": extension.edm_type, "initial": extension.initial},
            catalog.enums,
        )
        sets[extended.name] = attrs.evolve(extended, fields={**extended.fields, added.name: added})
    return Catalog(sets=sets, enums=catalog.enums)


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
        **described,  # type: ignore[arg-type]  # the rest of sets.json: entity, table, record_id, data_sources
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
