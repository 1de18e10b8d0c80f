"""The fixture `d365_server`, for everybody who has installed the extra `[emulator]`.

Every run of pytest loads this module, so it imports nothing before a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from d365_client.emulator.server import D365Server


@pytest.fixture(name="d365_server")
def _d365_server() -> Iterator[D365Server]:
    """A Dynamics 365 environment of this test's own, with one legal entity, usmf."""
    from d365_client.emulator.server import d365_server  # noqa: PLC0415 - see above

    with d365_server() as server:
        yield server
