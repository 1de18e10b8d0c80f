"""A played month as one JSON object, in the words of the ledger's expectations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from syncengine.demo.bridge import Bridge
from syncengine.demo.documents import DocumentRow
from syncengine.demo.ledger import Ledger
from syncengine.demo.month import Month

_RATE = Decimal("0.0001")


def money(amount: Decimal, decimals: int) -> str:
    """An amount with its currency's decimals; more only if it has more, which nothing hides."""
    exact = amount.normalize()
    finer = -int(exact.as_tuple().exponent) > decimals
    return format(exact if finer else amount.quantize(Decimal(1).scaleb(-decimals)), "f")


def month_json(month: Month) -> Mapping[str, object]:
    """Everything that was found, with amounts as decimal strings and the records behind them."""
    ledger, result = month.ledger, month.tie_out
    shown = _Shown(ledger)
    figures = [attrs.asdict(entity) for entity in result.entities]
    totals = {
        name: sum(row[name] for row in figures) for name in figures[0] if name != "legal_entity"
    }
    return {
        "bridges": [shown.bridge(row) for row in result.bridges],
        "roll_forward": [shown.row(row, row.currency) for row in result.roll_forward],
        "payments_tie_out": [shown.row(row, row.currency) for row in result.payments_tie_out],
        "clearing": [shown.row(row, shown.accounting) for row in result.clearing],
        "ledger": [shown.row(row, shown.accounting) for row in result.ledger],
        "documents": [shown.document(row) for row in result.documents],
        "parked": [shown.row(row, row.currency) for row in result.parked],
        "exceptions": [attrs.asdict(row) for row in result.exceptions],
        "counts": result.counts,
        **totals,
        "by_legal_entity": figures,
        "second_run_writes": month.second_run_writes,
        "checks": {
            "made": result.checked,
            "failed": [
                {**shown.row(check, shown.accounting), "difference": str(check.difference)}
                for check in result.failed_checks
            ],
        },
        "problems": month.problems,
        "settle_window_seconds": month.settle_window,
        "seconds": round(month.seconds, 1),
        "directory": str(month.directory),
        "files": {name: str(path) for name, path in month.files.items()},
    }


@attrs.frozen
class _Shown:
    """Rows as JSON values."""

    ledger: Ledger

    @property
    def accounting(self) -> str:
        """The currency in which both companies keep their ledgers."""
        return self.ledger.legal_entities[0].currency

    def row(self, row: attrs.AttrsInstance, currency: str) -> dict[str, object]:
        """The fields of a row; amounts in `currency`."""
        decimals = self.ledger.decimals[currency]

        def plain(_instance: type, _field: object, value: object) -> object:
            if isinstance(value, Decimal):
                return money(value, decimals)
            return value.isoformat() if isinstance(value, date) else value

        return attrs.asdict(row, value_serializer=plain)

    def bridge(self, row: Bridge) -> dict[str, object]:
        """A bridge with its figures side by side."""
        told = self.row(row, row.currency)
        figures = told.pop("figures")
        names = {name: told.pop(name) for name in ("legal_entity", "currency")}
        return {**names, **dict(figures), **told}  # type: ignore[call-overload]  # a mapping, as in Bridge

    def document(self, row: DocumentRow) -> dict[str, object]:
        """A document in the ledger's words; what does not apply to a line is left out."""
        told = self.row(row, row.currency)
        told["class"] = told.pop("kind")
        told["journal"] = [
            {
                **_without_nothing(self.row(line, row.currency)),
                **(
                    {
                        "exchange_rate": format(line.exchange_rate.quantize(_RATE), "f"),
                        "accounting_amount": money(
                            line.accounting_amount, self.ledger.decimals[self.accounting]
                        ),
                    }
                    if line.exchange_rate is not None and line.accounting_amount is not None
                    else {}
                ),
            }
            for line in row.journal
        ]
        told["payments_parked"] = [
            _without_nothing(self.row(payment, row.currency)) for payment in row.payments_parked
        ]
        return told


def _without_nothing(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None}
