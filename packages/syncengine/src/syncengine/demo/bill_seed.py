"""The month as BILL's emulator is loaded with it: organizations, people, accounts, departments.

Vendors and bills are not loaded: people type some by hand, the engine makes the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from syncengine.demo.facts import LegalEntity
from syncengine.demo.ledger import Ledger


@attrs.frozen(kw_only=True)
class BillCredentials:
    """A user of one organization, and the developer key it comes with (`bill.md` §1.3)."""

    legal_entity: str
    organization_id: str
    username: str
    password: str = attrs.field(repr=False)
    dev_key: str = attrs.field(repr=False)


def bill_seed(ledger: Ledger, users: Sequence[BillCredentials]) -> Mapping[str, object]:
    """Both organizations, without what has no counterpart in BILL at the start."""
    return {
        "organizations": [_organization(entity, users) for entity in ledger.legal_entities],
        "resources": {
            entity.bill_organization: {
                "chart-of-accounts": list(_accounts(ledger)),
                "departments": list(_departments(ledger)),
                "funding-accounts": list(_funding_accounts(ledger, entity)),
            }
            for entity in ledger.legal_entities
        },
    }


def _organization(entity: LegalEntity, users: Sequence[BillCredentials]) -> Mapping[str, object]:
    own = [user for user in users if user.organization_id == entity.bill_organization]
    return {
        "id": entity.bill_organization,
        "name": entity.name,
        "currency": entity.currency,
        "currencies": list(entity.bill_currencies),
        "users": [{"username": user.username, "password": user.password} for user in own],
        "dev_keys": sorted({user.dev_key for user in own}),
    }


def _accounts(ledger: Ledger) -> Iterator[Mapping[str, object]]:
    for account in ledger.accounts:
        if account.main_account not in ledger.unmapped_accounts:
            yield {
                "name": account.name,
                "account": {"type": account.bill_type, "number": account.main_account},
            }


def _departments(ledger: Ledger) -> Iterator[Mapping[str, object]]:
    # A BILL department has no number: its code is its short name (`domain.md` §5.2).
    for code, name in ledger.departments.items():
        if code not in ledger.unmapped_departments:
            yield {"name": name, "shortName": code}


def _funding_accounts(ledger: Ledger, entity: LegalEntity) -> Iterator[Mapping[str, object]]:
    for funding in ledger.funding_accounts:
        if funding.legal_entity == entity.id:
            name = next(x.name for x in ledger.accounts if x.main_account == funding.main_account)
            yield {"type": funding.type, "name": name}
