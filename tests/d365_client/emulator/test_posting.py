"""Posting payments: vendor transactions, settlements, the general ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

INVOICES = "VendTransBiEntities"
SETTLEMENTS = "VendSettlementBiEntities"
NULL_DATE = "1900-01-01T12:00:00Z"


async def transaction(api: Api, voucher: str) -> Any:
    """The vendor transaction of mqus with a voucher."""
    text = f"Voucher eq '{voucher}' and dataAreaId eq 'mqus'"
    (row,) = await api.rows(INVOICES, **{"$filter": text})
    return row


async def balances(api: Api) -> dict[str, Decimal]:
    """What the general ledger says of each main account, debit positive."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in await api.rows("GeneralJournalAccountEntryBiEntities"):
        sums[entry["LedgerAccount"]] += Decimal(str(entry["AccountingCurrencyAmount"]))
    return {account: amount for account, amount in sums.items() if amount}


async def post(api: Api, company: str = "mqus") -> Any:
    """What posting the journals of a company came to."""
    return await api.act("post_journals", dataAreaId=company, JournalName="BILLPAY")


async def test_a_posted_payment_closes_its_invoice(api: Api) -> None:
    """Transaction, settlement and header all tell of it (d365.md §5.4)."""
    journal = await api.header()
    line = await api.line(
        journal,
        500,
        MarkedInvoice="INV-2",
        PaymentReference="P01",
        TransactionText="BILL blp1 stp1",
        TransactionDate="2026-10-07T12:00:00Z",
    )

    outcome = await post(api)

    invoice, payment = await transaction(api, "API-INV-2"), await transaction(api, "PAY-000001")
    header = (
        await api.rows("VendorPaymentJournalHeaders", **{"$filter": f"IsPosted eq {YES}"})
    ).pop()
    assert outcome == {
        "posted": [{"JournalBatchNumber": journal, "Vouchers": [line["Voucher"]]}],
        "refused": [],
    }
    assert header["JournalBatchNumber"] == journal
    assert {
        "TransType": "Payment",
        "AmountCur": 500,
        "AmountMST": 500,
        "SettleAmountCur": 500,
        "JournalNum": journal,
        "PaymMode": "BILL-ACH",
        "PaymReference": "P01",
        "Txt": "BILL blp1 stp1",
        "TransDate": "2026-10-07T12:00:00Z",
        "Closed": "2026-10-07T12:00:00Z",
        "OffsetRecid": invoice["SourceKey"],
    }.items() <= payment.items()
    assert {
        "SettleAmountCur": -500,
        "SettleAmountMST": -500,
        "Closed": "2026-10-07T12:00:00Z",
        "LastSettleVoucher": "PAY-000001",
        "LastSettleDate": "2026-10-07T12:00:00Z",
        "OffsetRecid": payment["SourceKey"],
    }.items() <= invoice.items()
    assert await balances(api) == {"200100": 500, "110180": -500}


YES = "Microsoft.Dynamics.DataEntities.NoYes'Yes'"


async def test_a_settlement_is_a_row_on_both_sides(api: Api) -> None:
    """Each side names the other's RecId and voucher (d365.md §4.2)."""
    await api.line(await api.header(), 200, MarkedInvoice="INV-2")
    await post(api)

    invoice, payment = await transaction(api, "API-INV-2"), await transaction(api, "PAY-000001")
    rows = {row["TransRecId"]: row for row in await api.rows(SETTLEMENTS)}

    assert rows.keys() == {invoice["SourceKey"], payment["SourceKey"]}
    assert {
        "OffsetRecid": payment["SourceKey"],
        "OffsetTransVoucher": "PAY-000001",
        "SettleAmountCur": -200,
        "SettlementVoucher": "PAY-000001",
        "CanBeReversed": "Yes",
    }.items() <= rows[invoice["SourceKey"]].items()
    assert rows[payment["SourceKey"]]["SettleAmountCur"] == 200
    assert len({row["SettlementGroup"] for row in rows.values()}) == 1


async def test_a_part_payment_leaves_the_rest_open(api: Api) -> None:
    """Remaining = AmountCur less SettleAmountCur; the last part closes (d365.md §4.2)."""
    seen = []
    for amount in (200, 300):
        await api.line(await api.header(), amount, MarkedInvoice="INV-2")
        await post(api)
        invoice = await transaction(api, "API-INV-2")
        seen.append((invoice["SettleAmountCur"], invoice["Closed"], invoice["LastSettleVoucher"]))

    assert seen == [
        (-200, NULL_DATE, "PAY-000001"),
        (-500, "2026-10-01T12:00:00Z", "PAY-000002"),
    ]


