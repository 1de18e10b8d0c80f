"""Payments, over a socket: trust, making, moving on the clock, undoing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from bill_client import (
    AdditionalInfoDraft,
    AppliedCreditDraft,
    BadRequest,
    Bill,
    BillClient,
    BillDraft,
    BillLineItemDraft,
    BulkPaymentDraft,
    BulkPaymentItemDraft,
    FundingAccountDraft,
    FundingAccountType,
    InvoiceDraft,
    MfaRequired,
    NotFound,
    Overpaid,
    PaymentDraft,
    PaymentRefused,
    ProcessingOptionsDraft,
    RecordedPaymentDraft,
    RecordedPaymentItemDraft,
    Refused,
    SingleStatus,
    VendorCreditDraft,
    VendorCreditLineItemDraft,
    VendorPatch,
    VoidDraft,
    VoidType,
)
from bill_client.emulator.server import BillServer
from bill_client.emulator.small_organization import FIRST_ROWS

VENDOR = str(FIRST_ROWS["vendors"][0]["id"])
TODAY = date(2026, 10, 5)
BANK = FundingAccountDraft(type=FundingAccountType.BANK_ACCOUNT, id="bac01")


@pytest.fixture(autouse=True)
def _on_a_day(bill_server: BillServer) -> None:
    at(bill_server, datetime(2026, 10, 5, 9, tzinfo=UTC))


def at(server: BillServer, now: datetime) -> None:
    """Let it be that time in BILL."""
    server.control.set_clock(now)


async def bill_of(client: BillClient, amount: str = "100", number: str = "INV-1") -> Bill:
    """A new bill."""
    return await client.bills.create(
        BillDraft(
            vendor_id=VENDOR,
            due_date=date(2026, 10, 31),
            invoice=InvoiceDraft(invoice_number=number, invoice_date=date(2026, 10, 1)),
            bill_line_items=(BillLineItemDraft(amount=Decimal(amount)),),
        )
    )


def payment_of(
    bill: Bill, amount: str = "100", *, process: date = TODAY, description: str | None = None
) -> PaymentDraft:
    """A payment of a bill."""
    return PaymentDraft(
        bill_id=bill.id,
        amount=Decimal(amount),
        process_date=process,
        funding_account=BANK,
        processing_options=ProcessingOptionsDraft(request_pay_faster=False),
        transaction_number="OURS-1",
        description=description,
    )


async def test_paying_needs_a_trusted_session(client: BillClient, bill_server: BillServer) -> None:
    """Nothing is paid, nobody logs in again, and the error says what to do (`bill.md` §1.5)."""
    bill = await bill_of(client)
    before = logins(bill_server)
    with pytest.raises(MfaRequired, match="step up"):
        await client.payments.create(payment_of(bill))
    part = BulkPaymentItemDraft(bill_id=bill.id, amount=Decimal(100))
    with pytest.raises(MfaRequired):
        await client.payments.create_all(BulkPaymentDraft(funding_account=BANK, payments=(part,)))

    assert logins(bill_server) == before
    assert await client.payments.list().all() == []


def logins(server: BillServer) -> int:
    """How often somebody has logged in."""
    return sum(str(entry["path"]).endswith("/login") for entry in server.control.requests)


async def test_a_payment_is_scheduled_and_its_bill_with_it(trusted: BillClient) -> None:
    """It says what it pays, from what, and how; the bill has nothing due any more."""
    bill = await bill_of(trusted)
    payment = await trusted.payments.create(payment_of(bill))

    assert payment.single_status is SingleStatus.SCHEDULED
    assert payment.amount == 100
    assert (payment.transaction_number, payment.bill_id) == ("OURS-1", bill.id)
    assert await trusted.payments.status(payment.id) == "SCHEDULED"
    after = await trusted.bills.get(bill.id)
    assert (str(after.scheduled_amount), str(after.due_amount)) == ("100", "0")
    info = await trusted.payments.disbursement(payment.id)
    assert info is not None
    assert info.is_voidable is True


async def test_what_bill_refuses_to_pay_has_a_class_of_its_own(trusted: BillClient) -> None:
    """Too much, on a day that is over, with too long a text, nothing at all."""
    bill = await bill_of(trusted)
    with pytest.raises(Overpaid):
        await trusted.payments.create(payment_of(bill, "100.01"))
    with pytest.raises(PaymentRefused, match="process date"):
        await trusted.payments.create(payment_of(bill, process=TODAY - timedelta(days=1)))
    with pytest.raises(BadRequest, match="description: size"):
        await trusted.payments.create(payment_of(bill, description="x" * 71))
    nothing = PaymentDraft(
        amount=Decimal(1), funding_account=BANK, processing_options=ProcessingOptionsDraft()
    )
    with pytest.raises(ValueError, match="bill_id"):
        await trusted.payments.create(nothing)
    assert (await trusted.bills.get(bill.id)).due_amount == 100


async def test_a_payment_may_create_its_bill(trusted: BillClient) -> None:
    """Where nobody has one yet."""
    draft = PaymentDraft(
        vendor_id=VENDOR,
        amount=Decimal(7),
        funding_account=BANK,
        processing_options=ProcessingOptionsDraft(create_bill=True),
    )
    payment = await trusted.payments.create(draft)
    assert payment.bill_id is not None
    assert (await trusted.bills.get(payment.bill_id)).amount == 7


async def test_bills_are_paid_together_or_not_at_all(trusted: BillClient) -> None:
    """One that would be overpaid keeps the others from being paid (BDC_1246 beside)."""
    one, two = await bill_of(trusted, number="A"), await bill_of(trusted, number="B")
    good = BulkPaymentItemDraft(bill_id=one.id, amount=Decimal(100))
    bad = BulkPaymentItemDraft(bill_id=two.id, amount=Decimal(101))
    with pytest.raises(Overpaid) as refused:
        await trusted.payments.create_all(
            BulkPaymentDraft(funding_account=BANK, payments=(good, bad))
        )
    assert {reason.code for reason in refused.value.reasons} == {"BDC_1159", "BDC_1246"}
    assert await trusted.payments.list().all() == []

    fits = BulkPaymentItemDraft(bill_id=two.id, amount=Decimal(60))
    made = await trusted.payments.create_all(
        BulkPaymentDraft(funding_account=BANK, payments=(good, fits))
    )
    assert [payment.amount for payment in made] == [100, 60]


async def test_a_payment_goes_its_way_as_the_days_go(
    trusted: BillClient, bill_server: BillServer
) -> None:
    """Every state of a payment that nothing goes wrong with, in this order, a day each."""
    bill_server.control.change_settings(
        payments_progress_on_the_clock=True, hours_per_payment_state=24
    )
    bill = await bill_of(trusted)
    payment = await trusted.payments.create(payment_of(bill, process=TODAY + timedelta(days=1)))
    seen = []
    for days in range(7):
        at(bill_server, datetime(2026, 10, 5, 9, tzinfo=UTC) + timedelta(days=days))
        seen.append(str(await trusted.payments.status(payment.id)))

    assert seen == [
        "SCHEDULED",
        "FUNDING_STARTED",
        "PROCESSED",
        "SENT",
        "DELIVERED",
        "CLEARED",
        "CLEARED",
    ]
    assert (await trusted.bills.get(bill.id)).payment_status == "PAID"


@pytest.mark.parametrize(
    ("after", "becomes", "due"),
    [
        ("FUNDING_STARTED", "FUNDING_FAILED_ACTION_NEEDED", 0),
        ("FUNDING_STARTED", "FUNDING_FAILED_VOIDED", 100),
        ("SENT", "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED", 0),
        ("SENT", "DISBURSEMENT_FAILED_ACTION_NEEDED", 0),
        ("PROCESSED", "DISBURSEMENT_ON_HOLD", 0),
        ("DELIVERED", "EXPIRING", 0),
        ("DELIVERED", "FUNDS_ESCHEATED", 0),
        ("SCHEDULED", "CANCELED", 100),
    ],
)
async def test_a_payment_leaves_the_way_where_something_goes_wrong(
    trusted: BillClient, bill_server: BillServer, after: str, becomes: str, due: int
) -> None:
    """Failed funding, a returned ACH, a hold, escheat: and the bill is due again or not."""
    bill_server.control.change_settings(
        payments_progress_on_the_clock=True, hours_per_payment_state=24
    )
    bill = await bill_of(trusted)
    payment = await trusted.payments.create(payment_of(bill))
    bill_server.act("plan_payment", payment_id=payment.id, after=after, becomes=becomes)

    at(bill_server, datetime(2026, 10, 15, 9, tzinfo=UTC))

    assert await trusted.payments.status(payment.id) == becomes
    assert (await trusted.bills.get(bill.id)).due_amount == due


async def test_only_what_is_scheduled_is_cancelled(
    trusted: BillClient, bill_server: BillServer
) -> None:
    """Afterwards it is voided: a request that BILL decides later (`bill.md` §5.4)."""
    bill = await bill_of(trusted)
    payment = await trusted.payments.create(payment_of(bill))
    bill_server.act("advance", payment_ids=[payment.id], singleStatus="PROCESSED")
    with pytest.raises(Refused):
        await trusted.payments.cancel(payment.id)

    asked = await trusted.payments.void(
        payment.id, VoidDraft(type=VoidType.VOID_ONLY, reason="paid twice")
    )
    assert (asked.single_status, asked.void_info[-1].status) == ("VOID_PENDING", "TO_BE_PROCESSED")
    bill_server.act("decide_void", payment_id=payment.id, result="ACCEPTED", state_after="VOIDED")
    voided = await trusted.payments.get(payment.id)
    assert (voided.single_status, voided.void_info[-1].status) == ("VOIDED", "ACCEPTED")
    assert (await trusted.bills.get(bill.id)).due_amount == 100


async def test_a_scheduled_payment_is_cancelled(trusted: BillClient) -> None:
    """Two L's in the one word, one in the other; the bill is due again."""
    bill = await bill_of(trusted)
    payment = await trusted.payments.create(payment_of(bill))
    cancelled = await trusted.payments.cancel(payment.id)
    assert (cancelled.status, cancelled.single_status) == ("CANCELLED", "CANCELED")
    assert (await trusted.bills.get(bill.id)).due_amount == 100


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_reissued_payment_keeps_its_id_or_gets_a_successor(
    trusted: BillClient, bill_server: BillServer, *, keeps: bool
) -> None:
    """Nobody knows which (`domain.md` §8)."""
    bill_server.control.change_settings(reissue_keeps_payment_id=keeps)
    bill = await bill_of(trusted)
    payment = await trusted.payments.create(payment_of(bill))
    bill_server.act("advance", payment_ids=[payment.id], singleStatus="SENT")
    await trusted.payments.void(
        payment.id, VoidDraft(type=VoidType.VOID_AND_REISSUE, reason="lost")
    )
    decided = bill_server.act(
        "decide_void", payment_id=payment.id, result="ACCEPTED", state_after="SENT"
    )

    assert (decided["id"] == payment.id) is keeps
    assert len(await trusted.payments.list().all()) == (1 if keeps else 2)


