"""What the API offers: each operation by its method and path, and who answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs
from starlette.datastructures import Headers, QueryParams

from bill_client.emulator.accounts import Session
from bill_client.emulator.envelopes import Refusal


@attrs.frozen(kw_only=True)
class Received:
    """A call whose session and limits were found in order.

    `ids` are the parts of the path that stand for something; `body` is the JSON value that came,
    an empty object if none did; `content` is what came, byte by byte.
    """

    session: Session
    ids: Mapping[str, str]
    query: QueryParams
    headers: Headers
    body: Any = attrs.field(repr=False)
    content: bytes = attrs.field(repr=False)

    @property
    def organization(self) -> str:
        """Whose call it is."""
        return self.session.organization

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body, which must be an object.

        Raises:
            Refusal: 400, it is not.
        """
        if not isinstance(self.body, Mapping):
            raise Refusal.invalid(["body: must be an object"])
        return self.body


@attrs.frozen
class Operation:
    """One operation. `template` is below the API's root: `vendors/{vendorId}/archive`.

    `answer` gives a JSON value, which goes out with `status`, or a whole starlette `Response`.
    """

    method: str
    template: str
    answer: Callable[[Received], object] = attrs.field(repr=False)
    status: int = 200


class Operations:
    """All operations, found by method and path; a path's own words go before its parameters."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._operations = sorted(operations, key=lambda one: one.template.count("{"))

    def find(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]]:
        """The operation of a call, and what its path names.

        Raises:
            Refusal: 404 where nothing has this path, 405 where something has, with another method
                (both statuses are unverified, BDC_1121 is documented).
        """
        known = False
        for operation in self._operations:
            ids = _matched(operation.template, path)
            if ids is None:
                continue
            if operation.method == method:
                return operation, ids
            known = True
        message = "Requested API is not supported."
        raise Refusal.rule("BDC_1121", message, status=405 if known else 404)


def _matched(template: str, path: str) -> Mapping[str, str] | None:
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    ids = {}
    for word, told in zip(wanted, given, strict=True):
        if word.startswith("{"):
            ids[word.strip("{}")] = told
        elif word != told:
            return None
    return ids
