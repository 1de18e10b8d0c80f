"""The shell: sends a call, reads its answer, and turns every failure into one of our errors."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.lowlevel
import attrs
import httpx

from api_transport import GateShut, RetryPolicy, Telemetry, Verdict
from bill_client._answers import RawAnswer, StreamedAnswer
from bill_client._call import Call
from bill_client._changes import Changes, Query
from bill_client._converter import structure
from bill_client._failures import failure, held_back, of_exchange, unread
from bill_client._listing import Fetch, Listing, Page
from bill_client._rows import row_reader
from bill_client.errors import NoAnswer, Outcome, Undecodable, garbled
from bill_client.models.resource import Changed, Resource

R = TypeVar("R", bound=Resource)
T = TypeVar("T")
V = TypeVar("V", bound=Changed)

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_HEADERS = {"Accept": "application/json"}
_EVENTS = "/connect-events/v3"


@attrs.frozen(kw_only=True)
class Api:
    """One organisation of one environment on the wire."""

    http: httpx.AsyncClient
    base_url: str
    policy: RetryPolicy = attrs.field(factory=RetryPolicy)
    telemetry: Telemetry = attrs.field(factory=lambda: Telemetry("bill_client"))
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    draw: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC)

    @property
    def events_url(self) -> str:
        """Where webhooks are: on the same host, under a path of their own (`bill.md` §1.1)."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}{_EVENTS}"

    async def send(self, call: Call) -> RawAnswer:
        """The answer to a call, if it is a success.

        Raises:
            BillError: it is not, or there was none.
        """
        return await self.read(call, lambda answer: answer)

    async def done(self, call: Call) -> None:
        """Do what is answered with nothing.

        Raises:
            BillError: as for `send`.
        """
        await self.send(call)

    async def one(self, model: type[R], call: Call) -> R:
        """The object that a call answers with.

        Raises:
            BillError: as for `send`.
            Undecodable: the answer is not that object; of a write, nobody knows what was done.
        """
        return await self.read(call, lambda answer: structure(model, _json(answer)))

    async def many(self, model: type[R], call: Call, wrapper: str | None) -> Sequence[R]:
        """The objects of an array; BILL puts some arrays into an object, under `wrapper`.

        Raises:
            BillError: as for `send`.
            Undecodable: the answer is not that; of a write, nobody knows what was done.
        """
        return await self.read(
            call, lambda answer: [structure(model, row) for row in _array(_json(answer), wrapper)]
        )

    async def texts(self, call: Call, wrapper: str | None) -> Sequence[str]:
        """The texts of an array; see `many`.

        Raises:
            BillError: as for `many`.
        """
        return await self.read(
            call, lambda answer: [str(text) for text in _array(_json(answer), wrapper)]
        )

    def listing(
        self,
        model: type[R],
        path: str,
        *queries: Mapping[str, str],
        base_url: str | None = None,
        side_by_side: int = 1,
    ) -> Listing[R]:
        """A list, page by page; of several queries one after the other, or some `side_by_side`."""
        fetch = self._fetching(model, path, base_url)
        return Listing(fetch=fetch, queries=queries, side_by_side=side_by_side)

    def changes(
        self, model: type[V], path: str, queries: Sequence[Query], *, since: datetime
    ) -> Changes[V]:
        """What has changed since an instant, by each query in turn."""
        return Changes(fetch=self._fetching(model, path), queries=queries, since=since)

    @contextlib.asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[StreamedAnswer]:
        """The body of the answer to a call, piece by piece; it is never in memory as a whole.

        Raises:
            BillError: the answer is not a success, there was none, or it ended too soon.
        """
        async with self._answered(call) as response:
            told = response.headers.get("content-length", "")
            length = int(told) if told.isdecimal() else None
            yield StreamedAnswer(pieces=response.aiter_bytes(), length=length)

    async def read(self, call: Call, read: Callable[[RawAnswer], T]) -> T:
        """What the answer to a call is read as.

        Where the answer to a read was cut short or garbled, it is read again: the transports below
        cannot, since they pass a success's body on without looking into it.

        Raises:
            BillError: as for `send`; an `Undecodable` that `read` raises tells of this exchange.
        """
        attempt = 1
        while True:
            try:
                async with self._answered(call) as response:
                    await response.aread()
                    answer = _raw(response)
                # The slot is free: whoever waits for it sends, and then there is time to read.
                await anyio.lowlevel.checkpoint()
                with of_exchange(call, answer):
                    return read(answer)
            except (NoAnswer, Undecodable) as error:
                cut_short = error.garbled if isinstance(error, Undecodable) else error.status > 0
                wait = self.policy.wait(
                    Verdict.TRANSIENT if cut_short else Verdict.FINAL,
                    repeatable=call.reads,
                    attempt=attempt,
                    asked=None,
                    draw=self.draw(),
                )
                if wait is None:
                    raise
            await self.sleep(wait)
            attempt += 1

    def _fetching(self, model: type[R], path: str, base_url: str | None = None) -> Fetch[R]:
        reader = row_reader(model)

        async def fetch(query: Mapping[str, str]) -> Page[R]:
            call = Call(method="GET", path=path, query=query, base_url=base_url)
            page = await self.read(call, lambda answer: reader(_json_body(answer)))
            return Page(items=page.rows, next=page.token)

        return fetch

    @contextlib.asynccontextmanager
    async def _answered(self, call: Call) -> AsyncIterator[httpx.Response]:
        """The answer to a call, if it is a success; whatever goes wrong is one of our errors."""
        request = self.http.build_request(
            call.method,
            f"{call.base_url or self.base_url}{call.target}",
            content=call.body,
            headers={**_HEADERS, **call.headers},
            extensions={
                "repeatable": call.reads,
                "operation": call.operation,
                "api_root": self.base_url,
            },
            timeout=self._timeout(call),
        )
        status = 0
        try:
            async with self.telemetry.answered(self.http, request) as response:
                if not response.is_success:
                    body = await response.aread()
                    raise failure(
                        call, response.status_code, response.headers, body, now=self.now()
                    )
                status = response.status_code
                yield response
        except GateShut as error:
            raise held_back(call, error, error.retry_after) from error
        except httpx.TransportError as error:
            raise self._no_answer(call, error, status) from error
        except httpx.DecodingError as error:
            undecodable = garbled(f"the answer cannot be decompressed: {error}")
            undecodable.outcome, undecodable.request_line = unread(call), call.line
            raise undecodable from error

    def _timeout(self, call: Call) -> httpx.Timeout:
        if call.timeout is None:
            return self.http.timeout
        ours = self.http.timeout
        return httpx.Timeout(
            connect=ours.connect, read=call.timeout, write=ours.write, pool=ours.pool
        )

    def _no_answer(self, call: Call, error: httpx.TransportError, status: int) -> NoAnswer:
        never_left = isinstance(error, _NEVER_LEFT)
        what = "gave no whole answer" if status else "gave no answer"
        what = "cannot be reached" if never_left else what
        no_answer = NoAnswer(
            f"{self.base_url} {what}: {str(error) or type(error).__name__}",
            sent=not never_left,
            outcome=Outcome.NOT_EXECUTED if never_left else unread(call),
            request_line=call.line,
        )
        no_answer.status = status
        return no_answer


def _json_body(answer: RawAnswer) -> bytes:
    """The body, if it is JSON and not, for example, a gateway's page in HTML.

    Raises:
        Undecodable: it is not.
    """
    content_type = answer.headers.get("content-type", "")
    if "json" not in content_type:
        raise garbled(f"the answer is {content_type or 'of no type'}, not JSON")
    return answer.content


def _json(answer: RawAnswer) -> object:
    _json_body(answer)
    return answer.json()


def _array(told: object, wrapper: str | None) -> Sequence[object]:
    rows = told.get(wrapper) if wrapper and isinstance(told, Mapping) else told
    if not isinstance(rows, list):
        raise Undecodable(f"the answer has no array{f' of {wrapper}' if wrapper else ''}")
    return rows


def _raw(response: httpx.Response) -> RawAnswer:
    """A response whose body is read, as a value."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return RawAnswer(status=response.status_code, headers=headers, content=response.content)
