"""Organisations, what BILL charges them, their users and roles (`bill.md` §5.9)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.addresses import Address, AddressPatch
from bill_client.models.resource import Draft, Resource
from bill_client.models.vendor_enums import TaxIdType


@attrs.frozen(kw_only=True)
class CompanyOwner(Resource):
    """Who owns an organisation. A date of birth is not shown in a repr."""

    name: str | None = None
    date_of_birth: date | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class OrganizationOptions(Resource):
    """What an organisation has chosen."""

    mailing_address_same_as_physical: bool | None = None
    individual_transfer_out: bool | None = None
    individual_transfer_in: bool | None = None


@attrs.frozen(kw_only=True)
class Organization(Resource):
    """An organisation. Its tax id is not shown in a repr."""

    id: str
    name: str | None = None
    archived: bool | None = None
    address: Address | None = None
    mailing_address: Address | None = None
    phone: str | None = None
    company_owner: CompanyOwner | None = None
    tax_id: str | None = attrs.field(default=None, repr=False)
    tax_id_type: TaxIdType | None = None
    industry: str | None = None
    business_category: str | None = None
    account_type: str | None = None
    processing_options: OrganizationOptions | None = None
    partner_name: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class PlanTerm(Resource):
    """A part of a price plan."""

    type: str | None = None
    name: str | None = None
    tier: Decimal | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None


@attrs.frozen(kw_only=True)
class PricePlan(Resource):
    """What BILL charges, in US dollars."""

    id: str | None = None
    name: str | None = None
    monthly_price: Decimal | None = None
    allow_trial: bool | None = None
    price_varies_per_user: bool | None = None
    plan_terms: tuple[PlanTerm, ...] = ()


@attrs.frozen(kw_only=True)
class BillingPeriod(Resource):
    """From which day to which."""

    start_date: date | None = None
    end_date: date | None = None


@attrs.frozen(kw_only=True)
class StatementLinks(Resource):
    """Where a statement can be downloaded."""

    csv: str | None = None
    pdf: str | None = None


@attrs.frozen(kw_only=True)
class StatementDetail(Resource):
    """A line of a statement."""

    type: str | None = None
    description: str | None = None
    quantity: int | None = None
    amount: Decimal | None = None


@attrs.frozen(kw_only=True)
class BillingStatement(Resource):
    """What BILL charged for a period, in US dollars; details come with a single one."""

    id: str
    amount: Decimal | None = None
    billing_period: BillingPeriod | None = None
    description: str | None = None
    invoice_date: date | None = None
    invoice_number: str | None = None
    payment_status: str | None = None
    payment_date: date | None = None
    download_link: StatementLinks | None = None
    statement_details: tuple[StatementDetail, ...] = ()


@attrs.frozen(kw_only=True)
class Role(Resource):
    """What its users may do."""

    id: str
    type: str | None = None
    description: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class User(Resource):
    """A user of the organisation."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    archived: bool | None = None
    role: Role | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class AvailableOrganization(Resource):
    """An organisation that the user may log in to.

    What BILL calls its fields is unverified (`bill.md` §1.3): all are in `extra`.
    """


@attrs.frozen(kw_only=True)
class CompanyOwnerDraft(Draft):
    """Who owns an organisation."""

    name: str | None = None
    date_of_birth: date | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class OrganizationOptionsDraft(Draft):
    """What an organisation chooses."""

    mailing_address_same_as_physical: bool | None = None
    individual_transfer_out: bool | None = None
    individual_transfer_in: bool | None = None


@attrs.frozen(kw_only=True)
class OrganizationPatch(Draft):
    """What is to change of an organisation."""

    name: str | None = None
    address: AddressPatch | None = None
    mailing_address: AddressPatch | None = None
    phone: str | None = None
    company_owner: CompanyOwnerDraft | None = None
    tax_id: str | None = attrs.field(default=None, repr=False)
    tax_id_type: TaxIdType | None = None
    industry: str | None = None
    business_category: str | None = None
    account_type: str | None = None
    processing_options: OrganizationOptionsDraft | None = None


@attrs.frozen(kw_only=True)
class UserDraft(Draft):
    """A user to be invited."""

    first_name: str
    last_name: str
    email: str
    role_id: str
    accept_terms_of_service: bool


@attrs.frozen(kw_only=True)
class UserPatch(Draft):
    """What is to change of a user."""

    first_name: str | None = None
    last_name: str | None = None
    role_id: str | None = None
