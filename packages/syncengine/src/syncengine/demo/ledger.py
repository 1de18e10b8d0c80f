"""The month's facts: `ledger.json` as typed values.

One file holds what D365 and BILL are loaded with and what people and banks did in both, day by day.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from typing import Any, TypeVar

import attrs

from syncengine.demo.facts import (
    Account,
    Document,
    EngineRun,
    ExchangeRate,
    FundingAccount,
    Happening,
    LegalEntity,
    Method,
    Period,
    Terms,
    Vendor,
)

T = TypeVar("T")


def _read(cls: type[T], row: Mapping[str, Any]) -> T:
    """The fields of `cls` out of a row that may have more, each as its annotation says."""
    hints = typing.get_type_hints(cls)
    return cls(**{name: _value(hints[name], row[name]) for name in hints if name in row})


def _value(kind: Any, raw: Any) -> Any:
    if attrs.has(kind):
        return _read(kind, raw)
    if kind is Decimal:
        return Decimal(raw)
    if kind is dt.date:
        return dt.date.fromisoformat(raw)
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in {tuple, frozenset}:
        return typing.get_origin(kind)(_value(arguments[0], item) for item in raw)
    if types.NoneType in arguments:
        return None if raw is None else _value(arguments[0], raw)
    return raw


@attrs.frozen(kw_only=True)
class Ledger:
    """The whole file but for its expectations."""

    cut_over: dt.date
    as_of: dt.date
    seen_on: dt.date
    decimals: Mapping[str, int]
    legal_entities: tuple[LegalEntity, ...]
    bill_number_limit: int
    accounts: tuple[Account, ...]
    account_roles: Mapping[str, str]
    departments: Mapping[str, str]
    business_units: Mapping[str, str]
    cost_centers: tuple[str, ...]
    unmapped_accounts: frozenset[str]
    unmapped_departments: frozenset[str]
    payment_journal_name: str
    payment_terms: tuple[Terms, ...]
    payment_methods: tuple[Method, ...]
    funding_accounts: tuple[FundingAccount, ...]
    exchange_rates: tuple[ExchangeRate, ...]
    periods: tuple[Period, ...]
    vendors: tuple[Vendor, ...]
    documents: tuple[Document, ...]
    opening_items: tuple[Document, ...]
    closed_history: tuple[Document, ...]
    d365_events: tuple[Happening, ...]
    bill_events: tuple[Happening, ...]
    engine_runs: tuple[EngineRun, ...]

    @functools.cached_property
    def by_number(self) -> Mapping[int, Document]:
        """Every document by its number."""
        return {document.document: document for document in self.every_document}

    @property
    def every_document(self) -> tuple[Document, ...]:
        """Documents of the month, opening items, and what was closed before the cut-over."""
        return self.documents + self.opening_items + self.closed_history

    def entity(self, legal_entity: str) -> LegalEntity:
        """A legal entity by its id."""
        return next(entity for entity in self.legal_entities if entity.id == legal_entity)

    def vendor(self, account: str) -> Vendor:
        """A vendor by its account."""
        return next(vendor for vendor in self.vendors if vendor.account == account)


def read_ledger() -> Ledger:
    """The ledger that the demo is shipped with."""
    text = resources.files(__package__).joinpath("ledger.json").read_text(encoding="utf-8")
    return ledger_of(json.loads(text))


def ledger_of(facts: Mapping[str, Any]) -> Ledger:
    """The ledger in a file's content."""
    missing = facts["not_mapped_at_start"]
    rates = [{**rate, "from_": rate["from"]} for rate in facts["exchange_rates"]]
    return _read(
        Ledger,
        {
            **facts,
            "exchange_rates": rates,
            "decimals": {row["currency"]: row["decimals"] for row in facts["currencies"]},
            "bill_number_limit": facts["policies"]["bill_number_limit"],
            "unmapped_accounts": missing["main_accounts"],
            "unmapped_departments": missing["departments"],
        },
    )
