"""How the admin path answers: JSON, and a 400 that says in one sentence what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from d365_client.emulator.books import DuplicateRowError
from d365_client.emulator.values import read_json, write_json


def served(
    answer: Callable[[Request, object], object],
) -> Callable[[Request], Awaitable[Response]]:
    """A route's endpoint: `answer` gets the request and its JSON, and returns the reply's.

    What it raises as a ValueError or DuplicateRowError is answered with 400.
    """

    async def serve(request: Request) -> Response:
        raw = await request.body()
        try:
            body = answer(request, read_json(raw) if raw else None)
        except (DuplicateRowError, ValueError) as problem:
            return _json({"error": str(problem)}, 400)
        return _json(body, 200)

    return serve


def _json(body: object, status: int) -> Response:
    return Response(write_json(body), status_code=status, media_type="application/json")
