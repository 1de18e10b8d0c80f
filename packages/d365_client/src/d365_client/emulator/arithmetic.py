"""Exact decimals for SQLite: functions and a collation over canonical number texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from decimal import ROUND_DOWN, Context, Decimal

from d365_client.emulator.values import number_text

_CONTEXT = Context(prec=60)


def _div(left: Decimal, right: Decimal) -> Decimal:
    return _CONTEXT.divide(left, right).to_integral_value(rounding=ROUND_DOWN)


_FUNCTIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "decimal_add": _CONTEXT.add,
    "decimal_sub": _CONTEXT.subtract,
    "decimal_mul": _CONTEXT.multiply,
    "decimal_div": _div,
    "decimal_divby": _CONTEXT.divide,
    "decimal_mod": _CONTEXT.remainder,
}


def install(connection: sqlite3.Connection) -> None:
    """Give `connection` the collation `decimal` and the functions `decimal_add`, … `decimal_mod`.

    A division by zero surfaces as `sqlite3.OperationalError`.
    """
    connection.create_collation("decimal", _compare)
    for name, function in _FUNCTIONS.items():
        connection.create_function(name, 2, _over_texts(function), deterministic=True)


def _compare(left: str, right: str) -> int:
    one, other = Decimal(left), Decimal(right)
    return (one > other) - (one < other)


def _over_texts(function: Callable[[Decimal, Decimal], Decimal]) -> Callable[[str, str], str]:
    def over_texts(left: str, right: str) -> str:
        return number_text(function(Decimal(left), Decimal(right)))

    return over_texts
