"""The mapping file's codes as BILL ids: each way it can be wrong, by file, key and value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bill_client.models.classifications import ChartOfAccount, Department, LedgerAccount
from syncengine.app.mapping import resolved
from syncengine.app.settings import MappingFile
from syncengine.errors import Misconfigured
from syncengine.payables import AccountMapping

FILE = Path("mapping.toml")
MAPPING = MappingFile(accounts={"607100": "6071"}, departments={"061": "People"})


def account(number: str | None, account_id: str, *, archived: bool = False) -> ChartOfAccount:
    """An account in BILL."""
    ledger = LedgerAccount(number=number) if number else None
    return ChartOfAccount(id=account_id, name="Office supplies", account=ledger, archived=archived)


def department(code: str | None, department_id: str, *, archived: bool = False) -> Department:
    """A department in BILL."""
    return Department(id=department_id, name="People", short_name=code, archived=archived)


ACCOUNTS = [account("6071", "0ca1"), account(None, "0ca2"), account("6071", "0ca3", archived=True)]
DEPARTMENTS = [department("People", "0de1"), department(None, "0de2")]


def resolve(
    *,
    mapping: MappingFile = MAPPING,
    main_accounts: Sequence[str] = ("607100", "512100"),
    accounts: Sequence[ChartOfAccount] = ACCOUNTS,
    departments: Sequence[Department] = DEPARTMENTS,
) -> AccountMapping:
    """Resolve against both sides."""
    return resolved(
        FILE,
        mapping,
        main_accounts=main_accounts,
        accounts=accounts,
        departments=departments,
    )


def test_codes_become_ids_and_archived_rows_do_not_count() -> None:
    """Each D365 code has the id of the one BILL row that is in use."""
    assert AccountMapping(accounts={"607100": "0ca1"}, departments={"061": "0de1"}) == resolve()


def test_a_main_account_that_d365_does_not_have() -> None:
    """Told before anything is written."""
    with pytest.raises(Misconfigured, match=r"mapping\.toml: accounts\.607100: D365 has no main"):
        resolve(main_accounts=["512100"])


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ([], "BILL has no account number 6071"),
        ([account("6071", "a", archived=True)], "BILL has no account number 6071"),
        ([account("6071", "a"), account("6071", "b")], "more than one account number 6071"),
    ],
    ids=["unknown", "archived", "twice"],
)
def test_an_account_that_bill_cannot_be_sure_of(
    accounts: Sequence[ChartOfAccount], told: str
) -> None:
    """No, archived or ambiguous: never a guess (I-13)."""
    with pytest.raises(Misconfigured, match=f"accounts.607100.*{told}"):
        resolve(accounts=accounts)


def test_a_department_that_bill_does_not_have() -> None:
    """Named by its D365 code and the short name that was looked for."""
    with pytest.raises(Misconfigured, match=r"departments\.061.*short name People"):
        resolve(departments=[])
