"""Failures of handlers, told without what they were about."""

from __future__ import annotations

import logging
import traceback


def log_failure(logger: logging.Logger, event_id: str, error: Exception) -> None:
    """One ERROR record: the event's id, the exception's class and where it was raised.

    Its message is left out, because it may quote the payload.
    """
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("event %s failed: %s\n%s", event_id, type(error).__name__, where)
