"""The admin routes of this emulator: settings, credentials, rows, actions."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence

import anyio.to_thread
import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bill_client.emulator import wire_json
from bill_client.emulator.books import RESOURCES, Books
from bill_client.emulator.deliveries import Deliveries
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.people import BadAction, People
from bill_client.emulator.sessions import Sessions
from bill_client.emulator.settings import EmulatorSettings, UnknownSetting

_PATH = "/_emulator"


def json_response(value: object, status: int = 200) -> Response:
    """A JSON answer with exact numbers."""
    return Response(wire_json.dumps(value), status_code=status, media_type="application/json")


@attrs.frozen(kw_only=True)
class Admin:
    """What tests and demonstrations may do past the API."""

    books: Books
    people: People
    sessions: Sessions
    settings: EmulatorSettings
    deliveries: Deliveries

    def routes(self) -> Sequence[Route]:
        """The routes under `/_emulator`."""
        return [
            Route(f"{_PATH}/settings", _told(self._settings), methods=["GET", "PUT"]),
            Route(f"{_PATH}/credentials/expire", _told(self._expire), methods=["POST"]),
            Route(
                f"{_PATH}/rows/{{organization}}/{{resource}}",
                _told(self._rows),
                methods=["GET", "PATCH", "POST"],
            ),
            Route(f"{_PATH}/webhooks/deliver", _told(self._deliver), methods=["POST"]),
            Route(f"{_PATH}/actions/{{action}}", _told(self._action), methods=["POST"]),
        ]

    async def _settings(self, request: Request) -> object:
        if request.method == "PUT":
            self.settings.change(wire_json.loads(await request.body()))
        return attrs.asdict(self.settings)

    async def _expire(self, _: Request) -> object:
        self.sessions.expire_all()
        return {}

    async def _rows(self, request: Request) -> object:
        organization = request.path_params["organization"]
        resource = request.path_params["resource"]
        if resource not in RESOURCES:
            raise BadAction(f"rows: {resource!r} is unknown; known are {', '.join(RESOURCES)}")
        if request.method == "GET":
            return {"rows": self.books.all(organization, resource)}
        told = wire_json.loads(await request.body())
        if request.method == "POST":
            rows = [self.books.add(organization, resource, dict(row)) for row in told["rows"]]
            return {"rows": rows}
        row = self.books.get(organization, resource, told["key"]["id"])
        if row is None:
            raise BadAction(f"rows: {resource} has no {told['key']['id']}")
        row.update(told["changes"])
        self.books.put(organization, resource, row)
        return row

    async def _deliver(self, request: Request) -> object:
        """In a thread: who is told may ask BILL about it before answering."""
        told = wire_json.loads(await request.body() or b"{}")
        deliver = functools.partial(
            self.deliveries.deliver,
            duplicated=bool(told.get("duplicated")),
            shuffled=bool(told.get("shuffled")),
            seed=int(told.get("seed", 0)),
        )
        return {"deliveries": await anyio.to_thread.run_sync(deliver)}

    async def _action(self, request: Request) -> object:
        told = wire_json.loads(await request.body() or b"{}")
        return self.people.do(request.path_params["action"], told)


def _told(
    answer: Callable[[Request], Awaitable[object]],
) -> Callable[[Request], Awaitable[Response]]:
    """A route that answers with JSON, and with one sentence when it cannot."""

    async def route(request: Request) -> Response:
        try:
            return json_response(await answer(request))
        except (BadAction, Refusal, UnknownSetting, KeyError, TypeError, ValueError) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

    return route
