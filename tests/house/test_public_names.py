"""What a package calls public is one list: in `__all__`, at run time and for type checkers."""

from __future__ import annotations

import ast
import importlib
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PACKAGES = ("api_transport", "bill_client", "d365_client", "syncengine")


def modules_with_a_public_list() -> Iterator[str]:
    """Every module of the four packages that has an `__all__`."""
    for package in PACKAGES:
        source = ROOT / "packages" / package / "src"
        for path in sorted(source.rglob("*.py")):
            if "\n__all__" in path.read_text(encoding="utf-8"):
                parts = path.relative_to(source).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """A module's statements, with those that only a type checker runs."""
    for statement in body:
        match statement:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from statements(statement.body)
            case _:
                yield statement


def homes(module: ModuleType) -> dict[str, str]:
    """The public names that a module's source binds, each with the module it comes from."""
    path = pathlib.Path(str(module.__file__))
    found: dict[str, str] = {}
    for statement in statements(ast.parse(path.read_text(encoding="utf-8")).body):
        match statement:
            case ast.ImportFrom(module=str(home), names=names) if path.name == "__init__.py":
                if home.partition(".")[0] in PACKAGES:
                    found |= {alias.asname or alias.name: home for alias in names}
            case (
                ast.ClassDef(name=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                found[name] = module.__name__
            case _:
                continue
    return {name: home for name, home in found.items() if not name.startswith("_")}


def rank(name: str) -> tuple[int, str]:
    """A name's place in a sorted list, as ruff sees it: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("name", [*modules_with_a_public_list()])
def test_the_public_list_is_what_the_module_binds(name: str) -> None:
    """`__all__` names every public name that the source binds, and no other, in order."""
    module = importlib.import_module(name)

    assert sorted(homes(module), key=rank) == list(module.__all__)


@pytest.mark.parametrize("name", [*modules_with_a_public_list()])
def test_every_public_name_is_the_one_of_its_home(name: str) -> None:
    """A public name resolves to the very object that its home module defines."""
    module = importlib.import_module(name)
    defined = {
        public: getattr(importlib.import_module(home), public)
        for public, home in homes(module).items()
    }

    assert {public: getattr(module, public) for public in module.__all__} == defined


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_resolves_names_where_its_type_checking_imports_say(name: str) -> None:
    """The table that resolves a package's names and the imports that a type checker reads agree."""
    package = importlib.import_module(name)

    assert homes(package) == package._HOME


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_lists_its_public_names_and_no_others(name: str) -> None:
    """`dir()` of a package, which completion in an editor reads, is its public list."""
    package = importlib.import_module(name)

    assert dir(package) == sorted(package.__all__)


@pytest.mark.parametrize("name", PACKAGES)
def test_an_unknown_name_is_an_ordinary_attribute_error(name: str) -> None:
    """Asking a package for a name it does not have fails as for any module, naming both."""
    package = importlib.import_module(name)

    with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'Nonesuch'"):
        _ = package.Nonesuch


def test_importing_the_packages_loads_none_of_their_modules() -> None:
    """An import of a package runs its `__init__` and nothing else of ours, nor httpx nor msal."""
    program = (
        f"import sys, {', '.join(PACKAGES)}\n"
        f"print(*sorted(name for name in sys.modules if name.partition('.')[0] in "
        f"{(*PACKAGES, 'httpx', 'msal')!r}))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert loaded == list(PACKAGES)
