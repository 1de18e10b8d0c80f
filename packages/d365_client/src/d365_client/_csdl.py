"""CSDL, the XML of `$metadata`, read as it comes: nothing is kept but what was asked for. Pure.

The document has tens of megabytes and some 3,900 entity sets (`d365.md` §2.1), so only one type
at a time is held. A document type is refused: without one there are no entities to expand.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from xml.parsers import expat

import attrs

from d365_client._metadata import (
    Binding,
    MetadataAction,
    MetadataEntity,
    MetadataEnum,
    MetadataNavigation,
    MetadataProperty,
    Part,
    SetOfType,
)
from d365_client.errors import Undecodable

_TERMS = "Microsoft.Dynamics.OData.Core.V1."


@attrs.define(kw_only=True)
class _Element:
    """One element with what is inside of it; only whole ones are looked at."""

    tag: str
    attributes: Mapping[str, str]
    children: list[_Element] = attrs.field(factory=list)

    def all(self, tag: str) -> Iterator[_Element]:
        """The children of this tag."""
        return (child for child in self.children if child.tag == tag)

    def told(self, attribute: str, default: str = "") -> str:
        """An attribute."""
        return self.attributes.get(attribute, default)

    def annotation(self, term: str) -> str:
        """The value of one of D365's own annotations, empty where there is none."""
        for note in self.all("Annotation"):
            if note.told("Term") == f"{_TERMS}{term}":
                values = (note.told(kind) for kind in ("EnumMember", "Bool", "String"))
                return next(filter(None, values), "true")  # a bare term says yes
        return ""


class CsdlReader:
    """Feed it bytes; it gives back what they complete, and `close` makes sure that it was all.

    `types` names the entity types that are kept, None all of them.

    Raises:
        Undecodable: by `feed` and `close`, where it is no CSDL, stops short, or has a document
            type.
    """

    def __init__(self, *, types: Container[str] | None = None) -> None:
        self._types = types
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = _refuse
        self._open: list[_Element] = []
        self._found: list[Part] = []
        self._has_schema = False

    def feed(self, chunk: bytes) -> list[Part]:
        """What this chunk completes."""
        return self._parse(chunk, is_last=False)

    def close(self) -> list[Part]:
        """What the end completes, which is nothing where all is well."""
        found = self._parse(b"", is_last=True)
        if not self._has_schema:
            raise Undecodable("the metadata is XML, but no CSDL: it has no Schema")
        return found

    def _parse(self, chunk: bytes, *, is_last: bool) -> list[Part]:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise Undecodable(f"the metadata is not whole XML: {error}") from error
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]  # the versions of CSDL differ in namespaces only
        self._has_schema = self._has_schema or tag == "Schema"
        if self._open:
            element = _Element(tag=tag, attributes=attributes)
            self._open[-1].children.append(element)
            self._open.append(element)
        elif tag in _PARTS and not self._is_unwanted(tag, attributes):
            self._open.append(_Element(tag=tag, attributes=attributes))

    def _end(self, _name: str) -> None:
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._found.append(_PARTS[element.tag](element))

    def _is_unwanted(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if self._types is None or tag != "EntityType":
            return False
        return attributes.get("Name") not in self._types


def _refuse(*_declaration: object) -> None:
    raise Undecodable("the metadata has a document type, which D365 never sends")


def _entity(element: _Element) -> Part:
    refs = [ref.told("Name") for key in element.all("Key") for ref in key.all("PropertyRef")]
    properties = (_property(child, refs) for child in element.all("Property"))
    return MetadataEntity(
        name=element.told("Name"),
        key=tuple(refs),
        properties={item.name: item for item in properties},
        navigation=tuple(map(_navigation, element.all("NavigationProperty"))),
        is_read_only=element.annotation("IsReadOnly") == "true",
        label=element.annotation("LabelId"),
    )


def _property(element: _Element, key: list[str]) -> MetadataProperty:
    return MetadataProperty(
        name=element.told("Name"),
        type=element.told("Type"),
        ax_type=element.annotation("AXType").rpartition("/")[2],
        is_key=element.told("Name") in key,
        is_mandatory=element.annotation("IsRequired") == "true",
        is_nullable=element.told("Nullable") != "false",
        allow_edit=element.annotation("AllowEdit") != "false",
        allow_edit_on_create=element.annotation("AllowEditOnCreate") != "false",
        label=element.annotation("LabelId"),
    )


def _navigation(element: _Element) -> MetadataNavigation:
    target = element.told("Type")
    return MetadataNavigation(
        name=element.told("Name"),
        target=_short(target),
        is_many=target.startswith("Collection("),
        constraints={
            constraint.told("Property"): constraint.told("ReferencedProperty")
            for constraint in element.all("ReferentialConstraint")
        },
    )


def _enumeration(element: _Element) -> Part:
    # A member without a value has the one after the last (OData CSDL 4.0, §10.2).
    members: dict[str, int] = {}
    following = 0
    for member in element.all("Member"):
        value = int(member.told("Value") or following)
        members[member.told("Name")] = value
        following = value + 1
    return MetadataEnum(
        name=element.told("Name"), members=members, label=element.annotation("LabelId")
    )


def _entity_set(element: _Element) -> Part:
    return SetOfType(entity_set=element.told("Name"), entity=_short(element.told("EntityType")))


def _action(element: _Element) -> Part:
    parameters = [(child.told("Name"), child.told("Type")) for child in element.all("Parameter")]
    binding, entity = Binding.UNBOUND, ""
    if element.told("IsBound") == "true" and parameters:
        (_, bound), *parameters = parameters
        entity = _short(bound)
        binding = Binding.ENTITY_SET if bound.startswith("Collection(") else Binding.ENTITY
    return MetadataAction(
        name=element.told("Name"),
        binding=binding,
        entity=entity,
        parameters=dict(parameters),
        returns=next((child.told("Type") for child in element.all("ReturnType")), ""),
    )


def _short(name: str) -> str:
    """A type's name without its namespace, and without `Collection(…)`."""
    return name.removesuffix(")").rpartition(".")[2]


_PARTS: Mapping[str, Callable[[_Element], Part]] = {
    "Action": _action,
    "EntitySet": _entity_set,
    "EntityType": _entity,
    "EnumType": _enumeration,
}
