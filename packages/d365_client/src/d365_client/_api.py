"""The shell: sends a call, and turns every failure into one of our errors."""

from __future__ import annotations

import contextlib
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import anyio
import attrs
import httpx

from api_transport import GateShut, RetryPolicy, Telemetry, Verdict
from d365_client._answers import RawAnswer
from d365_client._auth import CAUSE
from d365_client._call import Call, Operation
from d365_client._failures import ACTIVITY_ID, failure, held_back, of_exchange, unread
from d365_client._links import check_link, rebased
from d365_client._listing import Page
from d365_client._rows import RowReader, RowsOfPage, plain_reader
from d365_client.errors import (
    D365Error,
    NoAnswer,
    Outcome,
    Undecodable,
    garbled,
)

R = TypeVar("R")

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_HEADERS = {
    "Accept": "application/json;odata.metadata=minimal",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
}
_REQUEST_ID = "x-ms-client-request-id"


@attrs.frozen(kw_only=True)
class Api:
    """One environment on the wire.

    `write_exception_is_rejection`: whether a 500 that names `AxODataWriteException` counts as
    *rejected*; by default it is *uncertain*, and one looks first (`d365.md` §2.11).
    """

    http: httpx.AsyncClient
    base_url: str
    write_exception_is_rejection: bool = False
    policy: RetryPolicy = attrs.field(factory=RetryPolicy)
    telemetry: Telemetry = attrs.field(
        factory=lambda: Telemetry("d365_client", activity_header=ACTIVITY_ID)
    )
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    draw: Callable[[], float] = random.random
    new_request_id: Callable[[], str] = lambda: str(uuid.uuid4())
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC)

    async def send(self, call: Call) -> RawAnswer:
        """The answer to a call, if it is a success.

        Raises:
            D365Error: it is not, or there was none.
        """
        return await self.read(call, lambda answer: answer)

    @contextlib.asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of the answer to a call, piece by piece; it is never in memory as a whole.

        Raises:
            D365Error: the answer is not a success, there was none, or it ended too soon.
        """
        async with self._answered(call) as response:
            yield response.aiter_bytes()

    async def run(self, operation: Operation[R]) -> R:
        """What the answer to an operation is read as.

        Raises:
            D365Error: as for `send`.
            Undecodable: the answer is nothing of that kind; of a write, nobody knows what was done.
        """

        def read(answer: RawAnswer) -> R:
            if answer.content and operation.json:
                _expect_json(answer)
            return operation.read(answer.content)

        return await self.read(operation.call, read)

    async def page(self, reader: RowReader[R], call: Call) -> Page[R]:
        """One page of rows; `next` is what the path of the next page's call is to be.

        Raises:
            D365Error: as for `send`.
            Undecodable: the answer is not a page, or its next link leads away, to itself, or past
                rows that did not come.
        """

        def read(answer: RawAnswer) -> Page[R]:
            page, following = self._told(reader, call, answer)
            return Page(items=page.rows, next=following, count=page.count)

        return await self.read(call, read)

    async def raw_page(self, call: Call) -> tuple[RawAnswer, str | None]:
        """One page as it came, and what the path of the next page's call is to be.

        Raises:
            D365Error: as for `page`.
        """

        def read(answer: RawAnswer) -> tuple[RawAnswer, str | None]:
            return answer, self._told(plain_reader(), call, answer)[1]

        return await self.read(call, read)

    async def read(self, call: Call, read: Callable[[RawAnswer], R]) -> R:
        """What the answer to a call is read as.

        Where the answer to a read was cut short or garbled, it is read again: the transports below
        cannot, since they pass a success's body on without looking into it.

        Raises:
            D365Error: as for `send`; an `Undecodable` that `read` raises tells of this exchange.
        """
        attempt = 1
        while True:
            try:
                async with self._answered(call) as response:
                    await response.aread()
                    answer = _raw(response)
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

    def _told(
        self, reader: RowReader[R], call: Call, answer: RawAnswer
    ) -> tuple[RowsOfPage[R], str | None]:
        _expect_json(answer)
        page = reader.page(answer.content)
        following = rebased(page.link, self.base_url) if page.link else None
        if following:
            check_link(call.target, following, given=len(page.rows))
        return page, following

    @contextlib.asynccontextmanager
    async def _answered(self, call: Call) -> AsyncIterator[httpx.Response]:
        """The answer to a call, if it is a success; whatever goes wrong is one of our errors."""
        request_id = self.new_request_id()
        request = self.http.build_request(
            call.method,
            f"{self.base_url}{call.target}",
            content=call.body,
            headers={**_HEADERS, **call.headers, _REQUEST_ID: request_id},
            extensions={
                "repeatable": call.reads,
                "operation": call.operation,
                "request_id": request_id,
            },
            timeout=self._timeout(call),
        )
        status = 0
        try:
            async with self.telemetry.answered(self.http, request) as response:
                if not response.is_success:
                    headers = {ACTIVITY_ID: request_id, **response.headers}
                    body = await response.aread()
                    cause = str(response.extensions.get(CAUSE, ""))
                    raise self.failure(call, response.status_code, headers, body, cause=cause)
                status = response.status_code
                yield response
        except GateShut as error:
            raise held_back(call, error, error.retry_after, request_id) from error
        except httpx.TransportError as error:
            raise self._no_answer(call, error, request_id, status) from error
        except httpx.DecodingError as error:
            undecodable = garbled(f"the answer cannot be decompressed: {error}")
            undecodable.outcome = unread(call)
            undecodable.request_id, undecodable.request_line = request_id, call.line
            raise undecodable from error

    def _timeout(self, call: Call) -> httpx.Timeout:
        if call.timeout is None:
            return self.http.timeout
        ours = self.http.timeout
        return httpx.Timeout(
            connect=ours.connect, read=call.timeout, write=ours.write, pool=ours.pool
        )

    def failure(
        self,
        call: Call,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        *,
        cause: str = "",
    ) -> D365Error:
        """The error of an answer that is not a success. Header names are in lower case."""
        return failure(
            call,
            status,
            headers,
            body,
            cause=cause,
            write_exception_is_rejection=self.write_exception_is_rejection,
            now=self.now(),
        )

    def _no_answer(
        self, call: Call, error: httpx.TransportError, request_id: str, status: int
    ) -> NoAnswer:
        never_left = isinstance(error, _NEVER_LEFT)
        what = "gave no whole answer" if status else "gave no answer"
        what = "cannot be reached" if never_left else what
        no_answer = NoAnswer(
            f"{self.base_url} {what}: {str(error) or type(error).__name__}",
            sent=not never_left,
            outcome=Outcome.NOT_EXECUTED if never_left else unread(call),
            request_line=call.line,
            request_id=request_id,
        )
        no_answer.status = status
        return no_answer


def _expect_json(answer: RawAnswer) -> None:
    """Refuse what is not JSON, such as a proxy's or a starting service's page in HTML.

    Raises:
        Undecodable: it is not.
    """
    content_type = answer.headers.get("content-type", "")
    if "json" not in content_type:
        raise garbled(f"the answer is {content_type or 'of no type'}, not JSON")


def _raw(response: httpx.Response) -> RawAnswer:
    """A response whose body is read, as a value; our request id stands in for a missing one."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    headers.setdefault(ACTIVITY_ID, response.request.headers[_REQUEST_ID])
    return RawAnswer(status=response.status_code, headers=headers, content=response.content)
