"""D365's books as a controller reads them: over OData, by a way of their own.

Nothing here is the product's: a mistake in its client cannot hide itself in the tie-out. Amounts
are positive when owed to the vendor (D365's own sign is the other one, `d365.md` §4.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import httpx

from syncengine.demo.d365_seed import D365Credentials


@attrs.frozen(kw_only=True)
class VendorTransaction:
    """An invoice, credit note or payment; amounts are owed to the vendor.

    The two accounting amounts are at the rate it was booked with.
    """

    record_id: int
    legal_entity: str
    vendor: str
    invoice_number: str
    voucher: str
    kind: str
    day: date
    currency: str
    amount: Decimal
    open_amount: Decimal
    accounting_amount: Decimal
    open_accounting_amount: Decimal
    rate: Decimal
    journal: str

    @property
    def is_payment(self) -> bool:
        """Whether money went, as opposed to something being invoiced or credited."""
        return self.kind == "Payment"


@attrs.frozen(kw_only=True)
class Settlement:
    """What of a transaction was closed on a day."""

    transaction: int
    day: date
    amount: Decimal


@attrs.frozen(kw_only=True)
class PostedInvoice:
    """What only the invoice's own journal knows: the cash discount it offers."""

    legal_entity: str
    voucher: str
    cash_discount: Decimal


@attrs.frozen(kw_only=True)
class JournalLine:
    """A line of a payment journal; `amount` is positive if it pays the vendor."""

    legal_entity: str
    journal: str
    line: Decimal
    journal_name: str
    posted: bool
    voucher: str
    day: date
    currency: str
    amount: Decimal
    rate: Decimal
    method: str
    offset_account: str
    text: str

    @property
    def name(self) -> str:
        """How a person finds it."""
        return f"{self.journal}/{self.line.normalize():f}"


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """One side of a voucher in the general ledger, in the accounting currency; debit positive."""

    record_id: int
    legal_entity: str
    main_account: str
    day: date
    category: str
    amount: Decimal
    text: str


@attrs.frozen(kw_only=True)
class D365Vendor:
    """A vendor, and the number under which the vendor knows us."""

    legal_entity: str
    account: str
    our_account: str


