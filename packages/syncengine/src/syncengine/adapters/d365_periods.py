"""Fiscal periods of one legal entity: on which days vendor transactions may be posted (I-33)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import anyio
import attrs

from d365_client import D365Client, field
from d365_client.models.ledger import FiscalPeriod, Ledger, LedgerFiscalPeriod
from d365_client.models.ledger_enums import FiscalPeriodStatus, ModulePeriodStat
from syncengine.errors import Misconfigured


@attrs.frozen(kw_only=True)
class _Period:
    start: date
    end: date
    open: bool


class Periods:
    """Reads the calendar and the ledger's status once in its life: one run."""

    def __init__(self, client: D365Client, legal_entity: str) -> None:
        self._client = client
        self._legal_entity = legal_entity
        self._known: Sequence[_Period] | None = None
        self._lock = anyio.Lock()

    async def open_on(self, day: date) -> bool:
        """Whether a vendor transaction of this day can be posted; a day in no period cannot."""
        async with self._lock:
            if self._known is None:
                self._known = await self._read()
        covering = [period for period in self._known if period.start <= day <= period.end]
        return bool(covering) and all(period.open for period in covering)

    async def accounting_currency(self) -> str:
        """The currency of the legal entity's ledger."""
        return (await self._ledger()).accounting_currency

    async def _ledger(self) -> Ledger:
        rows = await self._client.entities[Ledger].list().all()
        wanted = self._legal_entity.lower()
        ledger = next((row for row in rows if row.legal_entity_id.lower() == wanted), None)
        if ledger is None:
            raise Misconfigured(
                f"D365 shows no legal entity {self._legal_entity}: correct legal_entity in the "
                "settings, or give the application's user access to it"
            )
        return ledger

    async def _read(self) -> Sequence[_Period]:
        ledger = await self._ledger()
        calendar = {
            (row.fiscal_year, row.period_name): row
            async for row in self._client.entities[FiscalPeriod]
            .where(field("Calendar") == ledger.fiscal_calendar)
            .list()
        }
        statuses = (
            self._client.entities[LedgerFiscalPeriod]
            .where(field("LegalEntityId") == ledger.legal_entity_id)
            .list()
        )
        periods: list[_Period] = []
        async for row in statuses:
            days = calendar.get((row.year_name, row.period_name))
            if days is None or days.start_date is None or days.end_date is None:
                continue  # a status of another calendar's period says nothing about a day
            is_open = (
                row.period_status == FiscalPeriodStatus.OPEN
                and row.vend_access_level != ModulePeriodStat.NONE
            )
            periods.append(_Period(start=days.start_date, end=days.end_date, open=is_open))
        return periods
