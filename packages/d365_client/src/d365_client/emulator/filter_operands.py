"""The pieces of SQL that a $filter is compiled from, each with its OData type. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import attrs

from d365_client.emulator.catalog import Field, Kind
from d365_client.emulator.values import Stored, guid_text, number_text, parse_instant

TEXT, INTEGER, DECIMAL, GUID = "Edm.String", "Edm.Int64", "Edm.Decimal", "Edm.Guid"
INSTANT, BOOLEAN, NULL = "Edm.DateTimeOffset", "Edm.Boolean", "null"


@attrs.frozen
class Condition:
    """A piece of SQL that is true or false for a row, and its parameters."""

    sql: str
    parameters: tuple[Stored, ...] = ()


@attrs.frozen(kw_only=True)
class Operand:
    """A value in the filter: a field's, a literal or a result; `field` where it is a field's."""

    sql: str
    parameters: tuple[Stored, ...]
    edm_type: str
    field: Field | None = None

    @property
    def literal_text(self) -> str | None:
        """The text of a string literal, None for anything else."""
        if self.edm_type != TEXT or self.field is not None or len(self.parameters) != 1:
            return None
        return str(self.parameters[0])


def truth(sql: str, *operands: Operand) -> Operand:
    """A boolean made of `operands`, whose parameters it takes in their order."""
    parameters = tuple(value for operand in operands for value in operand.parameters)
    return Operand(sql=sql, parameters=parameters, edm_type=BOOLEAN)


def number(digits: str) -> Operand:
    """A numeric literal: whole where it fits an Int64, else an exact decimal.

    Raises:
        ValueError: not a number.
    """
    is_whole = digits.lstrip("+-").isdigit()
    if is_whole and -(2**63) <= int(digits) < 2**63:
        return Operand(sql="?", parameters=(int(digits),), edm_type=INTEGER)
    try:
        return Operand(sql="?", parameters=(number_text(Decimal(digits)),), edm_type=DECIMAL)
    except InvalidOperation as problem:
        raise ValueError(f"'{digits}' is not a number.") from problem


def instant(text: str) -> Operand:
    """A DateTimeOffset literal.

    Raises:
        ValueError: not a date with time and offset.
    """
    parsed = parse_instant(text)
    whole = parsed.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    # What is stored has whole seconds: a fraction after the Z sorts behind its second and before
    # the next one.
    written = whole + (f".{parsed.microsecond:06}" if parsed.microsecond else "")
    return Operand(sql="?", parameters=(written,), edm_type=INSTANT)


def guid(text: str) -> Operand:
    """A GUID literal, without the prefix that it may have had.

    Raises:
        ValueError: not a GUID.
    """
    return Operand(sql="?", parameters=(guid_text(text),), edm_type=GUID)


def unescaped(operand: Operand) -> Operand:
    """A text without its backslashes."""
    return attrs.evolve(operand, sql=f"replace({operand.sql}, '\\', '')")


def common_type(left: Operand, right: Operand, operator: str) -> str:
    """The type that two operands are compared as.

    Raises:
        ValueError: they have none in common.
    """
    types = {left.edm_type, right.edm_type}
    if len(types) == 1 or NULL in types:
        return left.edm_type if left.edm_type != NULL else right.edm_type
    if types == {INTEGER, DECIMAL}:
        return DECIMAL
    raise ValueError(
        "A binary operator with incompatible types was detected. Found operand types "
        f"'{left.edm_type}' and '{right.edm_type}' for operator kind '{operator}'."
    )


def as_decimal(operand: Operand) -> Operand:
    """A number as the exact text that decimals are kept as."""
    if operand.edm_type != INTEGER:
        return operand
    return attrs.evolve(operand, sql=f"CAST({operand.sql} AS TEXT)", edm_type=DECIMAL)


def day_only(operand: Operand, other: Operand) -> Operand:
    """An operand without its time of day, where it or the `other` is an AX date."""
    field = operand.field or other.field
    if field is None or field.kind is not Kind.DATE:
        return operand
    return attrs.evolve(operand, sql=f"substr({operand.sql}, 1, 10)")


def balanced(parts: Sequence[str], word: str) -> str:
    """Conditions joined by AND or OR, in parentheses no deeper than need be."""
    if len(parts) == 1:
        return f"({parts[0]})"
    middle = len(parts) // 2
    return f"({balanced(parts[:middle], word)}{word}{balanced(parts[middle:], word)})"
