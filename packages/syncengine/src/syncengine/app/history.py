"""A record's history: every event about it, and about the operations that carried it."""

from __future__ import annotations

from collections.abc import Sequence

from syncengine.codec import links_from
from syncengine.events import EventType, RecordedEvent
from syncengine.ports import Journal


async def history(journal: Journal, record: str) -> Sequence[RecordedEvent]:
    """The events of the records whose key is `record`, begins with it, or whose twin it is.

    `record` is a key (`MQUS-API-040044/5637144600`), the voucher that it begins with, a vendor's
    account, or the id on the other side (`00n…`, `blp…`, `000123/1`).
    """
    events = [item async for item in journal.events()]
    carried = {item.event.operation for item in events if _is_about(item, record)} - {""}
    return [item for item in events if _is_about(item, record) or item.event.operation in carried]


def _is_about(item: RecordedEvent, record: str) -> bool:
    event = item.event
    if event.ref is not None and _named(event.ref.key, record):
        return True
    if event.type is not EventType.LINKED:
        return False
    links = links_from(event.data["links"])
    return any(link.target_id == record or _named(link.ref.key, record) for link in links)


def _named(key: str, record: str) -> bool:
    return key == record or key.startswith(f"{record}/")
