"""The seeds load into the real emulators, and their books say what the ledger says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pytest

from syncengine.demo.bill_books import BillBooks, read_bill_books
from syncengine.demo.cross_checks import cross_checks
from syncengine.demo.d365_books import D365Books, read_d365_books
from syncengine.demo.facts import Document
from syncengine.demo.ledger import Ledger
from syncengine.demo.matching import match
from syncengine.demo.payments_tie_out import roll_forward
from syncengine.demo.stage import Stage


@pytest.fixture(scope="module")
def d365(running: Stage) -> D365Books:
    """D365's books as they were loaded, read over OData."""
    return read_d365_books(running.client, running.d365.url, running.cast.controller)


@pytest.fixture(scope="module")
def bill(running: Stage) -> list[BillBooks]:
    """BILL's books as they were loaded, read over its lists."""
    users = running.cast.controller_users
    return [read_bill_books(running.client, running.bill.url, user) for user in users]


def by_pair(documents: Iterable[Document]) -> dict[tuple[str, str], Decimal]:
    """What is open of the documents, by legal entity and currency."""
    opened: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for document in documents:
        opened[document.legal_entity, document.currency] += document.open_amount
    return opened


def test_open_amounts_are_the_ledgers(d365: D365Books, ledger: Ledger) -> None:
    """Opening items and documents of the month, by legal entity and currency."""
    opened: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for transaction in d365.transactions:
        opened[transaction.legal_entity, transaction.currency] += transaction.open_amount

    assert opened == by_pair((*ledger.documents, *ledger.opening_items))


def test_every_document_is_found_by_its_voucher(d365: D365Books, ledger: Ledger) -> None:
    """The 224 that the month is about, and no closed one."""
    documents = match(d365, [], [], ledger.cut_over).documents

    assert sorted((x.transaction.legal_entity, x.transaction.voucher) for x in documents) == sorted(
        (x.legal_entity, x.voucher) for x in (*ledger.documents, *ledger.opening_items)
    )


def test_opening_and_movements_are_the_ledgers(d365: D365Books, ledger: Ledger) -> None:
    """Nothing was paid yet: opening and invoices make what is open."""
    row = roll_forward(d365, ("MQUS", "USD"), ledger.cut_over)

    assert row.opening == Decimal("58577.68")
    assert row.invoices == Decimal("653414.95")
    assert row.credit_notes == Decimal("-475.40")
    assert row.payments_journaled == row.settled_outside == row.reversals == 0
    assert row.difference == 0


def test_subledger_and_general_ledger_agree(
    d365: D365Books, bill: list[BillBooks], ledger: Ledger
) -> None:
    """The control account is the open documents at booking rates, settlements fit their rows."""
    payables = ledger.account_roles["payables"]
    checks = cross_checks(match(d365, bill, [], ledger.cut_over), d365, bill, payables)

    assert [check for check in checks if check.difference] == []
    assert {check.legal_entity for check in checks if check.record == payables} >= {"MQUS", "MQGS"}


def test_vouchers_balance(running: Stage) -> None:
    """Every loaded voucher is balanced in the accounting currency."""
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for row in running.d365_admin.rows("GeneralJournalAccountEntryBiEntities"):
        sums[row["GeneralJournalEntry"]] += Decimal(row["AccountingCurrencyAmount"])

    assert {entry: amount for entry, amount in sums.items() if amount} == {}


def test_distributions_add_up_to_their_invoice(running: Stage) -> None:
    """Items, charges, discounts and taxes are the invoice, to the last decimal."""
    distributed: dict[object, Decimal] = defaultdict(Decimal)
    for row in running.d365_admin.rows("AccountingDistributionBiEntities"):
        distributed[row["SourceDocumentHeader"]] += Decimal(row["TransactionCurrencyAmount"])
    invoiced = {
        row["SourceDocumentHeader"]: Decimal(row["InvoiceAmount"])
        for row in running.d365_admin.rows("VendInvoiceJourBiEntities")
    }

    assert {header: distributed[header] for header in invoiced} == invoiced


def test_distributions_name_ledger_accounts_that_exist(running: Stage, ledger: Ledger) -> None:
    """Each points to a dimension combination of four segments; balance sheet ones are empty."""
    shown = {
        row["RecordId"]: row["DisplayValue"]
        for row in running.d365_admin.rows("DimensionCombinations")
    }
    used = {
        shown[row["LedgerDimension"]]
        for row in running.d365_admin.rows("AccountingDistributionBiEntities")
    }

    prepaid = [value for value in used if value.startswith(ledger.account_roles["prepayments"])]

    assert {len(value.split("-")) for value in used} == {4}
    assert prepaid == ["132200-004--"]


def test_items_have_invoice_lines_and_charges_do_not(running: Stage) -> None:
    """E01: three items, and freight, discount and tax beside them."""
    (invoice,) = (
        row
        for row in running.d365_admin.rows("VendInvoiceJourBiEntities")
        if row["InvoiceId"] == "JOS-88412"
    )
    lines = [
        row
        for row in running.d365_admin.rows("VendInvoiceTransBiEntities")
        if row["InternalInvoiceId"] == invoice["InternalInvoiceId"]
    ]

    assert len(lines) == 3
    assert sum(Decimal(row["LineAmount"]) for row in lines) == Decimal(invoice["SalesBalance"])
    assert Decimal(invoice["SumMarkup"]) == Decimal("42.50")
    assert Decimal(invoice["EndDisc"]) == Decimal("25.00")
    assert Decimal(invoice["SumTax"]) == Decimal("96.87")


def test_no_secret_is_left_on_the_disk(running: Stage) -> None:
    """Seeds are gone as soon as they are read, settings name variables only."""
    secrets = [*running.engine.secrets.values(), running.cast.controller.client_secret]
    files = [path.read_bytes() for path in running.directory.iterdir() if path.is_file()]

    assert files
    assert not [secret for secret in secrets if any(secret.encode() in file for file in files)]


def test_organizations_begin_with_accounts_and_departments_alone(
    running: Stage, bill: list[BillBooks], ledger: Ledger
) -> None:
    """No vendor, no bill; 25 accounts and 9 departments, without the two that are missing."""
    assert [(books.vendors, books.bills, books.payments) for books in bill] == [((), (), ())] * 2
    for entity in ledger.legal_entities:
        accounts = running.bill_admin.rows(f"{entity.bill_organization}/chart-of-accounts")
        departments = running.bill_admin.rows(f"{entity.bill_organization}/departments")
        numbers = {row["account"]["number"] for row in accounts}
        codes = {row["shortName"] for row in departments}

        assert (len(numbers), "512100" in numbers) == (25, False)
        assert (len(codes), "076" in codes) == (9, False)
