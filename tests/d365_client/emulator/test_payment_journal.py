"""The vendor payment journal before it is posted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio
import pytest

if TYPE_CHECKING:
    import httpx
    from tests.d365_client.emulator.conftest import Api

HEADERS = "VendorPaymentJournalHeaders"
LINES = "VendorPaymentJournalLines"
MARKS = "VendorPaymentJournalLineSettledInvoices"
CONFLICT = "An update conflict occurred due to another user process"


def line_url(journal: str, number: int = 1) -> str:
    """The address of a line in mqus."""
    return f"/data/{LINES}(dataAreaId='mqus',JournalBatchNumber='{journal}',LineNumber={number})"


def mark_of(journal: str, invoice: str, **fields: object) -> dict[str, object]:
    """A settled-invoice row of the first line."""
    return {
        "JournalLineCompany": "mqus",
        "JournalBatchNumber": journal,
        "JournalLineNumber": 1,
        "InvoiceNumber": invoice,
        "InvoiceCompany": "mqus",
        "InvoiceDueDate": "2026-10-31T12:00:00Z",
        **fields,
    }


async def test_a_header_needs_its_journal_name_only(api: Api) -> None:
    """The number comes from the sequence, the description from the journal name (§4.4)."""
    row = await api.create(HEADERS, dataAreaId="mqus", JournalName="BILLPAY")

    assert row["JournalBatchNumber"] == "00001"
    assert (row["Description"], row["IsPosted"]) == ("Payments by BILL", "No")


async def test_numbers_are_given_out_once_in_each_company(api: Api) -> None:
    """Each company has a number sequence of its own."""
    numbers = [await api.header(), await api.header(), await api.header("mqgs")]

    assert numbers == ["00001", "00002", "00001"]


@pytest.mark.parametrize("name", ["", "NONE", "DAILY"])
async def test_a_header_names_a_journal_for_vendor_payments(api: Api, name: str) -> None:
    """Journal names of another type are none here."""
    assert "JournalName" in await api.refused(HEADERS, dataAreaId="mqus", JournalName=name)


async def test_choosing_a_number_needs_a_manual_sequence(api: Api) -> None:
    """Header and lines in one changeset need a number of the caller's choice (§2.10)."""
    fields = {"dataAreaId": "mqus", "JournalName": "BILLPAY", "JournalBatchNumber": "MINE"}

    assert "not manual" in await api.refused(HEADERS, **fields)
    await api.set(manual_journal_numbers=True)
    assert (await api.create(HEADERS, **fields))["JournalBatchNumber"] == "MINE"


async def test_a_line_gets_what_was_not_given(api: Api) -> None:
    """Number, voucher, date, companies, rate, vendor name, offset account (d365.md §4.4)."""
    line = await api.line(await api.header(), 100)

    assert {
        "LineNumber": 1,
        "Voucher": "PAY-000001",
        "TransactionDate": "2026-10-01T12:00:00Z",
        "AccountType": "Vend",
        "VendorName": "Vendor V-10001",
        "Company": "MQUS",
        "OffsetCompany": "MQUS",
        "ExchangeRate": 100,
        "OffsetAccountType": "Ledger",
        "OffsetAccountDisplayValue": "110180",
        "PostingProfile": "GEN",
        "SettleVoucher": "None",
        "MarkedInvoice": "",
    }.items() <= line.items()


async def test_companies_read_in_upper_case_right_after_the_insert_only(api: Api) -> None:
    """`Company` is echoed in upper case and in lower case later (d365.md §2.4)."""
    journal = await api.header()
    created = await api.line(journal, 100)
    later = (await api.http.get(line_url(journal))).json()

    assert (created["OffsetCompany"], later["OffsetCompany"]) == ("MQUS", "mqus")


async def test_lines_count_on(api: Api) -> None:
    """Line numbers may be left away; vouchers are never given out twice."""
    journal = await api.header()
    lines = [await api.line(journal, 1), await api.line(journal, 2, LineNumber=7)]
    lines.append(await api.line(journal, 3))

    assert [line["LineNumber"] for line in lines] == [1, 7, 8]
    assert [line["Voucher"] for line in lines] == ["PAY-000001", "PAY-000002", "PAY-000003"]


