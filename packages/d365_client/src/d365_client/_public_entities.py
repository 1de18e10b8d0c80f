"""The JSON of `/metadata/PublicEntities` and `…/PublicEnumerations`, read as it comes. Pure.

Lighter than CSDL, but still of megabytes (`d365.md` §2.2): one row at a time is held. The standard
decoder reads a value at the front of a text and says where it ends, which is all that is needed.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from d365_client._metadata import (
    NAMESPACE,
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

LONGEST_ROW = 16 * 1024 * 1024
"""Characters. A longer one is no row: what does not end is not kept for ever."""

_BETWEEN, _COLON = re.compile(r"[\s,]*"), re.compile(r"[\s:]*")
_DECODER = json.JSONDecoder()

# X++ types whose row does not name the wire's; the others' do (`TypeName`).
_EDM = {
    "Boolean": "Edm.Boolean",
    "Container": "Edm.Binary",
    "Date": "Edm.DateTimeOffset",
    "Guid": "Edm.Guid",
    "Int32": "Edm.Int32",
    "Int64": "Edm.Int64",
    "Integer": "Edm.Int32",
    "Real": "Edm.Decimal",
    "UtcDateTime": "Edm.DateTimeOffset",
}


class PublicReader:
    """Feed it bytes; it gives back the rows that they complete, and `close` makes sure of the end.

    Pages may follow each other: `next_link` is what the last one said, empty where it was the last.
    `sets` names the entity sets that are kept, None all of them; of the others only the name is.

    Raises:
        Undecodable: by `feed` and `close`, where it is no list of rows, or stops short.
    """

    def __init__(self, *, sets: Container[str] | None = None) -> None:
        self.next_link = ""
        self._sets = sets
        self._text = ""
        self._at = 0
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._in_object = self._in_rows = False
        self._pages = 0

    def feed(self, chunk: bytes) -> list[Part]:
        """What this chunk completes."""
        try:
            self._text += self._decode(chunk)
        except UnicodeDecodeError as error:
            raise Undecodable(f"the metadata is not UTF-8: {error}") from error
        found = [_part(row, self._sets) for row in self._rows()]
        self._text, self._at = self._text[self._at :], 0
        if len(self._text) > LONGEST_ROW:
            raise Undecodable("the metadata is no list of rows: one does not end")
        return found

    def close(self) -> list[Part]:
        """What the end completes, which is nothing where all is well."""
        if self._text.strip() or self._in_object or not self._pages:
            raise Undecodable("the metadata is not whole JSON: it stops short, or is none")
        return []

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        """The rows that the text holds; where it ends, more is to come."""
        with contextlib.suppress(_StopsHere):
            while True:
                self._skip(_BETWEEN)
                row = self._step()
                if row is not None:
                    yield row

    def _step(self) -> Mapping[str, Any] | None:
        """Go past the next bracket, member or row; the row, if it was one."""
        sign = self._text[self._at]
        if not self._in_object:
            if sign != "{":
                raise Undecodable("the metadata is not a JSON object with rows in `value`")
            self._in_object, self.next_link = True, ""
            self._at += 1
        elif sign in "]}":
            self._pages += sign == "}"
            self._in_object, self._in_rows = sign == "]", False
            self._at += 1
        elif not self._in_rows:
            self._pass_member()
        else:
            row = self._value()
            if not isinstance(row, dict):
                raise Undecodable(f"a row of the metadata is {type(row).__name__}, not an object")
            return row
        return None

    def _pass_member(self) -> None:
        """Go past a member beside the rows, or into the rows."""
        start = self._at
        try:
            name = self._value()
            self._skip(_COLON)
            if name == "value" and self._text[self._at] == "[":
                self._in_rows = True
                self._at += 1
                return
            told = self._value()
        except _StopsHere:
            self._at = start
            raise
        if name == "@odata.nextLink":
            self.next_link = str(told)

    def _value(self) -> object:
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except ValueError:
            raise _StopsHere from None
        if end == len(self._text):
            raise _StopsHere  # a number may go on in the next chunk
        self._at = end
        return value

    def _skip(self, signs: re.Pattern[str]) -> None:
        found = signs.match(self._text, self._at)
        self._at = found.end() if found else self._at
        if self._at == len(self._text):
            raise _StopsHere


class _StopsHere(Exception):
    """The text stops before the value does; the next chunk may bring the rest."""


def _part(row: Mapping[str, Any], sets: Container[str] | None) -> Part:
    """An entity or an enumeration."""
    name, label = str(row.get("Name") or ""), str(row.get("LabelId") or "")
    entity_set = str(row.get("EntitySetName") or "")
    if entity_set and sets is not None and entity_set not in sets:
        return SetOfType(entity_set=entity_set, entity=name)
    if "Members" in row:
        listed = _listed(row, "Members")
        members = {str(told.get("Name")): int(told.get("Value") or 0) for told in listed}
        return MetadataEnum(name=name, members=members, label=label)
    properties = [_property(told) for told in _listed(row, "Properties")]
    return MetadataEntity(
        name=name,
        entity_set=entity_set,
        key=tuple(item.name for item in properties if item.is_key),
        properties={item.name: item for item in properties},
        navigation=tuple(map(_navigation, _listed(row, "NavigationProperties"))),
        actions=tuple(_action(name, told) for told in _listed(row, "Actions")),
        is_read_only=row.get("IsReadOnly") is True,
        label=label,
    )


def _listed(row: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return row.get(name) or ()


def _property(told: Mapping[str, Any]) -> MetadataProperty:
    ax_type, edm_type = str(told.get("DataType") or ""), str(told.get("TypeName") or "")
    if not edm_type.startswith(("Edm.", "Collection(", f"{NAMESPACE}.")):
        edm_type = _EDM.get(ax_type, "Edm.String")
    return MetadataProperty(
        name=str(told.get("Name") or ""),
        type=edm_type,
        ax_type=ax_type,
        is_key=told.get("IsKey") is True,
        is_mandatory=told.get("IsMandatory") is True,
        allow_edit=told.get("AllowEdit") is not False,
        allow_edit_on_create=told.get("AllowEditOnCreate") is not False,
        label=str(told.get("LabelId") or ""),
    )


def _navigation(told: Mapping[str, Any]) -> MetadataNavigation:
    joins = (item for item in _listed(told, "Constraints") if item.get("ReferencedProperty"))
    return MetadataNavigation(
        name=str(told.get("Name") or ""),
        target=str(told.get("RelatedEntity") or ""),
        is_many=told.get("Cardinality") == "Multiple",
        constraints={str(item.get("Property")): str(item["ReferencedProperty"]) for item in joins},
    )


def _action(entity: str, told: Mapping[str, Any]) -> MetadataAction:
    kinds = {kind.value: kind for kind in Binding}
    return MetadataAction(
        name=str(told.get("Name") or ""),
        binding=kinds.get(str(told.get("BindingKind")), Binding.UNBOUND),
        entity=entity,
        parameters={
            str(item.get("Name")): _type(item.get("Type")) for item in _listed(told, "Parameters")
        },
        returns=_type(told.get("ReturnType")),
    )


def _type(told: Mapping[str, Any] | None) -> str:
    if not told:
        return ""
    name = str(told.get("TypeName") or "")
    return f"Collection({name})" if told.get("IsCollection") else name
