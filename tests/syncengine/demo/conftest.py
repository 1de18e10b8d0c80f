"""Small books, written by hand: one invoice of 100.00, its bill, its payment, its journal line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import attrs
import pytest

from syncengine.demo.bill_books import Bill, BillBooks, BillPayment, BillVendor, Payment
from syncengine.demo.d365_books import (
    D365Books,
    D365Vendor,
    JournalLine,
    LedgerEntry,
    PostedInvoice,
    Settlement,
    VendorTransaction,
)
from syncengine.demo.ledger import Ledger, read_ledger
from syncengine.demo.stage import Stage, stage


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """The ledger that the demo is shipped with."""
    return read_ledger()


@pytest.fixture
def invoice() -> VendorTransaction:
    """An invoice of 100.00, all of it open."""
    return VendorTransaction(
        record_id=1,
        legal_entity="MQUS",
        vendor="V-1",
        invoice_number="INV-1",
        voucher="API-1",
        kind="Purch",
        day=date(2026, 10, 2),
        currency="USD",
        amount=Decimal("100.00"),
        open_amount=Decimal("100.00"),
        accounting_amount=Decimal("100.00"),
        open_accounting_amount=Decimal("100.00"),
        rate=Decimal(100),
        journal="",
    )


@pytest.fixture
def vendor() -> BillVendor:
    """The vendor of the invoice, as the engine made it in BILL."""
    return BillVendor(
        id="009V1",
        name="Vendor One",
        short_name="MQUS:V-1",
        account_number="V-1",
        currency="USD",
        created=date(2026, 10, 1),
    )


@pytest.fixture
def bill() -> Bill:
    """The bill of the invoice, as the engine made it, unpaid."""
    return Bill(
        id="00nB1",
        vendor_id="009V1",
        number="INV-1",
        amount=Decimal("100.00"),
        paid=Decimal(0),
        credited=Decimal(0),
        due=Decimal("100.00"),
        scheduled=Decimal(0),
        description="Invoice INV-1 [d365 MQUS V-1 API-1 #a41f09]",
        created=date(2026, 10, 2),
    )


@pytest.fixture
def payment() -> Payment:
    """A payment of the whole bill, cleared."""
    return Payment(
        id="stpP1",
        vendor_id="009V1",
        number="P01",
        status="CLEARED",
        process_date=date(2026, 10, 7),
        funding="BANK_ACCOUNT",
        funding_amount=Decimal("100.00"),
        amount=Decimal("100.00"),
        parts=(BillPayment(id="blpP1", bill_id="00nB1", amount=Decimal("100.00")),),
    )


@pytest.fixture
def line() -> JournalLine:
    """The journal line of the payment, posted."""
    return JournalLine(
        legal_entity="MQUS",
        journal="00001",
        line=Decimal(1),
        journal_name="BILLPAY",
        posted=True,
        voucher="BPV-1",
        day=date(2026, 10, 7),
        currency="USD",
        amount=Decimal("100.00"),
        rate=Decimal(100),
        method="BILL-ACH",
        offset_account="110180",
        text="BILL blpP1 stpP1",
    )


@pytest.fixture
def paid_out(invoice: VendorTransaction) -> VendorTransaction:
    """The vendor transaction of the journal line, settled with the invoice."""
    return attrs.evolve(
        invoice,
        record_id=2,
        invoice_number="",
        voucher="BPV-1",
        kind="Payment",
        day=date(2026, 10, 7),
        amount=Decimal("-100.00"),
        open_amount=Decimal(0),
        accounting_amount=Decimal("-100.00"),
        open_accounting_amount=Decimal(0),
        journal="00001",
    )


@pytest.fixture
def unpaid_d365(invoice: VendorTransaction) -> D365Books:
    """D365 with the invoice and nothing else."""
    return D365Books(
        currencies={"MQUS": "USD"},
        vendors=(D365Vendor(legal_entity="MQUS", account="V-1", our_account=""),),
        transactions=(invoice,),
        invoices=(PostedInvoice(legal_entity="MQUS", voucher="API-1", cash_discount=Decimal(0)),),
        entries=(_entry(1, "200100", "-100.00", "Purch"), _entry(2, "607100", "100.00", "Purch")),
    )


@pytest.fixture
def unpaid_bill(vendor: BillVendor, bill: Bill) -> BillBooks:
    """BILL with the bill, unpaid."""
    return BillBooks(legal_entity="MQUS", vendors=(vendor,), bills=(bill,))


@pytest.fixture
def paid_d365(
    unpaid_d365: D365Books,
    invoice: VendorTransaction,
    paid_out: VendorTransaction,
    line: JournalLine,
) -> D365Books:
    """D365 with the invoice paid by the journal line, and BILL's debit of our bank."""
    closed = attrs.evolve(invoice, open_amount=Decimal(0), open_accounting_amount=Decimal(0))
    paid = (
        _entry(3, "200100", "100.00", "Payment", line.text),
        _entry(4, "110180", "-100.00", "Payment", line.text),
        _entry(5, "110180", "100.00", "GeneralJournal", "BILL funds transfer"),
        _entry(6, "110110", "-100.00", "GeneralJournal", "BILL funds transfer"),
    )
    return attrs.evolve(
        unpaid_d365,
        transactions=(closed, paid_out),
        settlements=(
            Settlement(transaction=1, day=date(2026, 10, 7), amount=Decimal("100.00")),
            Settlement(transaction=2, day=date(2026, 10, 7), amount=Decimal("-100.00")),
        ),
        lines=(line,),
        entries=(*unpaid_d365.entries, *paid),
    )


@pytest.fixture
def paid_bill(unpaid_bill: BillBooks, bill: Bill, payment: Payment) -> BillBooks:
    """BILL with the bill, paid."""
    paid = attrs.evolve(bill, paid=Decimal("100.00"), due=Decimal(0))
    return attrs.evolve(unpaid_bill, bills=(paid,), payments=(payment,))


def _entry(
    record_id: int, main_account: str, amount: str, category: str, text: str = ""
) -> LedgerEntry:
    return LedgerEntry(
        record_id=record_id,
        legal_entity="MQUS",
        main_account=main_account,
        day=date(2026, 10, 7),
        category=category,
        amount=Decimal(amount),
        text=text,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, ledger: Ledger) -> Iterator[Stage]:
    """Both emulators with the whole month loaded, as processes of their own."""
    with stage(tmp_path_factory.mktemp("stage"), ledger) as started:
        yield started