@attrs.frozen(kw_only=True)
class D365Books:
    """Everything that the tie-out needs from D365, all companies.

    `currencies` are the accounting currencies by legal entity.
    """

    currencies: Mapping[str, str] = attrs.field(factory=dict)
    vendors: tuple[D365Vendor, ...] = ()
    transactions: tuple[VendorTransaction, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    invoices: tuple[PostedInvoice, ...] = ()
    lines: tuple[JournalLine, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()


def read_d365_books(client: httpx.Client, base_url: str, credentials: D365Credentials) -> D365Books:
    """Read them, complete, over the public OData endpoint.

    Raises:
        httpx.HTTPError: the service cannot be reached, or does not answer with rows.
    """
    reader = _Reader(client, base_url, _token(client, base_url, credentials))
    headers = {
        (row["dataAreaId"].upper(), row["JournalBatchNumber"]): row
        for row in reader.rows("VendorPaymentJournalHeaders", "dataAreaId,JournalBatchNumber")
    }
    ledgers = tuple(reader.rows("Ledgers", "LegalEntityId"))
    return D365Books(
        currencies={row["LegalEntityId"]: row["AccountingCurrency"] for row in ledgers},
        vendors=tuple(map(_vendor, reader.rows("VendorsV2", "dataAreaId,VendorAccountNumber"))),
        transactions=tuple(map(_transaction, reader.rows("VendTransBiEntities"))),
        settlements=tuple(map(_settlement, reader.rows("VendSettlementBiEntities"))),
        invoices=tuple(map(_invoice, reader.rows("VendInvoiceJourBiEntities"))),
        lines=tuple(
            _line(row, headers)
            for row in reader.rows(
                "VendorPaymentJournalLines", "dataAreaId,JournalBatchNumber,LineNumber"
            )
        ),
        entries=tuple(_entries(reader, ledgers)),
    )


@attrs.frozen
class _Reader:
    client: httpx.Client
    base_url: str
    token: str = attrs.field(repr=False)

    def rows(
        self, entity_set: str, order: str = "dataAreaId,SourceKey"
    ) -> Iterator[Mapping[str, Any]]:
        """All rows of a set, over all its pages, of all companies."""
        url: str | None = f"{self.base_url}/data/{entity_set}?cross-company=true&$orderby={order}"
        while url is not None:
            answer = self.client.get(url, headers={"Authorization": f"Bearer {self.token}"})
            answer.raise_for_status()
            page = json.loads(answer.content, parse_float=Decimal)
            yield from page["value"]
            url = page.get("@odata.nextLink")


def _token(client: httpx.Client, base_url: str, credentials: D365Credentials) -> str:
    answer = client.post(
        f"{base_url}/{credentials.tenant_id}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": f"{base_url}/.default",
        },
    )
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _vendor(row: Mapping[str, Any]) -> D365Vendor:
    return D365Vendor(
        legal_entity=row["dataAreaId"].upper(),
        account=row["VendorAccountNumber"],
        our_account=row["OurAccountNumber"],
    )


def _transaction(row: Mapping[str, Any]) -> VendorTransaction:
    amount, settled = Decimal(row["AmountCur"]), Decimal(row["SettleAmountCur"])
    return VendorTransaction(
        record_id=row["SourceKey"],
        legal_entity=row["dataAreaId"].upper(),
        vendor=row["AccountNum"],
        invoice_number=row["Invoice"],
        voucher=row["Voucher"],
        kind=row["TransType"],
        day=_day(row["TransDate"]),
        currency=row["CurrencyCode"],
        amount=-amount,
        open_amount=settled - amount,
        accounting_amount=-Decimal(row["AmountMST"]),
        open_accounting_amount=Decimal(row["SettleAmountMST"]) - Decimal(row["AmountMST"]),
        rate=Decimal(row["ExchRate"]),
        journal=row["JournalNum"],
    )


def _settlement(row: Mapping[str, Any]) -> Settlement:
    return Settlement(
        transaction=row["TransRecId"],
        day=_day(row["TransDate"]),
        amount=-Decimal(row["SettleAmountCur"]),
    )


def _invoice(row: Mapping[str, Any]) -> PostedInvoice:
    return PostedInvoice(
        legal_entity=row["dataAreaId"].upper(),
        voucher=row["LedgerVoucher"],
        cash_discount=Decimal(row["CashDisc"]),
    )


def _line(
    row: Mapping[str, Any], headers: Mapping[tuple[str, str], Mapping[str, Any]]
) -> JournalLine:
    legal_entity = row["dataAreaId"].upper()
    header = headers[legal_entity, row["JournalBatchNumber"]]
    return JournalLine(
        legal_entity=legal_entity,
        journal=row["JournalBatchNumber"],
        line=Decimal(row["LineNumber"]),
        journal_name=header["JournalName"],
        posted=header["IsPosted"] == "Yes",
        voucher=row["Voucher"],
        day=_day(row["TransactionDate"]),
        currency=row["CurrencyCode"],
        amount=Decimal(row["DebitAmount"]) - Decimal(row["CreditAmount"]),
        rate=Decimal(row["ExchangeRate"]),
        method=row["PaymentMethodName"],
        offset_account=row["OffsetAccountDisplayValue"].partition("-")[0],
        text=row["TransactionText"],
    )


def _entries(reader: _Reader, ledgers: Iterable[Mapping[str, Any]]) -> Iterator[LedgerEntry]:
    companies = {row["LedgerRecId"]: row["LegalEntityId"] for row in ledgers}
    accounts = {
        row["MainAccountRecId"]: row["MainAccountId"]
        for row in reader.rows("MainAccounts", "ChartOfAccounts,MainAccountId")
    }
    vouchers = {
        row["SourceKey"]: row
        for row in reader.rows(
            "GeneralJournalEntryBiEntities", "JournalNumber,FiscalCalendarYear,Ledger"
        )
    }
    for row in reader.rows("GeneralJournalAccountEntryBiEntities", "SourceKey"):
        voucher = vouchers[row["GeneralJournalEntry"]]
        yield LedgerEntry(
            record_id=row["SourceKey"],
            legal_entity=companies[voucher["Ledger"]],
            main_account=accounts[row["MainAccount"]],
            day=_day(voucher["AccountingDate"]),
            category=voucher["JournalCategory"],
            amount=Decimal(row["AccountingCurrencyAmount"]),
            text=row["Text"],
        )
