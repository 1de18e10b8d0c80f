"""The fixture `bill_server`, for everybody who has installed the extra `[emulator]`.

Every run of pytest loads this module, so no server is imported before a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from api_transport.emulation.pytest_options import add_scope_option, scope

if TYPE_CHECKING:
    from bill_client.emulator.server import BillServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the fixture, in pytest's configuration file."""
    add_scope_option(parser, "bill_server")
    parser.addini(
        "bill_server_rows",
        "JSON files with rows by resource, which every bill_server starts with",
        type="paths",
        default=[],
    )


@pytest.fixture(name="bill_server", scope=scope)
def _bill_server(pytestconfig: pytest.Config) -> Iterator[BillServer]:
    """A BILL organisation of this test's own, with a vendor and a bill."""
    from bill_client.emulator.server import bill_server  # noqa: PLC0415 - see above
    from bill_client.emulator.small_organization import read_rows  # noqa: PLC0415 - see above

    rows: dict[str, object] = {}
    for path in pytestconfig.getini("bill_server_rows"):
        rows.update(read_rows(path))
    with bill_server(rows) as server:
        yield server
