"""The ledger: companies, accounts, periods, journal names, entries (`d365.md` §4.3, §4.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import NoYes
from d365_client.models.ledger_enums import (
    DimensionLedgerAccountType,
    FiscalPeriodStatus,
    LedgerJournalFeePosting,
    LedgerJournalType,
    LedgerTransType,
    ModulePeriodStat,
)


@attrs.frozen(kw_only=True)
class LegalEntity(Entity):
    """A legal entity; its id is every other set's `data_area_id` in another case."""

    ENTITY_SET = "LegalEntities"
    KEY = ("legal_entity_id",)

    legal_entity_id: str
    company_name: str


@attrs.frozen(kw_only=True)
class Ledger(Entity):
    """A legal entity's ledger: its chart of accounts, currency and calendar."""

    ENTITY_SET = "Ledgers"
    KEY = ("legal_entity_id",)

    legal_entity_id: str
    name: str
    chart_of_accounts: str
    accounting_currency: str
    reporting_currency: str
    exchange_rate_type: str
    fiscal_calendar: str
    main_account_id_realized_gain: str
    main_account_id_realized_loss: str
    ledger_rec_id: int


@attrs.frozen(kw_only=True)
class ChartOfAccounts(Entity):
    """A chart of accounts, which several ledgers may share."""

    ENTITY_SET = "ChartOfAccounts"
    KEY = ("chart_of_accounts",)

    chart_of_accounts: str
    description: str
    main_account_mask: str
    chart_of_accounts_rec_id: int


@attrs.frozen(kw_only=True)
class MainAccount(Entity):
    """A main account of a chart of accounts, not of a company."""

    ENTITY_SET = "MainAccounts"
    KEY = ("chart_of_accounts", "main_account_id")

    chart_of_accounts: str
    main_account_id: str
    name: str
    main_account_type: DimensionLedgerAccountType | None
    main_account_category: str
    is_suspended: NoYes | None
    do_not_allow_manual_entry: NoYes | None
    active_from: date | None
    active_to: date | None
    main_account_rec_id: int


@attrs.frozen(kw_only=True)
class MainAccountDraft(EntityDraft[MainAccount]):
    """A main account to be created."""

    CREATES = MainAccount

    chart_of_accounts: str
    main_account_id: str
    name: str
    main_account_type: DimensionLedgerAccountType | None = None
    main_account_category: str | None = None
    is_suspended: NoYes | None = None
    do_not_allow_manual_entry: NoYes | None = None
    active_from: date | None = None
    active_to: date | None = None


@attrs.frozen(kw_only=True)
class FiscalPeriod(Entity):
    """A period of a fiscal calendar, first and last day included."""

    ENTITY_SET = "FiscalPeriods"
    KEY = ("calendar", "fiscal_year", "start_date", "end_date", "period_name")

    calendar: str
    fiscal_year: str
    start_date: date | None
    end_date: date | None
    period_name: str


@attrs.frozen(kw_only=True)
class LedgerFiscalPeriod(Entity):
    """A period's status in one ledger, and who may still post vendor transactions into it."""

    ENTITY_SET = "LedgerFiscalPeriods"
    KEY = ("ledger_name", "calendar", "year_name", "period_name")

    ledger_name: str
    calendar: str
    year_name: str
    period_name: str
    legal_entity_id: str
    period_status: FiscalPeriodStatus | None
    vend_access_level: ModulePeriodStat | None


@attrs.frozen(kw_only=True)
class JournalName(Entity):
    """A kind of journal, and what stands in the way of posting one (`d365.md` §4.4)."""

    ENTITY_SET = "JournalNames"
    KEY = ("data_area_id", "name")

    data_area_id: str
    name: str
    description: str
    type: LedgerJournalType | None
    voucher_series_code: str
    offset_account_display_value: str
    is_workflow_approval_active: NoYes | None
    is_approval_active: NoYes | None
    generate_payments_before_posting: NoYes | None
    delete_lines_after_posting: NoYes | None
    fees_posting: LedgerJournalFeePosting | None


@attrs.frozen(kw_only=True)
class GeneralJournalEntry(Entity):
    """A voucher's entry in the general ledger; `source_key` is what its lines refer to."""

    ENTITY_SET = "GeneralJournalEntryBiEntities"
    KEY = ("journal_number", "fiscal_calendar_year", "ledger")

    journal_number: str
    fiscal_calendar_year: int
    ledger: int
    source_key: int
    subledger_voucher: str
    subledger_voucher_data_area_id: str
    accounting_date: date | None
    document_date: date | None
    document_number: str
    journal_category: LedgerTransType | None
    created_on: datetime | None


@attrs.frozen(kw_only=True)
class GeneralJournalAccountEntry(Entity):
    """One line of a general ledger entry; debit is positive."""

    ENTITY_SET = "GeneralJournalAccountEntryBiEntities"
    KEY = ("source_key",)

    source_key: int
    general_journal_entry: int
    ledger_account: str
    main_account: int
    accounting_currency_amount: Decimal
    transaction_currency_amount: Decimal
    transaction_currency_code: str
    is_credit: NoYes | None
    text: str
