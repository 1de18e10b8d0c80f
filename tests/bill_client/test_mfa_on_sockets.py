"""Multi-factor authentication, over a socket (`bill.md` §1.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bill_client import (
    BankAccountDraft,
    BankAccountOwnerType,
    BankAccountType,
    BillClient,
    MfaFailed,
    MfaRequired,
    NotFound,
    Refused,
    SessionAuth,
)
from bill_client.emulator.server import BillServer

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)


def token(server: BillServer) -> str:
    """The six digits that the phone shows."""
    return str(server.act("read_text_message")["token"])


async def set_up(client: BillClient, server: BillServer) -> None:
    """Set up a phone."""
    setup = await client.mfa.set_up("+1 555 0100 99")
    assert (await client.mfa.validate_setup(setup.setup_id, token(server))).status == "SUCCESS"


async def test_without_a_phone_there_is_nothing_to_challenge(client: BillClient) -> None:
    """The error is told by its code, and a setup that nobody began is not found."""
    assert await client.mfa.phones() == []
    with pytest.raises(MfaFailed) as failed:
        await client.mfa.challenge()
    assert failed.value.code == "BDC_1354"
    with pytest.raises(NotFound):
        await client.mfa.validate_setup("nothing", "000000")


async def test_a_phone_is_known_by_its_last_digits(
    client: BillClient, bill_server: BillServer
) -> None:
    """Of the number no more is told than four digits."""
    await set_up(client, bill_server)
    [phone] = await client.mfa.phones()
    assert (phone.last_4_digits, phone.primary) == ("0 99", True)


async def test_a_wrong_token_fails_and_too_many_end_it(
    client: BillClient, bill_server: BillServer
) -> None:
    """After five of them the right one does not help either."""
    await set_up(client, bill_server)
    challenge = await client.mfa.challenge()
    right = token(bill_server)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(MfaFailed) as failed:
            await client.mfa.validate(challenge.challenge_id, wrong)
        assert failed.value.code == "BDC_1356"
    with pytest.raises(MfaFailed) as failed:
        await client.mfa.validate(challenge.challenge_id, right)
    assert failed.value.code == "BDC_1358"


async def test_a_late_token_fails(client: BillClient, bill_server: BillServer) -> None:
    """It is good for minutes, not for the day."""
    bill_server.control.set_clock(NOW)
    await set_up(client, bill_server)
    challenge = await client.mfa.challenge()
    bill_server.control.set_clock(NOW + timedelta(minutes=11))
    with pytest.raises(MfaFailed):
        await client.mfa.validate(challenge.challenge_id, token(bill_server))


async def test_a_remembered_device_is_trusted_for_thirty_days(
    client: BillClient, bill_server: BillServer
) -> None:
    """By step-up, and by a login that names it; not another device, and not a day longer."""
    bill_server.control.set_clock(NOW)
    await set_up(client, bill_server)
    challenge = await client.mfa.challenge()
    remembered = await client.mfa.validate(
        challenge.challenge_id, token(bill_server), device="the-server", remember_me=True
    )
    assert remembered.remember_me_id is not None
    assert remembered.remember_me_id not in repr(remembered)

    async with BillClient.from_environment(bill_server.environ) as other:
        with pytest.raises(MfaFailed):
            await other.mfa.step_up(remembered.remember_me_id, "another-server")
        trust = await other.mfa.step_up(remembered.remember_me_id, "the-server")
        assert trust.trusted is True

    auth = SessionAuth(
        username=bill_server.username,
        password=bill_server.password,
        organization_id=bill_server.organization_id,
        dev_key=bill_server.dev_key,
        remember_me_id=remembered.remember_me_id,
        device="the-server",
    )
    async with BillClient(bill_server.url, auth=auth) as again:
        await again.session.details()
        assert auth.trusted is True

    bill_server.control.set_clock(NOW + timedelta(days=31))
    async with BillClient.from_environment(bill_server.environ) as late:
        with pytest.raises(MfaFailed) as failed:
            await late.mfa.step_up(remembered.remember_me_id, "the-server")
        assert failed.value.code == "BDC_1374"


async def test_whose_session_it_is_is_told(client: BillClient, bill_server: BillServer) -> None:
    """Organisation and user; after logging out the next call opens a new session."""
    details = await client.session.details()
    assert details.organization_id == bill_server.organization_id
    await client.session.log_out()
    assert (await client.session.details()).user_id == details.user_id
    organizations = await client.session.organizations().all()
    assert [one.extra["organizationId"] for one in organizations] == [bill_server.organization_id]


async def test_a_bank_account_is_created_with_trust_and_verified(
    client: BillClient, bill_server: BillServer
) -> None:
    """Without a second factor nothing is created (`bill.md` §1.6)."""
    draft = BankAccountDraft(
        name_on_account="Contoso",
        type=BankAccountType.CHECKING,
        owner_type=BankAccountOwnerType.BUSINESS,
        bank_name="First",
        routing_number="074000010",
        account_number="123456789",
    )
    with pytest.raises(MfaRequired):
        await client.bank_accounts.create(draft)
    await set_up(client, bill_server)
    challenge = await client.mfa.challenge()
    await client.mfa.validate(challenge.challenge_id, token(bill_server))
    made = await client.bank_accounts.create(draft)
    assert made.status == "PENDING"
    with pytest.raises(Refused):
        await client.bank_accounts.verify(made.id, Decimal("0.49"))
    assert (await client.bank_accounts.verify(made.id, Decimal("0.50"))).verified is True
    assert [one.status for one in await client.bank_accounts.list().all()] == ["VERIFIED"]
