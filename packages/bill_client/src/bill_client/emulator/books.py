"""The books: every object of every organisation, in a SQLite file.

An object is kept as JSON text, so that its amounts are text. Every change is committed before the
reply leaves; reads are served from memory.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from bill_client.emulator import wire_json
from bill_client.emulator.envelopes import timestamp

Body: TypeAlias = dict[str, Any]  # an object in BILL's own form; its fields vary by resource

PREFIXES: Mapping[str, str] = {
    "vendors": "009",
    "bills": "00n",
    "payments": "stp",
    "bill-payments": "blp",
    "bill-lines": "bli",
    "chart-of-accounts": "0ca",
    "departments": "0de",
    "funding-accounts": "bac",
    "users": "006",
    "accounting-classes": "cls",
    "bank-account-users": "bau",
    "employees": "emp",
    "items": "0ii",
    "jobs": "job",
    "locations": "loc",
    "policies": "apl",
    "recurring-bill-lines": "rbl",
    "recurringbills": "rcb",
    "roles": "rol",
    "vendor-credit-lines": "vci",
    "vendor-credits": "vcr",
    "vendor-changes": "aud",
    "documents": "00h",
    "uploads": "0du",
    "attachments": "att",
    "subscriptions": "sub",
    "events": "evt",
    "organizations": "008",
    "billing-statements": "bst",
}
"""What ids begin with (`bill.md` §5); those of the last lines are invented."""

_PARTS = frozenset(
    {"bill-payments", "bill-lines", "recurring-bill-lines", "vendor-credit-lines", "uploads"}
)

RESOURCES = tuple(resource for resource in PREFIXES if resource not in _PARTS)
"""What the books keep."""

_ID_LENGTH = 20


class Observer(Protocol):
    """Who is told of every object that is new or was changed."""

    def __call__(self, organization: str, resource: str, body: Body, *, is_new: bool) -> None:
        """An object is kept as it stands now."""


class Books:
    """All objects, by organisation and resource. Safe to use from several threads.

    `files` is a folder beside the books, for what is no JSON; `version` goes up with each change.
    """

    def __init__(self, file: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        self._observers: list[Observer] = []
        self.version = 0
        self.files = file.with_suffix(".files")
        self._lock = threading.RLock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS objects (organization TEXT, resource TEXT, id TEXT, "
            "body TEXT NOT NULL, PRIMARY KEY (organization, resource, id))"
        )
        self._objects: dict[tuple[str, str], dict[str, Body]] = {}
        for organization, resource, object_id, body in self._database.execute(
            "SELECT organization, resource, id, body FROM objects ORDER BY rowid"
        ):
            self._objects.setdefault((organization, resource), {})[object_id] = wire_json.loads(
                body
            )
        # The file's own number remembers how many ids there were, so that none comes twice.
        (self._issued,) = self._database.execute("PRAGMA user_version").fetchone()
        self.is_new = not self._objects

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def new_id(self, kind: str) -> str:
        """An id that no object has: 20 characters, opaque but for its beginning."""
        with self._lock:
            self._issued += 1
            self._database.execute(f"PRAGMA user_version = {self._issued:d}")
            prefix = PREFIXES[kind]
            return f"{prefix}{self._issued:0{_ID_LENGTH - len(prefix)}X}"

    def add(self, organization: str, resource: str, body: Body) -> Body:
        """Keep a new object; it gets an id and its times where it has none."""
        now = timestamp(self._now())
        told = {
            "id": body.get("id") or self.new_id(resource),
            "archived": False,
            "createdTime": now,
            "updatedTime": now,
            **{key: value for key, value in body.items() if value is not None},
        }
        self.put(organization, resource, told)
        self._tell(organization, resource, told, is_new=True)
        return told

    def observe(self, observer: Observer) -> None:
        """Tell somebody of every object that is new or was changed from now on."""
        self._observers.append(observer)

    def put(self, organization: str, resource: str, body: Body) -> None:
        """Keep an object as it stands now."""
        with self._lock:
            self.version += 1
            self._objects.setdefault((organization, resource), {})[body["id"]] = body
            self._database.execute(
                "INSERT INTO objects VALUES (?, ?, ?, ?) "
                "ON CONFLICT (organization, resource, id) DO UPDATE SET body = excluded.body",
                (organization, resource, body["id"], wire_json.dumps(body).decode()),
            )

    def touch(self, organization: str, resource: str, body: Body) -> None:
        """Keep an object that was changed just now."""
        body["updatedTime"] = timestamp(self._now())
        self.put(organization, resource, body)
        self._tell(organization, resource, body, is_new=False)

    def _tell(self, organization: str, resource: str, body: Body, *, is_new: bool) -> None:
        for observer in self._observers:
            observer(organization, resource, body, is_new=is_new)

    def get(self, organization: str, resource: str, object_id: object) -> Body | None:
        """The object of this id in this organisation, or None."""
        with self._lock:
            return self._objects.get((organization, resource), {}).get(str(object_id))

    def all(self, organization: str, resource: str) -> list[Body]:
        """Every object of a resource, in the order they were made."""
        with self._lock:
            return list(self._objects.get((organization, resource), {}).values())

    def places(self) -> Iterator[tuple[str, str]]:
        """Where there are objects: organisation and resource."""
        with self._lock:
            yield from tuple(self._objects)
