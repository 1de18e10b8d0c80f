"""Answers as they came. Pure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import attrs

from bill_client._converter import decode


@attrs.frozen(kw_only=True)
class RawAnswer:
    """An answer that is a success, as it came. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = attrs.field(repr=False)

    def json(self) -> object:
        """The body, with exact numbers: Decimal, never float.

        Raises:
            Undecodable: it is not JSON.
        """
        return decode(self.content)


@attrs.frozen(kw_only=True)
class StreamedAnswer:
    """An answer whose body comes piece by piece; `length` is None where nobody has told it."""

    pieces: AsyncIterator[bytes] = attrs.field(repr=False)
    length: int | None
