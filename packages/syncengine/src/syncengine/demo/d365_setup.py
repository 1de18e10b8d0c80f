"""What D365 is set up with before any document: companies, chart, dimensions, periods, methods."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from syncengine.demo.d365_terms import (
    CALENDAR,
    CHART,
    CORPORATE,
    FORMAT,
    Row,
    Rows,
    account_of,
    day_text,
    ledger_account,
    ledger_ids,
    main_account_ids,
    record_ids,
)
from syncengine.demo.facts import LegalEntity
from syncengine.demo.ledger import Ledger

DEFAULT_COMPANY = "DAT"
"""The service users' own company: neither of the two, so that only cross-company reads see them."""

_ACCOUNT_TYPES = {
    "ACCOUNTS_PAYABLE": "Liability",
    "BANK": "Asset",
    "CREDIT_CARD": "Liability",
    "OTHER_CURRENT_ASSET": "Asset",
    "OTHER_CURRENT_LIABILITY": "Liability",
    "OTHER_INCOME": "Revenue",
}
_VENDOR_GROUPS = {"10": "Suppliers", "20": "Government suppliers", "90": "Intercompany"}


def setup_rows(ledger: Ledger) -> Rows:
    """The rows of every set-up entity set that the month needs."""
    return {
        "LegalEntities": [_default_company(), *(_legal_entity(x) for x in ledger.legal_entities)],
        "Ledgers": [_ledger(ledger, entity) for entity in ledger.legal_entities],
        "ChartOfAccounts": [{"ChartOfAccounts": CHART, "Description": "Shared chart"}],
        "MainAccounts": list(_main_accounts(ledger)),
        "Currencies": list(_currencies(ledger)),
        "ExchangeRates": list(_exchange_rates(ledger)),
        "DimensionParameters": [{"Key": 0, "DimensionSegmentDelimiter": "Hyphen"}],
        "DimensionIntegrationFormats": list(_dimension_formats()),
        "DimensionCombinations": list(_dimension_combinations(ledger)),
        "FinancialDimensionValues": list(_dimension_values(ledger)),
        "FiscalPeriods": list(_fiscal_periods(ledger)),
        "LedgerFiscalPeriods": list(_ledger_periods(ledger)),
        "PaymentTerms": list(_payment_terms(ledger)),
        "VendorPaymentMethods": list(_payment_methods(ledger)),
        "VendorGroups": list(_vendor_groups(ledger)),
        "JournalNames": [_journal_name(ledger, entity) for entity in ledger.legal_entities],
    }


def combination_ids(ledger: Ledger) -> dict[str, int]:
    """The RecIds of all ledger accounts with dimensions that anything was or will be posted to."""
    used = {account_of(line) for document in ledger.every_document for line in document.lines}
    balance_sheet = {
        ledger_account(account.main_account)
        for account in ledger.accounts
        if account.bill_type in _ACCOUNT_TYPES
    }
    return record_ids(used | balance_sheet)


def _default_company() -> Row:
    return {"LegalEntityId": DEFAULT_COMPANY, "Name": "Company accounts data"}


def _legal_entity(entity: LegalEntity) -> Row:
    return {
        "LegalEntityId": entity.id,
        "Name": entity.name,
        "CompanyName": entity.name,
        "AddressCountryRegionId": "USA",
        "AddressCountryRegionISOCode": "US",
        "LanguageId": "en-us",
    }


def _ledger(ledger: Ledger, entity: LegalEntity) -> Row:
    fx = ledger.account_roles["fx"]
    return {
        "LegalEntityId": entity.id,
        "LedgerRecId": ledger_ids(ledger)[entity.id],
        "Name": entity.id,
        "Description": entity.name,
        "ChartOfAccounts": CHART,
        "AccountStructureName1": "Balance sheet",
        "AccountStructureName2": "Profit and loss",
        "AccountingCurrency": entity.currency,
        "ReportingCurrency": entity.currency,
        "ExchangeRateType": ledger.exchange_rates[0].rate_type,
        "FiscalCalendar": CALENDAR,
        "MainAccountIdRealizedGain": fx,
        "MainAccountIdRealizedLoss": fx,
    }


def _main_accounts(ledger: Ledger) -> Iterator[Row]:
    ids = main_account_ids(ledger)
    for account in ledger.accounts:
        is_payables = account.main_account == ledger.account_roles["payables"]
        yield {
            "ChartOfAccounts": CHART,
            "MainAccountId": account.main_account,
            "MainAccountRecId": ids[account.main_account],
            "Name": account.name,
            "MainAccountType": _ACCOUNT_TYPES.get(account.bill_type, "Expense"),
            # The summary account of vendors; posting to it by hand breaks subledger = ledger.
            "PostingType": "VendBalance" if is_payables else "None",
            "DoNotAllowManualEntry": "Yes" if is_payables else "No",
        }