async def test_a_voucher_that_a_transaction_has_is_passed_over(
    api: Api, new_invoice: Callable[..., dict[str, object]]
) -> None:
    """Vouchers are unique in a company, those of the seed included."""
    await api.add("VendTransBiEntities", new_invoice("X", 1, Voucher="PAY-000001"))

    assert (await api.line(await api.header(), 1))["Voucher"] == "PAY-000002"


async def test_a_rate_of_another_currency_comes_from_the_rates(api: Api) -> None:
    """Rates are per 100 (d365.md §2.7); what is given wins."""
    journal = await api.header()
    pounds = {"AccountDisplayValue": "V\\-10010", "CurrencyCode": "GBP"}

    known = await api.line(journal, 1, **pounds)
    given = await api.line(journal, 1, ExchangeRate=131, **pounds)

    assert (known["ExchangeRate"], given["ExchangeRate"]) == (128.5, 131)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"AccountDisplayValue": "V-10001"}, "'V-10001' in field 'AccountDisplayValue'"),
        ({"AccountDisplayValue": "V\\-99999"}, "is not found in the related table 'Vendors'"),
        ({"AccountDisplayValue": ""}, "AccountDisplayValue"),
        ({"AccountType": "Ledger"}, "AccountDisplayValue"),
        ({"CurrencyCode": ""}, "Field 'CurrencyCode' must be filled in."),
        ({"PaymentMethodName": "CASH"}, "'CASH' in field 'PaymentMethodName'"),
        ({"OffsetAccountDisplayValue": "123456"}, "'123456' in field 'OffsetAccountDisplay"),
        ({"OffsetAccountDisplayValue": "999999"}, "Main account 999999 is suspended"),
        ({"OffsetAccountType": "Bank"}, "related table 'Bank accounts'"),
        ({"OffsetAccountType": "Cust"}, "OffsetAccountDisplayValue"),
        ({"CreditAmount": 5}, "either a debit or a credit"),
        ({"JournalBatchNumber": "99999"}, "'99999' in field 'JournalBatchNumber'"),
        ({"MarkedInvoice": "NONE"}, "'NONE' in field 'MarkedInvoice' is not found"),
        ({"MarkedInvoice": "LON-1"}, "'LON-1' in field 'MarkedInvoice' is not found"),
        ({"MarkedInvoice": "OLD-1"}, "Invoice OLD-1 is closed"),
        ({"MarkedInvoice": "INV-2", "DebitAmount": 500.01}, "greater than remaining"),
        ({"MarkedInvoice": "INV-2", "DebitAmount": 0}, "greater than remaining"),
        ({"MarkedInvoice": "CN-1"}, "greater than remaining"),
    ],
)
async def test_a_line_that_names_what_is_not_there_is_refused(
    api: Api, fields: dict[str, Any], text: str
) -> None:
    """Vendor, method, account, journal, invoice: each must exist; nothing is kept (§5.3)."""
    journal = await api.header()

    message = await api.line_refused(journal, **{"amount": 100, **fields})

    assert text in message
    assert await api.rows(LINES) == []
    assert await api.rows(MARKS) == []


async def test_an_offset_account_may_have_dimensions_or_be_a_bank(api: Api) -> None:
    """`110180-001--022` is account 110180 with dimensions; banks are not escaped (§4.3)."""
    journal = await api.header()
    bank = {"OffsetAccountType": "Bank", "OffsetAccountDisplayValue": "MQUS OPER"}

    assert await api.line(journal, 1, OffsetAccountDisplayValue="110180-001--022")
    assert await api.line(journal, 1, **bank)


async def test_marking_an_invoice_makes_a_settled_invoice_row(api: Api) -> None:
    """MarkedInvoice marks one invoice by number and sets SettleVoucher (d365.md §5.3)."""
    journal = await api.header()

    line = await api.line(journal, 200, MarkedInvoice="INV-2")

    (mark,) = await api.rows(MARKS)
    assert (line["SettleVoucher"], line["MarkedInvoiceCompany"]) == ("SelectedTransact", "mqus")
    assert {
        "JournalLineCompany": "mqus",
        "JournalBatchNumber": journal,
        "JournalLineNumber": 1,
        "InvoiceNumber": "INV-2",
        "InvoiceCompany": "mqus",
        "InvoiceDueDate": "2026-10-31T12:00:00Z",
        "SettlementAmountInInvoiceCurrency": 200,
        "invoiceAccount": "V-10001",
    }.items() <= mark.items()


