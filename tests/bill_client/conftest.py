"""A client and the organisation that it asks, over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bill_client import BillClient
from bill_client.emulator.server import BillServer


@pytest.fixture
async def client(bill_server: BillServer) -> AsyncIterator[BillClient]:
    """A client that has logged in as a user does."""
    async with BillClient.from_environment(bill_server.environ) as client:
        yield client


@pytest.fixture
async def trusted(client: BillClient, bill_server: BillServer) -> BillClient:
    """The same with a second factor shown, so that it may pay."""
    setup = await client.mfa.set_up("+1 555 0100 99")
    await client.mfa.validate_setup(setup.setup_id, token(bill_server))
    challenge = await client.mfa.challenge()
    await client.mfa.validate(challenge.challenge_id, token(bill_server))
    return client


def token(server: BillServer) -> str:
    """The six digits that the phone shows."""
    return str(server.act("read_text_message")["token"])
