"""What a company's setup says: ledger, accounts, rates, open periods, display values."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books, Row

PER_HUNDRED = Decimal(100)  # rates are per 100 units of the foreign currency (d365.md §2.7)

_DELIMITERS = {
    "Hyphen": "-",
    "Period": ".",
    "Underscore": "_",
    "Bar": "|",
    "Tilde": "~",
    "DoubleHyphen": "--",
    "DoublePeriod": "..",
    "DoubleUnderscore": "__",
    "DoubleBar": "||",
    "DoubleTilde": "~~",
}
_FACTORS = {"One": 1, "Ten": 10, "Hundred": 100, "Thousand": 1000, "TenThousand": 10000}


def segments(display_value: str, delimiter: str) -> list[str]:
    r"""The values in a display value: `US\-108` is one value, `600150-001--022` are four.

    Where a value has the delimiter in it, a backslash stands before it (d365.md §4.3).
    """
    parts = re.split(rf"(?<!\\){re.escape(delimiter)}", display_value)
    return [part.replace(f"\\{delimiter}", delimiter) for part in parts]


@attrs.frozen
class Companies:
    """Answers questions about companies from the books."""

    _books: Books

    def ledger(self, company: str) -> Row:
        """The company's ledger.

        Raises:
            WriteFailedError: there is no such company.
        """
        ledger = self._books.first("Ledgers", LegalEntityId=company)
        if ledger is None:
            raise WriteFailedError(f"Error: Company '{company}' does not exist.")
        return ledger

    def main_account(self, company: str, account: str) -> Row | None:
        """A main account of the company's chart, None if the chart has no such account."""
        chart = self.ledger(company).text("ChartOfAccounts")
        return self._books.first("MainAccounts", ChartOfAccounts=chart, MainAccountId=account)

    def required_account(self, company: str, account: str) -> Row:
        """A main account of the company's chart.

        Raises:
            WriteFailedError: the chart has no such account, or no account is named.
        """
        found = self.main_account(company, account)
        if found is None:
            raise WriteFailedError(
                f"Error: Main account '{account}' does not exist in company {company}."
            )
        return found

    def summary_account(self, company: str) -> Row:
        """The vendor balance account: the chart's account with posting type VendBalance.

        Posting profiles are on no entity set of the reference; this is what stands for them.

        Raises:
            WriteFailedError: the chart has no such account.
        """
        chart = self.ledger(company).text("ChartOfAccounts")
        found = self._books.first("MainAccounts", ChartOfAccounts=chart, PostingType="VendBalance")
        if found is None:
            raise WriteFailedError(
                "Error: Account number for transaction type Vendor balance does not exist."
            )
        return found

    def segments(self, display_value: str) -> list[str]:
        """The values in a display value, split at the environment's delimiter."""
        parameters = self._books.first("DimensionParameters")
        name = parameters.text("DimensionSegmentDelimiter") if parameters else "Hyphen"
        return segments(display_value, _DELIMITERS[name])

    def rate(self, company: str, currency: str, day: date) -> Decimal | None:
        """The rate per 100 from `currency` to the accounting currency on `day`, if there is one."""
        ledger = self.ledger(company)
        accounting = ledger.text("AccountingCurrency")
        if currency == accounting:
            return PER_HUNDRED
        known = [
            row
            for row in self._books.find(
                "ExchangeRates",
                RateTypeName=ledger.text("ExchangeRateType"),
                FromCurrency=currency,
                ToCurrency=accounting,
            )
            if row.day("StartDate") <= day
        ]
        if not known:
            return None
        latest = max(known, key=lambda row: row.day("StartDate"))
        factor = _FACTORS.get(latest.text("ConversionFactor"), 100)
        return latest.amount("Rate") * PER_HUNDRED / factor

    def closed_period(self, company: str, day: date) -> str | None:
        """Why nothing can be posted to the vendor module on `day`; None if it can.

        A period must be Open and its vendor access not None (domain.md I-33).
        """
        ledger = self.ledger(company)
        for period in self._books.find("FiscalPeriods", Calendar=ledger.text("FiscalCalendar")):
            if period.day("StartDate") <= day <= period.day("EndDate"):
                return self._closed(company, period, day)
        return f"Fiscal period for {day} does not exist."

    def _closed(self, company: str, period: Row, day: date) -> str | None:
        for status in self._books.find(
            "LedgerFiscalPeriods",
            LegalEntityId=company,
            Calendar=period.text("Calendar"),
            YearName=period.text("FiscalYear"),
            PeriodName=period.text("PeriodName"),
        ):
            if status.text("VendAccessLevel") == "None":
                return f"Fiscal period for {day} is not open for module Accounts payable."
            if status.text("PeriodStatus") == "Open":
                return None
        return f"Fiscal period for {day} is not open."