async def test_an_invoice_is_marked_once(api: Api) -> None:
    """A second line, in whatever journal, is refused with the recorded text (d365.md §5.3)."""
    first, second = await api.header(), await api.header()
    await api.line(first, 100, MarkedInvoice="INV-2")

    message = await api.line_refused(second, 100, MarkedInvoice="INV-2")

    assert (
        "This transaction has been marked for settlement by Payments by BILL 00001 in company "
        "mqus." in message
    )


async def test_a_second_mark_may_leave_the_line_unmarked(api: Api) -> None:
    """Elsewhere the second line is created without its mark (domain.md §1.4)."""
    await api.set(second_mark_is_refused=False)
    journal = await api.header()
    await api.line(journal, 100, MarkedInvoice="INV-2")

    line = await api.line(journal, 100, MarkedInvoice="INV-2")

    assert (line["MarkedInvoice"], line["SettleVoucher"]) == ("", "None")
    assert len(await api.rows(MARKS)) == 1


async def test_deleting_a_line_frees_its_invoice(api: Api) -> None:
    """A mark goes with its line; a header goes after its lines (d365.md §5.1)."""
    journal = await api.header()
    await api.line(journal, 100, MarkedInvoice="INV-2")
    header_url = f"/data/{HEADERS}(dataAreaId='mqus',JournalBatchNumber='{journal}')"

    refused = await api.http.delete(header_url)
    deleted = await api.http.delete(line_url(journal))

    assert "dependent journal lines exist" in refused.text
    assert (refused.status_code, deleted.status_code) == (400, 204)
    assert await api.rows(MARKS) == []
    assert (await api.http.delete(header_url)).status_code == 204


async def test_several_invoices_are_marked_by_their_own_rows(api: Api) -> None:
    """Rows of settled invoices mark several; the line then shows an asterisk (§5.3)."""
    journal = await api.header()
    await api.line(journal, 1500)

    whole = await api.create(MARKS, **mark_of(journal, "INV-1"))
    part = await api.create(
        MARKS, **mark_of(journal, "INV-2", SettlementAmountInInvoiceCurrency=200)
    )

    line = (await api.http.get(line_url(journal))).json()
    assert whole["SettlementAmountInInvoiceCurrency"] == 1284.37
    assert part["SettlementAmountInInvoiceCurrency"] == 200
    assert (line["MarkedInvoice"], line["SettleVoucher"]) == ("*", "SelectedTransact")


@pytest.mark.parametrize(
    ("invoice", "fields", "text"),
    [
        ("INV-2", {"SettlementAmountInInvoiceCurrency": 501}, "greater than remaining"),
        ("INV-2", {"InvoiceDueDate": "2026-10-30T12:00:00Z"}, "is not found"),
        ("INV-2", {"JournalLineNumber": 2}, "JournalLineNumber"),
        ("INV-2", {"CashDiscountToTakeInInvoiceCurrency": 1}, "cash discounts"),
        ("LON-1", {"invoiceAccount": "V-10010"}, "different currencies"),
        ("NONE", {}, "is not found"),
        ("", {}, "Field 'InvoiceNumber' must be filled in."),
    ],
)
async def test_a_mark_that_cannot_hold_is_refused(
    api: Api, invoice: str, fields: dict[str, Any], text: str
) -> None:
    """A mark takes no more than its invoice has open."""
    journal = await api.header()
    await api.line(journal, 1000)

    assert text in await api.refused(MARKS, **mark_of(journal, invoice, **fields))


async def test_the_same_invoice_is_no_second_row(api: Api) -> None:
    """What MarkedInvoice marked is marked."""
    journal = await api.header()
    await api.line(journal, 100, MarkedInvoice="INV-2")

    assert "already exists" in await api.refused(MARKS, **mark_of(journal, "INV-2"))


