"""The grammar of $filter: odata-query's, taught what F&O writes differently. Pure.

Three things are not in odata-query 0.10: enum literals with their type, `divby`, and operators
that are words in one case only. Its tokens `any` and `all` also swallow the beginning of fields
such as `AllowPaymentCopies`, and its GUIDs have one case only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import attrs
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

# Operators are lower case, and names have their own case (d365.md §2.1).
_CASE_MATTERS = re.NOFLAG

_Rule = TypeVar("_Rule", bound=Callable[..., object])


@attrs.frozen
class EnumLiteral(ast._Literal):  # noqa: SLF001 - the node class that the parser knows literals by
    """`Microsoft.Dynamics.DataEntities.NoYes'Yes'`: the type's full name and a member.

    A GUID with the prefix of older protocols, `guid'…'`, has the same form.
    """

    type_name: str
    member: str


@attrs.frozen
class DivBy(ast.Div):
    """Division that keeps the fraction, whatever the operands (OData 4.01)."""


def parse_filter(text: str) -> ast._Node:
    """The syntax tree of a $filter.

    Raises:
        ValueError: the text is not in the grammar.
    """
    try:
        tree: ast._Node | None = ODataParser().parse(_Lexer().tokenize(text))
    except ODataException as problem:
        raise ValueError(f"Syntax error in the $filter expression '{text}'.") from problem
    if tree is None:
        raise ValueError("The $filter expression is empty.")
    return tree


def _matching(pattern: str) -> Callable[[_Rule], _Rule]:
    # What sly's own decorator `_` does, which exists only while the class body runs and which no
    # type checker or linter can see.
    def attach(rule: _Rule) -> _Rule:
        rule.pattern = pattern  # type: ignore[attr-defined]  # sly looks for this attribute
        return rule

    return attach


class _Lexer(ODataLexer):
    tokens = ODataLexer.tokens
    reflags = _CASE_MATTERS

    @_matching(r"(?:guid|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)'(?:[^']|'')*'")
    def GEOGRAPHY(self, t: Any) -> Any:  # noqa: N802 - a literal's place that F&O does not use
        name, _, quoted = t.value.partition("'")
        t.value = EnumLiteral(name, quoted[:-1].replace("''", "'"))
        return t

    @_matching(r"[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}")
    def GUID(self, t: Any) -> Any:  # noqa: N802 - the token's name
        t.value = ast.GUID(t.value)
        return t

    @_matching(r"\s+div(?:by)?\s+")
    def DIV(self, t: Any) -> Any:  # noqa: N802 - the token's name
        t.value = DivBy() if t.value.strip() == "divby" else ast.Div()
        return t

    @_matching(r"any(?=\()")
    def ANY(self, t: Any) -> Any:  # noqa: N802 - the token's name
        t.value = ast.Any()
        return t

    @_matching(r"all(?=\()")
    def ALL(self, t: Any) -> Any:  # noqa: N802 - the token's name
        t.value = ast.All()
        return t

    @_matching(r"(?:true|false)(?!\w)")
    def BOOLEAN(self, t: Any) -> Any:  # noqa: N802 - the token's name
        t.value = ast.Boolean(t.value)
        return t

    @_matching(r"null(?!\w)")
    def NULL(self, t: Any) -> Any:  # noqa: N802 - the token's name
        t.value = ast.Null()
        return t

    @_matching(r"[A-Za-z_](?:\.?\w){0,127}")
    def ODATA_IDENTIFIER(self, t: Any) -> Any:  # noqa: N802 - the token's name
        *namespace, name = t.value.split(".")
        t.value = ast.Identifier(name, tuple(namespace))
        return t
