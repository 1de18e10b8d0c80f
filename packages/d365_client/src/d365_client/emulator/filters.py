"""$filter compiled to SQL over the books, types checked as OData checks them (d365.md §2.3). Pure.

Amounts are compared as exact decimals: they are stored as canonical text, so equality is
equality of texts, and order is the collation `decimal` that `books.py` registers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import attrs
from odata_query import ast

from d365_client.emulator.catalog import NAMESPACE, Catalog, EntitySet, Kind
from d365_client.emulator.filter_grammar import DivBy, EnumLiteral, parse_filter
from d365_client.emulator.filter_operands import (
    BOOLEAN,
    DECIMAL,
    GUID,
    INSTANT,
    INTEGER,
    NULL,
    TEXT,
    Condition,
    Operand,
    as_decimal,
    balanced,
    common_type,
    day_only,
    guid,
    instant,
    number,
    truth,
    unescaped,
)
from d365_client.emulator.settings import Settings

_GUID_PREFIX = "guid"

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


def compile_filter(
    text: str, entity_set: EntitySet, catalog: Catalog, settings: Settings
) -> Condition:
    """The condition that a $filter states.

    Raises:
        ValueError: syntax, an unknown name, incompatible types or an operator that F&O lacks.
    """
    compiler = _Compiler(entity_set, catalog, settings)
    compiled = compiler.compile(parse_filter(text.strip()))
    if compiled.edm_type != BOOLEAN:
        raise ValueError("The $filter expression must evaluate to a single boolean value.")
    return Condition(compiled.sql, compiled.parameters)


@attrs.frozen
class _Compiler:
    _entity_set: EntitySet
    _catalog: Catalog
    _settings: Settings

    def compile(self, node: ast._Node) -> Operand:
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

    def _value(self, node: ast._Node) -> Operand:
        match node:
            case ast.UnaryOp(_, operand):
                return self._arithmetic(ast.Sub(), number("0"), self.compile(operand))
            case ast.BinOp(operator, left, right):
                return self._arithmetic(operator, self.compile(left), self.compile(right))
            case ast.Identifier():
                return self._property(_full_name(node))
            case ast.Integer(digits) | ast.Float(digits):
                return number(digits)
            case _:
                return self._literal(node)

    def _literal(self, node: ast._Node) -> Operand:
        match node:
            case ast.String(text):
                return Operand(sql="?", parameters=(text,), edm_type=TEXT)
            case EnumLiteral(type_name, member) if type_name != _GUID_PREFIX:
                return self._enum(type_name, member)
            case EnumLiteral(_, text) | ast.GUID(text):
                return self._guid(text, prefixed=isinstance(node, EnumLiteral))
            case ast.DateTime(text):
                return instant(text)
            case ast.Null():
                return Operand(sql="NULL", parameters=(), edm_type=NULL)
            case ast.Boolean():
                return Operand(sql="1" if node.py_val else "0", parameters=(), edm_type=BOOLEAN)
            case _:
                kind = type(node).__name__
                raise ValueError(f"A $filter expression of kind '{kind}' is not supported.")

    def _property(self, name: str) -> Operand:
        field = self._entity_set.fields.get(name)
        if field is None:
            raise ValueError(
                f"Could not find a property named '{name}' on type '{self._entity_set.type_name}'."
            )
        edm_type = INTEGER if field.kind in {Kind.INT32, Kind.INT64} else field.edm_type
        return Operand(sql=f'"{field.name}"', parameters=(), edm_type=edm_type, field=field)

    def _enum(self, type_name: str, member: str) -> Operand:
        short_name = type_name.removeprefix(f"{NAMESPACE}.")
        enum_type = self._catalog.enums.get(short_name)
        if enum_type is None and self._settings.enum_types_ignore_case:
            found = (known for known in self._catalog.enums if known.lower() == short_name.lower())
            enum_type = self._catalog.enums.get(next(found, ""))
        if enum_type is None or short_name == type_name or member not in enum_type.names:
            raise ValueError(f"The string '{type_name}'{member}'' is not a valid enum value.")
        return Operand(sql="?", parameters=(member,), edm_type=enum_type.name)

    def _guid(self, text: str, *, prefixed: bool) -> Operand:
        if prefixed != self._settings.guid_prefix_is_needed:
            raise ValueError(f"The GUID {text} is not written as a GUID literal.")
        return guid(text)

    def _boolean(self, node: ast._Node) -> Operand:
        operand = self.compile(node)
        if operand.edm_type != BOOLEAN:
            raise ValueError(f"A boolean was expected, not a value of type {operand.edm_type}.")
        return operand

    def _both_or_either(self, node: ast.BoolOp) -> Operand:
        # A chain is one list, not a tower: SQLite and Python both bound the height of towers.
        parts: list[ast._Node] = []
        chain: ast._Node = node
        while isinstance(chain, ast.BoolOp) and type(chain.op) is type(node.op):
            parts.append(chain.right)
            chain = chain.left
        parts.append(chain)
        operands = [self._boolean(part) for part in reversed(parts)]
        word = " AND " if isinstance(node.op, ast.And) else " OR "
        return truth(balanced([operand.sql for operand in operands], word), *operands)

    def _comparison(self, operator: ast._Comparator, left: Operand, right: Operand) -> Operand:
        if type(operator) not in _OPERATORS:
            raise ValueError(f"The operator '{type(operator).__name__.lower()}' is not supported.")
        sql, name = _OPERATORS[type(operator)]
        edm_type = common_type(left, right, name)
        is_equality = isinstance(operator, ast.Eq | ast.NotEq)
        has_no_order = edm_type == GUID or edm_type.startswith(NAMESPACE)
        if not is_equality and (has_no_order or NULL in {left.edm_type, right.edm_type}):
            raise ValueError(f"Only eq and ne compare values of type {edm_type}.")
        if edm_type == TEXT:
            return self._text_comparison(sql, left, right)
        if edm_type == DECIMAL:
            left, right = as_decimal(left), as_decimal(right)
            # Canonical texts are equal as they are; only their order needs the collation.
            collation = "" if is_equality else " COLLATE decimal"
            return truth(f"{left.sql} {sql} {right.sql}{collation}", left, right)
        if edm_type == INSTANT and self._settings.date_filters_ignore_time:
            left, right = day_only(left, right), day_only(right, left)
        return truth(f"{left.sql} {sql} {right.sql}", left, right)

    def _text_comparison(self, sql: str, left: Operand, right: Operand) -> Operand:
        is_display_value = left.field is not None and left.field.name.endswith("DisplayValue")
        if is_display_value and not self._settings.display_values_need_escape:
            left, right = unescaped(left), unescaped(right)
        text = right.literal_text
        if sql in {"IS", "IS NOT"} and text is not None and "*" in text:
            return self._like(left, text.split("*"), negated=sql == "IS NOT")
        collation = " COLLATE NOCASE" if self._settings.text_ignores_case else ""
        return truth(f"{left.sql} {sql} {right.sql}{collation}", left, right)

    def _like(self, left: Operand, parts: Sequence[str], *, negated: bool) -> Operand:
        """Whether `left` has these parts in this order, with anything between them."""
        word = "NOT " if negated else ""
        if self._settings.text_ignores_case:
            sql = f"{left.sql} {word}LIKE ? ESCAPE '\\'"
            pattern = "%".join(re.sub(r"[\\%_]", r"\\\g<0>", part) for part in parts)
        else:
            # GLOB is LIKE that minds case.
            sql = f"{left.sql} {word}GLOB ?"
            pattern = "*".join(re.sub(r"[*?\[]", r"[\g<0>]", part) for part in parts)
        return Operand(sql=sql, parameters=(*left.parameters, pattern), edm_type=BOOLEAN)

    def _function(self, name: str, arguments: Sequence[ast._Node]) -> Operand:
        parts_of = _FUNCTIONS.get(name)
        if parts_of is None or not self._settings.string_functions:
            raise ValueError(f"The function '{name}' is not supported in $filter.")
        text, part = (self.compile(argument) for argument in arguments)
        if text.edm_type != TEXT or part.literal_text is None:
            raise ValueError(f"The function '{name}' takes a string and a string literal.")
        return self._like(text, parts_of(part.literal_text), negated=False)

    def _arithmetic(self, op: ast._BinOpToken, left: Operand, right: Operand) -> Operand:
        if {left.edm_type, right.edm_type} - {INTEGER, DECIMAL}:
            raise ValueError(f"Arithmetic takes numbers, not {left.edm_type} and {right.edm_type}.")
        is_whole = isinstance(op, ast.Div) and not isinstance(op, DivBy)
        if is_whole and DECIMAL in {left.edm_type, right.edm_type}:
            op = DivBy()  # div cuts off the fraction of whole numbers only
        left, right = as_decimal(left), as_decimal(right)
        return Operand(
            sql=f"{_ARITHMETIC[type(op)]}({left.sql}, {right.sql})",
            parameters=left.parameters + right.parameters,
            edm_type=DECIMAL,
        )


def _full_name(identifier: ast.Identifier) -> str:
    return ".".join((*identifier.namespace, identifier.name))
