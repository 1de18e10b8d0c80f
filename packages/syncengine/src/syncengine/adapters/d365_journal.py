"""The target of payments: vendor payment journals in D365 (`domain.md` §3.4, *Payment line*)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from d365_client import D365Client, escape_display_value, field
from d365_client.models.entity import EntityDraft
from d365_client.models.ledger_enums import LedgerJournalACType
from d365_client.models.payment_journal import (
    SettledInvoiceDraft,
    VendorPaymentJournalHeader,
    VendorPaymentJournalHeaderDraft,
    VendorPaymentJournalLine,
    VendorPaymentJournalLineDraft,
)
from syncengine.adapters.translation import reading, writing
from syncengine.model import Operation, Payload
from syncengine.payables import Policy
from syncengine.ports import Absent, Draft, Found, Lookup, Several
from syncengine.slices import HEADER, lines_of


@attrs.frozen
class JournalTarget:
    """Writes slices: a header that is found again by its description, and lines, all or none."""

    _client: D365Client
    _policy: Policy

    @property
    def absence_is_proof(self) -> bool:
        """D365 is a database: what it does not show is not there (`domain.md` D11)."""
        return True

    async def match(self, draft: Draft) -> Lookup:
        """The line that carries this billPayment already, in whatever journal (W21)."""
        text = str(draft.payload["text"])
        with reading():
            lines = await self._lines_with(text)
        if not lines:
            return Absent()
        places = tuple(f"{x.journal_batch_number}/{x.line_number:f}" for x in lines)
        return Found(target_id=places[0]) if len(places) == 1 else Several(target_ids=places)

    async def perform(self, operation: Operation) -> str:
        """The header gives its batch number; the lines give it again when all are there."""
        if operation.step == HEADER:
            return await self._create_header(str(operation.payload["description"]))
        batch = operation.results[HEADER]
        drafts = [
            draft for line in lines_of(operation.payload) for draft in self._drafts(batch, line)
        ]
        with writing(retry=True):
            await self._client.create_all(drafts)
        return batch

    async def find(self, operation: Operation) -> Lookup:
        """The header by its description; the lines by the set of their texts."""
        with reading():
            if operation.step == HEADER:
                return await self._find_header(str(operation.payload["description"]))
            return await self._find_lines(operation)

    async def _create_header(self, description: str) -> str:
        draft = VendorPaymentJournalHeaderDraft(
            data_area_id=self._company,
            journal_name=self._policy.payment_journal,
            description=description,
        )
        with writing(retry=True):
            header = await self._client.entities[VendorPaymentJournalHeader].create(draft)
        return header.journal_batch_number

    def _drafts(self, batch: str, line: Payload) -> Sequence[EntityDraft[Any]]:
        number = Decimal(str(line["line_number"]))
        rate = str(line["rate_per_100"])
        journal_line = VendorPaymentJournalLineDraft(
            data_area_id=self._company,
            journal_batch_number=batch,
            line_number=number,
            transaction_date=date.fromisoformat(str(line["date"])),
            account_type=LedgerJournalACType.VEND,
            account_display_value=escape_display_value(str(line["vendor"])),
            debit_amount=Decimal(str(line["amount"])),
            currency_code=str(line["currency"]),
            offset_account_type=LedgerJournalACType.LEDGER,
            offset_account_display_value=escape_display_value(str(line["offset_account"])),
            payment_method_name=str(line["method"]),
            payment_reference=str(line["reference"]) or None,
            transaction_text=str(line["text"]),
            exchange_rate=Decimal(rate) if rate else None,
        )
        mark = SettledInvoiceDraft(
            journal_line_company=self._company,
            journal_batch_number=batch,
            journal_line_number=number,
            invoice_number=str(line["invoice_number"]),
            invoice_company=self._company,
            invoice_due_date=date.fromisoformat(str(line["invoice_due_date"])),
            settlement_amount_in_invoice_currency=Decimal(str(line["amount"])),
        )
        return (journal_line, mark)

    async def _find_header(self, description: str) -> Lookup:
        headers = self._client.entities[VendorPaymentJournalHeader].where(
            field("dataAreaId") == self._company,
            field("JournalName") == self._policy.payment_journal,
            field("Description") == description,
        )
        # Compared again here: in a D365 filter an asterisk is a wildcard (`domain.md` I-39).
        batches = [
            row.journal_batch_number
            async for row in headers.list()
            if row.description == description
        ]
        # An empty header more does no harm (W19): the first one is used.
        return Found(target_id=min(batches)) if batches else Absent()

    async def _find_lines(self, operation: Operation) -> Lookup:
        batch = operation.results[HEADER]
        rows = await (
            self._client.entities[VendorPaymentJournalLine]
            .where(field("dataAreaId") == self._company, field("JournalBatchNumber") == batch)
            .list()
            .all()
        )
        there = {row.transaction_text for row in rows}
        wanted = {str(line["text"]) for line in lines_of(operation.payload)}
        if not there & wanted:
            return Absent()
        if wanted <= there:
            return Found(target_id=batch)
        # A changeset is all or nothing, so a person has been here (§3.4, step 4).
        return Several(target_ids=tuple(sorted(there & wanted)))

    async def _lines_with(self, text: str) -> Sequence[VendorPaymentJournalLine]:
        lines = self._client.entities[VendorPaymentJournalLine].where(
            field("dataAreaId") == self._company, field("TransactionText") == text
        )
        return [row async for row in lines.list() if row.transaction_text == text]

    @property
    def _company(self) -> str:
        return self._policy.legal_entity.lower()
