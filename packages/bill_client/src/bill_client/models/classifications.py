"""What lines are booked on: accounts, departments, locations, … (`bill.md` §5.6)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import attrs

from bill_client.models.enums import AccountType, ItemType
from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class LedgerAccount(Resource):
    """An account's number and type in the ledger."""

    type: AccountType | None = None
    number: str | None = None


@attrs.frozen(kw_only=True)
class ChartOfAccount(Resource):
    """An account that lines are booked on."""

    id: str
    name: str
    archived: bool | None = None
    description: str | None = None
    parent_id: str | None = None
    account: LedgerAccount | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class NamedClassification(Resource):
    """What a department, a location, an accounting class and a job have.

    None has a number, so codes stand in `short_name` (`domain.md` §5.2).
    """

    id: str
    name: str
    archived: bool | None = None
    short_name: str | None = None
    description: str | None = None
    parent_id: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Department(NamedClassification):
    """A department."""


@attrs.frozen(kw_only=True)
class Location(NamedClassification):
    """A location."""


@attrs.frozen(kw_only=True)
class AccountingClass(NamedClassification):
    """An accounting class."""


@attrs.frozen(kw_only=True)
class Job(NamedClassification):
    """A job."""


@attrs.frozen(kw_only=True)
class Employee(Resource):
    """An employee, as something that lines are booked on."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    archived: bool | None = None
    short_name: str | None = None
    parent_id: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Item(Resource):
    """An item."""

    id: str
    name: str | None = None
    type: ItemType | None = None
    archived: bool | None = None
    short_name: str | None = None
    description: str | None = None
    parent_id: str | None = None
    price: Decimal | None = None
    percentage: Decimal | None = None
    chart_of_account_id: str | None = None
    expense_chart_of_account_id: str | None = None
    purchase_description: str | None = None
    purchase_cost: Decimal | None = None
    taxable: bool | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class LedgerAccountDraft(Draft):
    """An account's number and type."""

    type: AccountType | None = None
    number: str | None = None


@attrs.frozen(kw_only=True)
class ChartOfAccountDraft(Draft):
    """An account to be created."""

    name: str
    description: str | None = None
    parent_id: str | None = None
    account: LedgerAccountDraft | None = None


@attrs.frozen(kw_only=True)
class ChartOfAccountPatch(Draft):
    """What is to change of an account."""

    name: str | None = None
    description: str | None = None
    parent_id: str | None = None
    account: LedgerAccountDraft | None = None


@attrs.frozen(kw_only=True)
class ClassificationDraft(Draft):
    """A department, location, accounting class or job to be created."""

    name: str
    short_name: str | None = None
    description: str | None = None
    parent_id: str | None = None


@attrs.frozen(kw_only=True)
class ClassificationPatch(Draft):
    """What is to change of a department, location, accounting class or job."""

    name: str | None = None
    short_name: str | None = None
    description: str | None = None
    parent_id: str | None = None


@attrs.frozen(kw_only=True)
class EmployeeDraft(Draft):
    """An employee to be created."""

    first_name: str
    last_name: str
    short_name: str | None = None
    parent_id: str | None = None


@attrs.frozen(kw_only=True)
class EmployeePatch(Draft):
    """What is to change of an employee."""

    first_name: str | None = None
    last_name: str | None = None
    short_name: str | None = None
    parent_id: str | None = None


@attrs.frozen(kw_only=True)
class ItemDraft(Draft):
    """An item to be created."""

    type: ItemType
    name: str
    short_name: str | None = None
    description: str | None = None
    parent_id: str | None = None
    price: Decimal | None = None
    percentage: Decimal | None = None
    chart_of_account_id: str | None = None
    expense_chart_of_account_id: str | None = None
    purchase_description: str | None = None
    purchase_cost: Decimal | None = None
    taxable: bool | None = None


@attrs.frozen(kw_only=True)
class ItemPatch(Draft):
    """What is to change of an item."""

    type: ItemType | None = None
    name: str | None = None
    short_name: str | None = None
    description: str | None = None
    parent_id: str | None = None
    price: Decimal | None = None
    percentage: Decimal | None = None
    chart_of_account_id: str | None = None
    expense_chart_of_account_id: str | None = None
    purchase_description: str | None = None
    purchase_cost: Decimal | None = None
    taxable: bool | None = None
