"""What people do to payments in the ERP: post them, pay past BILL, settle anew (domain.md §1.3)."""

from __future__ import annotations

from d365_client.emulator.action_fields import ActionFields
from d365_client.emulator.books import Books, Row
from d365_client.emulator.companies import Companies
from d365_client.emulator.marks import TRANSACTIONS, remaining
from d365_client.emulator.posting import Payment, Poster, post_payment
from d365_client.emulator.settings import Switches
from d365_client.emulator.settlement import Settlement


def post_journals(books: Books, switches: Switches, fields: ActionFields) -> dict[str, object]:
    """Post every unposted journal of a name: `{dataAreaId, JournalName}`."""
    outcomes = Poster(books, switches).post_journals(fields.company(), fields.text("JournalName"))
    return {
        "posted": [
            {"JournalBatchNumber": outcome.journal_number, "Vouchers": outcome.vouchers}
            for outcome in outcomes
            if not outcome.infolog
        ],
        "refused": [
            {"JournalBatchNumber": outcome.journal_number, "infolog": outcome.infolog}
            for outcome in outcomes
            if outcome.infolog
        ],
    }


def settle_outside(books: Books, fields: ActionFields) -> dict[str, object]:
    """Pay an invoice from the bank's own site and settle it.

    `{dataAreaId, Voucher, payment_voucher, amount, PaymMode, bank_account, date}`: `Voucher` is
    the invoice's, `bank_account` a main account; `exchange_rate` (per 100) may be added.
    """
    company, voucher = fields.company(), fields.text("payment_voucher")
    amount, day = fields.amount("amount"), fields.day("date")
    invoice = _posted(books, fields, fields.text("Voucher"))
    if not 0 < amount <= remaining(invoice):
        raise fields.refusal(f"{remaining(invoice)} is open, not {amount}")
    currency = invoice.text("CurrencyCode")
    known_rate = Companies(books).rate(company, currency, day) or invoice.amount("ExchRate")
    payment = post_payment(
        books,
        Payment(
            company=company,
            account=invoice.text("AccountNum"),
            voucher=voucher,
            day=day,
            currency=currency,
            amount=amount,
            rate=fields.amount("exchange_rate", known_rate),
            offset=fields.text("bank_account"),
            method=fields.text("PaymMode"),
        ),
    )
    Settlement(books).settle(invoice, payment, amount, voucher)
    return {"Voucher": voucher}


def resettle(books: Books, fields: ActionFields) -> dict[str, object]:
    """Undo a settlement and settle the payment against its reversal: the invoice opens again.

    `{dataAreaId, invoice_voucher, payment_voucher, reversal_voucher}`. Nothing happens, and the
    answer says so, unless the reversal is posted and the payment settles the invoice (D9).
    """
    invoice = _posted(books, fields, fields.text("invoice_voucher"))
    payment = _posted(books, fields, fields.text("payment_voucher"))
    reversal = _transaction(books, fields, fields.text("reversal_voucher"))
    if reversal is None:
        return {"resettled": False, "reason": "the reversal is not posted"}
    settlement = Settlement(books)
    amount = settlement.undo(invoice, payment, books.now().date())
    if not amount:
        return {"resettled": False, "reason": "the payment does not settle the invoice"}
    settlement.settle(reversal, payment, amount, reversal.text("Voucher"))
    return {"resettled": True}


def _posted(books: Books, fields: ActionFields, voucher: str) -> Row:
    transaction = _transaction(books, fields, voucher)
    if transaction is None:
        raise fields.refusal(f"no vendor transaction has voucher {voucher}")
    return transaction


def _transaction(books: Books, fields: ActionFields, voucher: str) -> Row | None:
    return books.first(TRANSACTIONS, dataAreaId=fields.company(), Voucher=voucher)
