"""Pages of what the books keep, as a call asks for them (`bill.md` §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import attrs

from bill_client.emulator import lists
from bill_client.emulator.books import Body, Books
from bill_client.emulator.operations import Received
from bill_client.emulator.settings import EmulatorSettings


@attrs.frozen
class Pages:
    """Lists of every resource."""

    _books: Books
    _settings: EmulatorSettings
    _now: Callable[[], datetime]

    def of(self, call: Received, objects: Sequence[Body]) -> dict[str, object]:
        """The page of these objects that a call asks for; they cannot be filtered or sorted.

        Raises:
            Refusal: 400, a parameter does not fit.
        """
        return lists.page("", objects, lists.asked(dict(call.query)), archived=True)

    def page(self, call: Received, resource: str) -> dict[str, object]:
        """The page of a resource that a call asks for.

        Raises:
            Refusal: 400, a parameter does not fit.
        """
        lag = float(self._settings.list_lag_seconds)
        objects = self._books.all(call.organization, resource)
        if lag > 0:
            visible = self._now() - timedelta(seconds=lag)
            objects = [
                body for body in objects if datetime.fromisoformat(body["createdTime"]) <= visible
            ]
        asked = lists.asked(dict(call.query))
        shown = self._settings.archived_in_unfiltered_lists
        undocumented = self._settings.undocumented_filters
        return lists.page(resource, objects, asked, archived=shown, undocumented=undocumented)
