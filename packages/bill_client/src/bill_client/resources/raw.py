"""What is not modelled: any request, and its answer as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from bill_client._answers import RawAnswer
from bill_client._api import Api
from bill_client._call import Call
from bill_client._converter import encode, wire_value


@attrs.frozen
class RawRequests:
    """Requests of your own: with our session, our patience, our errors, and no more help."""

    _api: Api = attrs.field(repr=False)

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | Sequence[object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - it is httpx's
        reads: bool | None = None,
    ) -> RawAnswer:
        """The answer to any request below the API's root, `/connect/v3`.

        `path` begins with a slash and is percent-encoded already, such as `/customers`; `query` is
        not. `json` takes exact numbers, dates and aware instants; `content` are bytes as they are.
        A POST that only `reads` is asked again when something breaks. `timeout` is in seconds.

        Raises:
            BillError: it was no success; `outcome` says what may have been done all the same.
            ValueError: the path is not below the API's root, or there are two bodies.
        """
        if not path.startswith("/") or path.startswith(("//", "/v3/", "/connect/")):
            raise ValueError(f"path {path!r}: give what comes after /connect/v3: /customers")
        if json is not None and content is not None:
            raise ValueError("a request has one body: json or content")
        own = {} if json is None else {"Content-Type": "application/json"}
        call = Call(
            method=method.upper(),
            path=path,
            query=query or {},
            body=content if json is None else encode(wire_value("json", json)),
            headers={**own, **(headers or {})},
            repeatable=reads,
            timeout=timeout,
        )
        return await self._api.send(call)
