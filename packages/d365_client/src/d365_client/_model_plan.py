"""Which classes are written for which entity sets, with which fields: decided here. Pure."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs

from d365_client._metadata import Metadata, MetadataEntity, MetadataEnum, MetadataProperty, known
from d365_client.models.names import attribute_name, wire_name

COMPANY = "dataAreaId"

_PYTHON = {
    "Edm.Binary": "bytes",
    "Edm.Boolean": "bool",
    "Edm.Byte": "int",
    "Edm.Date": "date | None",
    "Edm.Decimal": "Decimal",
    "Edm.Double": "Decimal",  # JSON says it exactly, whatever it was before
    "Edm.Guid": "UUID",
    "Edm.Int16": "int",
    "Edm.Int32": "int",
    "Edm.Int64": "int",
    "Edm.SByte": "int",
    "Edm.Single": "Decimal",
    "Edm.String": "str",
}
_IMPORTED = ("ClassVar", "Decimal", "Entity", "EntityDraft", "Mapping", "OpenEnum", "UUID")
_DATE, _INSTANT = "date | None", "datetime | None"

# Both kinds are Edm.DateTimeOffset. Where the tenant does not say which (§2.7), the name does.
_INSTANT_NAMES = frozenset({"CreatedOn", "ModifiedOn"})
_INSTANT_ENDINGS = ("DateTime", "ValidFrom", "ValidTo")


@attrs.frozen(kw_only=True)
class Wanted:
    """A model that is wanted.

    `class_name` empty is the entity type's name; `fields` None are all, in the order of the
    metadata, the key first in any case. `draft` None writes a draft where rows can be created;
    of a draft's fields `optional` and `required` say what the metadata does not, `assigned` what
    D365 gives out itself, which no draft has.
    """

    entity_set: str
    class_name: str = ""
    fields: Sequence[str] | None = None
    doc: str = ""
    draft: bool | None = None
    draft_doc: str = ""
    optional: Collection[str] = ()
    required: Collection[str] = ()
    assigned: Collection[str] = ()


@attrs.frozen(kw_only=True)
class PlannedField:
    """An attribute: `wire` is the property's name, `type` the annotation of a row as it is read."""

    attribute: str
    wire: str
    type: str

    @property
    def is_irregular(self) -> bool:
        """Whether the rule of names does not give the wire's name."""
        return wire_name(self.attribute) != self.wire


@attrs.frozen(kw_only=True)
class PlannedDraft:
    """A draft: what must be given, then what may be."""

    class_name: str
    doc: str
    required: tuple[PlannedField, ...]
    optional: tuple[PlannedField, ...]


@attrs.frozen(kw_only=True)
class PlannedModel:
    """A model; `left_out` are properties of types that a model cannot have, by name."""

    class_name: str
    entity_set: str
    doc: str
    key: tuple[str, ...]
    fields: tuple[PlannedField, ...]
    enums: frozenset[str]
    draft: PlannedDraft | None
    left_out: Mapping[str, str]


@attrs.frozen(kw_only=True)
class Plan:
    """Models in the order they are wanted, and the enumerations that they use, by name."""

    models: tuple[PlannedModel, ...]
    enums: tuple[MetadataEnum, ...]


def plan(metadata: Metadata, wanted: Iterable[Wanted]) -> Plan:
    """The classes for what is wanted.

    Raises:
        ValueError: a set, a field or an enumeration is not in the metadata, two names become one,
            or a name is none of Python; the message says what to do.
    """
    models = tuple(_model(metadata, item) for item in wanted)
    enums = sorted({name for model in models for name in model.enums})
    for name in enums:
        _check_enum(metadata, name, models)
    names = [model.class_name for model in models]
    names += [model.draft.class_name for model in models if model.draft] + enums
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"{name!r} is no class name; rename the model (Set=Name)")
    names += _IMPORTED
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"several classes would be called {twice[0]}; rename a model (Set=Name)")
    return Plan(models=models, enums=tuple(metadata.enums[name] for name in enums))


def is_instant(item: MetadataProperty) -> bool:
    """Whether a property of type `Edm.DateTimeOffset` is an instant, and no date (§2.7)."""
    if item.ax_type:
        return item.ax_type == "UtcDateTime"
    return item.name in _INSTANT_NAMES or item.name.endswith(_INSTANT_ENDINGS)


