"""The ASGI app: what the environment and Entra answer, on one port."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api_transport.emulation import FaultRules
from d365_client.emulator.answers import Answer, RefusedError, shown_unauthorized
from d365_client.emulator.batch import BatchRunner
from d365_client.emulator.batch_json import json_batch_answer, parse_json_batch
from d365_client.emulator.batch_multipart import multipart_answer, parse_multipart
from d365_client.emulator.batch_parts import Batch, UnitAnswers
from d365_client.emulator.books import Books
from d365_client.emulator.callables import Callables
from d365_client.emulator.calls import Call
from d365_client.emulator.cold_start import ColdStart
from d365_client.emulator.custom_services import ServiceEndpoint
from d365_client.emulator.data_endpoint import DataEndpoint
from d365_client.emulator.identity import Identity
from d365_client.emulator.line_inserts import BusyHeaders, headers_touched
from d365_client.emulator.public_metadata import MetadataEndpoint
from d365_client.emulator.settings import Switches
from d365_client.emulator.throttling import Throttle
from d365_client.emulator.token_endpoint import TokenEndpoint

_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
_SECRET = re.compile(r"(client_secret|client_assertion)=[^&]*")


def blank_secrets(_path: str, body: str) -> str:
    """A request body as the log may keep it."""
    return _SECRET.sub(r"\1=***", body)


@attrs.frozen
class Service:
    """The emulated service over HTTP, without the admin path.

    Attributes:
        books: the rows.
        identity: who may call.
        switches: how the service behaves.
        busy: the journals that are being written to.
        callables: actions and custom services.
        part_faults: what befalls the parts of batches.
        cold_start: what the first call waits for.
        throttle: what refuses calls that are too much.
    """

    _books: Books
    _identity: Identity
    _switches: Switches
    _busy: BusyHeaders
    _callables: Callables
    _part_faults: FaultRules
    _cold_start: ColdStart
    _throttle: Throttle

    def routes(self) -> list[Route]:
        """The routes of Entra and of the environment."""
        return [
            Route("/data{rest:path}", self._served(self._protected(self._data)), methods=_METHODS),
            # ASP.NET does not mind the case of its routes, and both spellings are in use.
            Route("/metadata/{rest:path}", self._served(self._metadata), methods=_METHODS),
            Route("/Metadata/{rest:path}", self._served(self._metadata), methods=_METHODS),
            Route(
                "/api/services{rest:path}",
                self._served(self._protected(self._service)),
                methods=_METHODS,
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

    def _served(
        self, answer_to: Callable[[Call], Awaitable[Answer]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            await self._cold_start.over(self._switches.current.cold_start_seconds)
            try:
                answer = await answer_to(await self._call(request))
            except RefusedError as refused:
                answer = self._shown(refused.answer)
            # The activity id that support asks for (d365.md §1.7).
            return _response(answer, **{"ms-dyn-aid": str(uuid.uuid4())})

        return serve

    def _protected(
        self, answer_to: Callable[[Call], Awaitable[Answer]]
    ) -> Callable[[Call], Awaitable[Answer]]:
        """OData and custom services are throttled, and nothing else is (d365.md §3)."""

        async def answer(call: Call) -> Answer:
            async with self._throttle.admitted(call.principal.client_id):
                return await answer_to(call)

        return answer

    def _shown(self, answer: Answer) -> Answer:
        if answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        settings = self._switches.current
        return shown_unauthorized(
            answer,
            has_challenge=settings.unauthorized_has_challenge,
            has_body=settings.unauthorized_has_body,
        )

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

    async def _metadata(self, call: Call) -> Answer:
        actions = self._callables.odata_actions
        return MetadataEndpoint(self._books.catalog, actions).answer(call)

    async def _service(self, call: Call) -> Answer:
        endpoint = ServiceEndpoint(self._callables, self._books.catalog, self._switches.current)
        return endpoint.answer(call)

    async def _data(self, call: Call) -> Answer:
        endpoint = DataEndpoint(self._books, self._switches, self._callables)
        is_batch = call.method == "POST" and call.path == "/data/$batch"
        batch, write = self._batch(call) if is_batch else (None, multipart_answer)
        calls = [call] if batch is None else [operation.call for operation in batch.operations]
        seconds = self._switches.current.line_insert_seconds
        async with self._busy.inserting(headers_touched(calls), seconds) as busy:

            def answer(one: Call) -> Answer:
                return endpoint.answer(attrs.evolve(one, busy_headers=busy))

            if batch is None:
                return answer(call)
            runner = BatchRunner(self._books, self._switches, self._part_faults, answer)
            return write(runner.run(batch))

    def _batch(self, call: Call) -> tuple[Batch, Callable[[Sequence[UnitAnswers]], Answer]]:
        is_json = call.headers.get("content-type", "").startswith("application/json")
        if is_json and self._switches.current.batch_takes_json:
            return parse_json_batch(call), json_batch_answer
        return parse_multipart(call), multipart_answer


def _base_url(request: Request) -> str:
    # The environment is wherever it is called; its URL has no slash behind and is lower case.
    return f"https://{request.headers['host'].lower()}"


def _response(answer: Answer, **headers: str) -> Response:
    return Response(answer.body, status_code=answer.status, headers={**answer.headers, **headers})
