"""The fixture `d365_server`, for everybody who has installed the extra `[emulator]`.

Every run of pytest loads this module, so no server is imported before a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from api_transport.emulation.pytest_options import add_scope_option, scope

if TYPE_CHECKING:
    from d365_client.emulator.server import D365Server


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the fixture, in pytest's configuration file."""
    add_scope_option(parser, "d365_server")
    parser.addini(
        "d365_server_rows",
        "JSON files with rows by entity set, which every d365_server starts with",
        type="paths",
        default=[],
    )


@pytest.fixture(name="d365_server", scope=scope)
def _d365_server(pytestconfig: pytest.Config) -> Iterator[D365Server]:
    """A Dynamics 365 environment of this test's own, with one legal entity, usmf."""
    from d365_client.emulator.server import d365_server  # noqa: PLC0415 - see above
    from d365_client.emulator.small_environment import read_rows  # noqa: PLC0415 - see above

    rows: dict[str, object] = {}
    for path in pytestconfig.getini("d365_server_rows"):
        rows.update(read_rows(path))
    with d365_server(rows) as server:
        yield server
