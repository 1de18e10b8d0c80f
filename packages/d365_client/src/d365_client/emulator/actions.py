"""The actions of the admin path: what people do in the ERP, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from d365_client.emulator.action_fields import ActionError, ActionFields
from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books
from d365_client.emulator.ledger_actions import post_general_journal, set_period
from d365_client.emulator.payment_actions import post_journals, resettle, settle_outside
from d365_client.emulator.settings import Switches
from d365_client.emulator.vendor_actions import change_vendor, merge_vendor

Action = Callable[[ActionFields], dict[str, object]]


@attrs.frozen
class Actions:
    """Carries out actions on the books."""

    _books: Books
    _switches: Switches

    def run(self, name: str, body: object) -> dict[str, object]:
        """Do an action; returns what came of it.

        Raises:
            ActionError: the action or a field is unknown, a field is missing, or the ERP refuses;
                nothing was done.
        """
        actions = self._actions()
        if name not in actions:
            raise ActionError(f"action {name} is not known; known are {', '.join(actions)}")
        fields = ActionFields(name, body)
        try:
            with self._books.transaction():
                outcome = actions[name](fields)
                fields.nothing_else()
        except WriteFailedError as failure:
            raise fields.refusal(str(failure)) from failure
        return outcome

    def _actions(self) -> Mapping[str, Action]:
        books, switches = self._books, self._switches
        return {
            "change_vendor": lambda fields: change_vendor(books, fields),
            "merge_vendor": lambda fields: merge_vendor(books, fields),
            "post_general_journal": lambda fields: post_general_journal(books, fields),
            "post_journals": lambda fields: post_journals(books, switches, fields),
            "resettle": lambda fields: resettle(books, fields),
            "set_period": lambda fields: set_period(books, fields),
            "settle_outside": lambda fields: settle_outside(books, fields),
        }
