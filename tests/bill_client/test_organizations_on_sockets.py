"""The organisation, its users, its accounts and what lines are booked on, over a socket."""

from __future__ import annotations

import pytest

from bill_client import (
    AccountType,
    AddressPatch,
    BadRequest,
    BankAccountPatch,
    BillClient,
    ChartOfAccountDraft,
    ChartOfAccountPatch,
    ClassificationDraft,
    ClassificationPatch,
    EmployeeDraft,
    ItemDraft,
    ItemType,
    LedgerAccountDraft,
    NotFound,
    OrganizationPatch,
    SessionAuth,
    UserDraft,
    UserPatch,
    field,
)
from bill_client.emulator.server import BillServer


async def test_the_organisation_of_the_session_is_read_and_changed(
    client: BillClient, bill_server: BillServer
) -> None:
    """Another one is not found; what is not named stays (`bill.md` §5.9)."""
    own = bill_server.organization_id
    assert (await client.organizations.get(own)).name == "Contoso"
    await client.organizations.update(own, OrganizationPatch(phone="555"))
    patch = OrganizationPatch(address=AddressPatch(city="Boston"))
    changed = await client.organizations.update(own, patch)
    assert changed.address is not None
    assert (changed.phone, changed.address.city) == ("555", "Boston")
    with pytest.raises(NotFound):
        await client.organizations.get("00801ANOTHERAAAAAAAA")
    assert "Wholesale" in await client.organizations.industries()
    assert (await client.organizations.price_plan(own)).name == "Emulated"
    assert await client.organizations.billing_statements(own).all() == []
    with pytest.raises(NotFound):
        await client.organizations.billing_statement(own, "none")


async def test_a_user_is_invited_with_a_role_that_is_there(client: BillClient) -> None:
    """A role is sent by its id and read as an object; the terms are accepted or nothing is done."""
    [role] = await client.roles.list(sort="createdTime:desc").all()
    assert (await client.roles.get(role.id)).type == role.type
    draft = UserDraft(
        first_name="Ada",
        last_name="L",
        email="ada@example.com",
        role_id=role.id,
        accept_terms_of_service=True,
    )
    made = await client.users.create(draft)
    assert made.role is not None
    assert made.role.id == role.id
    changed = await client.users.update(made.id, UserPatch(last_name="Lovelace"))
    assert (changed.first_name, changed.last_name) == ("Ada", "Lovelace")
    assert (await client.users.archive(made.id)).archived is True
    assert (await client.users.restore(made.id)).archived is False
    assert [one.id for one in await client.users.list(field("id") == made.id).all()] == [made.id]

    refused = UserDraft(
        first_name="A", last_name="B", email="e", role_id="none", accept_terms_of_service=True
    )
    with pytest.raises(NotFound):
        await client.users.create(refused)


async def test_bank_accounts_are_changed_and_shared(
    client: BillClient, bill_server: BillServer
) -> None:
    """Who may pay from one is said by nomination, and taken back."""
    [row] = bill_server.seed("funding-accounts", {"type": "CHECKING", "status": "VERIFIED"})
    account = str(row["id"])
    changed = await client.bank_accounts.update(account, BankAccountPatch(bank_name="First"))
    assert changed.bank_name == "First"
    me = str((await client.session.details()).user_id)
    assert (await client.bank_accounts.nominate_user(account, me)).status == "SUCCESS"
    [user] = await client.bank_accounts.users().all()
    assert (user.bank_account_id, user.user_id) == (account, me)
    assert (await client.bank_accounts.archive_user(user.id)).archived is True
    assert (await client.bank_accounts.archive(account)).archived is True
    assert [
        one.id for one in await client.bank_accounts.list(field("status") == "VERIFIED").all()
    ] == [account]


async def test_what_else_is_paid_from_is_told(client: BillClient) -> None:
    """No cards, nobody who may use one, and what the user may do."""
    assert (await client.funding_accounts.cards()).cards == ()
    assert await client.funding_accounts.ap_cards() == []
    assert await client.funding_accounts.card_users().all() == []
    permissions = await client.funding_accounts.permissions()
    assert permissions.user is not None
    assert permissions.user.pay_online is True
    purposes = await client.funding_accounts.funding_purposes("00901FABRIKAMAAAAAAA", brand="VISA")
    assert purposes.results == ()
    with pytest.raises(NotFound):
        await client.funding_accounts.card("none")


async def test_classifications_are_typed_each_in_its_own_way(client: BillClient) -> None:
    """Accounts have a ledger's number, employees two names, items a type; a parent is there."""
    account = await client.chart_of_accounts.create(
        ChartOfAccountDraft(
            name="Rent", account=LedgerAccountDraft(type=AccountType.EXPENSE, number="6100")
        )
    )
    assert account.account is not None
    assert (account.account.type, account.account.number) == ("EXPENSE", "6100")
    renamed = await client.chart_of_accounts.update(account.id, ChartOfAccountPatch(name="Rents"))
    assert renamed.name == "Rents"
    below = await client.departments.create(
        ClassificationDraft(name="Below", parent_id=(await client.departments.list().all())[0].id)
    )
    assert below.parent_id is not None
    with pytest.raises(NotFound):
        await client.departments.update(below.id, ClassificationPatch(parent_id="0de01NONE"))
    employee = await client.employees.create(EmployeeDraft(first_name="A", last_name="B"))
    assert employee.last_name == "B"
    item = await client.items.create(ItemDraft(type=ItemType.SALES_TAX, name="Tax"))
    assert (await client.items.get(item.id)).type == "SALES_TAX"
    made = await client.locations.create_all([ClassificationDraft(name=one) for one in "AB"])
    changed = await client.locations.update_all(
        {one.id: ClassificationPatch(short_name=one.name.lower()) for one in made}
    )
    assert [one.short_name for one in changed] == ["a", "b"]
    archived = await client.locations.archive_all([one.id for one in made])
    assert [one.archived for one in archived] == [True, True]
    assert [one.archived for one in await client.locations.restore_all([made[0].id])] == [False]
    with pytest.raises(BadRequest):
        await client.jobs.create(ClassificationDraft(name=""))
    with pytest.raises(ValueError, match="1 to 50"):
        await client.accounting_classes.create_all([])


async def test_what_has_no_method_is_asked_for_by_its_path(client: BillClient) -> None:
    """With the same session and errors; a doubled prefix is refused before it is sent."""
    answer = await client.request("GET", "/vendors", query={"max": "1"})
    assert isinstance(answer.json(), dict)
    made = await client.request("POST", "/classifications/jobs", json={"name": "Raw"})
    assert made.status == 201
    with pytest.raises(NotFound):
        await client.request("GET", "/customers/0cu01")
    with pytest.raises(ValueError, match="what comes after /connect/v3"):
        await client.request("GET", "/v3/vendors")


def test_the_twin_reads_and_writes_without_await(bill_server: BillServer) -> None:
    """In a script: lists, changes, files and single calls alike."""
    auth = SessionAuth(
        username=bill_server.username,
        password=bill_server.password,
        organization_id=bill_server.organization_id,
        dev_key=bill_server.dev_key,
    )
    with BillClient.sync(bill_server.url, auth=auth) as client:
        [bill] = client.bills.list()
        assert bill.created_time is not None
        assert [one.id for one in client.bills.changed_since(bill.created_time)] == [bill.id]
        uploaded = client.documents.upload(bill.id, "a.txt", b"text")
        [status] = client.documents.upload_status([uploaded.id])
        document = client.documents.get(str(status.document_id))
        assert b"".join(client.documents.read(document)) == b"text"
        assert client.departments.create(ClassificationDraft(name="New")).name == "New"
