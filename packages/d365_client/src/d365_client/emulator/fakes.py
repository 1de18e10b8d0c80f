"""OData actions and custom services: what is offered, and what comes of calling it. Pure.

Some come with the environment (`known_operations.py`), all others are a customer's own: a seed or
the admin path registers them, with a result, a failure, or an action of the admin path to run.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping

import attrs

from d365_client.emulator.calls import Principal
from d365_client.emulator.catalog import NAMESPACE, Catalog
from d365_client.emulator.seed_values import SeedError, object_of, text_of


class Binding(enum.Enum):
    """What an OData action is called on (d365.md §2.2)."""

    SET = "BoundToEntitySet"
    INSTANCE = "BoundToEntityInstance"
    UNBOUND = "Unbound"


@attrs.frozen(kw_only=True)
class Invocation:
    """One call of an action or an operation: who calls, and with what.

    Attributes:
        company: the company that it runs in.
    """

    principal: Principal
    company: str
    parameters: Mapping[str, object]
    catalog: Catalog


@attrs.frozen(kw_only=True)
class Canned:
    """What comes of it, whoever calls with whatever.

    Attributes:
        result: what it returns.
        failure: the text that it fails with, instead of a result.
        runs: an action of the admin path that it carries out first, with the parameters that it
            was called with; if that cannot be done, this fails.
    """

    result: object = None
    failure: str | None = None
    runs: str | None = None


Outcome = Canned | Callable[[Invocation], object]
"""Canned, or made for each call."""


@attrs.frozen(kw_only=True)
class ODataAction:
    """An action of the data endpoint (d365.md §2.12).

    Attributes:
        entity_set: what it is bound to; empty if it is unbound.
        entity: the entity type of that set.
        parameters: their names and Edm types; None: not told, and then all are taken.
        returns: the Edm type of the result; None: there is none.
    """

    name: str
    binding: Binding
    entity_set: str = ""
    entity: str = ""
    parameters: Mapping[str, str] | None = None
    returns: str | None = None
    outcome: Outcome = Canned()

    @property
    def binding_type(self) -> str:
        """The type of what it is bound to."""
        one = f"{NAMESPACE}.{self.entity}"
        return f"Collection({one})" if self.binding is Binding.SET else one


@attrs.frozen(kw_only=True)
class ServiceOperation:
    """An operation of a custom service (d365.md §8); types are X++'s names, for the listing."""

    group: str
    service: str
    name: str
    parameters: Mapping[str, str] = attrs.field(factory=dict)
    returns: str = "void"
    outcome: Outcome = Canned()


def action_of(value: object, catalog: Catalog, where: str) -> ODataAction:
    """The action that a JSON object describes.

    Raises:
        SeedError: a field is missing, unknown or not of its kind, or the set is not known.
    """
    known = {"entity_set", "parameters", "returns", "result", "failure", "runs"}
    given = object_of(value, where, required={"name", "binding"}, known=known)
    binding = next((one for one in Binding if one.value == given["binding"]), None)
    if binding is None:
        allowed = ", ".join(one.value for one in Binding)
        raise SeedError(f"{where}: field binding must be one of {allowed}")
    entity_set = "" if binding is Binding.UNBOUND else text_of(given, "entity_set", where)
    if entity_set and entity_set not in catalog.sets:
        raise SeedError(f"{where}: entity set {entity_set} is not known")
    parameters = given.get("parameters")
    return ODataAction(
        name=text_of(given, "name", where).removeprefix(f"{NAMESPACE}."),
        binding=binding,
        entity_set=entity_set,
        entity=catalog.sets[entity_set].entity if entity_set else "",
        parameters=None if parameters is None else _types(parameters, where),
        returns=_optional_text(given, "returns", where),
        outcome=_canned(given, where),
    )


def operation_of(value: object, where: str) -> ServiceOperation:
    """The operation that a JSON object describes.

    Raises:
        SeedError: a field is missing, unknown or not of its kind.
    """
    known = {"parameters", "returns", "result", "failure", "runs"}
    given = object_of(value, where, required={"group", "service", "operation"}, known=known)
    return ServiceOperation(
        group=text_of(given, "group", where),
        service=text_of(given, "service", where),
        name=text_of(given, "operation", where),
        parameters=_types(given.get("parameters", {}), where),
        returns=_optional_text(given, "returns", where) or "void",
        outcome=_canned(given, where),
    )


def _canned(given: Mapping[str, object], where: str) -> Canned:
    return Canned(
        result=given.get("result"),
        failure=_optional_text(given, "failure", where),
        runs=_optional_text(given, "runs", where),
    )


def _types(value: object, where: str) -> dict[str, str]:
    given = object_of(value, f"{where}: parameters")
    return {name: text_of(given, name, f"{where}: parameters") for name in given}


def _optional_text(given: Mapping[str, object], name: str, where: str) -> str | None:
    return None if given.get(name) is None else text_of(given, name, where)
