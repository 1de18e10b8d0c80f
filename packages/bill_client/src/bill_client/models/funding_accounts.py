"""What an organisation pays from (`bill.md` §5.9)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import attrs

from bill_client.models.enums import ApCardStatus, BankAccountStatus, VerificationStatus
from bill_client.models.resource import Draft, Resource
from bill_client.models.vendor_enums import BankAccountOwnerType, BankAccountType


@attrs.frozen(kw_only=True)
class DefaultFor(Resource):
    """What an account is the first choice for."""

    payables: bool | None = None
    receivables: bool | None = None
    funding: bool | None = None
    disbursement: bool | None = None


@attrs.frozen(kw_only=True)
class BankAccount(Resource):
    """A bank account of the organisation. Its numbers are not shown in a repr."""

    id: str
    status: BankAccountStatus | None = None
    archived: bool | None = None
    name_on_account: str | None = None
    bank_name: str | None = None
    account_number: str | None = attrs.field(default=None, repr=False)
    routing_number: str | None = attrs.field(default=None, repr=False)
    type: BankAccountType | None = None
    owner_type: BankAccountOwnerType | None = None
    access_to_admins: bool | None = None
    default: DefaultFor | None = None
    chart_of_account_id: str | None = None
    created_by: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Verification(Resource):
    """Whether a bank account is verified now."""

    verified: bool | None = None


@attrs.frozen(kw_only=True)
class BankAccountUser(Resource):
    """A user who may pay from a bank account."""

    id: str
    bank_account_id: str | None = None
    user_id: str | None = None
    archived: bool | None = None
    verification_status: VerificationStatus | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Expiration(Resource):
    """When a card ends."""

    year: str | None = None
    month: str | None = None


@attrs.frozen(kw_only=True)
class CardAccount(Resource):
    """A card of the organisation."""

    id: str
    status: str | None = None
    archived: bool | None = None
    name_on_account: str | None = None
    issuing_bank_name: str | None = None
    brand: str | None = None
    type: str | None = None
    last_4: str | None = None
    expiration: Expiration | None = None
    default: DefaultFor | None = None
    created_by: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class CardRates(Resource):
    """What paying by card costs, in per cent; a promotion has times."""

    credit_card_rate: Decimal | None = None
    debit_card_rate: Decimal | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


@attrs.frozen(kw_only=True)
class Rates(Resource):
    """What paying by card costs, now and in a promotion."""

    default_card_account_id: str | None = None
    funding: CardRates | None = None
    active_promotion: CardRates | None = None


@attrs.frozen(kw_only=True)
class CardAccounts(Resource):
    """The organisation's cards, and what they cost."""

    rates: Rates | None = None
    cards: tuple[CardAccount, ...] = ()


@attrs.frozen(kw_only=True)
class CardAccountUser(Resource):
    """A user who may pay by a card."""

    card_account_id: str | None = None
    user_id: str | None = None
    archived: bool | None = None
    verification_status: VerificationStatus | None = None


@attrs.frozen(kw_only=True)
class FundingPurpose(Resource):
    """What a payment by card may be for."""

    category: str | None = None
    sub_categories: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class FundingPurposes(Resource):
    """What payments by card may be for, and what the last one was."""

    last_used_purpose: str | None = None
    results: tuple[FundingPurpose, ...] = ()


@attrs.frozen(kw_only=True)
class ApCard(Resource):
    """A card for accounts payable; amounts are in US dollars."""

    id: str
    status: ApCardStatus | None = None
    name_on_account: str | None = None
    balance: Decimal | None = None
    limit: Decimal | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class CardPermissions(Resource):
    """What an organisation may do with cards."""

    pay_by_card: bool | None = None
    funding_enabled: bool | None = None
    amex_allowed: bool | None = None


@attrs.frozen(kw_only=True)
class WalletPermissions(Resource):
    """What an organisation may do with its wallet."""

    funding_enabled: bool | None = None


@attrs.frozen(kw_only=True)
class OrganizationPermissions(Resource):
    """What an organisation may pay from."""

    card: CardPermissions | None = None
    wallet: WalletPermissions | None = None


@attrs.frozen(kw_only=True)
class UserPermissions(Resource):
    """What the user of the session may do."""

    pay_online: bool | None = None


@attrs.frozen(kw_only=True)
class FundingPermissions(Resource):
    """What may be paid from, by this organisation and this user."""

    organization: OrganizationPermissions | None = None
    user: UserPermissions | None = None


@attrs.frozen(kw_only=True)
class BankAccountDraft(Draft):
    """A bank account to be created; that needs a trusted session (`bill.md` §1.6)."""

    name_on_account: str
    type: BankAccountType
    owner_type: BankAccountOwnerType
    bank_name: str
    routing_number: str | None = attrs.field(default=None, repr=False)
    account_number: str | None = attrs.field(default=None, repr=False)
    access_to_admins: bool | None = None
    chart_of_account_id: str | None = None


@attrs.frozen(kw_only=True)
class DefaultForDraft(Draft):
    """What an account is to be the first choice for."""

    payables: bool | None = None
    receivables: bool | None = None


@attrs.frozen(kw_only=True)
class BankAccountPatch(Draft):
    """What is to change of a bank account; its numbers cannot."""

    name_on_account: str | None = None
    owner_type: BankAccountOwnerType | None = None
    bank_name: str | None = None
    access_to_admins: bool | None = None
    default: DefaultForDraft | None = None
    chart_of_account_id: str | None = None
