"""How D365 writes what the ledger says: dates, ids, accounts (`d365.md` §2.7, §4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from syncengine.demo.facts import Document, Line
from syncengine.demo.ledger import Ledger

Row = Mapping[str, object]
"""A row of an entity set in wire form; amounts are `Decimal`."""

Rows = dict[str, list[Row]]
"""Rows by entity set."""

FIRST_RECORD_ID = 5637144576
"""Where the RecIds of a new environment begin (`d365.md` §2.8)."""

CHART = "MQA"
CALENDAR = "MQA-FY"
FORMAT = ("MainAccount", "BusinessUnit", "Department", "CostCenter")
CORPORATE = "009"
"""The business unit of balance sheet accounts that no document line names."""

NOTHING_CLOSED = date(1900, 1, 1)
"""The null of an AX date."""


def yes_no(value: bool) -> str:  # noqa: FBT001 - a NoYes is what this is about
    """A member of the NoYes enum."""
    return "Yes" if value else "No"


def day_text(day: date) -> str:
    """An AX date on the wire: noon, UTC."""
    return f"{day.isoformat()}T12:00:00Z"


def modified(day: date, ledger: Ledger) -> str:
    """When a row was last written: on its day, and never after the engine's first run.

    All documents are there from the start; a timestamp in the future would move a reader's
    watermark past changes that are still to come.
    """
    return f"{min(day, ledger.cut_over).isoformat()}T06:00:00Z"


def ledger_account(
    main_account: str,
    business_unit: str = CORPORATE,
    department: str | None = None,
    cost_center: str | None = None,
) -> str:
    """A ledger account as it is shown: `607100-002-061-C13`, `200100-009--` (empty ones kept)."""
    return "-".join((main_account, business_unit, department or "", cost_center or ""))


def account_of(line: Line) -> str:
    """The ledger account that a line of a document was posted to."""
    return ledger_account(line.main_account, line.business_unit, line.department, line.cost_center)


def record_ids(values: Iterable[str]) -> dict[str, int]:
    """A RecId for each distinct value, in sorted order."""
    return {
        value: FIRST_RECORD_ID + place for place, value in enumerate(sorted(set(values)), start=1)
    }


def main_account_ids(ledger: Ledger) -> Mapping[str, int]:
    """The RecIds of the main accounts."""
    return record_ids(account.main_account for account in ledger.accounts)


def ledger_ids(ledger: Ledger) -> Mapping[str, int]:
    """The RecIds of the companies' ledgers."""
    return record_ids(entity.id for entity in ledger.legal_entities)


def transaction_id(document: Document) -> int:
    """The RecId of a document's vendor transaction."""
    return FIRST_RECORD_ID + document.document


def source_header_id(document: Document) -> int:
    """The RecId of the source document that lines and distributions of an invoice hang on."""
    return FIRST_RECORD_ID + document.document


def source_line_id(document: Document, line: Line) -> int:
    """The RecId of a source document line."""
    return FIRST_RECORD_ID + document.document * 100 + line.line
