"""What can be called in an environment: OData actions and operations of custom services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from d365_client.emulator.action_fields import ActionError
from d365_client.emulator.actions import Actions
from d365_client.emulator.fakes import Canned, Invocation, ODataAction, ServiceOperation
from d365_client.emulator.known_operations import known_actions, known_operations


class CallFailedError(Exception):
    """What was called fails with this text; nothing was done."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Callables:
    """Everything that can be called, and who carries it out.

    Args:
        actions: what people do in the ERP, for a fake that does such a thing.
        odata_actions: a customer's own, beside those that every environment has.
        operations: likewise.
    """

    def __init__(
        self,
        actions: Actions,
        odata_actions: Iterable[ODataAction] = (),
        operations: Iterable[ServiceOperation] = (),
    ) -> None:
        self._actions = actions
        self._odata_actions: dict[tuple[str, str], ODataAction] = {}
        self._operations: dict[tuple[str, str, str], ServiceOperation] = {}
        self.forget_actions()
        self.forget_operations()
        for action in odata_actions:
            self.offer_action(action)
        for operation in operations:
            self.offer_operation(operation)

    @property
    def odata_actions(self) -> Sequence[ODataAction]:
        """The actions that are offered."""
        return tuple(self._odata_actions.values())

    @property
    def operations(self) -> Sequence[ServiceOperation]:
        """The operations that are offered."""
        return tuple(self._operations.values())

    def offer_action(self, action: ODataAction) -> None:
        """Offer an action, instead of one with its name on its set."""
        self._odata_actions[action.entity_set, action.name] = action

    def offer_operation(self, operation: ServiceOperation) -> None:
        """Offer an operation, instead of one at its place."""
        self._operations[operation.group, operation.service, operation.name] = operation

    def forget_actions(self) -> None:
        """Offer no more actions than every environment does."""
        self._odata_actions.clear()
        for action in known_actions():
            self.offer_action(action)

    def forget_operations(self) -> None:
        """Offer no more operations than every environment does."""
        self._operations.clear()
        for operation in known_operations():
            self.offer_operation(operation)

    def action(self, entity_set: str, name: str) -> ODataAction | None:
        """The action of this name on a set (empty: unbound), None if there is none."""
        return self._odata_actions.get((entity_set, name))

    def operation(self, group: str, service: str, name: str) -> ServiceOperation | None:
        """The operation at this place, None if there is none."""
        return self._operations.get((group, service, name))

    def carry_out(self, offered: ODataAction | ServiceOperation, invocation: Invocation) -> object:
        """What is returned.

        Raises:
            CallFailedError: it fails.
        """
        outcome = offered.outcome
        if not isinstance(outcome, Canned):
            return outcome(invocation)
        if outcome.failure is not None:
            raise CallFailedError(outcome.failure)
        if outcome.runs is None:
            return outcome.result
        try:
            done = self._actions.run(outcome.runs, dict(invocation.parameters))
        except ActionError as problem:
            raise CallFailedError(str(problem)) from problem
        return done if outcome.result is None else outcome.result