def python_type(item: MetadataProperty) -> str | None:
    """The annotation of a property; None where a model cannot have it (a list, a complex type)."""
    if item.type == "Edm.DateTimeOffset":
        return _INSTANT if is_instant(item) else _DATE
    if item.enum is not None:
        return f"{item.enum} | None"
    return _PYTHON.get(item.type)


def _model(metadata: Metadata, wanted: Wanted) -> PlannedModel:
    entity = metadata.entity(wanted.entity_set)
    if not entity.key:
        raise ValueError(
            f"{entity.entity_set} has no key in the metadata: no model can name its rows"
        )
    names = entity.properties if wanted.fields is None else wanted.fields
    for name in names:
        known(f"{entity.entity_set}: field", name, entity.properties)
    chosen = [entity.properties[name] for name in dict.fromkeys((*entity.key, *names))]
    fields = {item.name: _field(item) for item in chosen if python_type(item)}
    left_out = {item.name: item.type for item in chosen if item.name not in fields}
    if left_out.keys() & set(entity.key):
        raise ValueError(f"{entity.entity_set}: a model cannot have its key's {left_out}")
    _check_attributes(entity.entity_set, fields.values())
    class_name = wanted.class_name or entity.name
    return PlannedModel(
        class_name=class_name,
        entity_set=entity.entity_set,
        doc=wanted.doc or _doc(entity),
        key=tuple(fields[name].attribute for name in entity.key),
        fields=tuple(fields.values()),
        enums=frozenset(item.enum for item in chosen if item.enum),
        draft=_draft(entity, wanted, fields, class_name),
        left_out=left_out,
    )


def _field(item: MetadataProperty) -> PlannedField:
    if not item.name.isidentifier():
        raise ValueError(f"{item.name!r} is no name of a property; leave it out with --field")
    return PlannedField(
        attribute=attribute_name(item.name), wire=item.name, type=python_type(item) or ""
    )


def _draft(
    entity: MetadataEntity, wanted: Wanted, fields: Mapping[str, PlannedField], class_name: str
) -> PlannedDraft | None:
    # Bi entities are raw tables, to be treated as read-only (§4.2).
    is_written = not entity.is_read_only and not entity.entity_set.endswith("BiEntities")
    if not (is_written if wanted.draft is None else wanted.draft):
        return None
    given = {
        name: item
        for name, item in fields.items()
        if entity.properties[name].allow_edit_on_create and name not in wanted.assigned
    }
    required = {
        name
        for name in given
        if name not in wanted.optional
        and (entity.properties[name].is_mandatory or name == COMPANY or name in wanted.required)
    }
    return PlannedDraft(
        class_name=f"{class_name}Draft",
        doc=wanted.draft_doc or f"A row of {entity.entity_set} to be created.",
        required=tuple(item for name, item in given.items() if name in required),
        optional=tuple(item for name, item in given.items() if name not in required),
    )


def _doc(entity: MetadataEntity) -> str:
    # An id such as @SYS123 is no label; whoever reads labels puts the text in its place.
    label = "" if entity.label.startswith("@") else entity.label.strip().rstrip(".")
    return f"{label} (`{entity.entity_set}`)." if label else f"A row of {entity.entity_set}."


def _check_attributes(entity_set: str, fields: Iterable[PlannedField]) -> None:
    seen: dict[str, str] = {}
    for item in fields:
        if item.attribute in seen:
            raise ValueError(
                f"{entity_set}: {seen[item.attribute]} and {item.wire} would both be "
                f"{item.attribute}; name the fields that you want, and only one of these, with "
                f"--field {entity_set}.{item.wire}"
            )
        seen[item.attribute] = item.wire


def _check_enum(metadata: Metadata, name: str, models: Iterable[PlannedModel]) -> None:
    if name not in metadata.enums:
        users = ", ".join(model.entity_set for model in models if name in model.enums)
        raise ValueError(
            f"{users}: the members of {name} are not in the metadata; give the answer of "
            "/metadata/PublicEnumerations too, or name the fields that you want with --field"
        )
