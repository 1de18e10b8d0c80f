"""The service document and the CSDL of `$metadata` (d365.md §2.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from d365_client.emulator.catalog import NAMESPACE, Catalog, EntitySet, Field

_TERMS = "Microsoft.Dynamics.OData.Core.V1"
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
    f'<edmx:DataServices><Schema Namespace="{NAMESPACE}" '
    'xmlns="http://docs.oasis-open.org/odata/ns/edm">'
)
_TAIL = "</Schema></edmx:DataServices></edmx:Edmx>"


def service_document(catalog: Catalog, base_url: str) -> dict[str, object]:
    """The list of entity sets at `/data`."""
    return {
        "@odata.context": f"{base_url}/data/$metadata",
        "value": [{"name": name, "kind": "EntitySet", "url": name} for name in catalog.sets],
    }


def csdl(catalog: Catalog) -> bytes:
    """The entity types, enum types and the container `Resources`, as CSDL XML.

    Each property has the annotation AXType, which tells dates from instants (d365.md §2.7), and
    AllowEdit where it is false; there are no facets of length or precision, as in the original.
    """
    return "".join(_parts(catalog)).encode()


def _parts(catalog: Catalog) -> Iterator[str]:
    yield _HEAD
    for entity_set in catalog.sets.values():
        yield from _entity_type(entity_set, catalog)
    for name, enum_type in catalog.enums.items():
        members = "".join(
            f'<Member Name={quoteattr(member)} Value="{value}"/>'
            for member, value in enum_type.members
        )
        yield f'<EnumType Name="{name}">{members}</EnumType>'
    yield '<EntityContainer Name="Resources">'
    for entity_set in catalog.sets.values():
        yield from _container_entry(entity_set)
    yield "</EntityContainer>"
    yield _TAIL


def _entity_type(entity_set: EntitySet, catalog: Catalog) -> Iterator[str]:
    yield f'<EntityType Name="{entity_set.entity}"><Key>'
    yield from (f'<PropertyRef Name="{name}"/>' for name in entity_set.keys)
    yield "</Key>"
    for field in entity_set.fields.values():
        yield from _property(entity_set, field)
    for way in entity_set.navigation.values():
        target = catalog.sets[way.target].type_name
        written = f"Collection({target})" if way.many else target
        yield f'<NavigationProperty Name="{way.name}" Type="{written}"/>'
    yield "</EntityType>"


def _property(entity_set: EntitySet, field: Field) -> Iterator[str]:
    nullable = "" if field.nullable else ' Nullable="false"'
    yield f'<Property Name="{field.name}" Type="{field.edm_type}"{nullable}>'
    yield (f'<Annotation Term="{_TERMS}.AXType" EnumMember="{_TERMS}.AXType/{field.kind.value}"/>')
    if field.name in entity_set.read_only:
        yield f'<Annotation Term="{_TERMS}.AllowEdit" Bool="false"/>'
    if field.required:
        yield f'<Annotation Term="{_TERMS}.IsRequired" Bool="true"/>'
    yield "</Property>"


def _container_entry(entity_set: EntitySet) -> Iterator[str]:
    yield f'<EntitySet Name="{entity_set.name}" EntityType="{entity_set.type_name}">'
    for way in entity_set.navigation.values():
        yield f'<NavigationPropertyBinding Path="{way.name}" Target="{way.target}"/>'
    yield "</EntitySet>"
