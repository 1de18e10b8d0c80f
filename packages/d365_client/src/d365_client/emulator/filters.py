"""$filter compiled to SQL over the books, types checked as OData checks them (d365.md §2.3). Pure.

Amounts are compared as exact decimals: they are stored as canonical text, so equality is
equality of texts, and order is the collation `decimal` that `books.py` registers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

import attrs
from odata_query import ast

from d365_client.emulator.catalog import NAMESPACE, Catalog, EntitySet, Field, Kind
from d365_client.emulator.filter_grammar import DivBy, EnumLiteral, parse_filter
from d365_client.emulator.settings import Settings
from d365_client.emulator.values import Stored, number_text, parse_instant

_TEXT, _INTEGER, _DECIMAL = "Edm.String", "Edm.Int64", "Edm.Decimal"
_INSTANT, _BOOLEAN, _NULL = "Edm.DateTimeOffset", "Edm.Boolean", "null"

_OPERATORS: dict[type[ast._Comparator], tuple[str, str]] = {
    # IS and IS NOT are equality that also answers for null.
    ast.Eq: ("IS", "Equal"),
    ast.NotEq: ("IS NOT", "NotEqual"),
    ast.Lt: ("<", "LessThan"),
    ast.LtE: ("<=", "LessThanOrEqual"),
    ast.Gt: (">", "GreaterThan"),
    ast.GtE: (">=", "GreaterThanOrEqual"),
}
_ARITHMETIC: dict[type[ast._BinOpToken], str] = {
    ast.Add: "decimal_add",
    ast.Sub: "decimal_sub",
    ast.Mult: "decimal_mul",
    ast.Div: "decimal_div",
    DivBy: "decimal_divby",
    ast.Mod: "decimal_mod",
}
_FUNCTIONS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "contains": lambda part: ("", part, ""),
    "startswith": lambda part: (part, ""),
    "endswith": lambda part: ("", part),
}


@attrs.frozen
class Condition:
    """A piece of SQL that is true or false for a row, and its parameters."""

    sql: str
    parameters: tuple[Stored, ...] = ()


@attrs.frozen(kw_only=True)
class _Operand:
    sql: str
    parameters: tuple[Stored, ...]
    edm_type: str
    field: Field | None = None

    @property
    def literal_text(self) -> str | None:
        """The text of a string literal, None for anything else."""
        if self.edm_type != _TEXT or self.field is not None or len(self.parameters) != 1:
            return None
        return str(self.parameters[0])


def compile_filter(
    text: str, entity_set: EntitySet, catalog: Catalog, settings: Settings
) -> Condition:
    """The condition that a $filter states.

    Raises:
        ValueError: syntax, an unknown name, incompatible types or an operator that F&O lacks.
    """
    compiler = _Compiler(entity_set, catalog, settings)
    compiled = compiler.compile(parse_filter(text.strip()))
    if compiled.edm_type != _BOOLEAN:
        raise ValueError("The $filter expression must evaluate to a single boolean value.")
    return Condition(compiled.sql, compiled.parameters)


@attrs.frozen
class _Compiler:
    _entity_set: EntitySet
    _catalog: Catalog
    _settings: Settings

    def compile(self, node: ast._Node) -> _Operand:
        match node:
            case ast.BoolOp():
                return self._both_or_either(node)
            case ast.Compare(comparator, left, right):
                return self._comparison(comparator, self.compile(left), self.compile(right))
            case ast.UnaryOp(ast.Not(), operand):
                inner = self._boolean(operand)
                return attrs.evolve(inner, sql=f"NOT ({inner.sql})")
            case ast.Call(function, arguments):
                return self._function(_full_name(function), arguments)
            case _:
                return self._value(node)

    def _value(self, node: ast._Node) -> _Operand:
        match node:
            case ast.UnaryOp(_, operand):
                return self._arithmetic(ast.Sub(), _number("0"), self.compile(operand))
            case ast.BinOp(operator, left, right):
                return self._arithmetic(operator, self.compile(left), self.compile(right))
            case ast.Identifier():
                return self._property(_full_name(node))
            case ast.Integer(digits) | ast.Float(digits):
                return _number(digits)
            case _:
                return self._literal(node)

    def _literal(self, node: ast._Node) -> _Operand:
        match node:
            case ast.String(text):
                return _Operand(sql="?", parameters=(text,), edm_type=_TEXT)
            case EnumLiteral(type_name, member):
                return self._enum(type_name, member)
            case ast.DateTime(text):
                return _Operand(sql="?", parameters=(_instant(text),), edm_type=_INSTANT)
            case ast.Null():
                return _Operand(sql="NULL", parameters=(), edm_type=_NULL)
            case ast.Boolean():
                return _Operand(sql="1" if node.py_val else "0", parameters=(), edm_type=_BOOLEAN)
            case _:
                kind = type(node).__name__
                raise ValueError(f"A $filter expression of kind '{kind}' is not supported.")

    def _property(self, name: str) -> _Operand:
        field = self._entity_set.fields.get(name)
        if field is None:
            raise ValueError(
                f"Could not find a property named '{name}' on type '{self._entity_set.type_name}'."
            )
        edm_type = _INTEGER if field.kind in {Kind.INT32, Kind.INT64} else field.edm_type
        return _Operand(sql=f'"{field.name}"', parameters=(), edm_type=edm_type, field=field)

    def _enum(self, type_name: str, member: str) -> _Operand:
        enum_type = self._catalog.enums.get(type_name.removeprefix(f"{NAMESPACE}."))
        if enum_type is None or enum_type.name != type_name or member not in enum_type.names:
            raise ValueError(f"The string '{type_name}'{member}'' is not a valid enum value.")
        return _Operand(sql="?", parameters=(member,), edm_type=type_name)

    def _boolean(self, node: ast._Node) -> _Operand:
        operand = self.compile(node)
        if operand.edm_type != _BOOLEAN:
            raise ValueError(f"A boolean was expected, not a value of type {operand.edm_type}.")
        return operand

    def _both_or_either(self, node: ast.BoolOp) -> _Operand:
        # A chain is one list, not a tower: SQLite and Python both bound the height of towers.
        parts: list[ast._Node] = []
        chain: ast._Node = node
        while isinstance(chain, ast.BoolOp) and type(chain.op) is type(node.op):
            parts.append(chain.right)
            chain = chain.left
        parts.append(chain)
        operands = [self._boolean(part) for part in reversed(parts)]
        word = " AND " if isinstance(node.op, ast.And) else " OR "
        return _truth(_balanced([operand.sql for operand in operands], word), *operands)

    def _comparison(self, operator: ast._Comparator, left: _Operand, right: _Operand) -> _Operand:
        if type(operator) not in _OPERATORS:
            raise ValueError(f"The operator '{type(operator).__name__.lower()}' is not supported.")
        sql, name = _OPERATORS[type(operator)]
        edm_type = _common_type(left, right, name)
        is_equality = isinstance(operator, ast.Eq | ast.NotEq)
        if (edm_type.startswith(NAMESPACE) or _NULL in {left.edm_type, right.edm_type}) and (
            not is_equality
        ):
            raise ValueError(f"Only eq and ne compare values of type {edm_type}.")
        if edm_type == _TEXT:
            return self._text_comparison(sql, left, right)
        if edm_type == _DECIMAL:
            left, right = _as_decimal(left), _as_decimal(right)
            # Canonical texts are equal as they are; only their order needs the collation.
            collation = "" if is_equality else " COLLATE decimal"
            return _truth(f"{left.sql} {sql} {right.sql}{collation}", left, right)
        if edm_type == _INSTANT and self._settings.date_filters_ignore_time:
            left, right = _day_only(left, right), _day_only(right, left)
        return _truth(f"{left.sql} {sql} {right.sql}", left, right)

    def _text_comparison(self, sql: str, left: _Operand, right: _Operand) -> _Operand:
        text = right.literal_text
        if sql in {"IS", "IS NOT"} and text is not None and "*" in text:
            return self._like(left, text.split("*"), negated=sql == "IS NOT")
        collation = " COLLATE NOCASE" if self._settings.text_ignores_case else ""
        return _truth(f"{left.sql} {sql} {right.sql}{collation}", left, right)

    def _like(self, left: _Operand, parts: Sequence[str], *, negated: bool) -> _Operand:
        """Whether `left` has these parts in this order, with anything between them."""
        word = "NOT " if negated else ""
        if self._settings.text_ignores_case:
            sql = f"{left.sql} {word}LIKE ? ESCAPE '\\'"
            pattern = "%".join(re.sub(r"[\\%_]", r"\\\g<0>", part) for part in parts)
        else:
            # GLOB is LIKE that minds case.
            sql = f"{left.sql} {word}GLOB ?"
            pattern = "*".join(re.sub(r"[*?\[]", r"[\g<0>]", part) for part in parts)
        return _Operand(sql=sql, parameters=(*left.parameters, pattern), edm_type=_BOOLEAN)

    def _function(self, name: str, arguments: Sequence[ast._Node]) -> _Operand:
        parts_of = _FUNCTIONS.get(name)
        if parts_of is None or not self._settings.string_functions:
            raise ValueError(f"The function '{name}' is not supported in $filter.")
        text, part = (self.compile(argument) for argument in arguments)
        if text.edm_type != _TEXT or part.literal_text is None:
            raise ValueError(f"The function '{name}' takes a string and a string literal.")
        return self._like(text, parts_of(part.literal_text), negated=False)

    def _arithmetic(self, op: ast._BinOpToken, left: _Operand, right: _Operand) -> _Operand:
        if {left.edm_type, right.edm_type} - {_INTEGER, _DECIMAL}:
            raise ValueError(f"Arithmetic takes numbers, not {left.edm_type} and {right.edm_type}.")
        is_whole = isinstance(op, ast.Div) and not isinstance(op, DivBy)
        if is_whole and _DECIMAL in {left.edm_type, right.edm_type}:
            op = DivBy()  # div cuts off the fraction of whole numbers only
        left, right = _as_decimal(left), _as_decimal(right)
        return _Operand(
            sql=f"{_ARITHMETIC[type(op)]}({left.sql}, {right.sql})",
            parameters=left.parameters + right.parameters,
            edm_type=_DECIMAL,
        )


def _full_name(identifier: ast.Identifier) -> str:
    return ".".join((*identifier.namespace, identifier.name))


def _truth(sql: str, *operands: _Operand) -> _Operand:
    parameters = tuple(value for operand in operands for value in operand.parameters)
    return _Operand(sql=sql, parameters=parameters, edm_type=_BOOLEAN)


def _number(digits: str) -> _Operand:
    is_whole = digits.lstrip("+-").isdigit()
    if is_whole and -(2**63) <= int(digits) < 2**63:
        return _Operand(sql="?", parameters=(int(digits),), edm_type=_INTEGER)
    try:
        return _Operand(sql="?", parameters=(number_text(Decimal(digits)),), edm_type=_DECIMAL)
    except InvalidOperation as problem:
        raise ValueError(f"'{digits}' is not a number.") from problem


def _instant(text: str) -> str:
    instant = parse_instant(text)
    whole = instant.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    # What is stored has whole seconds: a fraction after the Z sorts behind its second and before
    # the next one.
    return whole + (f".{instant.microsecond:06}" if instant.microsecond else "")


def _common_type(left: _Operand, right: _Operand, operator: str) -> str:
    types = {left.edm_type, right.edm_type}
    if len(types) == 1 or _NULL in types:
        return left.edm_type if left.edm_type != _NULL else right.edm_type
    if types == {_INTEGER, _DECIMAL}:
        return _DECIMAL
    raise ValueError(
        "A binary operator with incompatible types was detected. Found operand types "
        f"'{left.edm_type}' and '{right.edm_type}' for operator kind '{operator}'."
    )


def _as_decimal(operand: _Operand) -> _Operand:
    if operand.edm_type != _INTEGER:
        return operand
    return attrs.evolve(operand, sql=f"CAST({operand.sql} AS TEXT)", edm_type=_DECIMAL)


def _day_only(operand: _Operand, other: _Operand) -> _Operand:
    field = operand.field or other.field
    if field is None or field.kind is not Kind.DATE:
        return operand
    return attrs.evolve(operand, sql=f"substr({operand.sql}, 1, 10)")


def _balanced(parts: Sequence[str], word: str) -> str:
    if len(parts) == 1:
        return f"({parts[0]})"
    middle = len(parts) // 2
    return f"({_balanced(parts[:middle], word)}{word}{_balanced(parts[middle:], word)})"
