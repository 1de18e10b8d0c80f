"""What all tests share: they run on asyncio, and hypothesis never races the machine's clock."""

from __future__ import annotations

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asyncio: aiolimiter lives on it, and so do our clients."""
    return "asyncio"
