"""What people do in the ERP, over the admin path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

INVOICES = "VendTransBiEntities"
OUTSIDE = {
    "dataAreaId": "mqus",
    "Voucher": "API-INV-2",
    "payment_voucher": "WIRE-1",
    "amount": "300.00",
    "PaymMode": "WIRE",
    "bank_account": "110110",
    "date": "2026-10-02",
}


async def by_voucher(api: Api) -> dict[str, Any]:
    """The vendor transactions of mqus."""
    page = await api.get(INVOICES)
    return {row["Voucher"]: row for row in page["value"]}


async def ledger(api: Api) -> dict[str, float]:
    """The sum of each main account, debit positive, zero ones left out."""
    sums: dict[str, float] = {}
    for entry in await api.rows("GeneralJournalAccountEntryBiEntities"):
        account = entry["LedgerAccount"]
        sums[account] = sums.get(account, 0) + entry["AccountingCurrencyAmount"]
    return {account: amount for account, amount in sums.items() if amount}


async def test_a_vendor_is_changed(api: Api) -> None:
    """Any field, by its wire name and in wire form."""
    await api.act(
        "change_vendor",
        dataAreaId="MQUS",
        VendorAccountNumber="V-10001",
        changes={"OnHoldStatus": "Payment", "VendorOrganizationName": "Renamed"},
    )

    (row,) = await api.rows(
        "VendorsV2", **{"$filter": "VendorAccountNumber eq 'V-10001' and dataAreaId eq 'mqus'"}
    )
    assert (row["OnHoldStatus"], row["VendorOrganizationName"]) == ("Payment", "Renamed")


async def test_a_merged_vendor_keeps_its_account_and_loses_its_invoices(api: Api) -> None:
    """Open and closed transactions and posted invoices move; the old account says where to."""
    await api.add(
        "VendInvoiceJourBiEntities",
        {"dataAreaId": "mqus", "InvoiceAccount": "V-10001", "OrderAccount": "V-10001"},
    )

    await api.act("merge_vendor", dataAreaId="mqus", VendorAccountNumber="V-10001", into="V-10010")

    (posted,) = await api.rows("VendInvoiceJourBiEntities")
    (old,) = (await api.get("VendorsV2", **{"$filter": "VendorAccountNumber eq 'V-10001'"}))[
        "value"
    ]
    assert {row["AccountNum"] for row in (await by_voucher(api)).values()} == {"V-10010"}
    assert (posted["InvoiceAccount"], posted["OrderAccount"]) == ("V-10010", "V-10010")
    assert (old["InvoiceVendorAccountNumber"], old["Notes"]) == ("V-10010", "Merged into V-10010")
    assert len(await api.rows(INVOICES, **{"$filter": "AccountNum eq 'V-10001'"})) == 1  # mqgs


async def test_an_invoice_is_paid_past_the_engine(api: Api) -> None:
    """A payment appears and settles the invoice, out of the bank account (E32)."""
    await api.act("settle_outside", **OUTSIDE)

    rows = await by_voucher(api)
    assert {
        "TransType": "Payment",
        "AmountCur": 300,
        "SettleAmountCur": 300,
        "PaymMode": "WIRE",
        "JournalNum": "",
        "TransDate": "2026-10-02T12:00:00Z",
    }.items() <= rows["WIRE-1"].items()
    assert rows["API-INV-2"]["SettleAmountCur"] == -300
    assert rows["API-INV-2"]["LastSettleVoucher"] == "WIRE-1"
    assert await ledger(api) == {"200100": 300, "110110": -300}


async def test_a_bank_statement_is_posted(api: Api) -> None:
    """A lump debit: Dr clearing, Cr bank, under the next voucher or a given one."""
    lines = [
        {"main_account": "110180", "amount": "3163.76"},
        {"main_account": "110110", "amount": "-3163.76"},
    ]
    voucher = {"dataAreaId": "mqus", "date": "2026-10-05", "text": "BILL", "lines": lines}

    first = await api.act("post_general_journal", **voucher)
    second = await api.act("post_general_journal", voucher="BANK-1", **voucher)

    entries = await api.rows("GeneralJournalEntryBiEntities")
    assert [first["Voucher"], second["Voucher"]] == ["MQUS-000001", "BANK-1"]
    assert [entry["SubledgerVoucher"] for entry in entries] == ["MQUS-000001", "BANK-1"]
    assert {entry["AccountingDate"] for entry in entries} == {"2026-10-05T12:00:00Z"}
    assert await ledger(api) == {"110180": 6327.52, "110110": -6327.52}


async def test_a_reversed_payment_is_settled_anew(api: Api) -> None:
    """The invoice opens, payment and reversal close each other, the open total stays (D9)."""
    journal = await api.header()
    await api.line(journal, 500, MarkedInvoice="INV-2")
    vouchers = {
        "dataAreaId": "mqus",
        "invoice_voucher": "API-INV-2",
        "payment_voucher": "PAY-000001",
        "reversal_voucher": "PAY-000002",
    }
    post = {"dataAreaId": "mqus", "JournalName": "BILLPAY"}
    await api.act("post_journals", **post)
    await api.line(await api.header(), 0, CreditAmount=500)
    too_early = await api.act("resettle", **vouchers)
    await api.act("post_journals", **post)
    before = await by_voucher(api)

    done = await api.act("resettle", **vouchers)
    again = await api.act("resettle", **vouchers)

    after = await by_voucher(api)

    def open_total(rows: dict[str, Any]) -> float:
        return float(sum(row["AmountCur"] - row["SettleAmountCur"] for row in rows.values()))

    assert too_early == {"resettled": False, "reason": "the reversal is not posted"}
    assert done == {"resettled": True}
    assert again["resettled"] is False
    assert open_total(after) == open_total(before)
    assert {
        voucher: (row["SettleAmountCur"], row["Closed"][:4], row["LastSettleVoucher"])
        for voucher, row in after.items()
        if voucher in set(vouchers.values())
    } == {
        "API-INV-2": (0, "1900", ""),
        "PAY-000001": (500, "2026", "PAY-000002"),
        "PAY-000002": (-500, "2026", "PAY-000002"),
    }


async def test_undoing_a_settlement_takes_back_its_exchange_loss(api: Api) -> None:
    """The rows of an undone settlement have counterparts, and so has its loss (§4.6)."""
    pounds = {"AccountDisplayValue": "V\\-10010", "CurrencyCode": "GBP", "ExchangeRate": 131}
    post = {"dataAreaId": "mqus", "JournalName": "BILLPAY"}
    await api.line(await api.header(), 12400, MarkedInvoice="LON-1", **pounds)
    await api.line(await api.header(), 0, CreditAmount=12400, **pounds)
    await api.act("post_journals", **post)

    await api.act(
        "resettle",
        dataAreaId="mqus",
        invoice_voucher="API-LON-1",
        payment_voucher="PAY-000001",
        reversal_voucher="PAY-000002",
    )

    settlements = await api.rows("VendSettlementBiEntities")
    assert await ledger(api) == {}
    assert [row["CanBeReversed"] for row in settlements] == ["No"] * 4 + ["Yes"] * 2
    assert sum(row["SettleAmountCur"] for row in settlements) == 0
    assert (await by_voucher(api))["API-LON-1"]["SettleAmountMST"] == 0


@pytest.mark.parametrize(
    ("action", "body", "sentence"),
    [
        ("pay_all", {}, "action pay_all is not known"),
        ("post_journals", [], "post_journals: the body must be an object"),
        ("post_journals", {"dataAreaId": "mqus"}, "post_journals: field JournalName is missing"),
        (
            "post_journals",
            {"dataAreaId": "mqus", "JournalName": "X", "date": "2026-10-01"},
            "post_journals: field date is not known",
        ),
        ("settle_outside", OUTSIDE | {"amount": "a lot"}, "field amount must be an amount"),
        ("settle_outside", OUTSIDE | {"amount": True}, "field amount must be an amount"),
        ("settle_outside", OUTSIDE | {"amount": "500.01"}, "500 is open, not 500.01"),
        ("settle_outside", OUTSIDE | {"date": "soon"}, "field date must be a day"),
        ("settle_outside", OUTSIDE | {"Voucher": "X"}, "no vendor transaction has voucher X"),
        ("settle_outside", OUTSIDE | {"date": "2027-01-01"}, "does not exist"),
        ("settle_outside", OUTSIDE | {"bank_account": "1"}, "Main account '1' does not exist"),
        (
            "set_period",
            {"LegalEntityId": "MQUS", "PeriodName": "2031-01", "PeriodStatus": "Open"},
            "company MQUS has no period 2031-01",
        ),
        (
            "set_period",
            {"LegalEntityId": "MQUS", "PeriodName": "2026-10", "PeriodStatus": "Shut"},
            "PeriodStatus",
        ),
        (
            "change_vendor",
            {"dataAreaId": "mqus", "VendorAccountNumber": "V-10001", "changes": {"Name": "x"}},
            "VendorsV2 has no field Name",
        ),
        (
            "change_vendor",
            {"dataAreaId": "mqus", "VendorAccountNumber": "V-10001", "changes": "x"},
            "field changes must be an object",
        ),
        (
            "merge_vendor",
            {"dataAreaId": "mqus", "VendorAccountNumber": "V-10001", "into": "V-0"},
            "company mqus has no vendor V-0",
        ),
        (
            "post_general_journal",
            {
                "dataAreaId": "mqus",
                "date": "2026-10-05",
                "text": "",
                "lines": [{"main_account": "110180", "amount": "1"}],
            },
            "does not balance",
        ),
        (
            "post_general_journal",
            {
                "dataAreaId": "mqus",
                "date": "2026-10-05",
                "text": "",
                "lines": [{"main_account": "110180", "sum": "1"}],
            },
            "lines[0]: field amount is missing",
        ),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(
    api: Api, action: str, body: object, sentence: str
) -> None:
    """A refused action names field and reason, and leaves nothing behind."""
    before = await by_voucher(api)

    answer = await api.http.post(f"/_emulator/actions/{action}", json=body)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert await by_voucher(api) == before
    assert await ledger(api) == {}
