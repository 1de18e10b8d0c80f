"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import pathlib
import secrets
from collections.abc import Iterator
from typing import BinaryIO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextlib.contextmanager
def whole_file(path: pathlib.Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write that is put in place of `path` at the end; if anything fails, it is gone.

    A `private` one is readable by its owner alone, from its first byte (on POSIX).

    Raises:
        OSError: it cannot be written there.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        mode = 0o600 if private else 0o666
        with os.fdopen(os.open(partial, _NEW, mode), "wb") as target:
            yield target
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