async def test_options_and_rates_are_told(trusted: BillClient, bill_server: BillServer) -> None:
    """What a vendor can be paid from, and a rate for twenty minutes."""
    options = await trusted.payments.options(VENDOR, Decimal("12.34"))
    assert (options.vendor_id, options.amount) == (VENDOR, Decimal("12.34"))
    rate = await trusted.payments.exchange_rate(VENDOR, Decimal(10), base_currency="USD")
    assert rate.expiration_time is not None
    lives = rate.expiration_time - bill_server.control.now
    assert timedelta(minutes=19) < lives <= timedelta(minutes=20)
    with pytest.raises(NotFound):
        await trusted.payments.check_images("stp00000000000000000")


async def test_payments_of_one_vendor_are_combined_if_it_wants_so(trusted: BillClient) -> None:
    """Up to 35 bills a payment: fewer payments than bills (`bill.md` §5.4)."""
    await trusted.vendors.update(
        VENDOR, VendorPatch(additional_info=AdditionalInfoDraft(combine_payments=True))
    )
    bills = await trusted.bills.create_all([draft_of(str(number)) for number in range(40)])
    parts = tuple(BulkPaymentItemDraft(bill_id=bill.id, amount=bill.amount) for bill in bills)

    made = await trusted.payments.create_all(BulkPaymentDraft(funding_account=BANK, payments=parts))

    assert [len(payment.bill_payments) for payment in made] == [35, 5]
    assert [payment.amount for payment in made] == [35, 5]


