"""What is not modelled: any request, and its answer as it is."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from d365_client._answers import RawAnswer
from d365_client._api import Api
from d365_client._call import Call
from d365_client._converter import body_of, encode


@attrs.frozen(kw_only=True)
class RawRequests:
    """Requests of your own: with our token, our patience, our errors, and no more help."""

    _api: Api = attrs.field(alias="api", repr=False)

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - it is httpx's
        reads: bool | None = None,
    ) -> RawAnswer:
        """The answer to any request below the environment's URL.

        `path` begins with a slash and is percent-encoded already; `query` is not. `json` takes
        exact numbers, dates and aware instants; `content` are bytes as they are. A POST that only
        `reads` is asked again when something breaks. `timeout` is in seconds.

        Raises:
            D365Error: it was no success; `outcome` says what may have been done all the same.
            ValueError: the path is not below the environment's URL, or there are two bodies.
        """
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError(f"path {path!r}: give what comes after the environment's URL, /data/…")
        if json is not None and content is not None:
            raise ValueError("a request has one body: json or content")
        own = {} if json is None else {"Content-Type": "application/json; charset=utf-8"}
        call = Call(
            method=method.upper(),
            path=path,
            query=query or {},
            body=content if json is None else encode(body_of(json)),
            headers={**own, **(headers or {})},
            repeatable=reads,
            timeout=timeout,
        )
        return await self._api.send(call)
