"""Vendors, over a socket: what BILL keeps, what it refuses, and how the client tells it."""

from __future__ import annotations

import pytest

from bill_client import (
    AddressDraft,
    AddressPatch,
    AutoPayDraft,
    BadRequest,
    BillClient,
    DuplicateNumber,
    MfaRequired,
    NotFound,
    Refused,
    VendorBankAccountDraft,
    VendorDraft,
    VendorPatch,
    field,
)
from bill_client.emulator.server import BillServer

ADDRESS = AddressDraft(line_1="2 Pier", city="Boston", zip_or_postal_code="02110", country="US")


def draft(name: str = "Orrin", country: str = "US") -> VendorDraft:
    """A vendor."""
    address = AddressDraft(
        line_1="2 Pier", city="Boston", zip_or_postal_code="02110", country=country
    )
    return VendorDraft(name=name, address=address)


async def test_a_vendor_lives_from_creation_to_restoration(client: BillClient) -> None:
    """It is created with BILL's defaults, patched field by field, archived and restored."""
    made = await client.vendors.create(draft())
    assert (made.name, made.bill_currency, made.archived) == ("Orrin", "USD", False)
    assert made.payment_information is not None
    assert made.payment_information.pay_by_type == "CHECK"

    patch = VendorPatch(phone="555", address=AddressPatch(line_2="Left"))
    changed = await client.vendors.update(made.id, patch)
    assert changed.address is not None
    assert (changed.phone, changed.address.line_1, changed.address.line_2) == (
        "555",
        "2 Pier",
        "Left",
    )

    for _ in range(2):
        assert (await client.vendors.archive(made.id)).archived is True
    for _ in range(2):
        assert (await client.vendors.restore(made.id)).archived is False
    assert (await client.vendors.get(made.id)).name == "Orrin"


async def test_vendors_are_created_together_or_not_at_all(client: BillClient) -> None:
    """One that does not fit keeps the others out, and the error is that one's (BDC_1246 beside)."""
    before = len(await client.vendors.list().all())
    with pytest.raises(BadRequest, match="name") as refused:
        await client.vendors.create_all([draft("A"), draft("x" * 101), draft("C")])
    assert len(await client.vendors.list().all()) == before
    assert [reason.code for reason in refused.value.reasons] == ["BDC_1246", "", "BDC_1246"]

    made = await client.vendors.create_all([draft("A"), draft("B")])
    assert [vendor.name for vendor in made] == ["A", "B"]
    with pytest.raises(ValueError, match="1 to 20"):
        await client.vendors.create_all([draft(str(number)) for number in range(21)])


async def test_a_vendors_bank_account_is_created_and_deleted_never_changed(
    client: BillClient,
) -> None:
    """Its number comes back masked and is in no repr; a second one is refused."""
    made = await client.vendors.create(draft())
    with pytest.raises(NotFound):
        await client.vendors.bank_account(made.id)
    account = VendorBankAccountDraft(account_number="123456789", routing_number="074000010")
    told = await client.vendors.create_bank_account(made.id, account)
    assert told.account_number == "*****6789"
    assert "6789" not in repr(told)
    assert "123456789" not in repr(account)
    with pytest.raises(Refused):
        await client.vendors.create_bank_account(made.id, account)
    vendor = await client.vendors.get(made.id)
    assert vendor.payment_information is not None
    assert vendor.payment_information.pay_by_type == "ACH"

    await client.vendors.delete_bank_account(made.id)
    with pytest.raises(NotFound):
        await client.vendors.bank_account(made.id)


async def test_what_paying_abroad_takes_is_told(client: BillClient) -> None:
    """By vendor, and by country, currency and kind of account."""
    made = await client.vendors.create(draft("Kumo", "JP"))
    configuration = await client.vendors.configuration(made.id)
    assert configuration.international_payments is not None
    abroad = await client.vendors.international_payments(
        country="JP", bill_currency="JPY", account_type="BUSINESS"
    )
    assert abroad == configuration.international_payments
    assert abroad.payment_purpose is not None
    assert abroad.payment_purpose.required is True


async def test_paying_without_being_asked_takes_a_trusted_session(
    trusted: BillClient,
) -> None:
    """With a second factor shown it can be enabled (`bill.md` §1.6)."""
    made = await trusted.vendors.create(draft())
    enabled = VendorPatch(auto_pay=AutoPayDraft(enabled=True))
    changed = await trusted.vendors.update(made.id, enabled)
    assert changed.auto_pay is not None
    assert changed.auto_pay.enabled is True


async def test_automatic_payment_is_refused_without_trust(client: BillClient) -> None:
    """Neither at creation nor later."""
    enabled = AutoPayDraft(enabled=True)
    with pytest.raises(MfaRequired):
        await client.vendors.create(VendorDraft(name="A", address=ADDRESS, auto_pay=enabled))
    made = await client.vendors.create(draft())
    with pytest.raises(MfaRequired):
        await client.vendors.update(made.id, VendorPatch(auto_pay=enabled))


async def test_who_changed_what_of_a_vendor_is_reported(client: BillClient) -> None:
    """Every change is on the audit trail, with what it was and what it is."""
    made = await client.vendors.create(draft())
    await client.vendors.update(made.id, VendorPatch(phone="555"))
    await client.vendors.update(made.id, VendorPatch(phone="556"))

    trail = await client.reports.vendor_audit_trail(made.id)

    phones = [entry.field for entry in trail if entry.field and entry.field.name == "phone"]
    values = [(one.value.previous, one.value.current) for one in phones if one.value]
    assert values == [(None, "555"), ("555", "556")]
    assert len(await client.reports.vendor_audit_trail(made.id, start=2)) == len(trail) - 2


@pytest.mark.parametrize("kept", ["accept", "reject"])
async def test_a_name_may_come_twice_or_not(
    client: BillClient, bill_server: BillServer, kept: str
) -> None:
    """Nobody knows what BILL does: a program that works with both switches works (§5.1)."""
    bill_server.control.change_settings(duplicate_vendor_names=kept)
    await client.vendors.create(draft())
    if kept == "accept":
        await client.vendors.create(draft())
    else:
        with pytest.raises(DuplicateNumber):
            await client.vendors.create(draft())


async def test_vendors_are_filtered_by_what_is_documented(client: BillClient) -> None:
    """Country, currency, the name's beginning; several conditions all hold."""
    await client.vendors.create_all([draft("Kumo", "JP"), draft("Kuma", "US")])
    found = await client.vendors.list(
        field("name").starts_with("Kum"), field("address.country") == "JP"
    ).all()
    assert [vendor.name for vendor in found] == ["Kumo"]
    with pytest.raises(ValueError, match="documented are"):
        client.vendors.list(field("email") == "a@example.com")
    with pytest.raises(BadRequest, match="not supported"):
        await client.vendors.list(field("email", unverified=True) == "a@example.com").all()
