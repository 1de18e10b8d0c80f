"""Settlement: vendor transactions closed against each other, and opened again (d365.md §4.2, §5.5).

A credit is a transaction with a negative amount (an invoice, a reversed payment), a debit one
with a positive amount (a payment, a credit note).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from d365_client.emulator.books import Books, Row
from d365_client.emulator.catalog import COMPANY
from d365_client.emulator.companies import Companies
from d365_client.emulator.general_ledger import Entry, Voucher, post, round_accounting
from d365_client.emulator.marks import TRANSACTIONS, ZERO
from d365_client.emulator.numbering import next_voucher
from d365_client.emulator.values import NULL_DATE, Plain

SETTLEMENTS = "VendSettlementBiEntities"


@attrs.frozen(kw_only=True)
class _Side:
    """What one transaction puts into a settlement: in its currency, and as it was booked."""

    row: Row
    other: Row
    amount: Decimal
    booked: Decimal


@attrs.frozen
class Settlement:
    """Settles the transactions in the books."""

    _books: Books

    def settle(self, credit: Row, debit: Row, amount: Decimal, voucher: str) -> None:
        """Close `amount` (positive, transaction currency) of both under a settlement voucher.

        Both get a settlement row and bear the voucher; whoever has nothing left is closed on the
        later of the two dates. Where their rates differ, what they are worth in the accounting
        currency differs too: that goes to the ledger's accounts for realised gain and loss.
        """
        credit, debit = self._fresh(credit), self._fresh(debit)
        day = max(credit.day("TransDate"), debit.day("TransDate"))
        sides = (
            _Side(row=credit, other=debit, amount=-amount, booked=self._worth(credit, -amount)),
            _Side(row=debit, other=credit, amount=amount, booked=self._worth(debit, amount)),
        )
        group = self._books.next_number("settlement groups")
        for side in sides:
            self._books.insert(SETTLEMENTS, _settlement_row(side, day, voucher, group))
            self._move(side, day)
        self._adjust(credit, day, sum((side.booked for side in sides), ZERO))

    def undo(self, credit: Row, debit: Row, day: date) -> Decimal:
        """Open again what was settled between both; returns the amount, 0 if there was none.

        The rows lose CanBeReversed and get counterparts (d365.md §4.6).
        """
        undone, loss = ZERO, ZERO
        for row, other in ((credit, debit), (debit, credit)):
            for settled in self._reversible(row, OffsetRecid=other.record_id):
                side = _Side(
                    row=self._fresh(row),
                    other=other,
                    amount=-settled.amount("SettleAmountCur"),
                    booked=-settled.amount("SettleAmountMST"),
                )
                self._books.update(SETTLEMENTS, settled, {"CanBeReversed": "No"})
                counterpart = _settlement_row(
                    side, day, settled.text("SettlementVoucher"), settled.number("SettlementGroup")
                )
                self._books.insert(SETTLEMENTS, {**counterpart, "CanBeReversed": "No"})
                self._move(side, day)
                undone += max(-side.amount, ZERO)
                loss += side.booked
        self._adjust(credit, day, loss, is_undone=True)
        return undone

    def _fresh(self, row: Row) -> Row:
        company = row.text(COMPANY)
        found = self._books.first(TRANSACTIONS, dataAreaId=company, SourceKey=row.record_id)
        return found or row

    def _reversible(self, row: Row, **equals: int) -> Sequence[Row]:
        return self._books.find(
            SETTLEMENTS, TransRecId=row.record_id, CanBeReversed="Yes", **equals
        )

    def _worth(self, row: Row, amount: Decimal) -> Decimal:
        """What `amount` of a transaction is worth at the rate that it was booked with."""
        total = row.amount("AmountCur")
        if row.amount("SettleAmountCur") + amount == total:
            # The last part takes what is left, so that roundings do not stay open.
            return row.amount("AmountMST") - row.amount("SettleAmountMST")
        worth = row.amount("AmountMST") * amount / total
        return round_accounting(self._books, row.text(COMPANY), worth)

    def _move(self, side: _Side, day: date) -> None:
        row = side.row
        settled = row.amount("SettleAmountCur") + side.amount
        is_closed = settled == row.amount("AmountCur")
        last = next(iter(reversed(self._reversible(row))), None)
        self._books.update(
            TRANSACTIONS,
            row,
            {
                "SettleAmountCur": settled,
                "SettleAmountMST": row.amount("SettleAmountMST") + side.booked,
                "Closed": day if is_closed else NULL_DATE,
                "LastSettleVoucher": last.text("SettlementVoucher") if last else "",
                "LastSettleDate": last.day("TransDate") if last else NULL_DATE,
                "LastSettleAccountNum": last.text("OffsetAccountNum") if last else "",
                "LastSettleCompany": last.text("OffsetCompany") if last else "",
                "OffsetRecid": last.number("OffsetRecid") if last else 0,
            },
        )

    def _adjust(self, row: Row, day: date, loss: Decimal, *, is_undone: bool = False) -> None:
        if not loss:
            return
        company = row.text(COMPANY)
        companies = Companies(self._books)
        ledger = companies.ledger(company)
        currency = ledger.text("AccountingCurrency")
        # What is undone goes back to where it came from: a loss with its sign turned is no gain.
        is_loss = (loss > 0) != is_undone
        name = "MainAccountIdRealizedLoss" if is_loss else "MainAccountIdRealizedGain"
        # Different rates give the settlement an extra voucher of its own (domain.md §1.4).
        voucher = Voucher(
            company=company,
            number=next_voucher(self._books, company, ""),
            day=day,
            category="ExchAdjustment",
            text=f"Exchange adjustment {row.text('Invoice')}".strip(),
        )
        entries = [
            Entry(
                main_account=companies.required_account(company, ledger.text(name)),
                amount=loss,
                accounting_amount=loss,
                currency=currency,
                posting_type="ExchRateLoss" if is_loss else "ExchRateGain",
            ),
            Entry(
                main_account=companies.summary_account(company),
                amount=-loss,
                accounting_amount=-loss,
                currency=currency,
                posting_type="VendBalance",
            ),
        ]
        post(self._books, voucher, entries)


def _settlement_row(side: _Side, day: date, voucher: str, group: int) -> dict[str, Plain]:
    row, other = side.row, side.other
    return {
        COMPANY: row.text(COMPANY),
        "SysDataAreaId": row.text(COMPANY),
        "TransCompany": row.text(COMPANY),
        "TransRecId": row.record_id,
        "TransType": row.text("TransType"),
        "AccountNum": row.text("AccountNum"),
        "OffsetCompany": other.text(COMPANY),
        "OffsetRecid": other.record_id,
        "OffsetTransVoucher": other.text("Voucher"),
        "OffsetAccountNum": other.text("AccountNum"),
        "SettlementVoucher": voucher,
        "SettlementGroup": group,
        "SettleAmountCur": side.amount,
        "SettleAmountMST": side.booked,
        "TransDate": day,
        "ClosedDate": day,
        "DueDate": row.text("DueDate"),
        "CanBeReversed": "Yes",
    }
