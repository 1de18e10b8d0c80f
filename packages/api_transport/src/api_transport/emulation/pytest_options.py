"""What the emulators' pytest plugins share: how long a server lives is the user's to say.

Only plugins import this, in a process that runs pytest.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import pytest

Scope: TypeAlias = Literal["function", "class", "module", "package", "session"]
"""How long a server lives."""

_SCOPES: tuple[Scope, ...] = get_args(Scope)


def add_scope_option(parser: pytest.Parser, fixture_name: str) -> None:
    """Let pytest's configuration have `<fixture>_scope`, which is `function` if left away."""
    parser.addini(f"{fixture_name}_scope", f"how long a {fixture_name} lives: {', '.join(_SCOPES)}")


def scope(fixture_name: str, config: pytest.Config) -> Scope:
    """The scope that the configuration gives a fixture; to be the fixture's `scope`.

    Raises:
        pytest.UsageError: it is none that pytest has.
    """
    wanted = config.getini(f"{fixture_name}_scope") or "function"
    for known in _SCOPES:
        if wanted == known:
            return known
    allowed = ", ".join(_SCOPES)
    raise pytest.UsageError(f"{fixture_name}_scope must be one of {allowed}, not {wanted!r}")
