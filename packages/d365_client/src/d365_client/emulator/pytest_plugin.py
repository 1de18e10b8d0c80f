"""The fixture `d365_server`, for everybody who has installed the extra `[emulator]`.

Every run of pytest loads this module, so it imports nothing before a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import pytest

if TYPE_CHECKING:
    from d365_client.emulator.server import D365Server

Scope: TypeAlias = Literal["function", "class", "module", "package", "session"]
"""How long an environment lives."""

_SCOPES = get_args(Scope)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the fixture, in pytest's configuration file."""
    parser.addini(
        "d365_server_rows",
        "a JSON file with rows by entity set, which every d365_server starts with",
        type="paths",
        default=[],
    )
    parser.addini(
        "d365_server_scope",
        f"how long a d365_server lives: {', '.join(_SCOPES)}",
        default=_SCOPES[0],
    )


def _scope(fixture_name: str, config: pytest.Config) -> Scope:
    wanted = config.getini(f"{fixture_name}_scope")
    for scope in _SCOPES:
        if wanted == scope:
            return scope  # type: ignore[no-any-return]  # get_args forgets what it was given
    allowed = ", ".join(_SCOPES)
    raise pytest.UsageError(f"{fixture_name}_scope must be one of {allowed}, not {wanted!r}")


@pytest.fixture(name="d365_server", scope=_scope)
def _d365_server(pytestconfig: pytest.Config) -> Iterator[D365Server]:
    """A Dynamics 365 environment of this test's own, with one legal entity, usmf."""
    from d365_client.emulator.server import d365_server  # noqa: PLC0415 - see above
    from d365_client.emulator.small_environment import read_rows  # noqa: PLC0415 - see above

    rows: dict[str, object] = {}
    for path in pytestconfig.getini("d365_server_rows"):
        rows.update(read_rows(path))
    with d365_server(rows) as server:
        yield server
