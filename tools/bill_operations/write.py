"""Writes the table of BILL's operations: which is a method of the client, and which.

    python -m tools.bill_operations.write [--check]

It reads BILL's own collection, which is not part of the project. With `--check` nothing is
written, and the exit code is 1 if something would be.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence

import httpx
from tools.bill_operations.collection import FOLDERS, ROOT, Operation, operations
from tools.bill_operations.methods import every_method
from tools.bill_operations.recorder import ROOT as API_ROOT
from tools.bill_operations.recorder import Recorder

from bill_client._api import Api
from bill_client.environment import Environment

PAGE = ROOT / "docs" / "reference" / "bill_operations.md"

HEAD = """# BILL's operations

<!-- Written by tools/bill_operations from BILL's own collection of requests. -->

Every request of BILL's collection for v3, with the method that sends it.
What has none is outside accounts payable and goes by `client.request`.
Paths are below `/connect/v3`, those of webhooks below `/connect-events/v3`.
"""


async def methods_of_operations(known: Sequence[Operation]) -> Mapping[str, Sequence[str]]:
    """The methods that send each operation, by its line."""
    found: dict[str, list[str]] = {"POST /login": ["SessionAuth"]}
    recorder = Recorder(known)
    http = httpx.AsyncClient(transport=httpx.MockTransport(recorder))
    for method in every_method(Environment(Api(http=http, base_url=API_ROOT))):
        recorder.asked.clear()
        await method.call()
        lines = {operation.line for operation, _ in recorder.asked if operation}
        for line in lines:
            found.setdefault(line, []).append(f"client.{method.title}")
    return found


def page(known: Sequence[Operation], methods: Mapping[str, Sequence[str]]) -> str:
    """The page, folder by folder: those of accounts payable first."""
    folders = sorted({one.folder for one in known}, key=lambda name: (name not in FOLDERS, name))
    covered = sum(one.line in methods for one in known)
    parts = [HEAD, f"Of {len(known)} requests {covered} are methods.\n"]
    for folder in folders:
        parts.append(f"## {folder}\n")
        parts.append("| request | method |\n|---|---|")
        own = sorted((one for one in known if one.folder == folder), key=lambda one: one.path)
        for one in own:
            names = ", ".join(f"`{name}`" for name in sorted(methods.get(one.line, ())))
            parts.append(f"| `{one.line}` | {names or '`client.request`'} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def main() -> int:
    """Write the page, or with `--check` tell whether it is as it would be written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    checks = parser.parse_args().check
    known = operations()
    text = page(known, asyncio.run(methods_of_operations(known)))
    if PAGE.exists() and PAGE.read_text("utf-8") == text:
        return 0
    if not checks:
        PAGE.write_text(text, "utf-8")
    print(f"{PAGE.relative_to(ROOT)} {'is not as it would be written' if checks else 'is written'}")
    return 1 if checks else 0


if __name__ == "__main__":
    sys.exit(main())
