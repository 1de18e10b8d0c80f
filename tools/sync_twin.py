"""Writes a client's synchronous twin from its asynchronous surface (ADR 11).

    python tools/sync_twin.py [--check]

Each method of the twin is one line that waits for the method of the same name. With `--check`
nothing is written, and the exit code is 1 if something would be.
"""

from __future__ import annotations

import argparse
import ast
import pathlib
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

import attrs

ROOT = pathlib.Path(__file__).parents[1]

HEAD = '''"""{title}

Written by tools/sync_twin.py from the asynchronous surface: change that one, and run it again.
"""

from __future__ import annotations
'''


_NEEDED = {
    "AbstractAsyncContextManager": "contextlib",
    "Blocking": "api_transport.blocking",
    "Callable": "collections.abc",
    "Iterator": "collections.abc",
    "Self": "typing",
    "TypeVar": "typing",
}
"""What a twin needs that its source does not."""


@attrs.frozen(kw_only=True)
class Twin:
    """What is written for one client: from these classes of these modules, in this order.

    `classes` maps a class to its twin's name; the last is the client's own surface. `parts` are
    attributes whose values have twins of their own.
    """

    package: str
    title: str
    classes: Mapping[str, str]
    modules: Sequence[str]
    parts: Mapping[str, str]


D365 = Twin(
    package="d365_client",
    title="The client for callers that cannot await: a script, or a notebook.",
    classes={
        "Listing": "SyncListing",
        "EntitySet": "SyncEntitySet",
        "Entities": "SyncEntities",
        "CustomServices": "SyncCustomServices",
        "EnvironmentMetadata": "SyncEnvironmentMetadata",
        "RawRequests": "SyncRawRequests",
        "Environment": "SyncD365Client",
    },
    modules=[
        "_listing",
        "resources.entity_sets",
        "resources.entities",
        "resources.actions",
        "resources.metadata",
        "resources.raw",
        "environment",
    ],
    parts={
        "entities": "Entities",
        "services": "CustomServices",
        "metadata": "EnvironmentMetadata",
        "raw": "RawRequests",
    },
)

BILL = Twin(
    package="bill_client",
    title="The client for callers that cannot await: a script, or a notebook.",
    classes={
        "Listing": "SyncListing",
        "Changes": "SyncChanges",
        "Vendors": "SyncVendors",
        "Bills": "SyncBills",
        "RecurringBills": "SyncRecurringBills",
        "VendorCredits": "SyncVendorCredits",
        "Payments": "SyncPayments",
        "BillApprovals": "SyncBillApprovals",
        "Documents": "SyncDocuments",
        "Attachments": "SyncAttachments",
        "BankAccounts": "SyncBankAccounts",
        "FundingAccounts": "SyncFundingAccounts",
        "Organizations": "SyncOrganizations",
        "Users": "SyncUsers",
        "Roles": "SyncRoles",
        "Reports": "SyncReports",
        "Sessions": "SyncSessions",
        "MultiFactor": "SyncMultiFactor",
        "Webhooks": "SyncWebhooks",
        "Classification": "SyncClassification",
        "Environment": "SyncBillClient",
    },
    modules=[
        "_listing",
        "_changes",
        "resources.vendors",
        "resources.bills",
        "resources.recurring_bills",
        "resources.vendor_credits",
        "resources.payments",
        "resources.approvals",
        "resources.documents",
        "resources.funding_accounts",
        "resources.organizations",
        "resources.users",
        "resources.reports",
        "resources.sessions",
        "resources.webhooks",
        "resources.classifications",
        "environment",
    ],
    parts={
        "vendors": "Vendors",
        "bills": "Bills",
        "recurring_bills": "RecurringBills",
        "vendor_credits": "VendorCredits",
        "payments": "Payments",
        "bill_approvals": "BillApprovals",
        "documents": "Documents",
        "attachments": "Attachments",
        "bank_accounts": "BankAccounts",
        "funding_accounts": "FundingAccounts",
        "organizations": "Organizations",
        "users": "Users",
        "roles": "Roles",
        "reports": "Reports",
        "session": "Sessions",
        "mfa": "MultiFactor",
        "webhooks": "Webhooks",
        "chart_of_accounts": "Classification",
        "departments": "Classification",
        "locations": "Classification",
        "accounting_classes": "Classification",
        "jobs": "Classification",
        "items": "Classification",
        "employees": "Classification",
    },
)

