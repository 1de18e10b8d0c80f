"""Payments (`bill.md` §5.3, §5.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from bill_client.models.bills import AppliedCreditDraft
from bill_client.models.enums import (
    CheckDelivery,
    DisbursementStatus,
    DisbursementType,
    FundingAccountType,
    PaymentStatus,
    SingleStatus,
    VoidStatus,
    VoidType,
)
from bill_client.models.resource import Draft, Resource
from bill_client.models.vendor_enums import PayBySubType
from bill_client.models.vendors import PaymentPurpose, PaymentPurposeDraft


@attrs.frozen(kw_only=True)
class AppliedCredit(Resource):
    """The part of a vendor credit that pays a bill."""

    id: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class BillPayment(Resource):
    """The part of a payment that pays one bill: cash, in the bill's currency, and credits."""

    id: str
    bill_id: str
    amount: Decimal
    vendor_credits: tuple[AppliedCredit, ...] = ()


@attrs.frozen(kw_only=True)
class FundingAccount(Resource):
    """What a payment is made from."""

    type: FundingAccountType
    id: str | None = None


@attrs.frozen(kw_only=True)
class ProcessingOptions(Resource):
    """How a payment was asked to be made."""

    request_pay_faster: bool | None = None
    create_bill: bool | None = None
    request_check_delivery_type: CheckDelivery | None = None


@attrs.frozen(kw_only=True)
class VoidInfo(Resource):
    """One request to void a payment, and what became of it."""

    id: str | None = None
    requested_by: str | None = None
    type: VoidType | None = None
    status: VoidStatus | None = None
    reason: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Disbursement(Resource):
    """How the money went to the vendor; each way has some of these."""

    sent_date: date | None = None
    arrives_by_date: date | None = None
    check_number: int | None = None
    trace_number: int | None = None
    batch_number: int | None = None
    amount: Decimal | None = None
    disbursement_sub_type: PayBySubType | None = None
    valid_until: date | None = None
    last_4_card_number: str | None = None


@attrs.frozen(kw_only=True)
class DisbursementInfo(Resource):
    """Which way the money went, and whether the payment can be voided."""

    is_voidable: bool | None = None
    check_disbursement: Disbursement | None = None
    ach_disbursement: Disbursement | None = None
    rpps_disbursement: Disbursement | None = None
    international_disbursement: Disbursement | None = None
    vcard_disbursement: Disbursement | None = None
    wallet_disbursement: Disbursement | None = None


@attrs.frozen(kw_only=True)
class Payment(Resource):
    """A payment. `single_status` is the state to go by; words that we do not know may come.

    `exchange_rate` is in US dollars for 1 unit of the payment's currency. One payment may pay
    several bills: `bill_payments` says which, `bill_id` only when there is one.
    """

    id: str
    amount: Decimal
    single_status: SingleStatus | None = None
    status: PaymentStatus | None = None
    vendor_id: str | None = None
    vendor_name: str | None = None
    bill_id: str | None = None
    bill_payments: tuple[BillPayment, ...] = ()
    description: str | None = None
    process_date: date | None = None
    funding_account: FundingAccount | None = None
    processing_options: ProcessingOptions | None = None
    transaction_number: str | None = None
    confirmation_number: str | None = None
    exchange_rate: Decimal | None = None
    funding_amount: Decimal | None = None
    online_payment: bool | None = None
    disbursement_type: DisbursementType | None = None
    disbursement_status: DisbursementStatus | None = None
    disbursement_info: DisbursementInfo | None = None
    remittance_email: str | None = None
    void_info: tuple[VoidInfo, ...] = ()
    payment_purpose: PaymentPurpose | None = None
    card_funding_purpose: str | None = None
    cancel_request_submitted: bool | None = None
    created_by: str | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class RecordedClassifications(Resource):
    """The account that a payment made outside BILL is booked on."""

    chart_of_account_id: str | None = None


@attrs.frozen(kw_only=True)
class RecordedPayment(Payment):
    """A payment that was made outside BILL and recorded there (`bill.md` §5.3)."""

    to_print_check: bool | None = None
    classifications: RecordedClassifications | None = None
    sync_reference: str | None = None
    allow_export: bool | None = None


@attrs.frozen(kw_only=True)
class FundingAccountDraft(Draft):
    """What a payment is to be made from; a wallet needs no id."""

    type: FundingAccountType
    id: str | None = None


@attrs.frozen(kw_only=True)
class ProcessingOptionsDraft(Draft):
    """How a payment is to be made."""

    request_pay_faster: bool | None = None
    create_bill: bool | None = None
    request_check_delivery_type: CheckDelivery | None = None


@attrs.frozen(kw_only=True)
class PaymentDraft(Draft):
    """A payment to be made. It pays `bill_id`, unless `processing_options` create a bill.

    The description has at most 70 characters, `transaction_number`, which is yours, at most 50.
    `exchange_rate_batch_id` is for other currencies than US dollars.
    """

    amount: Decimal
    funding_account: FundingAccountDraft
    processing_options: ProcessingOptionsDraft
    bill_id: str | None = None
    vendor_id: str | None = None
    process_date: date | None = None
    description: str | None = None
    transaction_number: str | None = None
    payment_purpose: PaymentPurposeDraft | None = None
    card_funding_purpose: str | None = None
    exchange_rate_batch_id: str | None = None


@attrs.frozen(kw_only=True)
class BulkPaymentItemDraft(Draft):
    """The part of a bulk payment that pays one existing bill."""

    bill_id: str
    amount: Decimal
    vendor_credits: tuple[AppliedCreditDraft, ...] | None = None


@attrs.frozen(kw_only=True)
class BulkPaymentDraft(Draft):
    """Payments of up to 50 bills, made together or not at all (`bill.md` §5.4).

    Leave `vendor_id` out where the bills are of several vendors.
    """

    funding_account: FundingAccountDraft
    payments: tuple[BulkPaymentItemDraft, ...]
    process_date: date | None = None
    vendor_id: str | None = None
    description: str | None = None
    processing_options: ProcessingOptionsDraft | None = None
    transaction_number: str | None = None
    card_funding_purpose: str | None = None


@attrs.frozen(kw_only=True)
class VoidDraft(Draft):
    """A request to void a payment; the reason has at most 4,000 characters."""

    type: VoidType
    reason: str


@attrs.frozen(kw_only=True)
class RecordedPaymentItemDraft(Draft):
    """The part of a payment made outside BILL that pays one bill."""

    bill_id: str
    amount: Decimal
    vendor_credits: tuple[AppliedCreditDraft, ...] | None = None


@attrs.frozen(kw_only=True)
class RecordedClassificationsDraft(Draft):
    """The account that the payment is booked on."""

    chart_of_account_id: str


@attrs.frozen(kw_only=True)
class RecordedPaymentDraft(Draft):
    """A payment that was made outside BILL (`bill.md` §5.3).

    The names of `sync_reference`, your own reference, and of `allow_export` are inferred.
    """

    vendor_id: str
    process_date: date
    payments: tuple[RecordedPaymentItemDraft, ...]
    to_print_check: bool = False
    classifications: RecordedClassificationsDraft | None = None
    description: str | None = None
    sync_reference: str | None = None
    allow_export: bool | None = None
