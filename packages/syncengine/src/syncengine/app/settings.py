"""The settings file: read whole, checked whole, before anything is connected.

Secrets are never in the file itself: a secret is `{env = "NAME"}` or `{file = "path"}`.
Relative paths are taken from the file's own folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import attrs
import cattrs
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError

from syncengine.errors import Misconfigured
from syncengine.payables import PaymentMethod

T = TypeVar("T")


@attrs.frozen
class Secret:
    """A value that no repr, log or journal shows."""

    reveal: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class StateSettings:
    """Where the journal lives: a SQLite file."""

    path: Path


@attrs.frozen(kw_only=True)
class D365Settings:
    """How to reach D365. `base_url` comes whole (`d365.md` §1.2); `ca_file` adds a trusted CA."""

    base_url: str
    tenant_id: str
    client_id: str
    client_secret: Secret
    authority: str | None = None
    ca_file: Path | None = None


@attrs.frozen(kw_only=True)
class BillSettings:
    """How to reach BILL: the environment's base URL, up to and with `/connect/v3`, and our key."""

    base_url: str
    dev_key: Secret


@attrs.frozen(kw_only=True)
class EngineSettings:
    """How cautious the engine is, in seconds (`resolution.Caution`).

    The last of `lookup_times` is the settle window.
    """

    lookup_times: tuple[float, ...] = (0.0, 60.0, 300.0, 1800.0)
    in_flight_seconds: float = 120.0
    patience_seconds: float = 10.0
    lease_seconds: float = 60.0
    lease_patience_seconds: float = 90.0


@attrs.frozen(kw_only=True)
class InactiveVendor:
    """Which field of the tenant's vendors says that one is inactive.

    The reference knows no such standard field: a tenant names its own, or none.
    """

    field: str
    value: str = "Yes"


@attrs.frozen(kw_only=True)
class ConnectionSettings:
    """One D365 legal entity and one BILL organisation (`domain.md` D14)."""

    name: str
    legal_entity: str
    organization_id: str
    username: str
    password: Secret
    currencies: frozenset[str]
    mapping: Path
    payment_journal: str
    payment_methods: tuple[PaymentMethod, ...]
    cut_over: date
    bill_number_limit: int = 21
    excluded_vendor_groups: frozenset[str] = frozenset()
    inactive_vendor: InactiveVendor | None = None


@attrs.frozen(kw_only=True)
class Settings:
    """Everything the command line needs to run."""

    state: StateSettings
    d365: D365Settings
    bill: BillSettings
    connections: tuple[ConnectionSettings, ...]
    engine: EngineSettings = attrs.field(factory=EngineSettings)


@attrs.frozen(kw_only=True)
class MappingFile:
    """Which BILL account number and department code stand for which D365 codes."""

    accounts: Mapping[str, str]
    departments: Mapping[str, str] = attrs.field(factory=dict)


def read_settings(path: Path, *, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a TOML file.

    Raises:
        Misconfigured: the file cannot be read, a key is unknown or missing, a value does not fit,
            a secret is not there. The message names file, key and what to do.
    """
    table = _table(path)
    converter = _converter(path.parent, environment)
    settings = _structured(path, lambda: converter.structure(table, Settings))
    if not settings.connections:
        raise Misconfigured(f"{path}: no [[connections]] is set; name at least one")
    names = [connection.name for connection in settings.connections]
    for name in names:
        if names.count(name) > 1:
            raise Misconfigured(f"{path}: two connections are named {name!r}")
    return settings


def read_mapping(path: Path) -> MappingFile:
    """The mapping of a TOML file: [accounts] and [departments], code to code.

    Raises:
        Misconfigured: as for `read_settings`.
    """
    table = _table(path)
    converter = _converter(path.parent, {})
    return _structured(path, lambda: converter.structure(table, MappingFile))


def _table(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path}: is not TOML: {error}") from error


def _structured(path: Path, structure: Callable[[], T]) -> T:
    try:
        return structure()
    except ClassValidationError as error:
        raise Misconfigured(f"{path}: {_first_problem(error)}") from error


def _first_problem(error: ClassValidationError) -> str:
    """The first problem as `key.subkey: what is wrong`."""
    place: list[str] = []
    problem: BaseException = error
    while isinstance(problem, ClassValidationError | cattrs.IterableValidationError):
        group: BaseExceptionGroup[BaseException] = problem
        problem = group.exceptions[0]
        place += [_name(note) for note in getattr(problem, "__notes__", ())]
    where = ".".join(part for part in place if part) or "top level"
    if isinstance(problem, ForbiddenExtraKeysError):
        unknown = ", ".join(sorted(problem.extra_fields))
        return f"{where}: unknown key {unknown}; remove it or correct its spelling"
    if isinstance(problem, KeyError):
        return f"{where}: the key is missing"
    return f"{where}: {problem}"


def _name(note: object) -> str:
    match note:
        case cattrs.AttributeValidationNote():
            return note.name
        case cattrs.IterableValidationNote():
            return str(note.index)
        case _:
            return ""


def _converter(folder: Path, environment: Mapping[str, str]) -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(Path, lambda value, _: _path(folder, value))
    converter.register_structure_hook(Secret, lambda value, _: _secret(folder, value, environment))
    converter.register_structure_hook(date, lambda value, _: _date(value))
    converter.register_structure_hook(str, lambda value, _: _text(value))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(float, lambda value, _: _seconds(value))
    return converter


def _path(folder: Path, value: object) -> Path:
    return folder / _text(value)


def _secret(folder: Path, value: object, environment: Mapping[str, str]) -> Secret:
    match value:
        case {"env": str(name), **rest} if not rest:
            if name not in environment:
                raise ValueError(f"the environment variable {name} is not set")
            return Secret(environment[name])
        case {"file": str(name), **rest} if not rest:
            try:
                return Secret((folder / name).read_text(encoding="utf-8").strip())
            except OSError as error:
                raise ValueError(f"the secret's file {name}: {error.strerror}") from error
        case _:
            # The value itself may be the secret, so it is not shown.
            raise ValueError('a secret is given as {env = "NAME"} or {file = "path"}')


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"{value!r} is not a date; write 2026-10-01 without quotes")  # noqa: TRY004 - a settings error, not a bug
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text; put it in quotes")  # noqa: TRY004 - a settings error, not a bug
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a whole number")  # noqa: TRY004 - a settings error, not a bug
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number of seconds")  # noqa: TRY004 - a settings error, not a bug
    return float(value)
