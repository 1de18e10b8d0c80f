"""The ASGI app: token endpoint, data endpoint and admin path on one port."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from d365_client.emulator.answers import Answer, RefusedError
from d365_client.emulator.batch import Batch, BatchRunner, parse_batch
from d365_client.emulator.books import Books
from d365_client.emulator.calls import Call
from d365_client.emulator.data_endpoint import DataEndpoint
from d365_client.emulator.identity import Identity
from d365_client.emulator.line_inserts import BusyHeaders, headers_touched
from d365_client.emulator.settings import Switches
from d365_client.emulator.token_endpoint import TokenEndpoint

_SECRET = re.compile(r"(client_secret|client_assertion)=[^&]*")


def blank_secrets(_path: str, body: str) -> str:
    """A request body as the log may keep it."""
    return _SECRET.sub(r"\1=***", body)


@attrs.frozen
class Service:
    """The emulated service over HTTP, without the admin path."""

    _books: Books
    _identity: Identity
    _switches: Switches
    _busy: BusyHeaders

    def routes(self) -> list[Route]:
        """The routes of Entra and of the environment."""
        return [
            Route(
                "/data{rest:path}", self._data, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]
            ),
            Route("/{tenant}/oauth2/v2.0/token", self._token(version=2), methods=["POST"]),
            Route("/{tenant}/oauth2/token", self._token(version=1), methods=["POST"]),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._discovery),
        ]

    def _token(self, *, version: int) -> Callable[[Request], Awaitable[Response]]:
        async def token(request: Request) -> Response:
            form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
            endpoint = TokenEndpoint(self._identity, self._switches)
            tenant, url = request.path_params["tenant"], f"{_base_url(request)}{request.url.path}"
            return _response(endpoint.token(tenant, form, version=version, endpoint=url))

        return token

    async def _discovery(self, request: Request) -> Response:
        endpoint = TokenEndpoint(self._identity, self._switches)
        return _response(endpoint.discovery(request.path_params["tenant"], _base_url(request)))

    async def _data(self, request: Request) -> Response:
        try:
            answer = await self._answer(await self._call(request))
        except RefusedError as refused:
            answer = refused.answer
        # The activity id that support asks for (d365.md §1.7).
        return _response(answer, **{"ms-dyn-aid": str(uuid.uuid4())})

    async def _call(self, request: Request) -> Call:
        base_url = _base_url(request)
        authorization = request.headers.get("authorization", "")
        return Call(
            method=request.method,
            path=request.scope["path"],
            query=request.scope["query_string"].decode("ascii", "replace"),
            headers=dict(request.headers),
            body=await request.body(),
            base_url=base_url,
            principal=self._identity.principal(authorization, base_url),
        )

    async def _answer(self, call: Call) -> Answer:
        endpoint = DataEndpoint(self._books, self._switches)
        batch: Batch | None = None
        calls = [call]
        if call.method == "POST" and call.path == "/data/$batch":
            batch = parse_batch(call)
            calls = [operation.call for operation in batch.operations]
        seconds = self._switches.current.line_insert_seconds
        async with self._busy.inserting(headers_touched(calls), seconds) as busy:

            def answer(one: Call) -> Answer:
                return endpoint.answer(attrs.evolve(one, busy_headers=busy))

            if batch is None:
                return answer(call)
            return BatchRunner(self._books, self._switches, answer).run(batch)


def _base_url(request: Request) -> str:
    # The environment is wherever it is called; its URL has no slash behind and is lower case.
    return f"https://{request.headers['host'].lower()}"


def _response(answer: Answer, **headers: str) -> Response:
    return Response(answer.body, status_code=answer.status, headers={**answer.headers, **headers})
