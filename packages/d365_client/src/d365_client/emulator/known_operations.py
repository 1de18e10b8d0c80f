"""The actions and operations that every environment has (d365.md §2.12, §8). Pure.

The reference names them; what they return is told of in public documentation and client code, and
only for some of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from d365_client.emulator.fakes import (
    Binding,
    Canned,
    Invocation,
    ODataAction,
    Outcome,
    ServiceOperation,
)
from d365_client.emulator.values import write_json

APPLICATION_VERSION = "10.0.2177.31"
PLATFORM_VERSION = "7.0.7521.60"

_MODULES = tuple(
    f"Name: {name} | Version: {version} | Module: {name} | Publisher: Microsoft Corporation "
    f"| DisplayName: {shown}"
    for name, version, shown in (
        ("ApplicationPlatform", PLATFORM_VERSION, "Application Platform"),
        ("ApplicationSuite", APPLICATION_VERSION, "Application Suite"),
    )
)


def known_actions() -> Sequence[ODataAction]:
    """The actions that are documented. The sets they are bound to have no fields here."""
    entities = ("DataManagementEntities", "DataManagementEntity")
    return [
        _action(entities, "GetApplicationVersion", {}, Canned(result=APPLICATION_VERSION)),
        _action(entities, "GetPlatformBuildVersion", {}, Canned(result=PLATFORM_VERSION)),
        _action(entities, "GetKeys", {"entityName": "Edm.String"}, _keys),
        ODataAction(
            name="GetInstalledModules",
            binding=Binding.SET,
            entity_set="SystemNotifications",
            entity="SystemNotification",
            parameters={},
            returns="Collection(Edm.String)",
            outcome=Canned(result=_MODULES),
        ),
        _action(
            ("BatchJobs", "BatchJob"),
            "SetBatchJobToWaiting",
            {"batchJobId": "Edm.Int64"},
            _set_to_waiting,
        ),
    ]


def known_operations() -> Sequence[ServiceOperation]:
    """The smoke test that every environment has."""
    return [
        ServiceOperation(
            group="UserSessionService",
            service="AifUserSessionService",
            name="GetUserSessionInfo",
            returns="AifUserSessionInfo",
            outcome=_user_session,
        )
    ]


def _action(
    bound_to: tuple[str, str], name: str, parameters: dict[str, str], outcome: Outcome
) -> ODataAction:
    entity_set, entity = bound_to
    return ODataAction(
        name=name,
        binding=Binding.SET,
        entity_set=entity_set,
        entity=entity,
        parameters=parameters,
        returns="Edm.String",
        outcome=outcome,
    )


def _keys(invocation: Invocation) -> str:
    name = invocation.parameters["entityName"]
    for entity_set in invocation.catalog.sets.values():
        if name in {entity_set.name, entity_set.entity, entity_set.table}:
            return ",".join(entity_set.keys)
    return ""


def _set_to_waiting(invocation: Invocation) -> str:
    job = invocation.parameters["batchJobId"]
    # JSON inside a string, its typing error included, as documented.
    told = {
        "ResponseStatusCode": 200,
        "IsSuccess": True,
        "Batch JobId": job,
        "ExceptionDetails": "",
        "reponseMessage": f"Status of supplied BatchJobId: {job} is Successfully updated to "
        "waiting",
    }
    return write_json(told).decode()


def _user_session(invocation: Invocation) -> dict[str, object]:
    return {
        "AXLanguage": "en-us",
        "Company": invocation.company.upper(),
        "UserId": invocation.principal.user,
    }
