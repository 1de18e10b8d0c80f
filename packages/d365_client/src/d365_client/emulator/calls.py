"""A call to the data endpoint, as a value. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class Principal:
    """The application that calls, and the F&O user that it runs as (d365.md §1.4).

    Attributes:
        user: the user that the application is mapped to; None: no row maps it.
        default_company: the company that calls without cross-company see.
        denied: entity sets that the user's roles give no privilege for.
    """

    client_id: str
    user: str | None
    default_company: str
    denied: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Call:
    """One call, on its own or as a part of a batch.

    Attributes:
        path: decoded, from `/data` on.
        query: raw, without the question mark.
        headers: names in lower case.
        base_url: the environment, without a trailing slash.
        in_batch: whether this is a part of a batch; business rules then answer 500 (§2.11).
        busy_headers: (company, JournalBatchNumber) of journals that another call is inserting
            lines into at this moment.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    principal: Principal
    in_batch: bool = False
    busy_headers: frozenset[tuple[str, str]] = frozenset()

    @property
    def url(self) -> str:
        """What the caller asked for, for error messages."""
        return f"{self.base_url}{self.path}" + (f"?{self.query}" if self.query else "")
