"""One request described as a value, and what its answer is read as. Pure."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import attrs

R_co = TypeVar("R_co", covariant=True)

_READS = frozenset({"GET", "HEAD"})
_PLAIN = frozenset(f"{string.ascii_letters}{string.digits}-._~$,()")

_KEY = re.compile(r"\([^/]*\)")  # to the last bracket of a segment: a key may have some of its own


def percent_encoded(text: str) -> str:
    """Text as part of a URL: a space is %20, never a plus sign, which some read as itself."""
    octets = text.encode()
    return "".join(chr(octet) if chr(octet) in _PLAIN else f"%{octet:02X}" for octet in octets)


@attrs.frozen(kw_only=True)
class Call:
    """What to send: the path below the base URL, the query, and a body that is bytes already.

    `path` is encoded and may hold a query of its own, as a next link's does; `query` is not yet.
    `repeatable` None lets the method decide; a POST that only reads says True. `timeout` is how
    many seconds to wait for the answer, None for the client's own.
    """

    method: str
    path: str
    query: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    repeatable: bool | None = None
    timeout: float | None = None

    @property
    def reads(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.method in _READS if self.repeatable is None else self.repeatable

    @property
    def target(self) -> str:
        """Path and query as they go on the wire."""
        options = [f"{name}={percent_encoded(value)}" for name, value in self.query.items()]
        return f"{self.path}?{'&'.join(options)}" if options else self.path

    @property
    def line(self) -> str:
        """Method and path, for errors and logs; the query may hold names, so it is left out."""
        return f"{self.method} {self.path.partition('?')[0]}"

    @property
    def operation(self) -> str:
        """The line without keys: the same for all rows of a set, for logs and figures."""
        return f"{self.method} {_KEY.sub('({key})', self.path.partition('?')[0])}"


@attrs.frozen(kw_only=True)
class Operation(Generic[R_co]):
    """A call and what its answer is read as: to be run by itself or as a part of a batch.

    `read` takes the body of an answer that is a success; one with a body is JSON, unless `json`
    is False.
    """

    call: Call
    read: Callable[[bytes], R_co] = attrs.field(repr=False)
    json: bool = True