async def test_a_reason_and_a_number_have_their_lengths(trusted: BillClient) -> None:
    """4,000 characters and 50 (`bill.md` §6)."""
    bill = await bill_of(trusted)
    with pytest.raises(BadRequest, match="transactionNumber: size"):
        await trusted.payments.create(attrs.evolve(payment_of(bill), transaction_number="x" * 51))
    payment = await trusted.payments.create(payment_of(bill))
    with pytest.raises(BadRequest, match="reason: size"):
        await trusted.payments.void(
            payment.id, VoidDraft(type=VoidType.VOID_ONLY, reason="x" * 4001)
        )


def draft_of(number: str) -> BillDraft:
    """A bill of one."""
    return BillDraft(
        vendor_id=VENDOR,
        due_date=date(2026, 10, 31),
        invoice=InvoiceDraft(invoice_number=number, invoice_date=date(2026, 10, 1)),
        bill_line_items=(BillLineItemDraft(amount=Decimal(1)),),
    )


@pytest.mark.parametrize("parts", [(60, 60), (100, 1)])
async def test_parts_of_one_bill_are_added_up_before_anything_is_paid(
    trusted: BillClient, parts: tuple[int, int]
) -> None:
    """Each alone is due and both are not: nothing is paid, in bulk and outside alike."""
    bill = await bill_of(trusted)
    bulk = tuple(BulkPaymentItemDraft(bill_id=bill.id, amount=Decimal(one)) for one in parts)
    with pytest.raises(Overpaid):
        await trusted.payments.create_all(BulkPaymentDraft(funding_account=BANK, payments=bulk))
    outside = tuple(RecordedPaymentItemDraft(bill_id=bill.id, amount=Decimal(one)) for one in parts)
    with pytest.raises(Overpaid):
        await trusted.bills.record_payment(
            RecordedPaymentDraft(vendor_id=VENDOR, process_date=TODAY, payments=outside)
        )

    assert await trusted.payments.list().all() == []
    assert (await trusted.bills.get(bill.id)).due_amount == 100


