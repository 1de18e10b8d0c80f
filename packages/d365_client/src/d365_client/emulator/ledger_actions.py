"""What people do in the general ledger: open and close periods, enter bank statements."""

from __future__ import annotations

from d365_client.emulator.action_fields import ActionFields
from d365_client.emulator.books import Books
from d365_client.emulator.companies import PER_HUNDRED, Companies
from d365_client.emulator.general_ledger import Entry, Voucher, post, round_accounting
from d365_client.emulator.numbering import next_voucher
from d365_client.emulator.values import json_to_stored

_PERIODS = "LedgerFiscalPeriods"


def set_period(books: Books, fields: ActionFields) -> dict[str, object]:
    """Open, hold or close a period: `{LegalEntityId, PeriodName, PeriodStatus}`."""
    entity, name = fields.text("LegalEntityId"), fields.text("PeriodName")
    status_field = books.catalog.sets[_PERIODS].fields["PeriodStatus"]
    try:
        status = json_to_stored(status_field, fields.text("PeriodStatus"))
    except ValueError as problem:
        raise fields.refusal(str(problem)) from problem
    periods = books.find(_PERIODS, PeriodName=name, LegalEntityId=entity)
    if not periods:
        raise fields.refusal(f"company {entity} has no period {name}")
    for period in periods:
        books.update(_PERIODS, period, {"PeriodStatus": status})
    return {"changed": len(periods)}


def post_general_journal(books: Books, fields: ActionFields) -> dict[str, object]:
    """Post a balanced voucher: `{dataAreaId, date, text, lines: [{main_account, amount}]}`.

    Amounts are positive for debit. `voucher` may be given, and `currency` on a line: without,
    the next voucher of the company, and its accounting currency.
    """
    company, day = fields.company(), fields.day("date")
    companies = Companies(books)
    accounting = companies.ledger(company).text("AccountingCurrency")
    number = fields.text("voucher", "") or next_voucher(books, company, "")
    entries = []
    for line in fields.entries("lines"):
        amount, currency = line.amount("amount"), line.text("currency", accounting)
        account = companies.required_account(company, line.text("main_account"))
        line.nothing_else()
        rate = companies.rate(company, currency, day)
        if rate is None:
            raise fields.refusal(f"there is no exchange rate for {currency} on {day}")
        worth = round_accounting(books, company, amount * rate / PER_HUNDRED)
        entries.append(
            Entry(
                main_account=account,
                amount=amount,
                accounting_amount=worth,
                currency=currency,
                posting_type="LedgerJournal",
            )
        )
    voucher = Voucher(
        company=company,
        number=number,
        day=day,
        category="GeneralJournal",
        text=fields.text("text"),
    )
    post(books, voucher, entries)
    return {"Voucher": number}
