"""What happens to a call on its way, and what is told of it. Pure.

Nothing here is a credential, a query or a body.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import attrs


@attrs.define(kw_only=True)
class Exchange:
    """One call while it is on its way; the transports note here what they do with it.

    `attempts` were handed to the wire; `throttled` are seconds in which the call was not there:
    in the queue for a slot, at the gate, within the hour's allowance, or before a further attempt.
    """

    attempts: int = 0
    throttled: float = 0.0


@attrs.frozen(kw_only=True)
class Asked:
    """What is told of a call when it begins.

    `operation` is the method and the kind of path, the same for all keys; `url` has the path with
    its keys. Neither has a query.
    """

    operation: str
    method: str
    scheme: str
    host: str
    port: int
    url: str
    request_id: str


@attrs.frozen(kw_only=True)
class Told:
    """What is told of a call when it has ended.

    `status` is 0 where there was no answer. Of `seconds`, which go from the call to the end of
    its body, `throttled` were waited. `error` is the name of the exception's class that the
    caller got, or empty.
    """

    status: int
    attempts: int
    seconds: float
    throttled: float
    activity_id: str
    error: str


def exchange_of(extensions: MutableMapping[str, Any]) -> Exchange:
    """The exchange that a request belongs to, by its extensions; one of its own if by none."""
    exchange: Exchange = extensions.setdefault("exchange", Exchange())
    return exchange
