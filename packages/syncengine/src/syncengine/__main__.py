"""`python -m syncengine`, and the `syncengine` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, if what it stands on is installed."""
    try:
        from syncengine.app.command_line import application  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as error:
        if error.name not in ("rich", "typer"):
            raise
        sys.exit(
            'syncengine: the command line needs an extra: pip install "tieout-syncengine[cli]"'
        )
    application()


if __name__ == "__main__":
    main()
