"""Pages of what the books keep, as a call asks for them (`bill.md` §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import attrs

from bill_client.emulator import lists
from bill_client.emulator.books import Body, Books
from bill_client.emulator.operations import Received
from bill_client.emulator.settings import EmulatorSettings

_MOST_REMEMBERED = 100


@attrs.frozen
class Pages:
    """Lists of every resource."""

    _books: Books
    _settings: EmulatorSettings
    _now: Callable[[], datetime]
    _remembered: dict[tuple[object, ...], tuple[int, Sequence[Body]]] = attrs.field(
        factory=dict, init=False, repr=False
    )

    def of(self, call: Received, objects: Sequence[Body]) -> dict[str, object]:
        """The page of these objects that a call asks for; they cannot be filtered or sorted.

        Raises:
            Refusal: 400, a parameter does not fit.
        """
        asked = lists.asked(dict(call.query))
        return lists.cut(lists.found("", objects, asked, archived=True), asked)

    def page(self, call: Received, resource: str) -> dict[str, object]:
        """The page of a resource that a call asks for.

        Raises:
            Refusal: 400, a parameter does not fit.
        """
        asked = lists.asked(dict(call.query))
        return lists.cut(self._found(call.organization, resource, asked), asked)

    def _found(self, organization: str, resource: str, asked: lists.Asked) -> Sequence[Body]:
        """What a query finds; looked for once for all of its pages while nothing changes."""
        lag = float(self._settings.list_lag_seconds)
        shown = self._settings.archived_in_unfiltered_lists
        undocumented = self._settings.undocumented_filters
        key = (organization, resource, asked.filters, asked.sort, shown, undocumented)
        known = self._remembered.get(key)
        if lag <= 0 and known is not None and known[0] == self._books.version:
            return known[1]
        objects = self._books.all(organization, resource)
        if lag > 0:
            visible = self._now() - timedelta(seconds=lag)
            objects = [
                body for body in objects if datetime.fromisoformat(body["createdTime"]) <= visible
            ]
        ordered = lists.found(resource, objects, asked, archived=shown, undocumented=undocumented)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = (self._books.version, ordered)
        return ordered