async def test_the_voucher_of_a_line_is_no_evidence_of_posting(api: Api) -> None:
    """It is assigned at creation; only transactions and IsPosted tell (d365.md §4.4)."""
    await api.line(await api.header(), 500, MarkedInvoice="INV-2")

    assert await api.rows(INVOICES, **{"$filter": "Voucher eq 'PAY-000001'"}) == []
    assert (await transaction(api, "API-INV-2"))["Closed"] == NULL_DATE


@pytest.mark.parametrize(
    ("currency", "amount", "booked", "paid", "booked_worth", "paid_worth"),
    [
        ("GBP", "12400", "128.5", "131", "15934", "16244"),
        ("EUR", "5210.4", "108.2", "108.75", "5637.65", "5666.31"),
        ("JPY", "684200", "0.66", "0.67", "4515.72", "4584.14"),
        ("CAD", "950", "73", "72.5", "693.5", "688.75"),
        ("USD", "950", "100", "100", "950", "950"),
    ],
)
async def test_a_different_rate_is_a_realised_gain_or_loss(
    api: Api,
    new_invoice: Callable[..., dict[str, object]],
    *,
    currency: str,
    amount: str,
    booked: str,
    paid: str,
    booked_worth: str,
    paid_worth: str,
) -> None:
    """Payables are relieved at the booking rate, clearing pays at its own (domain.md §1.3, 26)."""
    fields = {"AmountMST": -float(booked_worth), "currency": currency, "rate": float(booked)}
    await api.add(INVOICES, new_invoice("FX-1", float(amount), **fields))
    journal = await api.header()
    await api.line(
        journal,
        float(amount),
        MarkedInvoice="FX-1",
        CurrencyCode=currency,
        ExchangeRate=float(paid),
    )

    await post(api)

    loss = Decimal(paid_worth) - Decimal(booked_worth)
    expected = {
        "200100": Decimal(booked_worth),
        "110180": -Decimal(paid_worth),
        "809100": loss,
    }
    invoice, payment = await transaction(api, "API-FX-1"), await transaction(api, "PAY-000001")
    assert await balances(api) == {account: value for account, value in expected.items() if value}
    assert invoice["SettleAmountMST"] == -float(booked_worth)
    assert payment["SettleAmountMST"] == float(paid_worth)
    # Different rates give the settlement a voucher of its own (domain.md §1.4).
    assert len(await api.rows("GeneralJournalEntryBiEntities")) == (2 if loss else 1)


async def test_parts_in_another_currency_leave_no_rounding_behind(
    api: Api, new_invoice: Callable[..., dict[str, object]]
) -> None:
    """Three thirds of 100.00 booked at 33.33 relieve payables of exactly what was booked."""
    row = new_invoice("FX-3", 100, currency="EUR", rate=33.33, AmountMST=-33.33)
    await api.add(INVOICES, row)
    for amount in (33.34, 33.33, 33.33):
        journal = await api.header()
        await api.line(
            journal, amount, MarkedInvoice="FX-3", CurrencyCode="EUR", ExchangeRate=33.33
        )
        await post(api)

    invoice = await transaction(api, "API-FX-3")

    assert (invoice["SettleAmountCur"], invoice["SettleAmountMST"]) == (-100, -33.33)
    assert (await balances(api))["200100"] == Decimal("33.33")


async def test_several_marks_and_a_credit_note_settle_together(api: Api) -> None:
    """Cash and credit note together close two invoices (domain.md §1.3, 23)."""
    journal = await api.header()
    await api.line(journal, 1684.37)
    for number, amount in (("INV-1", 1284.37), ("INV-2", 500), ("CN-1", -100)):
        await api.create(
            "VendorPaymentJournalLineSettledInvoices",
            JournalLineCompany="mqus",
            JournalBatchNumber=journal,
            JournalLineNumber=1,
            InvoiceNumber=number,
            InvoiceCompany="mqus",
            InvoiceDueDate="2026-10-31T12:00:00Z",
            SettlementAmountInInvoiceCurrency=amount,
        )

    outcome = await post(api)

    vouchers = ("API-INV-1", "API-INV-2", "API-CN-1", "PAY-000001")
    settled = [(await transaction(api, voucher))["SettleAmountCur"] for voucher in vouchers]
    assert outcome["refused"] == []
    assert settled == [-1284.37, -500, 100, 1684.37]
    assert sum(row["SettleAmountCur"] for row in await api.rows(SETTLEMENTS)) == 0


