"""Metadata from files: `$metadata` as XML, the answers of `/metadata` as JSON, in any mixture."""

from __future__ import annotations

import codecs
import pathlib
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Protocol

from d365_client._csdl import CsdlReader
from d365_client._metadata import Metadata, Part, SetOfType, assembled
from d365_client._public_entities import PublicReader
from d365_client.errors import Undecodable

_CHUNK = 256 * 1024


class Reader(Protocol):
    """Takes a document in pieces and gives back what each completes."""

    def feed(self, chunk: bytes) -> list[Part]:
        """What this chunk completes.

        Raises:
            Undecodable: the document is not what it should be.
        """

    def close(self) -> list[Part]:
        """What the end completes.

        Raises:
            Undecodable: the document stops short.
        """


def read_files(paths: Sequence[pathlib.Path], *, only: Collection[str] | None = None) -> Metadata:
    """The metadata of these files together; `only` names the entity sets that are kept.

    With `only`, CSDL is read twice, since it names the sets after their types: so no more than what
    is kept is ever held.

    Raises:
        OSError: a file cannot be read.
        Undecodable: a file is neither CSDL nor JSON of `/metadata`, or stops short.
        ValueError: `only` names a set that is in none of them.
    """
    if only is None:
        return assembled(_parts(paths, None, None))
    csdl = [path for path in paths if _first(path) == b"<"]
    sets = (part for part in _parts(csdl, (), only) if isinstance(part, SetOfType))
    types = {part.entity for part in sets if part.entity_set in only}
    return assembled(_parts(paths, types, only), only=only)


def _parts(
    paths: Iterable[pathlib.Path], types: Container[str] | None, sets: Container[str] | None
) -> Iterator[Part]:
    for path in paths:
        reader: Reader
        match _first(path):
            case b"<":
                reader = CsdlReader(types=types)
            case b"{":
                reader = PublicReader(sets=sets)
            case _:
                raise Undecodable(f"{path} is neither CSDL ($metadata) nor JSON of /metadata")
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield from reader.feed(chunk)
        yield from reader.close()


def _first(path: pathlib.Path) -> bytes:
    """The first sign of a document."""
    with path.open("rb") as file:
        return file.read(100).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
