"""The admin path over the service's behaviour: switches, what can be called, faults in batches."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from starlette.requests import Request
from starlette.routing import Route

from api_transport.emulation import FaultKind, FaultRule, FaultRules
from d365_client.emulator.admin_answers import served
from d365_client.emulator.callables import Callables
from d365_client.emulator.catalog import Catalog
from d365_client.emulator.cold_start import ColdStart
from d365_client.emulator.fakes import (
    Canned,
    ODataAction,
    ServiceOperation,
    action_of,
    operation_of,
)
from d365_client.emulator.settings import Settings, Switches, facts

_OFFERING = ["GET", "POST", "DELETE"]


@attrs.frozen
class BehaviourAdmin:
    """What tests make of the service itself."""

    _catalog: Catalog
    _switches: Switches
    _callables: Callables
    _part_faults: FaultRules
    _cold_start: ColdStart

    def routes(self) -> Sequence[Route]:
        """The routes below `/_emulator`."""
        return [
            Route("/_emulator/settings", served(self._settings), methods=["GET", "PUT"]),
            Route("/_emulator/switches", served(self._facts), methods=["GET"]),
            Route("/_emulator/odata_actions", served(self._actions), methods=_OFFERING),
            Route("/_emulator/services", served(self._services), methods=_OFFERING),
            Route("/_emulator/part_faults", served(self._faults), methods=["POST", "DELETE"]),
            Route("/_emulator/restart", served(self._restart), methods=["POST"]),
        ]

    def _settings(self, request: Request, body: object) -> object:
        if request.method == "PUT":
            if not isinstance(body, dict):
                raise ValueError("the body must be an object")
            self._switches.merge(body)
        return attrs.asdict(self._switches.current)

    def _facts(self, _request: Request, _body: object) -> object:
        current, initial = attrs.asdict(self._switches.current), attrs.asdict(Settings())
        return {
            "switches": [
                {
                    "name": name,
                    "value": current[name],
                    "default": initial[name],
                    "among": fact.among,
                    "section": fact.section,
                    "unverified": not fact.verified,
                    "about": fact.about,
                }
                for name, fact in facts().items()
            ]
        }

    def _actions(self, request: Request, body: object) -> object:
        if request.method == "POST":
            self._callables.offer_action(action_of(body, self._catalog, "odata action"))
        elif request.method == "DELETE":
            self._callables.forget_actions()
        return {"odata_actions": [_shown(one) for one in self._callables.odata_actions]}

    def _services(self, request: Request, body: object) -> object:
        if request.method == "POST":
            self._callables.offer_operation(operation_of(body, "service"))
        elif request.method == "DELETE":
            self._callables.forget_operations()
        return {"services": [_shown(one) for one in self._callables.operations]}

    def _faults(self, request: Request, body: object) -> object:
        if request.method == "DELETE":
            self._part_faults.clear()
            return {}
        rule = FaultRule.from_json(body)
        if rule.fault.kind is not FaultKind.STATUS:
            raise ValueError(f"a part of a batch suffers a status, not {rule.fault.kind.value}")
        return {"rule": self._part_faults.add(rule)}

    def _restart(self, _request: Request, _body: object) -> object:
        self._cold_start.restart()
        return {}


def _shown(offered: ODataAction | ServiceOperation) -> dict[str, object]:
    """What is offered, in the words that it is registered with; not what comes of it."""
    if isinstance(offered, ServiceOperation):
        told: dict[str, object] = {
            "group": offered.group,
            "service": offered.service,
            "operation": offered.name,
        }
    else:
        told = {"name": offered.name, "binding": offered.binding.value}
        told |= {"entity_set": offered.entity_set} if offered.entity_set else {}
    return {
        **told,
        "parameters": offered.parameters,
        "returns": offered.returns,
        "is_canned": isinstance(offered.outcome, Canned),
    }