async def test_unmarking_and_changing_a_mark(api: Api) -> None:
    """A mark's amount can be changed, and without marks the line shows none."""
    journal = await api.header()
    await api.line(journal, 300, MarkedInvoice="INV-2")
    url = f"/data/{MARKS}(" + ",".join(
        [
            "JournalLineCompany='mqus'",
            f"JournalBatchNumber='{journal}'",
            "JournalLineNumber=1",
            "InvoiceNumber='INV-2'",
            "InvoiceCompany='mqus'",
            "InvoiceDueDate=2026-10-31T12:00:00Z)",
        ]
    )

    changed = await api.http.patch(url, json={"SettlementAmountInInvoiceCurrency": 250})
    too_much = await api.http.patch(url, json={"SettlementAmountInInvoiceCurrency": 501})
    (mark,) = await api.rows(MARKS)
    deleted = await api.http.delete(url)

    line = (await api.http.get(line_url(journal))).json()
    assert (changed.status_code, too_much.status_code, deleted.status_code) == (204, 400, 204)
    assert mark["SettlementAmountInInvoiceCurrency"] == 250
    assert (line["MarkedInvoice"], line["SettleVoucher"]) == ("", "None")


async def test_changing_a_line_moves_its_mark(api: Api) -> None:
    """Amount and marked invoice of a line can be changed as long as the mark holds."""
    journal = await api.header()
    await api.line(journal, 300, MarkedInvoice="INV-2")

    statuses = [
        (await api.http.patch(line_url(journal), json=changes)).status_code
        for changes in (
            {"DebitAmount": 400},
            {"DebitAmount": 501},
            {"MarkedInvoice": "INV-1"},
            {"MarkedInvoice": "NONE"},
            {"TransactionText": "note"},
        )
    ]

    line = (await api.http.get(line_url(journal))).json()
    (mark,) = await api.rows(MARKS)
    assert statuses == [204, 400, 204, 400, 204]
    assert (line["DebitAmount"], line["MarkedInvoice"]) == (400, "INV-1")
    assert (mark["InvoiceNumber"], mark["SettlementAmountInInvoiceCurrency"]) == ("INV-1", 400)


async def test_of_two_open_invoices_with_one_number_the_earlier_is_marked(
    api: Api, new_invoice: Callable[..., dict[str, object]]
) -> None:
    """An invoice number is not unique (d365.md §5.3); settled-invoice rows tell by due date."""
    later = new_invoice("INV-2", 90, DueDate="2026-11-30T12:00:00Z", Voucher="API-X")
    await api.add("VendTransBiEntities", later)
    journal = await api.header()
    await api.line(journal, 500, MarkedInvoice="INV-2")
    await api.line(journal, 90)

    row = mark_of(journal, "INV-2", InvoiceDueDate="2026-11-30T12:00:00Z", JournalLineNumber=2)
    second = await api.create(MARKS, **row)

    due = {mark["InvoiceDueDate"][:10] for mark in await api.rows(MARKS)}
    assert due == {"2026-10-31", "2026-11-30"}
    assert second["SettlementAmountInInvoiceCurrency"] == 90


async def test_parallel_inserts_into_one_journal_conflict(api: Api) -> None:
    """One of two gets through, the other is told of an update conflict (d365.md §5.1)."""
    await api.set(line_insert_seconds=0.05)
    journal, other = await api.header(), await api.header()
    answers: list[httpx.Response] = []

    async def insert(into: str) -> None:
        fields = {
            "dataAreaId": "mqus",
            "JournalBatchNumber": into,
            "AccountDisplayValue": "V\\-10001",
            "DebitAmount": 1,
            "CurrencyCode": "USD",
        }
        answers.append(await api.http.post(f"/data/{LINES}", json=fields))

    async with anyio.create_task_group() as tasks:
        for into in (journal, journal, other):
            tasks.start_soon(insert, into)

    assert sorted(answer.status_code for answer in answers) == [201, 201, 400]
    assert [CONFLICT in answer.text for answer in answers].count(True) == 1
    assert len(await api.rows(LINES)) == 2
