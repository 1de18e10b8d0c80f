"""Custom services: `/api/services/<group>/<service>/<operation>` (d365.md §8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

import attrs

from d365_client.emulator.answers import Answer, RefusedError, plain_refusal
from d365_client.emulator.callables import Callables, CallFailedError
from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import Catalog
from d365_client.emulator.fakes import Invocation, ServiceOperation
from d365_client.emulator.settings import Settings
from d365_client.emulator.values import read_json, write_json

ROOT = "/api/services"

_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_GENERIC = "An error has occurred."
_LEVELS = ("group", "service", "operation")


@attrs.frozen
class ServiceEndpoint:
    """Answers below `/api/services`: a GET lists what there is, a POST calls an operation."""

    _callables: Callables
    _catalog: Catalog
    _settings: Settings

    def answer(self, call: Call) -> Answer:
        """The answer to a call; refusals are answers too."""
        place = tuple(part for part in call.path.removeprefix(ROOT).split("/") if part)
        try:
            if call.method == "GET":
                return self._listed(call, place)
            return self._called(call, place)
        except RefusedError as refused:
            return refused.answer

    def _listed(self, call: Call, place: tuple[str, ...]) -> Answer:
        offered = [
            one
            for one in self._callables.operations
            if (one.group, one.service, one.name)[: len(place)] == place
        ]
        if not offered:
            raise _not_found(call)
        match place:
            case ():
                return _json(200, {"ServiceGroups": _names(one.group for one in offered)})
            case (_,):
                return _json(200, {"Services": _names(one.service for one in offered)})
            case (_, _):
                return _json(200, {"Operations": _names(one.name for one in offered)})
            case _:
                return _json(200, _details(offered[0]))

    def _called(self, call: Call, place: tuple[str, ...]) -> Answer:
        operation = self._callables.operation(*place) if len(place) == len(_LEVELS) else None
        if operation is None:
            raise _not_found(call)
        invocation = Invocation(
            principal=call.principal,
            company=self._company(call),
            parameters=_parameters(call),
            catalog=self._catalog,
        )
        try:
            return _json(200, self._callables.carry_out(operation, invocation))
        except CallFailedError as failed:
            return _json(500, self._failure(failed.text))

    def _company(self, call: Call) -> str:
        asked = dict(parse_qsl(call.query)).get("cmp")
        if asked and self._settings.services_honour_cmp:
            return asked.lower()
        return call.principal.default_company

    def _failure(self, text: str) -> dict[str, object]:
        """The body of an unhandled X++ exception; its exact envelope is unverified."""
        error: dict[str, object] = {
            "Message": _GENERIC,
            "ExceptionMessage": text,
            "ExceptionType": "Microsoft.Dynamics.Ax.Xpp.ErrorException",
            "StackTrace": "",
        }
        if not self._settings.service_errors_are_nested:
            return error
        return {
            "Message": _GENERIC,
            "ExceptionMessage": "Exception has been thrown by the target of an invocation.",
            "ExceptionType": "System.Reflection.TargetInvocationException",
            "StackTrace": "",
            "InnerException": error,
        }


def _parameters(call: Call) -> Mapping[str, object]:
    if call.body and "json" not in call.headers.get("content-type", ""):
        raise plain_refusal(415, "The request entity's media type is not supported.")
    try:
        body = read_json(call.body) if call.body else {}
    except ValueError as problem:
        raise plain_refusal(400, str(problem)) from problem
    if not isinstance(body, dict):
        raise plain_refusal(400, "The parameters of an operation must be a JSON object.")
    return _contract(body)


def _contract(body: dict[str, object]) -> Mapping[str, object]:
    """The members of the only data contract where there is one, else the parameters."""
    (only, *others) = body.values() or [None]
    return only if isinstance(only, dict) and not others else body


def _details(operation: ServiceOperation) -> dict[str, object]:
    return {
        "Parameters": [
            {"Name": name, "Type": type_name} for name, type_name in operation.parameters.items()
        ],
        "Return": {"Name": "return", "Type": operation.returns},
    }


def _names(names: Iterable[str]) -> list[dict[str, object]]:
    return [{"Name": name} for name in sorted(set(names))]


def _not_found(call: Call) -> RefusedError:
    return plain_refusal(
        404, f"No HTTP resource was found that matches the request URI '{call.url}'."
    )


def _json(status: int, body: object) -> Answer:
    return Answer(status=status, headers=_HEADERS, body=write_json(body))
