"""The service document and the CSDL of `$metadata` (d365.md §2.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from d365_client.emulator.catalog import NAMESPACE, Catalog, EntitySet, Field
from d365_client.emulator.fakes import Binding, ODataAction
from d365_client.emulator.labels import label_id

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


def csdl(catalog: Catalog, actions: Sequence[ODataAction], *, has_ax_types: bool = True) -> bytes:
    """Entity types, enum types, actions and the container `Resources`, as CSDL XML.

    There are no facets of length or precision, as in the original. With `has_ax_types` each
    property has the annotation AXType, which tells dates from instants (d365.md §2.7).
    """
    return "".join(_parts(catalog, actions, has_ax_types=has_ax_types)).encode()


def _parts(
    catalog: Catalog, actions: Sequence[ODataAction], *, has_ax_types: bool
) -> Iterator[str]:
    yield _HEAD
    for entity_set in catalog.sets.values():
        yield from _entity_type(entity_set, catalog, has_ax_types=has_ax_types)
    shown = {entity_set.entity for entity_set in catalog.sets.values()}
    for entity in sorted({action.entity for action in actions} - shown - {""}):
        # All that is known of these entities is what can be called on them.
        yield f'<EntityType Name="{entity}" Abstract="true"/>'
    for name, enum_type in catalog.enums.items():
        members = "".join(
            f'<Member Name={quoteattr(member)} Value="{value}">{_label(member)}</Member>'
            for member, value in enum_type.members
        )
        yield f'<EnumType Name="{name}">{members}{_label(name)}</EnumType>'
    for action in actions:
        yield from _action(action)
    yield '<EntityContainer Name="Resources">'
    for entity_set in catalog.sets.values():
        yield from _container_entry(entity_set)
    for action in actions:
        if action.binding is Binding.UNBOUND:
            yield f'<ActionImport Name="{action.name}" Action="{NAMESPACE}.{action.name}"/>'
    yield "</EntityContainer>"
    yield _TAIL


def _entity_type(entity_set: EntitySet, catalog: Catalog, *, has_ax_types: bool) -> Iterator[str]:
    yield f'<EntityType Name="{entity_set.entity}"><Key>'
    yield from (f'<PropertyRef Name="{name}"/>' for name in entity_set.keys)
    yield "</Key>"
    for field in entity_set.fields.values():
        nullable = "" if field.nullable else ' Nullable="false"'
        yield f'<Property Name="{field.name}" Type="{field.edm_type}"{nullable}>'
        if has_ax_types:
            yield _note("AXType", f'EnumMember="{_TERMS}.AXType/{field.kind.value}"')
        yield from _notes(entity_set, field)
        yield "</Property>"
    for way in entity_set.navigation.values():
        target = catalog.sets[way.target].type_name
        written = f"Collection({target})" if way.many else target
        yield f'<NavigationProperty Name="{way.name}" Type="{written}"/>'
    yield _label(entity_set.entity)
    if entity_set.is_bi:
        yield _note("IsReadOnly", 'Bool="true"')
    yield "</EntityType>"


def _notes(entity_set: EntitySet, field: Field) -> Iterator[str]:
    yield _label(field.name)
    if field.name in entity_set.read_only or field.name in entity_set.keys:
        yield _note("AllowEdit", 'Bool="false"')
    if field.name in entity_set.read_only:
        yield _note("AllowEditOnCreate", 'Bool="false"')
    if field.required:
        yield _note("IsRequired", 'Bool="true"')
    relation = entity_set.dimension_relation(field.name)
    if relation is not None:
        yield _note("IsDimension", 'Bool="true"')
        yield _note("DimensionRelation", f'String="{relation}"')


def _action(action: ODataAction) -> Iterator[str]:
    is_bound = action.binding is not Binding.UNBOUND
    bound = ' IsBound="true"' if is_bound else ""
    yield f'<Action Name="{action.name}"{bound}>'
    if is_bound:
        yield f'<Parameter Name="{action.entity}" Type="{action.binding_type}"/>'
    for name, edm_type in (action.parameters or {}).items():
        yield f"<Parameter Name={quoteattr(name)} Type={quoteattr(edm_type)}/>"
    if action.returns is not None:
        yield f"<ReturnType Type={quoteattr(action.returns)}/>"
    yield "</Action>"


def _label(name: str) -> str:
    return _note("LabelId", f"String={quoteattr(label_id(name))}")


def _note(term: str, value: str) -> str:
    return f'<Annotation Term="{_TERMS}.{term}" {value}/>'


def _container_entry(entity_set: EntitySet) -> Iterator[str]:
    yield f'<EntitySet Name="{entity_set.name}" EntityType="{entity_set.type_name}">'
    for way in entity_set.navigation.values():
        yield f'<NavigationPropertyBinding Path="{way.name}" Target="{way.target}"/>'
    yield "</EntitySet>"
