"""Sessions that outlive a client: what is kept of them, and where."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import anyio.to_thread
import attrs

from api_transport.whole_files import whole_file


class SessionStore(Protocol):
    """Keeps small secret texts by key, for one process or for several that share a session.

    Nothing of a credential is in a key, but the texts are secrets: keep them as such. Two
    processes that save at the same moment may each log in; nothing worse comes of it.
    """

    async def load(self, key: str) -> str | None:
        """The text that was saved last under a key; None where none was."""

    async def save(self, key: str, text: str) -> None:
        """Keep a text in place of the one before."""


class MemorySessionStore:
    """Keeps sessions for as long as the process runs; share one among clients."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    async def load(self, key: str) -> str | None:
        """The text that was saved last under a key."""
        return self._texts.get(key)

    async def save(self, key: str, text: str) -> None:
        """Keep a text."""
        self._texts[key] = text


class FileSessionStore:
    """Keeps sessions in a folder that only its owner may read, for several processes.

    Each file is written whole or not at all. On Windows the folder's own permissions decide.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __repr__(self) -> str:
        return f"FileSessionStore({str(self._folder)!r})"

    async def load(self, key: str) -> str | None:
        """The text that was saved last under a key.

        Raises:
            OSError: the file is there and cannot be read.
        """
        return await anyio.to_thread.run_sync(self._read, key)

    async def save(self, key: str, text: str) -> None:
        """Keep a text.

        Raises:
            OSError: the folder cannot be written to.
        """
        await anyio.to_thread.run_sync(self._write, key, text)

    def _read(self, key: str) -> str | None:
        try:
            return self._path(key).read_text("utf-8")
        except FileNotFoundError:
            return None

    def _write(self, key: str, text: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(self._path(key), private=True) as file:
            file.write(text.encode())

    def _path(self, key: str) -> Path:
        return self._folder / f"bill-{key}.json"


@attrs.frozen(kw_only=True)
class Session:
    """A session, good only with the developer key it was made with, and when it was last used."""

    id: str = attrs.field(repr=False)
    used: datetime
    user_id: str = ""
    trusted: bool = False

    def lapses(self, idle: timedelta, now: datetime) -> bool:
        """Whether it has lapsed, or is about to: every call begins its idle time anew (§1.4)."""
        return not now - self.used < idle - min(timedelta(minutes=1), idle / 2)


def text_of(session: Session) -> str:
    """A session as a text to keep."""
    return json.dumps({**attrs.asdict(session), "used": session.used.isoformat()})


def session_of(text: str | None) -> Session | None:
    """The session that a text tells; None where it tells none, as of another version."""
    told = _object(text)
    try:
        return Session(
            id=str(told["id"]),
            used=datetime.fromisoformat(str(told["used"])).astimezone(UTC),
            user_id=str(told.get("user_id", "")),
            trusted=told.get("trusted") is True,
        )
    except (KeyError, ValueError):
        return None


def logins_of(text: str | None, since: datetime) -> Sequence[float]:
    """When there were logins after an instant, in seconds since 1970, the oldest first."""
    told = _object(text).get("logins")
    every = told if isinstance(told, list) else []
    return sorted(at for at in every if isinstance(at, int | float) and at > since.timestamp())


def text_of_logins(logins: Sequence[float]) -> str:
    """Logins as a text to keep."""
    return json.dumps({"logins": list(logins)})


def store_key(*parts: str) -> str:
    """A key from which nothing of its parts can be told."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _object(text: str | None) -> Mapping[str, object]:
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
