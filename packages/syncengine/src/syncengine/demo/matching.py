"""Which bill is which invoice, which journal line is which payment: found in the books alone.

A bill that the engine made ends with its marker (`domain.md` §3.3); a bill typed by hand is the
invoice of the same vendor, number and amount. A journal line names the billPayment in its text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bill_books import Bill, BillBooks, BillPayment, BillVendor, Payment
from syncengine.demo.d365_books import D365Books, JournalLine, VendorTransaction
from syncengine.demo.parked import ParkedRecord

_BILL_MARKER = re.compile(r"\[d365 (?P<company>\S+) (?P<account>\S+) (?P<voucher>\S+) #\w+\]\s*$")
_LINE_MARKER = re.compile(r"\bBILL (?P<part>\S+) \S+")
_Invoice = tuple[str, str]


@attrs.frozen(kw_only=True)
class Part:
    """A billPayment, the journal lines that name it, and why it has none if it should."""

    legal_entity: str
    currency: str
    payment: Payment
    part: BillPayment
    lines: tuple[JournalLine, ...] = ()
    reason: ParkedRecord | None = None

    @property
    def journaled(self) -> Decimal:
        """What posted lines say was paid, reversals taken off."""
        return sum((line.amount for line in self.lines if line.posted), Decimal(0))

    @property
    def code(self) -> str | None:
        """Why ledger and bank differ, None if nobody says so."""
        if self.reason is not None:
            return self.reason.code
        return "NOT_POSTED" if any(not line.posted for line in self.lines) else None


@attrs.frozen(kw_only=True)
class Document:
    """An invoice or credit note of D365, and what BILL has of it."""

    transaction: VendorTransaction
    bills: tuple[Bill, ...] = ()
    adopted: bool = False
    parts: tuple[Part, ...] = ()
    standing: ParkedRecord | None = None
    cash_discount: Decimal = Decimal(0)

    @property
    def discount_in_bill(self) -> Decimal:
        """The cash discount, if exactly that was taken off the bill by hand, else zero."""
        short = self.transaction.amount - sum((bill.amount for bill in self.bills), Decimal(0))
        return self.cash_discount if self.bills and short == self.cash_discount else Decimal(0)


@attrs.frozen(kw_only=True)
class LooseBill:
    """A bill that is no document's."""

    legal_entity: str
    currency: str
    bill: Bill


@attrs.frozen(kw_only=True)
class Matched:
    """Both books side by side.

    `parts` are those of payments processed since the cut-over; `loose_transactions` are open and
    no documents.
    """

    documents: tuple[Document, ...] = ()
    parts: tuple[Part, ...] = ()
    loose_transactions: tuple[VendorTransaction, ...] = ()
    loose_bills: tuple[LooseBill, ...] = ()


def comparable(number: str) -> str:
    """The form in which two invoice numbers are the same (`domain.md` I-38)."""
    normal = unicodedata.normalize("NFKC", number)
    visible = "".join(char for char in normal if unicodedata.category(char) != "Cf")
    return " ".join(visible.split()).casefold()


def match(
    d365: D365Books,
    organizations: Iterable[BillBooks],
    parked: Sequence[ParkedRecord],
    cut_over: date,
) -> Matched:
    """Put the books side by side; what fits nowhere is kept as loose."""
    transactions = _documents(d365, cut_over)
    links = _Links.of(transactions, d365, organizations, cut_over)
    parts = tuple(
        part
        for part in _parts(d365, organizations, parked)
        if part.payment.process_date >= cut_over
    )
    known = {transaction.record_id for transaction in transactions}
    return Matched(
        documents=tuple(_document(x, links, parts, d365, parked) for x in transactions),
        parts=parts,
        loose_transactions=tuple(
            x for x in d365.transactions if x.open_amount and x.record_id not in known
        ),
        loose_bills=links.loose,
    )


def vendor_account(vendor: BillVendor, legal_entity: str, d365: D365Books) -> str:
    """The D365 account of a BILL vendor: by marker, else by account number, else nothing."""
    company, _, account = vendor.short_name.partition(":")
    if company == legal_entity and account:
        return account
    return next(
        (
            known.account
            for known in d365.vendors
            if known.legal_entity == legal_entity
            and vendor.account_number in (known.account, known.our_account)
            and vendor.account_number
        ),
        "",
    )


