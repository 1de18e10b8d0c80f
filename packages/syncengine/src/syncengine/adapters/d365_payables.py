"""What D365 shows of payables: vendors, open items, their lines, and invoices as they are now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs

from d365_client import Condition, D365Client, field
from d365_client.models.enums import NoYes
from d365_client.models.invoices import AccountingDistribution, PostedInvoice, PostedInvoiceLine
from d365_client.models.ledger_enums import LedgerTransType
from d365_client.models.vendor_transactions import VendorTransaction
from d365_client.models.vendors import Vendor as D365Vendor
from syncengine.adapters.chunks import read_in_chunks
from syncengine.adapters.d365_dimensions import Dimensions
from syncengine.errors import Misconfigured
from syncengine.payables import Address, CashDiscount, CostLine, InvoiceNow, OpenItem, Vendor

_KEYS_A_REQUEST = 8
"""A longer filter risks a 414 (`d365.md` §2.3)."""

_NULL_DATE = date(1900, 1, 1)
_INVOICES = (LedgerTransType.PURCH, LedgerTransType.VEND)


@attrs.frozen(kw_only=True)
class InactiveRule:
    """Which field of the tenant's vendors says that one is inactive, and by which value."""

    field: str
    value: str


@attrs.frozen(kw_only=True)
class D365Payables:
    """Reads one legal entity."""

    client: D365Client
    legal_entity: str
    dimensions: Dimensions
    inactive: InactiveRule | None = None

    async def vendors(self) -> Mapping[str, Vendor]:
        """All vendors of the legal entity, by account."""
        wanted = self.client.entities[D365Vendor].where(self._company)
        if self.inactive is not None:
            wanted = wanted.select(self.inactive.field)
        return {row.vendor_account_number: self._vendor(row) async for row in wanted.list()}

    async def transactions(
        self, *, since: datetime | None, cut_over: date
    ) -> Sequence[VendorTransaction]:
        """Invoices and credit notes that are open, were posted since the cut-over, or changed.

        The vendors' transactions are the complete list; a posted invoice's own sets are not
        (`domain.md` D15). Changes are read with a day's overlap (I-30).
        """
        settled = field("TransDate") >= cut_over
        if since is not None:
            settled = field("SysModifiedDateTime") >= since - timedelta(days=1)
        wanted = (
            self.client.entities[VendorTransaction]
            .where(self._company)
            .where(field("TransType").in_(_INVOICES))
            .where((field("Closed") == _NULL_DATE) | settled)
        )
        return await wanted.list().all()

    async def items(
        self,
        transactions: Sequence[VendorTransaction],
        vendors: Mapping[str, Vendor],
        *,
        with_lines: bool,
    ) -> Mapping[int, OpenItem]:
        """The transactions as open items, by their source key."""
        lines: Mapping[str, tuple[CostLine, ...]] = {}
        if with_lines:
            lines = await self._lines([row.voucher for row in transactions])
        return {
            row.source_key: _item(row, _vendor_of(row, vendors), lines.get(row.voucher))
            for row in transactions
        }

    async def invoices_now(
        self, source_keys: Iterable[int], *, discounts_of: Iterable[str]
    ) -> Mapping[int, InvoiceNow]:
        """Linked invoices as they are now, by source key.

        The cash discount is read for the vouchers in `discounts_of` only.
        """
        rows = await read_in_chunks(
            source_keys,
            lambda keys: aiter(self._transactions(field("SourceKey").in_(keys))),
            size=_KEYS_A_REQUEST,
        )
        discounts = {
            header.ledger_voucher: _discount(header) for header in await self._headers(discounts_of)
        }
        return {
            row.source_key: InvoiceNow(
                vendor_account=row.account_num,
                invoice_number=row.invoice,
                due_date=row.due_date or _NULL_DATE,
                open_amount=-_remaining(row),
                cash_discount=discounts.get(row.voucher),
            )
            for row in rows
        }

    def _transactions(self, condition: Condition) -> AsyncIterator[VendorTransaction]:
        return aiter(self.client.entities[VendorTransaction].where(self._company, condition).list())

    async def _headers(self, vouchers: Iterable[str]) -> Sequence[PostedInvoice]:
        return await read_in_chunks(
            vouchers,
            lambda keys: aiter(
                self.client.entities[PostedInvoice]
                .where(self._company, field("LedgerVoucher").in_(keys))
                .list()
            ),
            size=_KEYS_A_REQUEST,
        )

    async def _lines(self, vouchers: Sequence[str]) -> Mapping[str, tuple[CostLine, ...]]:
        """The accounting distributions of the invoices with these vouchers (`domain.md` D6)."""
        headers = {row.source_document_header: row for row in await self._headers(vouchers)}
        distributions = await read_in_chunks(
            headers,
            lambda keys: aiter(
                self.client.entities[AccountingDistribution]
                .where(field("SourceDocumentHeader").in_(keys))
                .list()
            ),
            size=_KEYS_A_REQUEST,
        )
        names = await self._names(row.source_document_line for row in distributions)
        values = await self.dimensions.of(row.ledger_dimension for row in distributions)
        lines: dict[str, list[CostLine]] = {}
        for row in sorted(distributions, key=lambda x: (x.source_document_line, x.number)):
            voucher = headers[row.source_document_header].ledger_voucher
            lines.setdefault(voucher, []).append(
                CostLine(
                    amount=row.transaction_currency_amount,
                    main_account=values[row.ledger_dimension].main_account,
                    department=values[row.ledger_dimension].department,
                    description=names.get(row.source_document_line, row.monetary_amount or ""),
                )
            )
        return {voucher: tuple(found) for voucher, found in lines.items()}

    async def _names(self, document_lines: Iterable[int]) -> Mapping[int, str]:
        """What the vendor's own lines are called; taxes and charges have no line."""
        rows = await read_in_chunks(
            document_lines,
            lambda keys: aiter(
                self.client.entities[PostedInvoiceLine]
                .where(self._company, field("SourceDocumentLine").in_(keys))
                .list()
            ),
            size=_KEYS_A_REQUEST,
        )
        return {row.source_document_line: row.name for row in rows}

    def _vendor(self, row: D365Vendor) -> Vendor:
        inactive = self.inactive is not None and (
            row.extra.get(self.inactive.field) == self.inactive.value
        )
        return Vendor(
            account=row.vendor_account_number,
            name=row.vendor_organization_name,
            group=row.vendor_group_id,
            currency=row.currency_code,
            on_hold=str(row.on_hold_status or ""),
            inactive=inactive,
            address=Address(
                line1=row.address_street,
                city=row.address_city,
                state=row.address_state_id,
                postal_code=row.address_zip_code,
                country=row.address_country_region_iso_code or row.address_country_region_id,
            ),
            email=row.primary_email_address,
            our_account_number=row.our_account_number,
        )

    @property
    def _company(self) -> Condition:
        # Lower case on the wire (`d365.md` §2.4).
        return field("dataAreaId") == self.legal_entity.lower()


