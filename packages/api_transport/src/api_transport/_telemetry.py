"""Telling what became of each call: in the log, and to OpenTelemetry where it is installed."""

from __future__ import annotations

import contextlib
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import attrs
import httpx

from api_transport._exchange import Asked, Exchange, Told

if TYPE_CHECKING:
    from api_transport._opentelemetry import Instruments

_PORTS = {"http": 80, "https": 443}


def installed_instruments(name: str) -> Instruments | None:
    """Spans and figures in the name of a client, or None where opentelemetry-api is not there."""
    try:
        from api_transport import _opentelemetry  # noqa: PLC0415 - it is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "opentelemetry":
            return None
        raise
    return _opentelemetry.Instruments(name)


class Telemetry:
    """One log record of each call, at INFO, and with OpenTelemetry a span and figures.

    `name` is the client's: of its logger, tracer and meter. `activity_header` names the answer's
    header in which the service tells its own id of the call. A request tells its `operation` and
    `request_id` by extensions of these names. See the package's README for what is told.
    """

    def __init__(
        self,
        name: str,
        *,
        activity_header: str = "",
        instruments: Callable[[str], Instruments | None] = installed_instruments,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._logger = logging.getLogger(name)
        self._activity_header = activity_header
        self._instruments = instruments(name)
        self._monotonic = monotonic

    @contextlib.asynccontextmanager
    async def answered(
        self, http: httpx.AsyncClient, request: httpx.Request
    ) -> AsyncIterator[httpx.Response]:
        """The answer to a request, its body open until this ends; then it is told, whatever came.

        What is told lasts from before authentication to the end of the body.

        Raises:
            httpx.TransportError: there is no answer.
        """
        exchange = request.extensions["exchange"] = Exchange()
        request.extensions.setdefault("request_id", str(uuid.uuid4()))
        asked = _asked(request)
        began = self._monotonic()
        span = self._instruments.begin(asked) if self._instruments else None
        response, failure = None, ""
        try:
            # The span is current while the request is sent, not while the caller has the answer.
            with span.current() if span else contextlib.nullcontext():
                response = await http.send(request, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        except BaseException as error:
            failure = type(error).__qualname__
            raise
        finally:
            told = Told(
                status=0 if response is None else response.status_code,
                attempts=exchange.attempts,
                seconds=self._monotonic() - began,
                throttled=exchange.throttled,
                activity_id=self._activity_id(response),
                error=failure,
            )
            self._log(asked, told)
            if span:
                span.end(told)

    def _activity_id(self, response: httpx.Response | None) -> str:
        return "" if response is None else response.headers.get(self._activity_header, "")

    def _log(self, asked: Asked, told: Told) -> None:
        self._logger.info(
            "%s: %s in %.3f s",
            asked.operation,
            " ".join(str(part) for part in (told.status, told.error) if part),
            told.seconds,
            extra={
                "operation": asked.operation,
                "request_id": asked.request_id,
                **attrs.asdict(told),
            },
        )


def operation_of(request: httpx.Request) -> str:
    """What a request says that it does, or its method and path; never its query."""
    said: str = request.extensions.get("operation", "")
    return said or f"{request.method} {_path(request)}"


def log_attempt(
    logger: logging.Logger,
    request: httpx.Request,
    outcome: httpx.Response | httpx.TransportError,
    *,
    seconds: float,
    wait: float | None,
) -> None:
    """One record at DEBUG of what came of an attempt; `wait` is what comes before the next."""
    status = outcome.status_code if isinstance(outcome, httpx.Response) else 0
    error = "" if status else type(outcome).__qualname__
    logger.debug(
        "%s attempt: %s in %.3f s%s",
        operation_of(request),
        status or error,
        seconds,
        "" if wait is None else f", again in {wait:.3f} s",
        extra={
            "operation": operation_of(request),
            "request_id": request.extensions.get("request_id", ""),
            "status": status,
            "error": error,
            "seconds": seconds,
            "wait": wait,
        },
    )


def _path(request: httpx.Request) -> str:
    return request.url.raw_path.partition(b"?")[0].decode("ascii")


def _asked(request: httpx.Request) -> Asked:
    url = request.url
    return Asked(
        operation=operation_of(request),
        method=request.method,
        scheme=url.scheme,
        host=url.host,
        port=url.port or _PORTS.get(url.scheme, 0),
        # Put together anew: as it stands it may have a query, or a password in front of the host.
        url=f"{url.scheme}://{url.netloc.decode('ascii')}{_path(request)}",
        request_id=request.extensions["request_id"],
    )