def _documents(d365: D365Books, cut_over: date) -> tuple[VendorTransaction, ...]:
    """Invoices of the month, and older ones that were open when it began."""
    settled: dict[int, Decimal] = defaultdict(Decimal)
    for settlement in d365.settlements:
        if settlement.day < cut_over:
            settled[settlement.transaction] += settlement.amount
    return tuple(
        x
        for x in d365.transactions
        if not x.is_payment and (x.day >= cut_over or x.amount != settled[x.record_id])
    )


@attrs.frozen(kw_only=True)
class _Links:
    """The bills of each invoice, and the bills of none."""

    created: Mapping[_Invoice, Sequence[Bill]]
    adopted: Mapping[_Invoice, Sequence[Bill]]
    loose: tuple[LooseBill, ...]

    @classmethod
    def of(
        cls,
        documents: Sequence[VendorTransaction],
        d365: D365Books,
        organizations: Iterable[BillBooks],
        cut_over: date,
    ) -> _Links:
        vouchers = {(x.legal_entity, x.voucher) for x in documents}
        typed = {
            (x.legal_entity, x.vendor, comparable(x.invoice_number), x.amount): x.voucher
            for x in documents
        }
        created: dict[_Invoice, list[Bill]] = defaultdict(list)
        adopted: dict[_Invoice, list[Bill]] = defaultdict(list)
        loose = []
        for books in organizations:
            entity = books.legal_entity
            vendors = {vendor.id: vendor for vendor in books.vendors}
            for bill in books.bills:
                vendor = vendors[bill.vendor_id]
                account = vendor_account(vendor, entity, d365)
                marker = _BILL_MARKER.search(bill.description)
                by_hand = typed.get((entity, account, comparable(bill.number), bill.amount))
                if marker and (marker["company"], marker["voucher"]) in vouchers:
                    # Older than the engine: typed by hand, and marked when it was adopted.
                    found = adopted if bill.created < cut_over else created
                    found[entity, marker["voucher"]].append(bill)
                elif by_hand is not None:
                    adopted[entity, by_hand].append(bill)
                else:
                    loose.append(
                        LooseBill(legal_entity=entity, currency=vendor.currency, bill=bill)
                    )
        return cls(created=created, adopted=adopted, loose=tuple(loose))


def _parts(
    d365: D365Books, organizations: Iterable[BillBooks], parked: Sequence[ParkedRecord]
) -> Iterator[Part]:
    lines: dict[str, list[JournalLine]] = defaultdict(list)
    for line in d365.lines:
        if named := _LINE_MARKER.search(line.text):
            lines[named["part"]].append(line)
    reasons = {x.key: x for x in parked if x.flow == "payments" and not x.is_exception}
    for books in organizations:
        currencies = {vendor.id: vendor.currency for vendor in books.vendors}
        for payment in books.payments:
            for part in payment.parts:
                yield Part(
                    legal_entity=books.legal_entity,
                    currency=currencies[payment.vendor_id],
                    payment=payment,
                    part=part,
                    lines=tuple(lines[part.id]),
                    reason=reasons.get(part.id),
                )


def _document(
    transaction: VendorTransaction,
    links: _Links,
    parts: Sequence[Part],
    d365: D365Books,
    parked: Sequence[ParkedRecord],
) -> Document:
    name = (transaction.legal_entity, transaction.voucher)
    created, adopted = links.created.get(name, ()), links.adopted.get(name, ())
    bills = (*created, *adopted)
    ids = {bill.id for bill in bills}
    standing = (
        x
        for x in parked
        if x.flow == "bills"
        and not x.is_exception
        and x.connection == transaction.legal_entity
        and x.key == f"{transaction.voucher}/{transaction.record_id}"
    )
    discounts = (x.cash_discount for x in d365.invoices if (x.legal_entity, x.voucher) == name)
    return Document(
        transaction=transaction,
        bills=bills,
        adopted=bool(adopted) and not created,
        parts=tuple(part for part in parts if part.part.bill_id in ids),
        standing=None if bills else next(standing, None),
        cash_discount=next(discounts, Decimal(0)),
    )
