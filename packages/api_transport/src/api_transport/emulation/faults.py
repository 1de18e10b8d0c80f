"""Faults on demand: which request suffers which. Pure but for the count of what matched."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs


class BadRule(ValueError):
    """A fault rule that says nothing an emulator can do; the message names the field."""


class FaultKind(enum.StrEnum):
    """What can go wrong with a request."""

    STATUS = "status"
    """Answered with a status, unread by the service."""

    DELAY = "delay"
    """Answered normally after a while."""

    TRUNCATE = "truncate"
    """Done and answered, but the body stops short of its length."""

    LOSE_ROWS = "lose_rows"
    """Done and answered, but the last rows of the list that it answers with are missing."""

    HTML = "html"
    """Answered by something in between, with a web page."""

    DROP_BEFORE_COMMIT = "drop_before_commit"
    """The connection closes; nothing was done."""

    REPLY_LOST = "reply_lost"
    """Done and committed; the connection closes without a reply."""

    RESET = "reset"
    """Done and committed; the connection is reset."""


def _kind(value: str) -> FaultKind:
    try:
        return FaultKind(value)
    except ValueError as error:
        raise BadRule(f"kind {value!r} is none of {', '.join(FaultKind)}") from error


def _headers(value: Mapping[str, object]) -> Mapping[str, str]:
    return {name: str(content) for name, content in value.items()}


def _number(
    kind: type[int | float], least: int
) -> Callable[[object, attrs.Attribute[Any], Any], None]:
    def check(_instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, (int, kind)) or isinstance(value, bool) or value < least:
            raise BadRule(f"{attribute.name} must be a number from {least} up, not {value!r}")

    return check


@attrs.frozen(kw_only=True)
class Fault:
    """One thing that goes wrong.

    `status`, `headers` and `body` (None: as the service documents it) belong to STATUS, `status`
    also to HTML, `seconds` to DELAY, `bytes` (of the body that arrive) to TRUNCATE, `rows` (that
    are missing) to LOSE_ROWS.

    Raises:
        BadRule: a field is of the wrong kind.
    """

    kind: FaultKind = attrs.field(converter=_kind)
    status: int = attrs.field(default=500, validator=_number(int, 200))
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_headers)
    body: object = None
    seconds: float = attrs.field(default=0.0, validator=_number(float, 0))
    bytes: int = attrs.field(default=0, validator=_number(int, 0))
    rows: int = attrs.field(default=1, validator=_number(int, 1))


@attrs.frozen(kw_only=True)
class Match:
    """Which requests a rule is about; what is None or empty fits every request.

    `path` is how the path begins, `path_exact` all of it; neither has the query.
    """

    method: str | None = None
    path: str = ""
    path_exact: str | None = None
    body_contains: str = ""

    def fits(self, method: str, path: str, body: str) -> bool:
        """Whether the request is one of them."""
        return (
            self.method in (None, method)
            and path.startswith(self.path)
            and self.path_exact in (None, path)
            and self.body_contains in body
        )


@attrs.frozen(kw_only=True)
class FaultRule:
    """A fault for matching requests: after the first `skip`, each `every`-th, `times` times.

    `times` None: for as long as the rule stands.

    Raises:
        BadRule: a field is of the wrong kind.
    """

    fault: Fault
    match: Match = attrs.field(factory=Match)
    skip: int = attrs.field(default=0, validator=_number(int, 0))
    every: int = attrs.field(default=1, validator=_number(int, 1))
    times: int | None = attrs.field(default=1)

    @times.validator
    def _times(self, attribute: attrs.Attribute[Any], value: int | None) -> None:
        if value is not None:
            _number(int, 1)(self, attribute, value)

    @classmethod
    def from_json(cls, value: object) -> FaultRule:
        """The rule that a JSON object describes, in the words of the fields here.

        Raises:
            BadRule: a field is unknown, missing or of the wrong kind.
        """
        rule = _table("rule", value, cls)
        match = _table("match", rule.pop("match", {}), Match)
        for name, text in match.items():
            if not isinstance(text, str):
                raise BadRule(f"match.{name} must be text, not {text!r}")
        fault = _table("fault", rule.pop("fault", None), Fault)
        if "kind" not in fault:
            raise BadRule("fault.kind is missing")
        if not isinstance(fault.get("headers", {}), Mapping):
            raise BadRule(f"fault.headers must be an object, not {fault['headers']!r}")
        return cls(fault=Fault(**fault), match=Match(**match), **rule)


def _table(name: str, value: object, form: type[attrs.AttrsInstance]) -> dict[str, Any]:
    """The fields of a JSON object, all of them known to `form`."""
    known = [attribute.name for attribute in attrs.fields(form)]
    if not isinstance(value, Mapping):
        raise BadRule(f"{name} must be an object, not {value!r}")
    for field in value:
        if field not in known:
            raise BadRule(f"{name}.{field} is unknown; known are {', '.join(known)}")
    return dict(value)


@attrs.frozen(kw_only=True)
class StandingRule:
    """A rule in force: its number, the requests that matched, and those that suffered."""

    number: int
    rule: FaultRule
    matched: int = 0
    fired: int = 0

    def due(self) -> bool:
        """Whether the next request that matches suffers."""
        past = self.matched - self.rule.skip
        more = self.rule.times is None or self.fired < self.rule.times
        return more and past >= 0 and (past + 1) % self.rule.every == 0


class FaultRules:
    """The rules in force, in the order they were added. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._added = 0
        self._standing: dict[int, StandingRule] = {}

    def add(self, rule: FaultRule) -> int:
        """Put a rule in force; returns its number."""
        with self._lock:
            self._added += 1
            self._standing[self._added] = StandingRule(number=self._added, rule=rule)
            return self._added

    def clear(self) -> None:
        """Take all rules out of force."""
        with self._lock:
            self._standing.clear()

    def standing(self) -> Sequence[StandingRule]:
        """The rules in force."""
        with self._lock:
            return tuple(self._standing.values())

    def take(self, method: str, path: str, body: str) -> Fault | None:
        """The fault that this request suffers, of the first rule that is due; None: it is spared.

        Every rule that matches counts the request, up to the one that is due.
        """
        with self._lock:
            for number, standing in self._standing.items():
                if not standing.rule.match.fits(method, path, body):
                    continue
                due = standing.due()
                self._standing[number] = attrs.evolve(
                    standing, matched=standing.matched + 1, fired=standing.fired + due
                )
                if due:
                    return standing.rule.fault
        return None
