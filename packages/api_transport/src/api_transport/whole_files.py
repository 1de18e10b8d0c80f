"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import pathlib
import secrets
from collections.abc import Iterator
from typing import BinaryIO


@contextlib.contextmanager
def whole_file(path: pathlib.Path) -> Iterator[BinaryIO]:
    """A file to write that is put in place of `path` at the end; if anything fails, it is gone.

    Raises:
        OSError: it cannot be written there.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as target:
            yield target
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
