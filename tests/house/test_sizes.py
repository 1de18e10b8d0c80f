"""A module is read in one sitting, a function on one screen; a file's name says what it holds."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[2]
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
EMPTY_NAMES = {"base", "common", "helpers", "misc", "types", "util", "utils"}

MODULES = sorted((*ROOT.glob("packages/*/src/**/*.py"), *ROOT.glob("bench/**/*.py")))
WRITTEN_BY_TOOLS = "Written by tools/"
"""What a module says that nobody reads line by line, because it follows from another."""


def lines(path: pathlib.Path) -> int:
    """The lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: pathlib.Path) -> Iterator[tuple[str, int]]:
    """The functions of a module, each with its lines, its docstring left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            start = (node.body[0].end_lineno or node.lineno) if documented else node.lineno - 1
            yield node.name, (node.end_lineno or node.lineno) - start


def test_no_module_is_long() -> None:
    """A module of the packages or of the benchmark has at most 300 lines.

    A package's front door only lists names, and is as long as there are names.
    """
    long = {
        str(path.relative_to(ROOT)): lines(path)
        for path in MODULES
        if lines(path) > LONGEST_MODULE
        and path.name != "__init__.py"
        and WRITTEN_BY_TOOLS not in path.read_text(encoding="utf-8")
    }

    assert long == {}


def test_no_function_is_long() -> None:
    """A function of them has at most 40 lines beside its docstring."""
    long = {
        f"{path.relative_to(ROOT)}: {name}": length
        for path in MODULES
        for name, length in functions(path)
        if length > LONGEST_FUNCTION
    }

    assert long == {}


def test_waiting_and_asking_again_stay_small() -> None:
    """`api_transport` waits and asks again in 650 lines, and tells of it in 350 (ADR 8)."""
    source = ROOT / "packages" / "api_transport" / "src" / "api_transport"
    telling = {"_exchange.py", "_opentelemetry.py", "_telemetry.py"}
    # What lists the public names, lets others wait, or writes files says nothing of the wire's use.
    other = {"__init__.py", "blocking.py", "side_by_side.py", "whole_files.py", *telling}
    modules = list(source.glob("*.py"))

    assert sum(lines(path) for path in modules if path.name not in other) <= 650
    assert sum(lines(path) for path in modules if path.name in telling) <= 350


def test_no_module_has_a_name_that_says_nothing() -> None:
    """No module or folder is called after what does not belong anywhere."""
    named = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}

    assert named & EMPTY_NAMES == set()