@pytest.mark.parametrize(
    ("credit", "used"),
    [("vcr00000000000000000", [1]), ("", [31]), ("", [20, 20])],
    ids=["not there", "too little", "too little for two"],
)
async def test_a_payment_whose_credit_is_refused_is_not_made(
    trusted: BillClient, credit: str, used: list[int]
) -> None:
    """Neither by a payment nor by one made outside; the credit stays whole."""
    stored = await trusted.vendor_credits.create(
        VendorCreditDraft(
            vendor_id=VENDOR,
            reference_number="CR-1",
            credit_date=TODAY,
            vendor_credit_line_items=(VendorCreditLineItemDraft(amount=Decimal(30)),),
        )
    )
    bills = [await bill_of(trusted, number=str(number)) for number in range(len(used))]
    wanted = [(AppliedCreditDraft(id=credit or stored.id, amount=Decimal(one)),) for one in used]
    pairs = list(zip(bills, wanted, strict=True))
    bulk = tuple(
        BulkPaymentItemDraft(bill_id=bill.id, amount=Decimal(1), vendor_credits=one)
        for bill, one in pairs
    )
    with pytest.raises(Refused):
        await trusted.payments.create_all(BulkPaymentDraft(funding_account=BANK, payments=bulk))
    outside = tuple(
        RecordedPaymentItemDraft(bill_id=bill.id, amount=Decimal(1), vendor_credits=one)
        for bill, one in pairs
    )
    with pytest.raises(Refused):
        await trusted.bills.record_payment(
            RecordedPaymentDraft(vendor_id=VENDOR, process_date=TODAY, payments=outside)
        )

    assert await trusted.payments.list().all() == []
    assert (await trusted.vendor_credits.get(stored.id)).status == "NOT_APPLIED"


async def test_a_payment_that_is_refused_creates_no_bill(trusted: BillClient) -> None:
    """A day that is over is found before the bill is made."""
    before = len(await trusted.bills.list().all())
    draft = PaymentDraft(
        vendor_id=VENDOR,
        amount=Decimal(7),
        process_date=TODAY - timedelta(days=1),
        funding_account=BANK,
        processing_options=ProcessingOptionsDraft(create_bill=True),
    )
    with pytest.raises(PaymentRefused):
        await trusted.payments.create(draft)
    assert len(await trusted.bills.list().all()) == before


async def test_a_bill_of_another_vendor_is_not_paid(trusted: BillClient) -> None:
    """Where the payment names the vendor."""
    bill = await bill_of(trusted)
    with pytest.raises(Refused, match="another vendor"):
        await trusted.payments.create(attrs.evolve(payment_of(bill), vendor_id="00901OTHER"))
