"""What the environment knows: entity sets, their fields, keys and navigation, and enum types. Pure.

Names are case-sensitive, oddities included (d365.md §2.1).
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping

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


# The sets that a dimension display value leads to (d365.md §4.3).
_DIMENSIONS = frozenset({"DimensionCombinations", "DimensionSets"})


class Kind(enum.Enum):
    """How a field's values are kept, compared and written; the value is AX's own type name."""

    TEXT = "String"
    DECIMAL = "Real"
    INT32 = "Integer"
    INT64 = "Int64"
    DATE = "Date"
    INSTANT = "UtcDateTime"
    ENUM = "Enum"
    GUID = "Guid"
    BINARY = "Container"
    BOOLEAN = "Boolean"


_NULL_FORMS: Mapping[Kind, str | int | None] = {
    Kind.TEXT: "",
    Kind.DECIMAL: "0",
    Kind.INT32: 0,
    Kind.INT64: 0,
    Kind.DATE: "1900-01-01T12:00:00Z",
    Kind.INSTANT: "1900-01-01T00:00:00Z",
    Kind.GUID: "00000000-0000-0000-0000-000000000000",
    Kind.BINARY: None,
    Kind.BOOLEAN: 0,
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
    """One property of an entity type; `initial` is what it has where nothing was given."""

    name: str
    edm_type: str
    kind: Kind
    enum_type: EnumType | None = None
    nullable: bool = True
    required: bool = False
    initial: str | int | None = None

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
        view_of: the set whose rows these are, with fewer fields: VendorsV3 of VendorsV2 (§4.1).
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
    view_of: str | None = None

    @property
    def stored_in(self) -> str:
        """The set that keeps the rows."""
        return self.view_of or self.name

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

    def dimension_relation(self, field: str) -> str | None:
        """The way from a display value to its dimensions; None: the field is no such value."""
        for way in self.navigation.values():
            if way.target in _DIMENSIONS and field in way.join:
                return way.name
        return None


@attrs.frozen(kw_only=True)
class Catalog:
    """All entity sets and enum types of one environment; enum types by their short name."""

    sets: Mapping[str, EntitySet]
    enums: Mapping[str, EnumType]
