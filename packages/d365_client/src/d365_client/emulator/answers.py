"""Answers of the service, error envelopes included (d365.md §2.11). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import attrs

from d365_client.emulator.values import write_json

JSON = "application/json; odata.metadata=minimal"

_PLATFORM = "Microsoft.Dynamics.Platform.Integration.Services.OData"
_WRITE_STACK = (
    f"   at {_PLATFORM}.Update.UpdateProcessor.CreateEntity_Save(ChangeOperationContext context, "
    f"ChangeInfo changeInfo)\r\n   at {_PLATFORM}.Update.ChangeInfo.TrySave("
    "ChangeOperationContext operationContext)"
)


@attrs.frozen(kw_only=True)
class Answer:
    """One HTTP answer, before anything that the wire adds."""

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes = b""


class RefusedError(Exception):
    """The service refuses the call with this answer; nothing was done."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


class WriteFailedError(Exception):
    """A business rule refuses a write; the answer's status depends on how it was sent.

    Attributes:
        infolog: the lines that a user would see, as `Error: …` or `Warning: …`.
    """

    def __init__(self, *infolog: str) -> None:
        super().__init__("; ".join(infolog))
        self.infolog = infolog


def json_answer(status: int, body: object, **headers: str) -> Answer:
    """`body` as JSON, with the headers of the data endpoint (d365.md §2.7)."""
    return Answer(
        status=status,
        headers={
            "Content-Type": JSON,
            "OData-Version": "4.0",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        body=write_json(body),
    )


def error_answer(status: int, message: str, error_type: str) -> Answer:
    """The envelope of every OData error: generic outside, the useful text in innererror."""
    return _enveloped(status, {"message": message, "type": error_type, "stacktrace": ""})


def write_failed(
    status: int, table: str, failure: WriteFailedError, *, is_nested: bool = False
) -> Answer:
    """The recorded envelope of a write that a business rule refused.

    Sometimes the useful text lies deeper, in an internalexception: `is_nested`.
    """
    infolog = "; ".join(failure.infolog)
    inner: dict[str, object] = {
        "message": f"Write failed for table row of type '{table}'. Infolog: {infolog}.",
        "type": f"{_PLATFORM}.AxODataWriteException",
        "stacktrace": _WRITE_STACK,
    }
    if is_nested:
        inner = {**inner, "message": "An error has occurred.", "internalexception": inner}
    return _enveloped(status, inner)


def _enveloped(status: int, inner: dict[str, object]) -> Answer:
    error = {"code": "", "message": "An error has occurred.", "innererror": inner}
    return json_answer(status, {"error": error})


def bad_request(message: str) -> RefusedError:
    """400: the query or the body breaks the grammar or the model."""
    return RefusedError(error_answer(400, message, "Microsoft.OData.ODataException"))


def nothing_to_update() -> RefusedError:
    """400: a write names a row that is not there, or not in sight (d365.md §2.4, §2.9)."""
    message = "No resources were found when selecting for update."
    return RefusedError(error_answer(400, message, "System.InvalidOperationException"))


def no_route(url: str) -> RefusedError:
    """404 in the other envelope: no such set, or a key that is malformed (d365.md §2.5)."""
    message = (
        f"No HTTP resource was found that matches the request URI '{url}'. "
        "No route data was found for this request."
    )
    return RefusedError(json_answer(404, {"Message": message}))


def missing_row(*, with_body: bool) -> RefusedError:
    """404: a well-formed key of no row in sight; whether with a body is unverified (§2.5)."""
    if not with_body:
        return RefusedError(Answer(status=404))
    message = "The resource for the given key was not found."
    return RefusedError(error_answer(404, message, "System.InvalidOperationException"))


def plain_refusal(status: int, message: str, **headers: str) -> RefusedError:
    """A refusal whose envelope is not documented: `{"Message": …}`, as ASP.NET has it."""
    return RefusedError(json_answer(status, {"Message": message}, **headers))


def unauthorized(base_url: str) -> RefusedError:
    """401 with an empty body; the value of WWW-Authenticate is unverified (d365.md §1.5)."""
    challenge = f'Bearer authorization_uri="{base_url}/", resource_id="{base_url}"'
    return RefusedError(Answer(status=401, headers={"WWW-Authenticate": challenge}))


def shown_unauthorized(answer: Answer, *, has_challenge: bool, has_body: bool) -> Answer:
    """A 401 as this environment shows it: both parts are unverified (d365.md §1.5)."""
    headers = dict(answer.headers) if has_challenge else {}
    if not has_body:
        return attrs.evolve(answer, headers=headers)
    shown = json_answer(401, {"Message": "Authorization has been denied for this request."})
    return attrs.evolve(shown, headers={**shown.headers, **headers})


def throttled(reason: str, seconds: int, *, as_odata_error: bool) -> RefusedError:
    """429, with Retry-After; a place in the text for the seconds is filled (d365.md §3)."""
    body = _throttled_body(reason.format(seconds), as_odata_error=as_odata_error)
    return RefusedError(json_answer(429, body, Retry_After=str(seconds)))


def _throttled_body(text: str, *, as_odata_error: bool) -> object:
    return {"error": {"code": "", "message": text}} if as_odata_error else {"Message": text}


def fault_body(status: int, *, as_odata_error: bool = False) -> object:
    """The body that a status has when the service, and not the call, is at fault.

    The text of a 429 is from public code; its envelope is unverified (d365.md §3), and may be
    that of OData errors.
    """
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return {"Message": "An error has occurred."}
    text = (
        "This request could not be processed at this time due to system "
        "experiencing high resource utilization."
    )
    return _throttled_body(text, as_odata_error=as_odata_error)
