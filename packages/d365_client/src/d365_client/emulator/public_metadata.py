"""The metadata service below `/metadata`, lighter than the CSDL (d365.md §2.2). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import parse_qsl

import attrs

from d365_client.emulator.answers import (
    Answer,
    RefusedError,
    bad_request,
    json_answer,
    no_route,
    plain_refusal,
)
from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import Catalog, EntitySet, EnumType, Field, Navigation
from d365_client.emulator.fakes import Binding, ODataAction
from d365_client.emulator.labels import label_id, label_text

ROOT = "/metadata"

_PATH = re.compile(r"(?i:/metadata)/(?P<collection>\w+)(?:\((?P<key>.*)\))?")
_NAME = re.compile(r"'(?P<name>(?:[^']|'')*)'")
_LABEL = re.compile(r"Id='(?P<id>(?:[^']|'')*)',Language='(?P<language>(?:[^']|'')*)'")
_PAGING = {"$top", "$skip", "$count"}


@attrs.frozen
class MetadataEndpoint:
    """Answers below `/metadata`."""

    _catalog: Catalog
    _actions: Sequence[ODataAction]

    def answer(self, call: Call) -> Answer:
        """The answer to a call; refusals are answers too."""
        try:
            return self._dispatch(call)
        except RefusedError as refused:
            return refused.answer

    def _dispatch(self, call: Call) -> Answer:
        path = _PATH.fullmatch(call.path)
        if path is None:
            raise no_route(call.url)
        if call.method != "GET":
            message = f"The requested resource does not support http method '{call.method}'."
            raise plain_refusal(405, message)
        collection, key = path["collection"], path["key"]
        if collection == "Labels" and key is not None:
            return _one(call, "Labels", _label(call, key))
        entries = self._entries(collection)
        if entries is None:
            raise no_route(call.url)
        if key is None:
            return _page(call, collection, [write() for write in entries.values()])
        name = _NAME.fullmatch(key)
        if name is None or collection == "DataEntities":
            raise no_route(call.url)
        write = entries.get(name["name"])
        if write is None:
            raise plain_refusal(404, f"{collection} has no '{name['name']}'.")
        return _one(call, collection, write())

    def _entries(self, collection: str) -> Mapping[str, Callable[[], dict[str, object]]] | None:
        """What a collection has, by name, each to be written when it is wanted."""
        sets = self._catalog.sets.values()
        match collection:
            case "DataEntities":
                return {one.name: partial(_data_entity, one) for one in sets}
            case "PublicEntities":
                return {one.entity: partial(self._public_entity, one) for one in sets}
            case "PublicEnumerations":
                enums = self._catalog.enums
                return {name: partial(_enumeration, name, enums[name]) for name in enums}
            case _:
                return None

    def _public_entity(self, entity_set: EntitySet) -> dict[str, object]:
        return {
            "Name": entity_set.entity,
            "EntitySetName": entity_set.name,
            "LabelId": label_id(entity_set.entity),
            "IsReadOnly": entity_set.is_bi,
            "ConfigurationEnabled": True,
            "Properties": [_property(entity_set, field) for field in entity_set.fields.values()],
            "NavigationProperties": [
                self._navigation(entity_set, way) for way in entity_set.navigation.values()
            ],
            "PropertyGroups": [],
            "Actions": [
                _action(action) for action in self._actions if action.entity_set == entity_set.name
            ],
        }

    def _navigation(self, entity_set: EntitySet, way: Navigation) -> dict[str, object]:
        target = self._catalog.sets[way.target]
        back = {theirs: ours for ours, theirs in way.join.items()}
        return {
            "Name": way.name,
            "RelatedEntity": target.entity,
            "RelatedRelationName": next(
                (
                    other.name
                    for other in target.navigation.values()
                    if other.target == entity_set.name and other.join == back
                ),
                "",
            ),
            "Cardinality": "Multiple" if way.many else "Single",
            "Constraints": [
                {"Property": ours, "ReferencedProperty": theirs}
                for ours, theirs in way.join.items()
            ],
        }


def _data_entity(entity_set: EntitySet) -> dict[str, object]:
    return {
        "Name": entity_set.table,
        "PublicEntityName": entity_set.entity,
        "PublicCollectionName": entity_set.name,
        "LabelId": label_id(entity_set.entity),
        "DataServiceEnabled": True,
        "DataManagementEnabled": not entity_set.is_bi,
        "EntityCategory": None,
        "IsReadOnly": entity_set.is_bi,
    }


def _property(entity_set: EntitySet, field: Field) -> dict[str, object]:
    relation = entity_set.dimension_relation(field.name)
    is_free = field.name not in entity_set.read_only
    return {
        "Name": field.name,
        "TypeName": field.edm_type,
        "DataType": field.kind.value,
        "LabelId": label_id(field.name),
        "IsKey": field.name in entity_set.keys,
        "IsMandatory": field.required,
        "ConfigurationEnabled": True,
        "AllowEdit": is_free and field.name not in entity_set.keys,
        "AllowEditOnCreate": is_free,
        "IsDimension": relation is not None,
        "DimensionRelation": relation,
        "IsDynamicDimension": False,
        "DimensionLegalEntityProperty": None,
        "DimensionTypeProperty": None,
    }


def _enumeration(name: str, enum_type: EnumType) -> dict[str, object]:
    return {
        "Name": name,
        "LabelId": label_id(name),
        "Members": [
            {
                "Name": member,
                "LabelId": label_id(member),
                "Value": value,
                "ConfigurationEnabled": True,
            }
            for member, value in enum_type.members
        ],
    }


def _action(action: ODataAction) -> dict[str, object]:
    bound = []
    if action.binding is not Binding.UNBOUND:
        # The first parameter is what the action is bound to, named after the entity.
        bound = [_parameter(action.entity, action.binding_type)]
    told = action.parameters or {}
    return {
        "Name": action.name,
        "BindingKind": action.binding.value,
        "Parameters": [*bound, *(_parameter(name, edm_type) for name, edm_type in told.items())],
        "ReturnType": None if action.returns is None else _type(action.returns),
        "FieldLookup": None,
    }


def _parameter(name: str, edm_type: str) -> dict[str, object]:
    return {"Name": name, "Type": _type(edm_type)}


def _type(edm_type: str) -> dict[str, object]:
    inner = edm_type.removeprefix("Collection(").removesuffix(")")
    return {"TypeName": inner, "IsCollection": inner != edm_type}


def _label(call: Call, key: str) -> dict[str, object]:
    wanted = _LABEL.fullmatch(key)
    if wanted is None:
        raise no_route(call.url)
    return {
        "Id": wanted["id"],
        "Language": wanted["language"],
        "Value": label_text(wanted["id"].replace("''", "'")),
    }


def _page(call: Call, collection: str, entries: Iterable[dict[str, object]]) -> Answer:
    options = dict(parse_qsl(call.query))
    unknown = sorted(name for name in options.keys() - _PAGING if name.startswith("$"))
    if unknown:
        # The service has more options than are known here; to ignore one would be a wrong answer.
        raise plain_refusal(501, f"The emulator knows no {unknown[0]} below {ROOT}.")
    rows = list(entries)
    body: dict[str, object] = {"@odata.context": _context(call, collection)}
    if options.get("$count") == "true":
        body["@odata.count"] = len(rows)
    start, top = _whole(options.get("$skip", "0")), options.get("$top")
    body["value"] = rows[start : None if top is None else start + _whole(top)]
    return json_answer(200, body)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise bad_request(f"'{text}' is no whole number.")
    return int(text)


def _one(call: Call, collection: str, entry: dict[str, object]) -> Answer:
    return json_answer(200, {"@odata.context": f"{_context(call, collection)}/$entity", **entry})


def _context(call: Call, collection: str) -> str:
    return f"{call.base_url}{ROOT}/$metadata#{collection}"