async def test_marks_that_come_to_more_than_the_line_are_refused(api: Api) -> None:
    """A line cannot settle more than it pays."""
    journal = await api.header()
    await api.line(journal, 400, MarkedInvoice="INV-2")
    key = {"InvoiceNumber": "INV-2"}
    await api.http.patch(
        "/_emulator/rows/VendorPaymentJournalLineSettledInvoices",
        json={"key": key, "changes": {"SettlementAmountInInvoiceCurrency": 401}},
    )

    outcome = await post(api)

    assert "401 on voucher PAY-000001 is greater than the payment 400" in str(outcome["refused"])


async def test_a_payment_without_mark_stays_open(api: Api) -> None:
    """A payment on account is a transaction with nothing settled."""
    await api.line(await api.header(), 70)
    await post(api)

    payment = await transaction(api, "PAY-000001")

    assert (payment["SettleAmountCur"], payment["Closed"]) == (0, NULL_DATE)


async def test_a_reversal_credits_the_vendor(api: Api) -> None:
    """A line with a credit amount is the opposite of a payment (domain.md D9)."""
    await api.line(await api.header(), 0, CreditAmount=70)
    await post(api)

    assert (await transaction(api, "PAY-000001"))["AmountCur"] == -70
    assert await balances(api) == {"200100": -70, "110180": 70}


async def test_a_bank_pays_from_its_main_account(api: Api) -> None:
    """An offset account of type Bank is posted to the bank's ledger account."""
    bank = {"OffsetAccountType": "Bank", "OffsetAccountDisplayValue": "MQUS OPER"}
    await api.line(await api.header(), 70, **bank)
    await post(api)

    assert await balances(api) == {"200100": 70, "110110": -70}
    assert (await transaction(api, "PAY-000001"))["CompanyBankAccountId"] == "MQUS OPER"


async def test_a_closed_period_refuses_the_journal(api: Api) -> None:
    """A journal posts whole or not at all; other journals go on (domain.md I-33)."""
    bad, good = await api.header(), await api.header()
    await api.line(bad, 500, MarkedInvoice="INV-2")
    await api.line(bad, 10, TransactionDate="2026-09-30T12:00:00Z")
    await api.line(good, 20)
    period = {"LegalEntityId": "MQUS", "PeriodName": "2026-09"}
    await api.act("set_period", PeriodStatus="Closed", **period)

    refused = await post(api)
    await api.act("set_period", PeriodStatus="Open", **period)
    posted = await post(api)

    assert [entry["JournalBatchNumber"] for entry in refused["posted"]] == [good]
    assert refused["refused"] == [
        {
            "JournalBatchNumber": bad,
            "infolog": ["Error: Fiscal period for 2026-09-30 is not open."],
        }
    ]
    assert [entry["JournalBatchNumber"] for entry in posted["posted"]] == [bad]


async def test_a_refused_journal_leaves_nothing_behind(api: Api) -> None:
    """Lines before the bad one are taken back with it."""
    journal = await api.header()
    await api.line(journal, 500, MarkedInvoice="INV-2")
    await api.line(journal, 10, TransactionDate="2027-01-01T12:00:00Z")

    outcome = await post(api)

    assert "does not exist" in outcome["refused"][0]["infolog"][0]
    assert (await transaction(api, "API-INV-2"))["SettleAmountCur"] == 0
    assert await balances(api) == {}


async def test_bad_lines_move_to_a_new_journal_if_so_switched(api: Api) -> None:
    """NewJournalBatchNumber exists; what it does is unverified (d365.md §5.4)."""
    await api.set(bad_lines_move_to_new_journal=True)
    journal = await api.header()
    await api.line(journal, 500, MarkedInvoice="INV-2")
    await api.line(journal, 10, MarkedInvoice="INV-1", TransactionDate="2027-01-01T12:00:00Z")

    outcome = await post(api)

    lines = await api.rows("VendorPaymentJournalLines", **{"$orderby": "LineNumber"})
    assert [entry["JournalBatchNumber"] for entry in outcome["posted"]] == [journal]
    assert [line["JournalBatchNumber"] for line in lines] == ["00001", "00002"]
    assert [line["NewJournalBatchNumber"] for line in lines] == ["", "00002"]
    assert (await post(api))["refused"][0]["JournalBatchNumber"] == "00002"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"PeriodStatus": "OnHold"}, "is not open."),
        ({"VendAccessLevel": "None"}, "is not open for module Accounts payable."),
    ],
)
async def test_the_vendor_module_has_an_access_of_its_own(
    api: Api, change: dict[str, str], text: str
) -> None:
    """A period must be open, and for vendors too (domain.md I-33)."""
    await api.line(await api.header(), 10)
    key = {"LegalEntityId": "MQUS", "PeriodName": "2026-10"}
    changed = await api.http.patch(
        "/_emulator/rows/LedgerFiscalPeriods", json={"key": key, "changes": change}
    )

    outcome = await post(api)

    assert changed.status_code == 200
    assert outcome["refused"][0]["infolog"][0].endswith(text)


