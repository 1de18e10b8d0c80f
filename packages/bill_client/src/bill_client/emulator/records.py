"""Resources that are records and nothing more: created, changed, archived, one by one or in bulk.

What one of them does beside that, such as adding up its lines, is its kind's `derive`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Problem, Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.shapes import Shape, problems, references
from bill_client.emulator.trust import require_trust
from bill_client.emulator.wire_json import present

_CREATED = 201


@attrs.frozen(kw_only=True)
class Kind:
    """A resource, by what can be done with it.

    `verbs` are some of: list, create, get, patch, put, archive, restore, bulk-create, bulk-patch,
    bulk-put, bulk-archive, bulk-restore. `lines` names the array whose objects get ids of the kind
    `line_ids`; `wrapper` is what a bulk answer's array stands under. `needs_trust` tells the bodies
    that only a trusted session may send.
    """

    resource: str
    path: str
    shape: Shape = attrs.field(repr=False)
    verbs: frozenset[str]
    wrapper: str = ""
    at_once: int = 50
    lines: str = ""
    line_ids: str = ""
    derive: Callable[[Body], None] = attrs.field(default=lambda _: None, repr=False)
    needs_trust: Callable[[Mapping[str, Any]], bool] = attrs.field(
        default=lambda _: False, repr=False
    )


class Records:
    """What the API does to records of one kind."""

    def __init__(self, kind: Kind, books: Books, pages: Pages) -> None:
        self._kind, self._books, self._pages = kind, books, pages

    def operations(self) -> Sequence[Operation]:
        """The operations that the kind has."""
        path, bulk = self._kind.path, f"{self._kind.path}/bulk"
        one = f"{path}/{{id}}"
        every = {
            "list": Operation("GET", path, self._list),
            "create": Operation("POST", path, self._create, _CREATED),
            "get": Operation("GET", one, self._get),
            "patch": Operation("PATCH", one, self._patch),
            "put": Operation("PUT", one, self._put),
            "archive": Operation("POST", f"{one}/archive", self._archive),
            "restore": Operation("POST", f"{one}/restore", self._restore),
            "bulk-create": Operation("POST", bulk, self._bulk_create, _CREATED),
            "bulk-patch": Operation("PATCH", bulk, self._bulk_patch),
            "bulk-put": Operation("PUT", bulk, self._bulk_put),
            "bulk-archive": Operation("POST", f"{bulk}/archive", self._bulk_archive),
            "bulk-restore": Operation("POST", f"{bulk}/restore", self._bulk_restore),
        }
        return [operation for verb, operation in every.items() if verb in self._kind.verbs]

    def _list(self, call: Received) -> object:
        return self._pages.page(call, self._kind.resource)

    def _get(self, call: Received) -> Body:
        return self._found(call.organization, call.ids["id"])

    def _create(self, call: Received) -> Body:
        self._guard(call)
        return self._keep(call.organization, self._new(call.organization, call.body))

    def _patch(self, call: Received) -> Body:
        self._guard(call)
        found = self._found(call.organization, call.ids["id"])
        return self._keep(call.organization, self._patched(call.organization, found, call.body))

    def _put(self, call: Received) -> Body:
        self._guard(call)
        found = self._found(call.organization, call.ids["id"])
        return self._keep(call.organization, self._replaced(call.organization, found, call.body))

    def _archive(self, call: Received) -> Body:
        return self._archived(call.organization, call.ids["id"], archived=True)

    def _restore(self, call: Received) -> Body:
        return self._archived(call.organization, call.ids["id"], archived=False)

    def _bulk_create(self, call: Received) -> object:
        return self._bulk(call, lambda body: self._new(call.organization, body))

    def _bulk_patch(self, call: Received) -> object:
        _once_each(call.body)

        def patched(body: Mapping[str, Any]) -> Body:
            found, rest = self._named(call.organization, body)
            return self._patched(call.organization, found, rest)

        return self._bulk(call, patched)

    def _bulk_put(self, call: Received) -> object:
        _once_each(call.body)

        def replaced(body: Mapping[str, Any]) -> Body:
            found, rest = self._named(call.organization, body)
            return self._replaced(call.organization, found, rest)

        return self._bulk(call, replaced)

    def _bulk_archive(self, call: Received) -> object:
        return self._all(call, archived=True)

    def _bulk_restore(self, call: Received) -> object:
        return self._all(call, archived=False)

    def _bulk(self, call: Received, make: Callable[[Mapping[str, Any]], Body]) -> object:
        """All or none: everything is made before anything is kept."""
        made = all_or_none(call.body, make, self._kind.at_once)
        return self._wrapped([self._keep(call.organization, body) for body in made])

    def _all(self, call: Received, *, archived: bool) -> object:
        ids = [one for told in call.query.getlist("ids") for one in told.split(",") if one]
        if not 1 <= len(ids) <= self._kind.at_once:
            raise Refusal.invalid([f"ids: size must be between 1 and {self._kind.at_once}"])
        for one in ids:
            self._found(call.organization, one)
        return self._wrapped(
            [self._archived(call.organization, one, archived=archived) for one in ids]
        )

    def _guard(self, call: Received) -> None:
        if self._kind.needs_trust(call.fields):
            require_trust(call)

    def _wrapped(self, bodies: Sequence[Body]) -> object:
        return {self._kind.wrapper: bodies} if self._kind.wrapper else bodies

    def _found(self, organization: str, object_id: object) -> Body:
        found = self._books.get(organization, self._kind.resource, object_id)
        if found is None:
            raise Refusal.not_found(str(object_id))
        return found

    def _named(self, organization: str, body: Mapping[str, Any]) -> tuple[Body, Mapping[str, Any]]:
        if not body.get("id"):
            raise Refusal.invalid(["id: must not be blank"])
        rest = {name: value for name, value in body.items() if name != "id"}
        return self._found(organization, body["id"]), rest

    def _new(self, organization: str, body: Mapping[str, Any]) -> Body:
        self._check(organization, body, whole=True)
        return self._derived(present(body), known=frozenset())

    def _patched(self, organization: str, found: Body, body: Mapping[str, Any]) -> Body:
        self._check(organization, body, whole=False)
        changed = {**found, **{name: value for name, value in body.items() if value is not None}}
        for name, value in body.items():
            if isinstance(value, dict) and isinstance(found.get(name), dict):
                changed[name] = {**found[name], **value}
        if self._kind.lines in body:
            changed[self._kind.lines] = self._patched_lines(found, body[self._kind.lines])
        return self._derived(changed, known=self._line_ids(found))

    def _patched_lines(self, found: Body, lines: Sequence[Body]) -> list[Body]:
        """Lines by their ids; one without an id, or with another's, is refused (unverified)."""
        by_id = {line["id"]: line for line in found.get(self._kind.lines, ())}
        for line in lines:
            if line.get("id") not in by_id:
                raise Refusal.invalid([f"{self._kind.lines}.id: invalid value"])
            by_id[line["id"]] = {**by_id[line["id"]], **line}
        return list(by_id.values())

    def _replaced(self, organization: str, found: Body, body: Mapping[str, Any]) -> Body:
        self._check(organization, body, whole=True)
        kept = {name: value for name, value in found.items() if name not in self._kind.shape}
        return self._derived({**kept, **present(body)}, known=self._line_ids(found))

    def _line_ids(self, found: Body) -> frozenset[str]:
        return frozenset(line["id"] for line in found.get(self._kind.lines, ()))

    def _derived(self, body: Body, *, known: frozenset[str]) -> Body:
        if self._kind.lines:
            body[self._kind.lines] = [
                line
                if line.get("id") in known
                else {**line, "id": self._books.new_id(self._kind.line_ids)}
                for line in body.get(self._kind.lines, ())
            ]
        self._kind.derive(body)
        return body

    def _check(self, organization: str, body: object, *, whole: bool) -> None:
        if not isinstance(body, Mapping):
            raise Refusal.invalid(["body: must be an object"])
        wrong = list(problems(self._kind.shape, body, whole=whole))
        if wrong:
            raise Refusal.invalid(wrong)
        check_references(self._books, organization, self._kind.shape, body)

    def _keep(self, organization: str, body: Body) -> Body:
        if "id" in body:
            self._books.touch(organization, self._kind.resource, body)
            return body
        return self._books.add(organization, self._kind.resource, body)

    def _archived(self, organization: str, object_id: object, *, archived: bool) -> Body:
        found = self._found(organization, object_id)
        if found["archived"] is not archived:
            found = {**found, "archived": archived}
            self._books.touch(organization, self._kind.resource, found)
        return found