def item_key(row: VendorTransaction) -> str:
    """An open item's key: the voucher for people, the source key because vouchers are shared."""
    return f"{row.voucher}/{row.source_key}"


def source_key(item: str) -> int:
    """The vendor transaction that an open item's key names."""
    return int(item.rpartition("/")[2])


def _vendor_of(row: VendorTransaction, vendors: Mapping[str, Vendor]) -> Vendor:
    try:
        return vendors[row.account_num]
    except KeyError:
        raise Misconfigured(
            f"D365 shows voucher {row.voucher} of vendor {row.account_num} but not the vendor: "
            "give the application's user access to VendorsV2"
        ) from None


def _remaining(row: VendorTransaction) -> Decimal:
    """What is open, in the transaction's currency and sign (`d365.md` §4.2)."""
    return row.amount_cur - row.settle_amount_cur


def _item(row: VendorTransaction, vendor: Vendor, lines: tuple[CostLine, ...] | None) -> OpenItem:
    posted = row.trans_date or _NULL_DATE
    return OpenItem(
        voucher=row.voucher,
        vendor=vendor,
        invoice_number=row.invoice,
        currency=row.currency_code,
        amount=-row.amount_cur,
        open_amount=-_remaining(row),
        document_date=row.document_date or posted,
        transaction_date=posted,
        due_date=row.due_date or posted,
        approved=row.approved is NoYes.YES,
        prepayment=row.prepayment is NoYes.YES,
        lines=lines,
    )


def _discount(header: PostedInvoice) -> CashDiscount | None:
    if header.cash_disc == Decimal(0):
        return None
    return CashDiscount(amount=header.cash_disc, last_day=header.cash_disc_date)