TWINS = (D365, BILL)


class Source:
    """The classes of a twin's modules, and where each name in them comes from."""

    def __init__(self, twin: Twin) -> None:
        self.classes: dict[str, ast.ClassDef] = {}
        self.imported: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        for name in twin.modules:
            path = _source(twin.package, name)
            tree = ast.parse(path.read_text("utf-8"))
            for node in tree.body:
                match node:
                    case ast.ClassDef():
                        self.classes[node.name] = node
                        self.imported[node.name] = f"{twin.package}.{name}"
                    case ast.ImportFrom(module=str(module)):
                        self.imported |= {alias.name: module for alias in node.names}
                    case ast.Assign(targets=[ast.Name(id=made)]) if "TypeVar" in ast.unparse(node):
                        self.variables[made] = ast.unparse(node)
                    case ast.Assign(targets=[ast.Name(id=made)]):
                        self.constants[made] = f"{twin.package}.{name}"


def written(twin: Twin) -> str:
    """The module of a twin, formatted."""
    source = Source(twin)
    bodies = [_class(twin, source.classes[name]) for name in twin.classes]
    code = "\n\n".join(bodies)
    text = "\n".join([HEAD.format(title=twin.title), _imports(twin, source, code), code])
    return _ruff(_ruff(text, "check", "--fix", "--quiet", "--select=I"), "format")


def _ruff(text: str, *command: str) -> str:
    """What ruff makes of a module's text."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--stdin-filename", "sync_client.py", "-"],
        input=text,
        capture_output=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
    )
    return done.stdout


def _class(twin: Twin, node: ast.ClassDef) -> str:
    """The twin of a class."""
    name = twin.classes[node.name]
    last = node.name == list(twin.classes)[-1]
    generic = next((ast.unparse(base) for base in node.bases if "Generic" in ast.unparse(base)), "")
    lines = [f"class {name}({generic}):" if generic else f"class {name}:"]
    lines.append(_indented(f'"""{ast.get_docstring(node, clean=False)}"""'))
    lines.append(_beginning(twin, node) if last else _wrapping(node.name, generic))
    lines += [_indented(text) for method in node.body for text in _method(twin, method)]
    return "\n\n".join(lines)


def _wrapping(name: str, generic: str) -> str:
    parameter = generic.removeprefix("Generic")
    return _indented(
        f"def __init__(self, blocking: Blocking, twin: {name}{parameter}) -> None:\n"
        "    self._blocking, self._twin = blocking, twin"
    )


def _beginning(twin: Twin, node: ast.ClassDef) -> str:
    """How the client's twin starts, and ends."""
    lines = [
        "def __init__(",
        f"    self, make: Callable[[], AbstractAsyncContextManager[{node.name}]]",
        ") -> None:",
        "    self._blocking = Blocking()",
        "    try:",
        "        self._twin = self._blocking.enter(make)",
        "    except BaseException:  # whatever it was; it is raised again",
        "        self._blocking.close()",
        "        raise",
    ]
    for attribute, kind in _attributes(twin, node):
        made = f"{twin.classes[kind]}(self._blocking, self._twin.{attribute})"
        lines.append(f"    self.{attribute} = {made}")
    lines += [
        "",
        "def __enter__(self) -> Self:",
        "    return self",
        "",
        "def __exit__(self, *exc: object) -> None:",
        "    self.close()",
        "",
        "def close(self) -> None:",
        '    """Close every connection, and end the thread."""',
        "    self._blocking.close()",
    ]
    return _indented("\n".join(lines))


def _attributes(twin: Twin, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The attributes that the surface's `__init__` sets, with the kind of each."""
    for assigned in ast.walk(node):
        match assigned:
            case ast.Assign(targets=[ast.Attribute(attr=name)]) if name in twin.parts:
                yield name, twin.parts[name]
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Subscript()):
                yield name, "EntitySet"


