"""Calls of OData actions (d365.md §2.12)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from d365_client.emulator.answers import (
    Answer,
    bad_request,
    error_answer,
    json_answer,
    no_route,
    plain_refusal,
)
from d365_client.emulator.callables import Callables, CallFailedError
from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import COMPANY, Catalog
from d365_client.emulator.fakes import Binding, Invocation, ODataAction
from d365_client.emulator.settings import Settings
from d365_client.emulator.values import Stored, read_json


@attrs.frozen
class ActionEndpoint:
    """Answers calls of actions; what they are bound to is in sight when they come here."""

    _callables: Callables
    _catalog: Catalog
    _settings: Settings

    def bound_to(self, call: Call, entity_set: str, name: str, *, has_key: bool) -> ODataAction:
        """The action that a path names.

        Raises:
            RefusedError: 404, there is none that is bound so; 405, it was not a POST.
        """
        binding = Binding.UNBOUND
        if entity_set:
            binding = Binding.INSTANCE if has_key else Binding.SET
        action = self._callables.action(entity_set, name)
        if action is None or action.binding is not binding:
            raise no_route(call.url)
        if call.method != "POST":
            message = f"The requested resource does not support http method '{call.method}'."
            raise plain_refusal(405, message)
        return action

    def call(self, call: Call, action: ODataAction, row: Mapping[str, Stored]) -> Answer:
        """200 with the result, 204 where there is none, 400 or 500.

        `row` is what an instance-bound action was called on.
        """
        parameters = _parameters(call, action)
        invocation = Invocation(
            principal=call.principal,
            company=str(row.get(COMPANY, call.principal.default_company)),
            parameters=parameters,
            catalog=self._catalog,
        )
        try:
            result = self._callables.carry_out(action, invocation)
        except CallFailedError as failed:
            on_entity = f" on Entity {action.entity}" if action.entity else ""
            message = (
                f"Exception occurred while executing action {action.name}{on_entity}: {failed.text}"
            )
            return error_answer(500, message, "System.InvalidOperationException")
        return self._answer(call, action, result)

    def _answer(self, call: Call, action: ODataAction, result: object) -> Answer:
        if action.returns is None:
            return Answer(status=204, headers={"OData-Version": "4.0"})
        context = {"@odata.context": f"{call.base_url}/data/$metadata#{action.returns}"}
        if isinstance(result, dict):
            return json_answer(200, {**context, **result})
        is_nested = self._settings.nested_action_values and not isinstance(result, list | tuple)
        return json_answer(200, {**context, "value": {"value": result} if is_nested else result})


def _parameters(call: Call, action: ODataAction) -> Mapping[str, object]:
    if call.body and "json" not in call.headers.get("content-type", ""):
        raise plain_refusal(415, "The request entity's media type is not supported.")
    try:
        body = read_json(call.body) if call.body else {}
    except ValueError as problem:
        raise bad_request(str(problem)) from problem
    if not isinstance(body, dict):
        raise bad_request("The parameters of an action must be a JSON object.")
    if action.parameters is not None:
        for name in sorted(body.keys() ^ action.parameters.keys()):
            what = "is missing" if name in action.parameters else "is not known"
            raise bad_request(f"The parameter '{name}' of the action '{action.name}' {what}.")
    return body
