"""Why a demo stops."""

from __future__ import annotations


class DemoFailed(Exception):
    """The demo cannot go on; the message says in one sentence what failed, and where to look."""