def _method(twin: Twin, node: ast.stmt) -> Iterator[str]:
    """The twin of a method, if it is a public one."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    if node.name == "__aiter__":
        item = ast.unparse(node.returns or node).partition("[")[2].partition(",")[0]
        yield (
            f"def __iter__(self) -> Iterator[{item}]:\n"
            f'    """{ast.get_docstring(node)}"""\n'
            "    for page in self.pages():\n"
            "        yield from page.items"
        )
    elif not node.name.startswith("_") or node.name == "__getitem__":
        yield _signed(twin, node)


def _signed(twin: Twin, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A method with the signature and the docstring of the one that it waits for."""
    returns = ast.unparse(node.returns) if node.returns else "None"
    for name, other in twin.classes.items():
        returns = other if returns == name else returns.replace(f"{name}[", f"{other}[")
    decorators = "".join(f"@{ast.unparse(one)}\n" for one in node.decorator_list)
    call = f"self._twin.{node.name}({_passed(node.args)})"
    if node.name == "__getitem__":
        call = f"self._twin[{node.args.args[1].arg}]"
    if any(ast.unparse(one) == "property" for one in node.decorator_list):
        call = f"self._twin.{node.name}"
    waits = isinstance(node, ast.AsyncFunctionDef)
    if waits and returns.startswith("AsyncGenerator["):
        returns = f"Iterator[{returns.removeprefix('AsyncGenerator[').removesuffix(', None]')}]"
        body = f"return self._blocking.iterate({call})"
    elif waits:
        passed = ", ".join(filter(None, [f"self._twin.{node.name}", _passed(node.args)]))
        body = f"{'' if returns == 'None' else 'return '}self._blocking.call({passed})"
    else:
        wrapping = next(
            (one for one in twin.classes.values() if returns.partition("[")[0] == one), ""
        )
        any_of = "[Any]" if " | " in returns else ""  # of a union nothing is inferred
        body = f"return {call}"
        if wrapping:
            body = f"return {wrapping}{any_of}(self._blocking, {call})"
    docstring = ast.get_docstring(node, clean=False)
    told = f'    """{docstring}"""\n' if docstring else ""
    signature = f"{decorators}def {node.name}({ast.unparse(node.args)}) -> {returns}:"
    if any(ast.unparse(one) == "overload" for one in node.decorator_list):
        return f"{signature} ..."
    # The docstring is indented as in a class already.
    return f"{signature}\n{_dedented(told)}    {body}"


def _passed(arguments: ast.arguments) -> str:
    """The arguments of a call that passes all of them on."""
    names = [one.arg for one in arguments.args[1:]]
    names += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    names += [f"{one.arg}={one.arg}" for one in arguments.kwonlyargs]
    names += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    return ", ".join(names)


def _imports(twin: Twin, source: Source, code: str) -> str:
    """What the code names, from where its source has it."""
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    variables = [source.variables[name] for name in sorted(names & {*source.variables})]
    for line in variables:
        names |= {node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)}
    homes = {**source.constants, **source.imported, **_NEEDED}
    lines = [
        f"from {homes[name]} import {name}"
        for name in sorted(names & {*homes} - {*twin.classes.values()})
    ]
    return "\n".join([*lines, "", *variables, ""])


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.splitlines())


def _dedented(docstring: str) -> str:
    return "\n".join(
        line.removeprefix("    ") if number else line
        for number, line in enumerate(docstring.split("\n"))
    )


def _source(package: str, module: str) -> pathlib.Path:
    folder = ROOT / "packages" / package / "src" / package
    return folder.joinpath(*module.split(".")).with_suffix(".py")


def main() -> int:
    """Write every twin, or with `--check` tell which are not as they would be written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    checks = parser.parse_args().check
    stale = []
    for twin in TWINS:
        path, text = _source(twin.package, "sync_client"), written(twin)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not checks:
            path.write_text(text, "utf-8")
    for path_name in stale:
        print(f"{path_name} {'is not as it would be written' if checks else 'is written anew'}")
    return 1 if checks and stale else 0


if __name__ == "__main__":
    sys.exit(main())
