"""The shell: sends a call, and turns every failure into one of our errors."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import attrs
import httpx

from api_transport import read_retry_after
from d365_client._call import Call
from d365_client._converter import decode, structure, structured
from d365_client._envelopes import problem
from d365_client._listing import Page
from d365_client.errors import Broken, D365Error, NoAnswer, Outcome, Undecodable, refused
from d365_client.models.entity import Entity

E = TypeVar("E", bound=Entity)

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
_ACTIVITY_ID = "ms-dyn-aid"
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


@attrs.frozen(kw_only=True)
class Api:
    """One environment on the wire.

    `write_exception_is_rejection`: whether a 500 that names `AxODataWriteException` counts as
    *rejected*; by default it is *uncertain*, and one looks first (`d365.md` §2.11).
    """

    http: httpx.AsyncClient
    base_url: str
    write_exception_is_rejection: bool = False
    new_request_id: Callable[[], str] = lambda: str(uuid.uuid4())
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC)

    async def send(self, call: Call) -> httpx.Response:
        """The answer to a call, if it is a success; its body is read.

        Raises:
            D365Error: it is not, or there was none.
        """
        request_id = self.new_request_id()
        request = self.http.build_request(
            call.method,
            f"{self.base_url}{call.target}",
            content=call.body,
            headers={**_HEADERS, **call.headers, _REQUEST_ID: request_id},
            extensions={"repeatable": call.reads},
        )
        try:
            response = await self.http.send(request)
        except httpx.TransportError as error:
            raise self._no_answer(call, error, request_id) from error
        except httpx.DecodingError as error:
            raise Undecodable(
                f"the answer cannot be decompressed: {error}",
                outcome=_unread(call),
                request_id=request_id,
                request_line=call.line,
            ) from error
        if not response.is_success:
            headers = {_ACTIVITY_ID: request_id, **response.headers}
            raise self.failure(call, response.status_code, headers, response.content)
        return response

    async def row(self, model: type[E], call: Call) -> E:
        """The row that a call answers with.

        Raises:
            D365Error: as for `send`.
            Undecodable: the answer is no such row; of a write, nobody knows what was done.
        """
        response = await self.send(call)
        with of_exchange(call, response):
            return structure(model, _json(response))

    async def page(self, model: type[E], call: Call) -> Page[E]:
        """One page of rows; `next` is what the path of the next page's call is to be.

        Raises:
            D365Error: as for `send`.
            Undecodable: the answer is not a page, or its next link leads away or to itself.
        """
        response = await self.send(call)
        with of_exchange(call, response):
            page = _json(response)
            rows = page.get("value")
            if not isinstance(rows, list):
                raise Undecodable("the answer has no list of rows")
            link = page.get("@odata.nextLink")
            following = _rebased(str(link), self.base_url) if link else None
            if following and _same(following, call.target):
                raise Undecodable("a page names itself as the next one; the list has no end")
            return Page(items=structured(model, rows), next=following)

    def failure(
        self, call: Call, status: int, headers: Mapping[str, str], body: bytes
    ) -> D365Error:
        """The error of an answer that is not a success. Header names are in lower case."""
        said = problem(body)
        request_id = headers.get(_ACTIVITY_ID, "")
        if status < _CLIENT_ERROR:
            return Undecodable(
                "the answer is a redirect: is base_url the environment's own?",
                outcome=_unread(call),
                status=status,
                request_id=request_id,
                request_line=call.line,
            )
        if status >= _SERVER_ERROR:
            deterministic = said.is_write_exception and self.write_exception_is_rejection
            return Broken(
                said.message,
                outcome=Outcome.REJECTED if deterministic else _unread(call),
                status=status,
                code=said.code,
                request_id=request_id,
                request_line=call.line,
            )
        return refused(
            status,
            said.message,
            code=said.code,
            request_id=request_id,
            request_line=call.line,
            retry_after=read_retry_after(headers.get("retry-after"), now=self.now()),
        )

    def _no_answer(self, call: Call, error: httpx.TransportError, request_id: str) -> NoAnswer:
        never_left = isinstance(error, _NEVER_LEFT)
        what = "cannot be reached" if never_left else "gave no answer"
        return NoAnswer(
            f"{self.base_url} {what}: {str(error) or type(error).__name__}",
            sent=not never_left,
            outcome=Outcome.NOT_EXECUTED if never_left else _unread(call),
            request_line=call.line,
            request_id=request_id,
        )


@contextlib.contextmanager
def of_exchange(call: Call, response: httpx.Response) -> Iterator[None]:
    """An `Undecodable` that is raised inside tells which exchange it is about."""
    try:
        yield
    except Undecodable as error:
        error.outcome = _unread(call)
        error.status = response.status_code
        error.request_id = response.headers.get(_ACTIVITY_ID, response.request.headers[_REQUEST_ID])
        error.request_line = call.line
        raise


def _unread(call: Call) -> Outcome:
    """What became of a call whose answer is lost, broken or unreadable."""
    return Outcome.NOT_EXECUTED if call.reads else Outcome.UNCERTAIN


def _json(response: httpx.Response) -> Mapping[str, object]:
    content_type = response.headers.get("content-type", "")
    if "json" not in content_type:
        raise Undecodable(f"the answer is {content_type or 'of no type'}, not JSON")
    told = decode(response.content)
    if not isinstance(told, Mapping):
        raise Undecodable("the answer is not a JSON object")
    return told


def _rebased(next_link: str, base_url: str) -> str:
    """A next link as a path below the base URL; it is opaque otherwise (`d365.md` §2.6).

    Raises:
        Undecodable: it names another host, to which the next request would carry our token.
    """
    base = httpx.URL(base_url)
    try:
        link = httpx.URL(next_link)
    except httpx.InvalidURL as error:
        raise Undecodable(f"the next link is no URL: {error}") from error
    if link.host and link.host != base.host:
        raise Undecodable(f"the next page is on another host, {link.host}")
    root = base.path.rstrip("/")
    if not link.path.lower().startswith(f"{root}/data/"):
        raise Undecodable(f"the next page is not below {root}/data/: {link.path}")
    return link.raw_path.decode("ascii")[len(root) :]


def _same(one: str, other: str) -> bool:
    """Whether two paths with their queries ask for the same."""
    left, right = httpx.URL(one), httpx.URL(other)
    return left.path == right.path and left.params == right.params
