"""One request described as a value. Pure."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Mapping
from urllib.parse import quote

import attrs

_ID = re.compile(r"/[^/]*\d[^/]*")  # BILL's ids have digits, and the words of its paths have none
_READS = frozenset({"GET", "HEAD"})


@attrs.frozen(kw_only=True)
class Call:
    """What to send: the path below the base URL, the query, and a body.

    `path` is encoded and may hold a query of its own, as a download link's does; `query` is not
    yet. `base_url` None is the API's own. A body is bytes, or gives its bytes anew each time that
    it is iterated. `repeatable` None lets the method decide; a POST that only reads says True.
    `timeout` is how many seconds to wait for the answer, None for the client's own.
    """

    method: str
    path: str
    query: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes | AsyncIterable[bytes] | None = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    repeatable: bool | None = None
    timeout: float | None = None
    base_url: str | None = None

    @property
    def reads(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.method in _READS if self.repeatable is None else self.repeatable

    @property
    def target(self) -> str:
        """Path and query as they go on the wire: a space is %20, never a plus sign."""
        options = "&".join(f"{name}={quote(value, safe='')}" for name, value in self.query.items())
        return f"{self.path}?{options}" if options else self.path

    @property
    def line(self) -> str:
        """Method and path, for errors and logs; the query may hold names, so it is left out."""
        return f"{self.method} {self.path.partition('?')[0]}"

    @property
    def operation(self) -> str:
        """The line without ids: the same for all of a kind, for logs and figures."""
        return f"{self.method} {_ID.sub('/{id}', self.path.partition('?')[0])}"
