"""Vendors (`bill.md` §5.1)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import attrs

from bill_client.models.addresses import Address, AddressDraft, AddressPatch
from bill_client.models.resource import Changed, Draft, Resource
from bill_client.models.vendor_enums import (
    BankAccountOwnerType,
    BankAccountType,
    NetworkStatus,
    PayBySubType,
    PayByType,
    TaxIdType,
    TransferMethod,
    VendorAccountType,
    VendorBankAccountStatus,
    VirtualCardStatus,
)


@attrs.frozen(kw_only=True)
class VendorBankAccount(Resource):
    """Where a vendor is paid. Numbers come masked, and are not shown in a repr."""

    name_on_account: str | None = None
    account_number: str | None = attrs.field(default=None, repr=False)
    routing_number: str | None = attrs.field(default=None, repr=False)
    type: BankAccountType | None = None
    owner_type: BankAccountOwnerType | None = None
    payment_currency: str | None = None
    bank_country: str | None = None


@attrs.frozen(kw_only=True)
class VirtualCard(Resource):
    """Whether and how a vendor takes virtual cards."""

    status: VirtualCardStatus | None = None
    remit_email: str | None = None
    enroll_date: datetime | None = None
    decline_date: datetime | None = None
    alternate_pay_by_type: PayByType | None = None


@attrs.frozen(kw_only=True)
class PurposeCode(Resource):
    """A country's code for what a payment is for."""

    name: str | None = None
    value: str | None = None


@attrs.frozen(kw_only=True)
class PaymentPurpose(Resource):
    """What a payment is for, where a country wants to know."""

    text: str | None = None
    code: PurposeCode | None = None


@attrs.frozen(kw_only=True)
class PaymentInformation(Resource):
    """How a vendor is paid. `last_payment_date` is BILL's own text: its form is undocumented."""

    payee_name: str | None = None
    email: str | None = None
    last_payment_date: str | None = None
    pay_by_type: PayByType | None = None
    pay_by_sub_type: PayBySubType | None = None
    transfer_method: TransferMethod | None = None
    virtual_card: VirtualCard | None = None
    bank_account: VendorBankAccount | None = None
    payment_purpose: PaymentPurpose | None = None


@attrs.frozen(kw_only=True)
class AdditionalInfo(Resource):
    """Further facts about a vendor. A tax id is not shown in a repr."""

    tax_id: str | None = attrs.field(default=None, repr=False)
    tax_id_type: TaxIdType | None = None
    track_1099: bool | None = None
    lead_time_in_days: int | None = None
    combine_payments: bool | None = None
    payment_term_id: str | None = None
    company_name: str | None = None


@attrs.frozen(kw_only=True)
class VendorBalance(Resource):
    """What is owed to a vendor, in its currency."""

    amount: Decimal | None = None
    last_updated_date: datetime | None = None


@attrs.frozen(kw_only=True)
class AutoPay(Resource):
    """Whether BILL pays a vendor's bills by itself, and up to which amount."""

    enabled: bool | None = None
    bank_account_id: str | None = None
    created_by: str | None = None
    max_amount: Decimal | None = None
    days_before_due_date: int | None = None


@attrs.frozen(kw_only=True)
class Vendor(Changed):
    """A vendor. `account_number` is ours at the vendor, printed on what it is paid."""

    name: str
    archived: bool | None = None
    short_name: str | None = None
    account_number: str | None = None
    account_type: VendorAccountType | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    payment_information: PaymentInformation | None = None
    additional_info: AdditionalInfo | None = None
    rpps_id: str | None = None
    payment_network_id: str | None = None
    bank_account_status: VendorBankAccountStatus | None = None
    recurring_payments: bool | None = None
    bill_currency: str | None = None
    balance: VendorBalance | None = None
    auto_pay: AutoPay | None = None
    network_status: NetworkStatus | None = None


@attrs.frozen(kw_only=True)
class RegulatoryFieldDraft(Draft):
    """A field that a country wants of a bank account; its names come from the configuration."""

    name: str
    value: str


@attrs.frozen(kw_only=True)
class VendorBankAccountDraft(Draft):
    """A vendor's bank account; it cannot be changed, only deleted and created (`bill.md` §5.1)."""

    account_number: str = attrs.field(repr=False)
    routing_number: str | None = attrs.field(default=None, repr=False)
    name_on_account: str | None = None
    type: BankAccountType | None = None
    owner_type: BankAccountOwnerType | None = None
    payment_currency: str | None = None
    regulatory_fields: tuple[RegulatoryFieldDraft, ...] | None = None


@attrs.frozen(kw_only=True)
class PurposeCodeDraft(Draft):
    """A country's code for what payments are for."""

    name: str
    value: str


@attrs.frozen(kw_only=True)
class PaymentPurposeDraft(Draft):
    """What payments are for: a text, or a code where the country has a list."""

    text: str | None = None
    code: PurposeCodeDraft | None = None


@attrs.frozen(kw_only=True)
class PaymentInformationDraft(Draft):
    """How a vendor is to be paid; the payee's name is needed to pay by check."""

    payee_name: str | None = None
    email: str | None = None
    transfer_method: TransferMethod | None = None
    bank_account: VendorBankAccountDraft | None = None
    payment_purpose: PaymentPurposeDraft | None = None


@attrs.frozen(kw_only=True)
class AdditionalInfoDraft(Draft):
    """Further facts; `track_1099` stays off unless BILL is the one who files (`domain.md` D12)."""

    track_1099: bool | None = None
    tax_id: str | None = attrs.field(default=None, repr=False)
    tax_id_type: TaxIdType | None = None
    lead_time_in_days: int | None = None
    combine_payments: bool | None = None
    payment_term_id: str | None = None
    company_name: str | None = None


@attrs.frozen(kw_only=True)
class AutoPayDraft(Draft):
    """Pay a vendor's bills without being asked; enabling it needs a trusted session (§1.6)."""

    enabled: bool
    bank_account_id: str | None = None
    max_amount: Decimal | None = None
    days_before_due_date: int | None = None


@attrs.frozen(kw_only=True)
class VendorDraft(Draft):
    """A vendor to be created. The name has 1 to 100 characters, the short one up to 40."""

    name: str
    address: AddressDraft
    short_name: str | None = None
    account_number: str | None = None
    account_type: VendorAccountType | None = None
    email: str | None = None
    phone: str | None = None
    bill_currency: str | None = None
    payment_information: PaymentInformationDraft | None = None
    additional_info: AdditionalInfoDraft | None = None
    auto_pay: AutoPayDraft | None = None


@attrs.frozen(kw_only=True)
class PaymentInformationPatch(Draft):
    """What is to change of how a vendor is paid; its bank account cannot be patched."""

    payee_name: str | None = None
    email: str | None = None
    transfer_method: TransferMethod | None = None
    payment_purpose: PaymentPurposeDraft | None = None


@attrs.frozen(kw_only=True)
class VendorPatch(Draft):
    """What is to change of a vendor; None leaves a field alone."""

    name: str | None = None
    short_name: str | None = None
    account_number: str | None = None
    account_type: VendorAccountType | None = None
    email: str | None = None
    phone: str | None = None
    address: AddressPatch | AddressDraft | None = None
    bill_currency: str | None = None
    payment_information: PaymentInformationPatch | None = None
    additional_info: AdditionalInfoDraft | None = None
    auto_pay: AutoPayDraft | None = None
