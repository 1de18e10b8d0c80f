"""Lines that tell a terminal's shell the environment variables of an emulator. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping


def shell_lines(variables: Mapping[str, str], *, platform: str) -> str:
    """Lines to paste into a terminal: for PowerShell on `win32`, else for a POSIX shell."""
    if platform == "win32":
        quoted = {name: value.replace("'", "''") for name, value in variables.items()}
        lines = [f"$env:{name} = '{value}'" for name, value in quoted.items()]
    else:
        lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "".join(f"{line}\n" for line in lines)
