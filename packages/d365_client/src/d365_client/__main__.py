"""`d365-client`, also as `python -m d365_client`."""

from __future__ import annotations

import sys

from d365_client.command_line import run


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
