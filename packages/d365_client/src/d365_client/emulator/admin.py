"""The admin path over the books: rows, credentials, what people do (`/_emulator/…`)."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from starlette.requests import Request
from starlette.routing import Route

from d365_client.emulator.actions import Actions
from d365_client.emulator.admin_answers import served
from d365_client.emulator.books import Books, Row
from d365_client.emulator.catalog import EntitySet
from d365_client.emulator.identity import Identity
from d365_client.emulator.seed import plant, stored_rows
from d365_client.emulator.values import (
    Stored,
    json_to_stored,
    stored_to_json,
)

_MODIFIED = "SysModifiedDateTime"


@attrs.frozen
class Admin:
    """What tests and demonstrations do to the environment, past all rules of the service."""

    _books: Books
    _identity: Identity
    _actions: Actions

    def routes(self) -> Sequence[Route]:
        """The routes below `/_emulator`."""
        return [
            Route("/_emulator/rows/{set}", served(self._read), methods=["GET"]),
            Route("/_emulator/rows/{set}", served(self._add), methods=["POST"]),
            Route("/_emulator/rows/{set}", served(self._change), methods=["PATCH"]),
            Route("/_emulator/actions/{action}", served(self._act), methods=["POST"]),
            Route("/_emulator/applications/{client}", served(self._register), methods=["PATCH"]),
            Route("/_emulator/credentials/expire", served(self._expire), methods=["POST"]),
        ]

    def _read(self, request: Request, _body: object) -> object:
        entity_set = self._entity_set(request)
        rows = self._books.find(entity_set.name)
        return {"rows": [_wire(entity_set, row) for row in rows]}

    def _add(self, request: Request, body: object) -> object:
        entity_set = self._entity_set(request)
        rows = stored_rows(self._books.catalog, entity_set.name, _member(body, "rows"), "rows")
        plant(self._books, {entity_set.name: rows}, "rows")
        return {"added": len(rows)}

    def _change(self, request: Request, body: object) -> object:
        entity_set = self._entity_set(request)
        key = _stored(entity_set, _member(body, "key"))
        changes = _stored(entity_set, _member(body, "changes"))
        rows = self._books.find(entity_set.name, **key)
        if len(rows) != 1:
            raise ValueError(f"{len(rows)} rows of {entity_set.name} have this key")
        if _MODIFIED in entity_set.fields:
            # No rule is applied, so no timestamp moves unless it is told to.
            changes = {_MODIFIED: rows[0].values[_MODIFIED], **changes}
        return {"row": _wire(entity_set, self._books.update(entity_set.name, rows[0], changes))}

    def _act(self, request: Request, body: object) -> object:
        return self._actions.run(request.path_params["action"], body)

    def _register(self, request: Request, body: object) -> object:
        if not isinstance(body, dict):
            raise ValueError("the body must be an object")  # noqa: TRY004 - as everything here
        self._identity.change(request.path_params["client"], body)
        return {}

    def _expire(self, _request: Request, _body: object) -> object:
        self._identity.expire_all()
        return {}

    def _entity_set(self, request: Request) -> EntitySet:
        name = request.path_params["set"]
        if name not in self._books.catalog.sets:
            raise ValueError(f"entity set {name} is not known")
        return self._books.catalog.sets[name]


def _wire(entity_set: EntitySet, row: Row) -> dict[str, object]:
    return {
        name: stored_to_json(field, row.values[name]) for name, field in entity_set.fields.items()
    }


def _member(body: object, name: str) -> object:
    if not isinstance(body, dict) or name not in body:
        raise ValueError(f"field {name} is missing")
    return body[name]


def _stored(entity_set: EntitySet, given: object) -> dict[str, Stored]:
    if not isinstance(given, dict) or not given:
        raise ValueError("key and changes must be objects that are not empty")
    unknown = sorted(given.keys() - entity_set.fields.keys())
    if unknown:
        raise ValueError(f"{entity_set.name} has no field {unknown[0]}")
    return {name: json_to_stored(entity_set.fields[name], value) for name, value in given.items()}