def _currencies(ledger: Ledger) -> Iterator[Row]:
    for currency, decimals in ledger.decimals.items():
        rule = Decimal(1).scaleb(-decimals)
        yield {"CurrencyCode": currency, "Name": currency, "GeneralRoundingRule": rule}


def _exchange_rates(ledger: Ledger) -> Iterator[Row]:
    for rate in ledger.exchange_rates:
        yield {
            "RateTypeName": rate.rate_type,
            "FromCurrency": rate.from_,
            "ToCurrency": rate.to,
            "StartDate": day_text(rate.start_date),
            "Rate": rate.rate_per_100,
            "ConversionFactor": "Hundred",
        }


def _dimension_formats() -> Iterator[Row]:
    yield {
        "DimensionFormatName": "Ledger account",
        "DimensionFormatType": "DataEntityLedgerDimensionFormat",
        "FinancialDimensionFormat": "-".join(FORMAT),
        "IsActive": "Yes",
    }
    yield {
        "DimensionFormatName": "Default dimensions",
        "DimensionFormatType": "DataEntityDefaultDimensionFormat",
        "FinancialDimensionFormat": "-".join(FORMAT[1:]),
        "IsActive": "Yes",
    }


def _dimension_combinations(ledger: Ledger) -> Iterator[Row]:
    balance_sheet = {
        account.main_account for account in ledger.accounts if account.bill_type in _ACCOUNT_TYPES
    }
    for shown, record_id in combination_ids(ledger).items():
        main_account = shown.partition("-")[0]
        structure = "Balance sheet" if main_account in balance_sheet else "Profit and loss"
        yield {
            "RecordId": record_id,
            "DisplayValue": shown,
            "MainAccount": main_account,
            "AccountStructure": structure,
        }


def _dimension_values(ledger: Ledger) -> Iterator[Row]:
    values = {
        "BusinessUnit": ledger.business_units,
        "Department": ledger.departments,
        "CostCenter": {code: f"Cost center {code}" for code in ledger.cost_centers},
    }
    for dimension, named in values.items():
        for code, name in named.items():
            yield {
                "FinancialDimension": dimension,
                "LegalEntityId": "",
                "DimensionValue": code,
                "Description": name,
            }


def _fiscal_periods(ledger: Ledger) -> Iterator[Row]:
    for period in ledger.periods:
        yield {
            "Calendar": CALENDAR,
            "FiscalYear": str(period.start.year),
            "StartDate": day_text(period.start),
            "EndDate": day_text(period.end),
            "PeriodName": period.period,
            "Month": f"Month{period.start.month}",
            "Type": "Operating",
            "Days": (period.end - period.start).days + 1,
        }


def _ledger_periods(ledger: Ledger) -> Iterator[Row]:
    for entity in ledger.legal_entities:
        for period in ledger.periods:
            yield {
                "LedgerName": entity.id,
                "Calendar": CALENDAR,
                "YearName": str(period.start.year),
                "PeriodName": period.period,
                "LegalEntityId": entity.id,
                "PeriodStatus": period.first_status,
                "VendAccessLevel": "All",
            }


def _payment_terms(ledger: Ledger) -> Iterator[Row]:
    for entity in ledger.legal_entities:
        for terms in ledger.payment_terms:
            yield {
                "dataAreaId": entity.id,
                "Name": terms.terms,
                "Description": f"Net {terms.days} days",
                "NumberOfDays": terms.days,
                "PaymentMethodType": "Net",
            }


def _payment_methods(ledger: Ledger) -> Iterator[Row]:
    for entity in ledger.legal_entities:
        for method in ledger.payment_methods:
            yield {
                "dataAreaId": entity.id,
                "Name": method.method,
                "Description": method.description,
                "PaymentType": method.payment_type,
                "AccountType": "Ledger",
                "PaymentAccountDisplayValue": ledger_account(method.offset_account),
                "PaymentJournalName": ledger.payment_journal_name if method.bill_funding else "",
                "SumByPeriod": "Invoice",
            }


def _vendor_groups(ledger: Ledger) -> Iterator[Row]:
    for entity in ledger.legal_entities:
        for group, description in _VENDOR_GROUPS.items():
            yield {"dataAreaId": entity.id, "VendorGroupId": group, "Description": description}


def _journal_name(ledger: Ledger, entity: LegalEntity) -> Row:
    return {
        "dataAreaId": entity.id,
        "Name": ledger.payment_journal_name,
        "Description": "Payments made by BILL",
        "Type": "Payment",
        "VoucherSeriesCode": f"{entity.id}-BPV",
        "OffsetAccountType": "Ledger",
        "OffsetAccountDisplayValue": ledger_account(ledger.account_roles["clearing"], CORPORATE),
        "DefaultFinancialDimensionDisplayValue": f"{CORPORATE}--",
    }