async def test_a_line_whose_mark_is_gone_is_refused(api: Api) -> None:
    """A mark that went missing does not become a payment on account."""
    journal = await api.header()
    await api.line(journal, 500, MarkedInvoice="INV-2")
    key = {"JournalBatchNumber": journal}
    await api.http.patch(
        "/_emulator/rows/VendorPaymentJournalLineSettledInvoices",
        json={"key": key, "changes": {"JournalBatchNumber": "elsewhere"}},
    )

    outcome = await post(api)

    assert "No transactions are marked" in outcome["refused"][0]["infolog"][0]


async def test_an_invoice_that_was_paid_meanwhile_refuses_the_journal(api: Api) -> None:
    """What a mark names must still be open when it is posted."""
    await api.line(await api.header(), 500, MarkedInvoice="INV-2")
    await api.act(
        "settle_outside",
        dataAreaId="mqus",
        Voucher="API-INV-2",
        payment_voucher="WIRE-1",
        amount="500.00",
        PaymMode="WIRE",
        bank_account="110110",
        date="2026-10-01",
    )

    outcome = await post(api)

    assert "INV-2 is closed" in outcome["refused"][0]["infolog"][0]


@pytest.mark.parametrize(
    ("field", "posted", "lines"),
    [("GeneratePaymentsBeforePosting", 0, 1), ("DeleteLinesAfterPosting", 1, 0)],
)
async def test_journal_names_say_how_posting_goes(
    api: Api, field: str, posted: int, lines: int
) -> None:
    """Payments to generate first, lines to delete afterwards (d365.md §4.4)."""
    await api.line(await api.header(), 10)
    await api.http.patch(
        "/data/JournalNames(dataAreaId='mqus',Name='BILLPAY')", json={field: "Yes"}
    )

    outcome = await post(api)

    assert len(outcome["posted"]) == posted
    assert len(await api.rows("VendorPaymentJournalLines")) == lines


async def test_posting_finds_nothing_twice(api: Api) -> None:
    """A posted journal is left alone, and so is one without lines."""
    await api.header()
    await api.line(await api.header(), 10)

    assert len((await post(api))["posted"]) == 1
    assert await post(api) == {"posted": [], "refused": []}
    assert await balances(api) == {"200100": 10, "110180": -10}


async def test_companies_post_on_their_own(api: Api) -> None:
    """A journal of another company is not touched."""
    await api.line(await api.header("mqgs"), 10, dataAreaId="mqgs")

    assert await post(api) == {"posted": [], "refused": []}
    assert len((await post(api, "MQGS"))["posted"]) == 1


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("PATCH", "VendorPaymentJournalLines({key},LineNumber=1)", {"TransactionText": "x"}),
        ("DELETE", "VendorPaymentJournalLines({key},LineNumber=1)", None),
        ("PATCH", "VendorPaymentJournalHeaders({key})", {"Description": "x"}),
        ("DELETE", "VendorPaymentJournalHeaders({key})", None),
    ],
)
async def test_a_posted_journal_cannot_be_changed(
    api: Api, method: str, url: str, body: dict[str, str] | None
) -> None:
    """Neither header nor lines, nor can a line be added."""
    journal = await api.header()
    await api.line(journal, 10)
    await post(api)
    key = f"dataAreaId='mqus',JournalBatchNumber='{journal}'"

    answer = await api.http.request(method, f"/data/{url.format(key=key)}", json=body)

    assert answer.status_code == 400
    assert "has been posted" in answer.text
    assert "has been posted" in await api.line_refused(journal, 10)


async def test_a_chart_without_vendor_balance_account_posts_nothing(api: Api) -> None:
    """The account with posting type VendBalance stands for the posting profile."""
    await api.line(await api.header(), 10)
    changes = {"PostingType": "None"}
    await api.http.patch(
        "/_emulator/rows/MainAccounts",
        json={"key": {"MainAccountId": "200100"}, "changes": changes},
    )

    outcome = await post(api)

    assert "Vendor balance does not exist" in outcome["refused"][0]["infolog"][0]


async def test_a_currency_without_rate_posts_nothing(api: Api) -> None:
    """A line whose currency has no rate is refused, by currency and day."""
    await api.line(await api.header(), 10, CurrencyCode="EUR")

    outcome = await post(api)

    assert "Exchange rate for currency EUR on 2026-10-01" in outcome["refused"][0]["infolog"][0]
