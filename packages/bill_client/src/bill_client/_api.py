"""The shell: sends a call, and turns every failure into one of our errors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import attrs
import httpx

from api_transport import GateShut, Telemetry, read_retry_after
from bill_client._call import Call
from bill_client._converter import decode, structure
from bill_client._envelopes import problem
from bill_client._listing import Listing, Page
from bill_client.errors import (
    BadRequest,
    BillError,
    Broken,
    NoAnswer,
    Outcome,
    Throttled,
    Undecodable,
    garbled,
    refused,
)
from bill_client.models.resource import Resource

R = TypeVar("R", bound=Resource)

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_HEADERS = {"Accept": "application/json"}


@attrs.frozen(kw_only=True)
class Api:
    """One organisation of one environment on the wire."""

    http: httpx.AsyncClient
    base_url: str
    telemetry: Telemetry = attrs.field(factory=lambda: Telemetry("bill_client"))

    async def send(self, call: Call) -> httpx.Response:
        """The answer to a call, if it is a success; its body is read.

        Raises:
            BillError: it is not, or there was none.
        """
        request = self.http.build_request(
            call.method,
            f"{self.base_url}{call.path}",
            params=dict(call.query) or None,
            content=call.body,
            headers={**_HEADERS, **call.headers},
            extensions={"repeatable": call.reads, "operation": call.operation},
        )
        try:
            async with self.telemetry.answered(self.http, request) as response:
                await response.aread()
                if response.status_code >= _CLIENT_ERROR:
                    raise _failure(call, response)
        except GateShut as error:
            raise _held_back(call, error) from error
        except httpx.TransportError as error:
            raise _no_answer(self.base_url, call, error) from error
        return response

    async def one(self, model: type[R], call: Call) -> R:
        """The object that a call answers with.

        Raises:
            BillError: as for `send`.
            Undecodable: the answer is not that object; of a write, nobody knows what was done.
        """
        response = await self.send(call)
        with _of_exchange(call, response):
            return structure(model, _json(response))

    def listing(self, model: type[R], path: str, query: Mapping[str, str]) -> Listing[R]:
        """A list, page by page. With a page token neither filters nor sort are sent again (§4)."""

        async def fetch(token: str | None) -> Page[R]:
            asked = query if token is None else {"max": query["max"], "page": token}
            call = Call(method="GET", path=path, query=asked)
            response = await self.send(call)
            with _of_exchange(call, response):
                return _page(model, _json(response))

        return Listing(fetch=fetch)


@contextlib.contextmanager
def _of_exchange(call: Call, response: httpx.Response) -> Iterator[None]:
    """An `Undecodable` that is raised inside tells which exchange it is about."""
    try:
        yield
    except Undecodable as error:
        error.outcome = _unread(call)
        error.status = response.status_code
        error.request_line = call.line
        raise


def _unread(call: Call) -> Outcome:
    """What became of a call whose answer is lost, broken or unreadable."""
    return Outcome.NOT_EXECUTED if call.reads else Outcome.UNCERTAIN


def _page(model: type[R], told: object) -> Page[R]:
    rows = told.get("results") if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping) or not isinstance(rows, list):
        raise Undecodable("the answer has no list of results")
    following = told.get("nextPage")
    return Page(
        items=[structure(model, row) for row in rows],
        next=str(following) if following else None,
    )


def _json(response: httpx.Response) -> object:
    content_type = response.headers.get("content-type", "")
    if "json" not in content_type:
        raise garbled(f"the answer is {content_type or 'untyped'}, not JSON")
    return decode(response.content)


def _failure(call: Call, response: httpx.Response) -> BillError:
    said = problem(response.status_code, response.content)
    if response.status_code >= _SERVER_ERROR or said.is_system_error:
        return Broken(
            said.message,
            outcome=_unread(call),
            status=response.status_code,
            code=said.code,
            request_line=call.line,
        )
    retry_after = read_retry_after(response.headers.get("retry-after"), now=datetime.now(tz=UTC))
    error = refused(
        response.status_code,
        said.message,
        code=said.code,
        request_line=call.line,
        retry_after=retry_after,
    )
    if isinstance(error, BadRequest):
        error.fields = said.fields
    return error


def _no_answer(base_url: str, call: Call, error: httpx.TransportError) -> NoAnswer:
    never_left = isinstance(error, _NEVER_LEFT)
    what = "cannot be reached" if never_left else "gave no answer"
    return NoAnswer(
        f"{base_url} {what}: {str(error) or type(error).__name__}",
        sent=not never_left,
        outcome=Outcome.NOT_EXECUTED if never_left else _unread(call),
        request_line=call.line,
    )


def _held_back(call: Call, shut: GateShut) -> Throttled:
    """The error of a call that was not sent, since an answer to another one asked us to wait."""
    error = Throttled(
        f"nothing was sent: {shut}", outcome=Outcome.NOT_EXECUTED, request_line=call.line
    )
    error.retry_after = shut.retry_after
    return error
