"""Bills, over a socket: lines, replacement, bulk, approval, credits, payments made outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from bill_client import (
    AppliedCreditDraft,
    ApprovalAction,
    ApprovalActionDraft,
    ApprovalPolicyDraft,
    ApprovalRuleDraft,
    ApprovalRuleKey,
    BadRequest,
    Bill,
    BillClassificationsDraft,
    BillClient,
    BillDraft,
    BillLineItemDraft,
    BillLineItemPatch,
    BillPatch,
    BillReplacement,
    ClassificationsDraft,
    DuplicateNumber,
    InvoiceDraft,
    NotFound,
    Overpaid,
    RecordedPaymentDraft,
    RecordedPaymentItemDraft,
    RecurringBillDraft,
    RecurringBillLineItemDraft,
    Refused,
    ScheduleDraft,
    SchedulePeriod,
    VendorCreditDraft,
    VendorCreditLineItemDraft,
    VendorCreditPatch,
    VendorCreditReplacement,
)
from bill_client.emulator.server import BillServer
from bill_client.emulator.small_organization import FIRST_ROWS

VENDOR = str(FIRST_ROWS["vendors"][0]["id"])
ACCOUNT = str(FIRST_ROWS["chart-of-accounts"][0]["id"])
DEPARTMENT = str(FIRST_ROWS["departments"][0]["id"])
DUE = date(2026, 10, 31)
INVOICE = InvoiceDraft(invoice_number="INV-1", invoice_date=date(2026, 10, 1))


def line(amount: str) -> BillLineItemDraft:
    """A line on the account and the department."""
    booked = ClassificationsDraft(chart_of_account_id=ACCOUNT, department_id=DEPARTMENT)
    return BillLineItemDraft(amount=Decimal(amount), classifications=booked)


def draft(*amounts: str, number: str = "INV-1") -> BillDraft:
    """A bill of these lines."""
    return BillDraft(
        vendor_id=VENDOR,
        due_date=DUE,
        invoice=InvoiceDraft(invoice_number=number, invoice_date=date(2026, 10, 1)),
        bill_line_items=tuple(map(line, amounts or ("100",))),
    )


def told(*values: object) -> list[str]:
    """Values as they are read."""
    return [str(value) for value in values]


def replacement(
    bill: Bill, lines: Sequence[BillLineItemPatch | BillLineItemDraft]
) -> BillReplacement:
    """The bill with these lines."""
    return BillReplacement(
        vendor_id=bill.vendor_id, due_date=DUE, invoice=INVOICE, bill_line_items=tuple(lines)
    )


async def test_a_new_bill_is_unpaid_and_waits_for_nobody(client: BillClient) -> None:
    """Its amount is the sum of its lines, exactly; each line got an id (`bill.md` §5.2)."""
    bill = await client.bills.create(draft("100.10", "0.20"))

    assert (bill.amount, bill.due_amount) == (Decimal("100.30"), Decimal("100.30"))
    assert (bill.payment_status, bill.approval_status) == ("UNPAID", "UNASSIGNED")
    assert len({one.id for one in bill.bill_line_items}) == 2


async def test_a_patch_keeps_lines_and_a_put_drops_them_when_told(client: BillClient) -> None:
    """A replacement that forgets a line is refused before it is sent; ids of others stay."""
    bill = await client.bills.create(draft("1", "2", "3"))
    first, second, third = bill.bill_line_items
    patched = await client.bills.update(
        bill.id, BillPatch(bill_line_items=(BillLineItemPatch(id=second.id, amount=Decimal(5)),))
    )
    assert [one.amount for one in patched.bill_line_items] == [1, 5, 3]

    kept: list[BillLineItemPatch | BillLineItemDraft] = [
        BillLineItemPatch(id=first.id, amount=Decimal(1)),
        line("7"),
    ]
    with pytest.raises(ValueError, match="would remove the lines"):
        await client.bills.replace(patched, replacement(bill, kept))
    with pytest.raises(ValueError, match="no line that goes"):
        await client.bills.replace(
            patched, replacement(bill, kept), dropping=[first.id, second.id, third.id]
        )
    replaced = await client.bills.replace(
        patched, replacement(bill, kept), dropping=[second.id, third.id]
    )
    assert [one.amount for one in replaced.bill_line_items] == [1, 7]
    assert replaced.bill_line_items[0].id == first.id
    assert replaced.bill_line_items[1].id not in {first.id, second.id, third.id}


@pytest.mark.parametrize("adds", [True, False])
async def test_a_patch_with_a_new_line_adds_it_or_is_refused(
    client: BillClient, bill_server: BillServer, *, adds: bool
) -> None:
    """Nobody knows what BILL does with it (`bill.md` §5.2)."""
    bill_server.control.change_settings(patch_adds_lines=adds)
    bill = await client.bills.create(draft())
    patch = BillPatch(extra={"billLineItems": [{"amount": Decimal(1)}]})
    if adds:
        assert (await client.bills.update(bill.id, patch)).amount == 101
    else:
        with pytest.raises(BadRequest):
            await client.bills.update(bill.id, patch)


@pytest.mark.parametrize("kept", ["accept", "reject"])
async def test_a_paid_bill_is_changed_or_not(
    client: BillClient, bill_server: BillServer, kept: str
) -> None:
    """Undocumented, so a switch: the client tells the refusal as one (`bill.md` §5.2)."""
    bill_server.control.change_settings(edits_of_paid_bills=kept)
    bill = await client.bills.create(draft())
    await client.bills.record_payment(paid(bill.id, "100"))
    if kept == "accept":
        await client.bills.update(bill.id, BillPatch(description="paid"))
    else:
        with pytest.raises(Refused):
            await client.bills.update(bill.id, BillPatch(description="paid"))


async def test_bills_are_created_together_or_not_at_all(client: BillClient) -> None:
    """Of a hundred one names an account that is not there: none is kept (BDC_1246)."""
    before = len(await client.bills.list().all())
    many = [draft(number=f"INV-{number}") for number in range(100)]
    bad = BillDraft(
        vendor_id=VENDOR,
        due_date=DUE,
        invoice=INVOICE,
        bill_line_items=(
            BillLineItemDraft(
                amount=Decimal(1),
                classifications=ClassificationsDraft(chart_of_account_id="0ca01NONE"),
            ),
        ),
    )
    with pytest.raises(NotFound) as refused:
        await client.bills.create_all([*many[:50], bad, *many[51:]])
    assert {reason.code for reason in refused.value.reasons} == {"BDC_1205", "BDC_1246"}
    assert len(await client.bills.list().all()) == before

    made = await client.bills.create_all(many)
    numbers = [one.invoice.invoice_number for one in made if one.invoice]
    assert numbers == [f"INV-{number}" for number in range(100)]


@pytest.mark.parametrize("kept", ["accept", "reject"])
async def test_a_number_may_come_twice_or_not(
    client: BillClient, bill_server: BillServer, kept: str
) -> None:
    """BILL documents no refusal (§6); both are lived with, in bulk as well."""
    bill_server.control.change_settings(duplicate_invoice_numbers=kept)
    if kept == "accept":
        await client.bills.create_all([draft(), draft()])
        await client.bills.create(draft())
    else:
        with pytest.raises(DuplicateNumber):
            await client.bills.create_all([draft(), draft()])
        await client.bills.create(draft())
        with pytest.raises(DuplicateNumber):
            await client.bills.create(draft())


async def test_a_bill_itself_is_booked_on_five_kinds_only(client: BillClient) -> None:
    """A draft cannot say more, and BILL refuses what is smuggled in."""
    booked = BillClassificationsDraft(chart_of_account_id=ACCOUNT, extra={"jobId": "job01"})
    bill = await client.bills.create(draft())
    with pytest.raises(BadRequest, match=r"classifications\.jobId"):
        await client.bills.update(bill.id, BillPatch(classifications=booked))


async def test_approvers_approve_one_after_the_other(
    client: BillClient, bill_server: BillServer
) -> None:
    """A bill that waits for the user is pending, and approved when nobody is left."""
    me = (await client.session.details()).user_id
    bill = await client.bills.create(draft())
    bill_server.act("assign", bill_ids=[bill.id], user_ids=[me])
    assert [one.bill_id for one in await client.bill_approvals.pending()] == [bill.id]

    action = ApprovalActionDraft(bill_id=bill.id, action=ApprovalAction.APPROVE)
    done = await client.bill_approvals.act([action])

    assert done.status == "SUCCESS"
    approved = await client.bills.get(bill.id)
    assert (approved.approval_status, approved.approvers[0].status) == ("APPROVED", "APPROVED")
    assert await client.bill_approvals.pending() == []
    with pytest.raises(Refused):
        await client.bill_approvals.act([action])


async def test_a_policy_is_read_in_another_form_than_it_is_sent(client: BillClient) -> None:
    """Values become objects, approvers users; replaced it has the new rules only."""
    me = str((await client.session.details()).user_id)
    rule = ApprovalRuleDraft(key=ApprovalRuleKey.BILL_AMOUNT, operator="gte", values=("1000",))
    policy = ApprovalPolicyDraft(policy_name="Large", rules=(rule,), approvers=(me,))
    made = await client.bill_approvals.create_policy(policy)
    assert made.rules[0].values[0].value == "1000"
    assert made.approvers is not None
    assert made.approvers.users[0].user_id == me

    other = ApprovalPolicyDraft(policy_name="Larger", rules=(rule, rule), approvers=(me,))
    replaced = await client.bill_approvals.replace_policy(made.id, other)
    assert len(replaced.rules) == 2
    assert await client.bill_approvals.policies() == [replaced]
    await client.bill_approvals.delete_policy(made.id)
    assert await client.bill_approvals.policies() == []


def paid(bill_id: str, amount: str, *applied: AppliedCreditDraft) -> RecordedPaymentDraft:
    """A payment made outside BILL."""
    part = RecordedPaymentItemDraft(
        bill_id=bill_id, amount=Decimal(amount), vendor_credits=applied or None
    )
    return RecordedPaymentDraft(
        vendor_id=VENDOR, process_date=date(2026, 10, 5), payments=(part,), sync_reference="CHK-7"
    )


async def test_a_payment_made_outside_pays_the_bill_and_no_more(client: BillClient) -> None:
    """In parts, never beyond what is due; the reference comes back (`bill.md` §5.3)."""
    bill = await client.bills.create(draft("100"))
    first = await client.bills.record_payment(paid(bill.id, "40"))
    assert (first.online_payment, first.disbursement_type) == (False, "OFFLINE")
    assert first.sync_reference == "CHK-7"
    after = await client.bills.get(bill.id)
    assert told(after.paid_amount, after.due_amount) == ["40", "60"]
    with pytest.raises(Overpaid):
        await client.bills.record_payment(paid(bill.id, "60.01"))
    await client.bills.record_payment(paid(bill.id, "60"))
    assert (await client.bills.get(bill.id)).payment_status == "PAID"


def credit(amount: str = "30") -> VendorCreditDraft:
    """A vendor credit."""
    return VendorCreditDraft(
        vendor_id=VENDOR,
        reference_number="CR-1",
        credit_date=date(2026, 10, 2),
        vendor_credit_line_items=(VendorCreditLineItemDraft(amount=Decimal(amount)),),
    )


async def test_a_credit_is_applied_to_a_bill_and_taken_back_only_when_told(
    client: BillClient,
) -> None:
    """A replacement that forgets the credits is refused before it is sent (`bill.md` §5.2)."""
    stored = await client.vendor_credits.create(credit("30"))
    assert told(stored.amount, stored.status) == ["30", "NOT_APPLIED"]
    bill = await client.bills.create(draft("100"))
    applied = AppliedCreditDraft(id=stored.id, amount=Decimal(20))
    bill = await client.bills.update(bill.id, BillPatch(vendor_credits=(applied,)))
    assert told(bill.credit_amount, bill.due_amount) == ["20", "80"]
    used = await client.vendor_credits.get(stored.id)
    assert told(used.applied_amount, used.status) == ["20", "PARTIALLY_APPLIED"]
    assert [(one.bill_id, one.amount) for one in used.usage] == [(bill.id, Decimal(20))]

    kept = [BillLineItemPatch(id=bill.bill_line_items[0].id, amount=Decimal(100))]
    with pytest.raises(ValueError, match="take back credits of 20"):
        await client.bills.replace(bill, replacement(bill, kept))
    bill = await client.bills.replace(bill, replacement(bill, kept), unapplying_credits=True)
    assert bill.due_amount == 100
    assert (await client.vendor_credits.get(stored.id)).status == "NOT_APPLIED"


async def test_a_credit_helps_to_pay_outside(client: BillClient) -> None:
    """Cash and credit together are what is due, and the credit knows the payment."""
    stored = await client.vendor_credits.create(credit("30"))
    bill = await client.bills.create(draft("100"))
    applied = AppliedCreditDraft(id=stored.id, amount=Decimal(30))
    with pytest.raises(Overpaid):
        await client.bills.record_payment(paid(bill.id, "71", applied))
    payment = await client.bills.record_payment(paid(bill.id, "70", applied))

    assert payment.bill_payments[0].vendor_credits[0].amount == 30
    assert (await client.bills.get(bill.id)).due_amount == 0
    used = await client.vendor_credits.get(stored.id)
    assert (used.status, used.usage[0].payment_id) == ("FULLY_APPLIED", payment.id)


async def test_credits_change_one_by_one_and_together(client: BillClient) -> None:
    """Archived they are for good: there is nothing that restores one (`bill.md` §5.5)."""
    one, two = await client.vendor_credits.create_all([credit("1"), credit("2")])
    changed = await client.vendor_credits.update_all(
        {one.id: VendorCreditPatch(description="a"), two.id: VendorCreditPatch(description="b")}
    )
    assert [stored.description for stored in changed] == ["a", "b"]
    whole = VendorCreditReplacement(
        vendor_id=VENDOR,
        reference_number="CR-9",
        credit_date=date(2026, 10, 3),
        vendor_credit_line_items=(VendorCreditLineItemDraft(amount=Decimal(9)),),
    )
    with pytest.raises(ValueError, match="would remove"):
        await client.vendor_credits.replace(one, whole)
    dropped = [line.id for line in one.vendor_credit_line_items]
    replaced = await client.vendor_credits.replace(one, whole, dropping=dropped)
    assert told(replaced.amount, replaced.description) == ["9", "None"]
    archived = await client.vendor_credits.archive_all([one.id, two.id])
    assert [stored.archived for stored in archived] == [True, True]
    assert not hasattr(client.vendor_credits, "restore")
    both = VendorCreditDraft(
        vendor_id=VENDOR,
        reference_number="CR-2",
        credit_date=date(2026, 10, 2),
        vendor_credit_line_items=(VendorCreditLineItemDraft(amount=Decimal(1)),),
        apply_to_bank_account_id="bac01",
        apply_to_chart_of_account_id=ACCOUNT,
    )
    with pytest.raises(ValueError, match="not to both"):
        await client.vendor_credits.create(both)


async def test_a_recurring_bill_has_a_schedule(client: BillClient) -> None:
    """It is created, listed by its vendor, archived and restored."""
    schedule = ScheduleDraft(
        period=SchedulePeriod.MONTHLY, frequency=1, next_due_date=date(2026, 11, 1)
    )
    rent = RecurringBillDraft(
        vendor_id=VENDOR,
        schedule=schedule,
        recurring_bill_line_items=(RecurringBillLineItemDraft(amount=Decimal("1200.50")),),
    )
    made = await client.recurring_bills.create(rent)
    assert made.recurring_bill_line_items[0].amount == Decimal("1200.50")
    assert (await client.recurring_bills.archive(made.id)).archived is True
    assert (await client.recurring_bills.restore(made.id)).archived is False
    assert [one.id for one in await client.recurring_bills.list().all()] == [made.id]
