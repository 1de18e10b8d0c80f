"""One request described as a value. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

_ID = re.compile(r"/[^/]*\d[^/]*")  # BILL's ids have digits, and the words of its paths have none
_READS = frozenset({"GET", "HEAD"})


@attrs.frozen(kw_only=True)
class Call:
    """What to send: the path below the base URL, the query, and a body that is bytes already.

    `repeatable` None lets the method decide; a POST that only reads says True.
    """

    method: str
    path: str
    query: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    repeatable: bool | None = None

    @property
    def reads(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.method in _READS if self.repeatable is None else self.repeatable

    @property
    def line(self) -> str:
        """Method and path, for errors and logs; the query may hold names, so it is left out."""
        return f"{self.method} {self.path}"

    @property
    def operation(self) -> str:
        """The line without ids: the same for all of a kind, for logs and figures."""
        return f"{self.method} {_ID.sub('/{id}', self.path)}"