def _once_each(bodies: object) -> None:
    """Refuse a bulk call that names an object twice."""
    told = bodies if isinstance(bodies, list) else []
    ids = [str(body.get("id")) for body in told if isinstance(body, Mapping)]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise Refusal.invalid([f"id: {one} is named twice" for one in twice])


def check_references(
    books: Books, organization: str, shape: Shape, body: Mapping[str, Any]
) -> None:
    """Refuse a body that names what is not there, or is archived.

    Raises:
        Refusal: 404 BDC_1205.
    """
    for resource, object_id in references(shape, body):
        found = books.get(organization, resource, object_id)
        if found is None or found.get("archived"):
            raise Refusal.not_found(object_id)


def all_or_none(
    bodies: object, make: Callable[[Mapping[str, Any]], Body], at_once: int
) -> Sequence[Body]:
    """What is made of each body of a bulk call, before anything is kept.

    Raises:
        Refusal: 400 where it is no array of 1 to `at_once` objects; what the first bad one is
            refused with, and BDC_1246 for each of the others (`bill.md` §5.2).
    """
    if not isinstance(bodies, list) or not 1 <= len(bodies) <= at_once:
        raise Refusal.invalid([f"size must be between 1 and {at_once}"])
    made: list[Body] = []
    for number, body in enumerate(bodies):
        try:
            made.append(make(body))
        except Refusal as refusal:
            message = "Rollback due to other failures in bulk transaction."
            others = [Problem("BDC_1246", "DOWNSTREAM", message)] * (len(bodies) - 1)
            here = [*others[:number], *refusal.problems, *others[number:]]
            raise Refusal(refusal.status, here) from refusal
    return made
